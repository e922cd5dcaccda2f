//! The owners of an area who are not verified against the register.

use ids::AreaId;
use rpc::{CallContext, Page};

use crate::app::{App, roll};
use crate::domain::owner::Owner;
use crate::domain::owner::record::Verification;
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::{owner_records, owners};

impl App {
    /// A page of the owners of an area who are not verified or differ from the register, masked, by id, and the token of the
    /// next.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `NOT_ALLOWED`, `PAGE_TOKEN_INVALID`.
    pub async fn list_unverified_owners(
        &self,
        ctx: &CallContext,
        area_id: AreaId,
        page: Page,
    ) -> Result<(Vec<(Owner, Verification)>, String), AppError> {
        let after = roll::after_id(&page, "pageToken")?;
        let snapshot = self.store.begin_read().await?;
        let (area, resource) = self.area_for(&snapshot, ctx, area_id).await?;
        ctx.permit(&self.access, &resource, || Refusal::AreaNotFound)?;
        let mut ids = owner_records::list_unverified(&snapshot, area.id, after, page.limit()).await?;
        let next = page.next(&mut ids, ToString::to_string);
        let mut named = owners::find_many(&snapshot, &ids).await?;
        let records = owner_records::find_many(&snapshot, &ids).await?;
        let found = ids
            .iter()
            .filter_map(|id| {
                let record = records.get(id);
                Some((
                    named.remove(id)?,
                    record.map_or(Verification::Open, |record| record.verification),
                ))
            })
            .collect();
        Ok((found, next))
    }
}
