//! The authority takes a contract on file (合同备案).

use ids::ContractId;
use rpc::CallContext;
use serde::Serialize;

use super::App;
use crate::domain::contract::Contract;
use crate::error::AppError;

/// A filing.
#[derive(Debug, Clone, Serialize)]
pub struct FileContract {
    /// The contract.
    pub contract_id: ContractId,
    /// Number of the file.
    pub number: String,
}

impl App {
    /// Takes a contract on file today.
    ///
    /// # Errors
    /// `CONTRACT_NOT_FOUND`, `NOT_ALLOWED`, `CONTRACT_FILED`, `CONFLICT`.
    pub async fn file_contract(
        &self,
        ctx: &CallContext,
        command: FileContract,
    ) -> Result<Contract, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (mut area, before) = self.held_contract(&mut tx, ctx, command.contract_id).await?;
        let changed = before.file(command.number.clone(), self.today())?;
        let after = self.change(&mut tx, ctx, &mut area, &before, changed).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
