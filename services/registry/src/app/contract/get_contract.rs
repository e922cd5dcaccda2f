//! Reading one contract.

use chrono::NaiveDate;
use ids::ContractId;
use rpc::CallContext;

use super::App;
use crate::domain::contract::{Contract, Refusal};
use crate::error::AppError;

impl App {
    /// The contract as it stands, or stood at the end of a day.
    ///
    /// # Errors
    /// `CONTRACT_NOT_FOUND` also where the caller may not know of it, and where there was none on that day yet;
    /// `DAY_IN_THE_FUTURE`.
    pub async fn get_contract(
        &self,
        ctx: &CallContext,
        id: ContractId,
        as_of: Option<NaiveDate>,
    ) -> Result<Contract, AppError> {
        let day = self.past_day(as_of)?;
        let snapshot = self.store.begin_read().await?;
        let (contract, resource) = self.contract_for(&snapshot, ctx, id).await?;
        ctx.permit(&self.access, &resource, || Refusal::ContractNotFound.into())?;
        match day {
            Some(day) => Ok(contract.as_of(day).ok_or(Refusal::ContractNotFound)?),
            None => Ok(contract),
        }
    }
}
