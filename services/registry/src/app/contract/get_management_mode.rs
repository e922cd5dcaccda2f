//! How an area is and was managed.

use ids::AreaId;
use rpc::CallContext;

use super::App;
use crate::domain::management_mode::ManagementMode;
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::management_modes;

impl App {
    /// How an area is managed, with every decision on it.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `NOT_ALLOWED`.
    pub async fn get_management_mode(
        &self,
        ctx: &CallContext,
        area_id: AreaId,
    ) -> Result<ManagementMode, AppError> {
        let snapshot = self.store.begin_read().await?;
        let (area, resource) = self.area_for(&snapshot, ctx, area_id).await?;
        ctx.permit(&self.access, &resource, || Refusal::AreaNotFound)?;
        Ok(management_modes::of_area(&snapshot, &area).await?)
    }
}
