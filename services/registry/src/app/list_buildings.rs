//! Listing the buildings of an area.

use ids::AreaId;
use rpc::{CallContext, Page};

use super::App;
use crate::domain::building::Building;
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::buildings;

impl App {
    /// A page of an area's buildings, by number, and the token of the next.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `NOT_ALLOWED`.
    pub async fn list_buildings(
        &self,
        ctx: &CallContext,
        area_id: AreaId,
        page: Page,
    ) -> Result<(Vec<Building>, String), AppError> {
        let (area, resource) = self.area_for(self.store.reader(), ctx, area_id).await?;
        ctx.permit(&self.access, &resource, || Refusal::AreaNotFound)?;
        let after = page.after.as_deref();
        let mut found = buildings::list(self.store.reader(), area.id, after, page.limit()).await?;
        let next = page.next(&mut found, |building| building.number.clone());
        Ok((found, next))
    }
}
