//! Listing divisions.

use chrono::NaiveDate;
use ids::DivisionCode;
use rpc::{CallContext, Page};

use super::App;
use crate::domain::division::Division;
use crate::error::AppError;
use crate::store::divisions;

impl App {
    /// A page of divisions, by code, and the token of the next: those directly below `parent`, or all,
    /// as they stand on a day, today where none is said.
    ///
    /// # Errors
    /// `NOT_ALLOWED` without a token of a person.
    pub async fn list_divisions(
        &self,
        ctx: &CallContext,
        parent: Option<DivisionCode>,
        as_of: Option<NaiveDate>,
        page: Page,
    ) -> Result<(Vec<Division>, String), AppError> {
        self.permit_city(ctx)?;
        let after = page.after.as_deref();
        let day = as_of.unwrap_or_else(|| self.today());
        let snapshot = self.store.begin_read().await?;
        let mut found = divisions::list(&snapshot, parent.as_ref(), day, after, page.limit()).await?;
        let next = page.next(&mut found, |division| division.code.to_string());
        Ok((found, next))
    }
}
