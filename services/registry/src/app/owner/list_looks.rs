//! Who looked at an owner: for the owner, and the auditor.

use ids::OwnerId;
use rpc::{CallContext, Page};

use crate::app::{App, roll};
use crate::domain::look::{Look, Seen};
use crate::error::AppError;
use crate::store::looks;

impl App {
    /// A page of the looks at an owner, those by a file of the owner's area too, the newest first, and the token of the
    /// next.
    ///
    /// # Errors
    /// `OWNER_NOT_FOUND`, `NOT_ALLOWED`, `PAGE_TOKEN_INVALID`.
    pub async fn list_looks(
        &self,
        ctx: &CallContext,
        id: OwnerId,
        page: Page,
    ) -> Result<(Vec<Look>, String), AppError> {
        let before = roll::after_id(&page, "pageToken")?;
        let snapshot = self.store.begin_read().await?;
        self.owner_for(&snapshot, ctx, id).await?;
        let mut found = looks::list(&snapshot, &self.sealer, Seen::Owner(id), before, page.limit()).await?;
        let next = page.next(&mut found, |look| look.id.to_string());
        Ok((found, next))
    }
}
