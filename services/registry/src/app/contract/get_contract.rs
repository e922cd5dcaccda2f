//! Reading one contract.

use ids::ContractId;
use rpc::CallContext;

use super::App;
use crate::domain::contract::{Contract, Refusal};
use crate::error::AppError;

impl App {
    /// The contract as it stands.
    ///
    /// # Errors
    /// `CONTRACT_NOT_FOUND` also where the caller may not know of it.
    pub async fn get_contract(&self, ctx: &CallContext, id: ContractId) -> Result<Contract, AppError> {
        let snapshot = self.store.begin_read().await?;
        let (contract, resource) = self.contract_for(&snapshot, ctx, id).await?;
        ctx.permit(&self.access, &resource, || Refusal::ContractNotFound.into())?;
        Ok(contract)
    }
}
