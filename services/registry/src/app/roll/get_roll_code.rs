//! The code by which an owner finds the own lines of a published roll.

use ids::{OwnerId, RollId};
use rpc::CallContext;

use crate::app::App;
use crate::domain::roll::code::RollCode;
use crate::domain::roll::publication::State;
use crate::domain::roll::refusal::Refusal;
use crate::error::AppError;
use crate::store::published_rolls;

impl App {
    /// The code of an owner, from the publication until the roll is taken down: also before its first day, so that it can be
    /// brought to the doors.
    ///
    /// # Errors
    /// `OWNER_NOT_FOUND`, `NOT_ALLOWED`, `ROLL_NOT_FOUND`, `OWNER_NOT_ON_ROLL`.
    pub async fn get_roll_code(
        &self,
        ctx: &CallContext,
        roll_id: RollId,
        owner_id: OwnerId,
    ) -> Result<RollCode, AppError> {
        let snapshot = self.store.begin_read().await?;
        self.owner_for(&snapshot, ctx, owner_id).await?;
        let roll = published_rolls::find(&snapshot, roll_id).await?;
        let roll = roll.ok_or(Refusal::RollNotFound)?;
        match roll.state {
            State::Published if self.today() <= roll.period.until => {}
            State::Published | State::Ended | State::Withdrawn => return Err(Refusal::RollNotFound.into()),
        }
        let code = published_rolls::code_of(&self.sealer, roll_id, owner_id);
        if published_rolls::has_code(&snapshot, &self.sealer, roll_id, &code).await? {
            Ok(code)
        } else {
            Err(Refusal::OwnerNotOnRoll.into())
        }
    }
}
