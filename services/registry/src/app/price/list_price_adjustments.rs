//! Listing the price adjustments of an area.

use ids::AreaId;
use rpc::{CallContext, Page};

use super::{App, page_key};
use crate::domain::price::Adjustment;
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::price_adjustments;

impl App {
    /// A page of the adjustments of an area, newest first, and the token of the next.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `NOT_ALLOWED`, `PAGE_TOKEN_INVALID`.
    pub async fn list_price_adjustments(
        &self,
        ctx: &CallContext,
        area_id: AreaId,
        page: Page,
    ) -> Result<(Vec<Adjustment>, String), AppError> {
        let snapshot = self.store.begin_read().await?;
        let (area, resource) = self.area_for(&snapshot, ctx, area_id).await?;
        ctx.permit(&self.access, &resource, || Refusal::AreaNotFound)?;
        let after = page.after.as_deref().map(page_key).transpose()?;
        let mut found = price_adjustments::list(&snapshot, area.id, after, page.limit()).await?;
        let next = page.next(&mut found, |adjustment| adjustment.id.to_string());
        Ok((found, next))
    }
}
