//! Listing the buildings of an area.

use chrono::NaiveDate;
use ids::AreaId;
use rpc::{CallContext, Page};

use super::App;
use crate::domain::building::Building;
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::buildings;

impl App {
    /// A page of an area's buildings, by number, and the token of the next. What a table says of a building never changes,
    /// so on a day from which the area is registered they are as they are now.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, also where it was not registered on that day yet; `NOT_ALLOWED`, `DAY_IN_THE_FUTURE`.
    pub async fn list_buildings(
        &self,
        ctx: &CallContext,
        area_id: AreaId,
        as_of: Option<NaiveDate>,
        page: Page,
    ) -> Result<(Vec<Building>, String), AppError> {
        let day = self.past_day(as_of)?;
        let (area, resource) = self.area_for(self.store.reader(), ctx, area_id).await?;
        ctx.permit(&self.access, &resource, || Refusal::AreaNotFound)?;
        if day.is_some_and(|day| !area.is_registered_by(day)) {
            return Err(Refusal::AreaNotFound.into());
        }
        let after = page.after.as_deref();
        let mut found = buildings::list(self.store.reader(), area.id, after, page.limit()).await?;
        let next = page.next(&mut found, |building| building.number.clone());
        Ok((found, next))
    }
}
