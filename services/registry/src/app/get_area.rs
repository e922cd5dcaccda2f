//! Reading one area.

use chrono::NaiveDate;
use ids::AreaId;
use rpc::CallContext;

use super::{App, as_of};
use crate::domain::area::Area;
use crate::domain::refusal::Refusal;
use crate::error::AppError;

impl App {
    /// The area now, or as of the end of a day.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND` where it is not, was not registered yet, or where the caller may not know of it;
    /// `DAY_IN_THE_FUTURE`.
    pub async fn get_area(
        &self,
        ctx: &CallContext,
        id: AreaId,
        as_of: Option<NaiveDate>,
    ) -> Result<Area, AppError> {
        let day = self.past_day(as_of)?;
        let snapshot = self.store.begin_read().await?;
        let (area, resource) = self.area_for(&snapshot, ctx, id).await?;
        ctx.permit(&self.access, &resource, || Refusal::AreaNotFound)?;
        match day {
            Some(day) => as_of::area_on(&snapshot, area, day).await,
            None => Ok(area),
        }
    }
}
