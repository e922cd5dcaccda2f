//! The firm says in writing that it does not go on after the term.

use chrono::NaiveDate;
use ids::ContractId;
use rpc::CallContext;
use serde::Serialize;

use super::App;
use crate::domain::contract::Contract;
use crate::error::AppError;
use crate::store::contracts;

/// A notice.
#[derive(Debug, Clone, Serialize)]
pub struct DeclineRenewal {
    /// The contract.
    pub contract_id: ContractId,
    /// Day on which the owners had the notice.
    pub noticed_on: NaiveDate,
}

impl App {
    /// Records that the firm does not go on, and whether it said so in time.
    ///
    /// # Errors
    /// `CONTRACT_NOT_FOUND`, `NOT_ALLOWED`, `CONTRACT_WRONG_STATE`, `CONTRACT_NOT_RENEWABLE`, `CONTRACT_RENEWED`,
    /// `CONTRACT_DAY_TO_COME`, `CONFLICT`.
    pub async fn decline_renewal(
        &self,
        ctx: &CallContext,
        command: DeclineRenewal,
    ) -> Result<Contract, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (mut area, before) = self.held_contract(&mut tx, ctx, command.contract_id).await?;
        let standing = contracts::standing(tx.connection(), area.id).await?;
        let renewal = standing
            .iter()
            .find(|contract| contract.renews_id == Some(before.id));
        let changed = before.decline_renewal(
            command.noticed_on,
            renewal.map(Contract::as_successor),
            self.today(),
            &self.contract_rules()?,
        )?;
        let after = self.change(&mut tx, ctx, &mut area, &before, changed).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
