//! Reading one area.

use ids::AreaId;
use rpc::CallContext;

use super::App;
use crate::domain::area::Area;
use crate::domain::refusal::Refusal;
use crate::error::AppError;

impl App {
    /// The area; `AREA_NOT_FOUND` where it is not, or where the caller may not know of it.
    pub async fn get_area(&self, ctx: &CallContext, id: AreaId) -> Result<Area, AppError> {
        let (area, resource) = self.area_for(self.store.reader(), ctx, id).await?;
        ctx.permit(&self.access, &resource, || Refusal::AreaNotFound)?;
        Ok(area)
    }
}
