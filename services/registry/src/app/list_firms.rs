//! Listing firms.

use rpc::{CallContext, Page};

use super::App;
use crate::domain::firm::{Firm, FirmKind};
use crate::error::AppError;
use crate::store::firms;

impl App {
    /// A page of firms, by credit code, and the token of the next: those of one kind, or all, whose name, code, pinyin
    /// or initials contain each word of `query`.
    ///
    /// # Errors
    /// `NOT_ALLOWED` without a token of a person.
    pub async fn list_firms(
        &self,
        ctx: &CallContext,
        kind: Option<FirmKind>,
        query: &str,
        page: Page,
    ) -> Result<(Vec<Firm>, String), AppError> {
        self.permit_city(ctx)?;
        let mut found = firms::list(
            self.store.reader(),
            kind,
            query,
            page.after.as_deref(),
            page.limit(),
        )
        .await?;
        let next = page.next(&mut found, |firm| firm.credit_code.to_string());
        Ok((found, next))
    }
}
