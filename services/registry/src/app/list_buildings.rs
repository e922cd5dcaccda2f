//! Listing the buildings of an area.

use chrono::NaiveDate;
use ids::AreaId;
use rpc::{CallContext, Page};

use super::App;
use crate::domain::building::Building;
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::building_areas::Estate;
use crate::store::buildings;

impl App {
    /// A page of an area's buildings, by number, and the token of the next. Of a building nothing
    /// changes but its area, and its number where it came to one that had it already.
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
        let snapshot = self.store.begin_read().await?;
        let (area, resource) = self.area_for(&snapshot, ctx, area_id).await?;
        ctx.permit(&self.access, &resource, || Refusal::AreaNotFound)?;
        if day.is_some_and(|day| !area.is_registered_by(day)) {
            return Err(Refusal::AreaNotFound.into());
        }
        let after = page.after.as_deref();
        let mut found = match day {
            None => buildings::list(&snapshot, area.id, after, page.limit()).await?,
            Some(day) => {
                // An area has no more buildings than fit into memory, and their numbers of that day are in no index.
                let estate = Estate::on_day(&snapshot, area.id, day).await?;
                let all = buildings::list_on(&snapshot, &estate, day).await?.into_iter();
                let left = all.filter(|building| after.is_none_or(|after| building.number.as_str() > after));
                left.take(usize::try_from(page.limit()).unwrap_or(usize::MAX))
                    .collect()
            }
        };
        let next = page.next(&mut found, |building| building.number.clone());
        Ok((found, next))
    }
}
