//! Listing divisions.

use ids::DivisionCode;
use rpc::{CallContext, Page};

use super::App;
use crate::domain::division::Division;
use crate::error::AppError;
use crate::store::divisions;

impl App {
    /// A page of divisions, by code, and the token of the next: those directly below `parent`, or all.
    ///
    /// # Errors
    /// `NOT_ALLOWED` without a token of a person.
    pub async fn list_divisions(
        &self,
        ctx: &CallContext,
        parent: Option<DivisionCode>,
        page: Page,
    ) -> Result<(Vec<Division>, String), AppError> {
        self.permit_city(ctx)?;
        let after = page.after.as_deref();
        let mut found = divisions::list(self.store.reader(), parent.as_ref(), after, page.limit()).await?;
        let next = page.next(&mut found, |division| division.code.to_string());
        Ok((found, next))
    }
}
