//! Finding the own lines of a published roll by the own code.

use ids::RollId;
use rpc::CallContext;

use crate::app::App;
use crate::domain::roll::code::RollCode;
use crate::domain::roll::publication::{PublishedRoll, RollLine};
use crate::domain::roll::refusal::Refusal;
use crate::error::AppError;
use crate::store::published_rolls;

impl App {
    /// The lines that a code finds, with their rooms: whoever holds the code is their owner.
    ///
    /// # Errors
    /// `ROLL_NOT_FOUND`; `ROLL_CODE_UNKNOWN` where it finds none, or cannot be one.
    pub async fn find_own_line(
        &self,
        ctx: &CallContext,
        id: RollId,
        code: &str,
    ) -> Result<(PublishedRoll, Vec<RollLine>), AppError> {
        let snapshot = self.store.begin_read().await?;
        let roll = self.open_roll(&snapshot, ctx, id).await?;
        let code = RollCode::read(code).ok_or(Refusal::RollCodeUnknown)?;
        let lines = published_rolls::lines_of_code(&snapshot, &self.sealer, id, &code).await?;
        if lines.is_empty() {
            return Err(Refusal::RollCodeUnknown.into());
        }
        Ok((roll, lines))
    }
}
