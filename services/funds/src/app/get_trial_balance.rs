//! Reads the trial balance of an area (试算平衡; 165号令 article 30).

use ids::AreaId;
use rpc::CallContext;

use super::{App, area_resource};
use crate::domain::refusal::Refusal;
use crate::domain::statement::TrialBalance;
use crate::error::AppError;
use crate::store::reads;

impl App {
    /// The ledger of the area added up at one moment.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, also where the caller may not know of it; `NOT_ALLOWED` by policy.
    pub async fn get_trial_balance(
        &self,
        ctx: &CallContext,
        area_id: AreaId,
    ) -> Result<TrialBalance, AppError> {
        let read = self.store.begin_read().await?;
        let area = self.area(&read, area_id).await?;
        let resource = self.in_present_place(&read, area_resource(&area)).await?;
        ctx.permit(&self.access, &resource, || Refusal::AreaNotFound { area_id })?;
        Ok(reads::trial_balance(&read, area_id).await?)
    }
}
