//! How an area is and was managed.

use chrono::NaiveDate;
use ids::AreaId;
use rpc::CallContext;

use super::App;
use crate::app::as_of;
use crate::domain::management_mode::ManagementMode;
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::management_modes;

impl App {
    /// How an area is managed, with every decision on it; or how it was on a day, with those that held from then or before.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, also where it was not registered on that day yet; `NOT_ALLOWED`, `DAY_IN_THE_FUTURE`.
    pub async fn get_management_mode(
        &self,
        ctx: &CallContext,
        area_id: AreaId,
        as_of: Option<NaiveDate>,
    ) -> Result<ManagementMode, AppError> {
        let day = self.past_day(as_of)?;
        let snapshot = self.store.begin_read().await?;
        let (area, resource) = self.area_for(&snapshot, ctx, area_id).await?;
        ctx.permit(&self.access, &resource, || Refusal::AreaNotFound)?;
        let Some(day) = day else {
            return Ok(management_modes::of_area(&snapshot, &area).await?);
        };
        let then = as_of::area_on(&snapshot, area, day).await?;
        let mode = management_modes::of_area(&snapshot, &then).await?;
        Ok(mode.as_of(day))
    }
}
