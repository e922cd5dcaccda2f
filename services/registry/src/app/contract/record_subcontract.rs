//! The firm gives special services to another (专项服务).

use ids::ContractId;
use rpc::CallContext;
use serde::Serialize;

use super::App;
use crate::domain::contract::{Contract, Subcontract};
use crate::error::AppError;

/// A subcontract to record.
#[derive(Debug, Clone, Serialize)]
pub struct RecordSubcontract {
    /// The contract.
    pub contract_id: ContractId,
    /// What is given to whom.
    pub subcontract: Subcontract,
}

impl App {
    /// Records a subcontract, unless nothing would be left for the firm to do itself.
    ///
    /// # Errors
    /// `CONTRACT_NOT_FOUND`, `NOT_ALLOWED`, `CONTRACT_WRONG_STATE`, `CONTRACTOR_IS_FIRM`, `TERM_REVERSED`,
    /// `SERVICE_NOT_PROMISED`, `SERVICE_SUBCONTRACTED`, `WHOLE_SUBCONTRACTED`, `TOO_MANY_SUBCONTRACTS`, `CONFLICT`.
    pub async fn record_subcontract(
        &self,
        ctx: &CallContext,
        command: RecordSubcontract,
    ) -> Result<Contract, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (mut area, before) = self.held_contract(&mut tx, ctx, command.contract_id).await?;
        let firm = self.property_firm(tx.connection(), before.firm_id).await?;
        let changed = before.subcontract(command.subcontract.clone(), &firm.credit_code)?;
        let after = self.change(&mut tx, ctx, &mut area, &before, changed).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
