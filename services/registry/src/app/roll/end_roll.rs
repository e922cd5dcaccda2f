//! A published roll is taken down after its last day (个人信息保护法 article 19: the shortest time that serves the purpose).

use ids::RollId;
use rpc::CallContext;

use super::publish_roll::save_taken_down;
use crate::app::App;
use crate::error::AppError;
use crate::store::published_rolls;

/// Name of the deadline on which a roll is taken down.
pub const END_ROLL: &str = "end_roll";

impl App {
    /// The deadline of a published roll: takes it down, once. It is not to be seen from its last midnight on, also while
    /// this is late.
    ///
    /// # Errors
    /// Where the store does not answer; the deadline is then tried again.
    pub async fn end_roll(&self, ctx: &CallContext, id: RollId) -> Result<(), AppError> {
        let mut tx = self.store.begin_write().await?;
        if !tx.first_time(ctx).await? {
            return Ok(());
        }
        let roll = published_rolls::find(tx.connection(), id).await?;
        if let Some(ended) = roll.and_then(|roll| roll.end(self.today())) {
            save_taken_down(&mut tx, ctx, ended).await?;
        }
        Ok(tx.commit().await?)
    }
}
