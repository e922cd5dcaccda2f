//! How far imports are, and what is wrong in their files.

use ids::ImportId;
use rpc::field::Invalid;
use rpc::{CallContext, Page};

use crate::app::App;
use crate::domain::import::Import;
use crate::domain::import::refusal::Refusal;
use crate::domain::row_fault::RowError;
use crate::error::AppError;
use crate::store::imports;

impl App {
    /// How far an import is.
    ///
    /// # Errors
    /// `NOT_ALLOWED`, `IMPORT_NOT_FOUND`.
    pub async fn get_import(&self, ctx: &CallContext, import_id: ImportId) -> Result<Import, AppError> {
        self.permit_city(ctx)?;
        let import = imports::find(self.store.reader(), import_id).await?;
        Ok(import.ok_or(Refusal::ImportNotFound)?)
    }

    /// A page of imports, the newest first, and the token of the next.
    ///
    /// # Errors
    /// `NOT_ALLOWED`, `PAGE_TOKEN_INVALID`.
    pub async fn list_imports(
        &self,
        ctx: &CallContext,
        page: Page,
    ) -> Result<(Vec<Import>, String), AppError> {
        self.permit_city(ctx)?;
        let before = page
            .after
            .as_deref()
            .map(|text| text.parse().map_err(|_| foreign_token()))
            .transpose()?;
        let mut found = imports::list(self.store.reader(), before, page.limit()).await?;
        let next = page.next(&mut found, |import| import.id.to_string());
        Ok((found, next))
    }

    /// A page of an import's errors, in the order in which they were found, and the token of the next.
    ///
    /// # Errors
    /// `NOT_ALLOWED`, `IMPORT_NOT_FOUND`, `PAGE_TOKEN_INVALID`.
    pub async fn list_import_errors(
        &self,
        ctx: &CallContext,
        import_id: ImportId,
        page: Page,
    ) -> Result<(Vec<RowError>, String), AppError> {
        self.get_import(ctx, import_id).await?;
        let after = page
            .after
            .as_deref()
            .map(|text| text.parse().map_err(|_| foreign_token()))
            .transpose()?;
        let mut found =
            imports::errors(self.store.reader(), import_id, after.unwrap_or(0), page.limit()).await?;
        let next = page.next(&mut found, |(place, _)| place.to_string());
        Ok((found.into_iter().map(|(_, error)| error).collect(), next))
    }
}

fn foreign_token() -> Invalid {
    Invalid::new(
        "pageToken",
        "PAGE_TOKEN_INVALID",
        "is not one that we sent",
        "不是本系统返回的分页标记",
    )
}
