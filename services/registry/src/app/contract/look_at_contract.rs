//! The deadline of a contract: its term begins or runs out, a notice ends, a filing or hand-back is overdue.

use ids::ContractId;
use rpc::CallContext;

use super::App;
pub use super::settle::LOOK_AT_CONTRACT;
use crate::error::AppError;
use crate::store::contracts;

impl App {
    /// Lets the calendar do what is due to a contract and beside it, once.
    ///
    /// # Errors
    /// Where the store does not answer; the deadline is then tried again.
    pub async fn look_at_contract(&self, ctx: &CallContext, id: ContractId) -> Result<(), AppError> {
        let mut tx = self.store.begin_write().await?;
        if !tx.first_time(ctx).await? {
            return Ok(());
        }
        if let Some(unheld) = contracts::find(tx.connection(), id).await? {
            let mut area = self.area_of(&tx, &unheld).await?;
            let contract = contracts::find(tx.connection(), id).await?;
            self.settle(&mut tx, ctx, &mut area, contract).await?;
        }
        Ok(tx.commit().await?)
    }
}
