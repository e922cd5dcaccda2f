//! Listing duties and departments.

use rpc::{CallContext, Page};

use crate::app::App;
use crate::app::directory::directory;
use crate::domain::division::Level;
use crate::domain::division::duty::{Department, Duty};
use crate::error::AppError;

impl App {
    /// A page of duties from the city down, of one level or of all, and the token of the next. A village has the duties
    /// of a community.
    ///
    /// # Errors
    /// `NOT_ALLOWED` without a token of a person.
    pub async fn list_duties(
        &self,
        ctx: &CallContext,
        level: Option<Level>,
        page: Page,
    ) -> Result<(Vec<Duty>, String), AppError> {
        self.permit_city(ctx)?;
        let level = level.map(|level| match level {
            Level::Community | Level::Village => Level::Community,
            Level::City => Level::City,
            Level::Street => Level::Street,
        });
        let all = directory()?.duties.iter();
        let of_level = all.filter(|duty| level.is_none_or(|level| duty.level == level));
        Ok(cut(of_level.cloned(), &page, |duty| &duty.key))
    }

    /// A page of departments with what each is competent for, and the token of the next.
    ///
    /// # Errors
    /// `NOT_ALLOWED` without a token of a person.
    pub async fn list_departments(
        &self,
        ctx: &CallContext,
        page: Page,
    ) -> Result<(Vec<Department>, String), AppError> {
        self.permit_city(ctx)?;
        let all = directory()?.departments.iter().cloned();
        Ok(cut(all, &page, |department| &department.key))
    }
}

/// The page of a list in memory: what comes after the last key that was seen.
fn cut<T>(all: impl Iterator<Item = T>, page: &Page, key: fn(&T) -> &String) -> (Vec<T>, String) {
    let limit = usize::try_from(page.limit()).unwrap_or(usize::MAX);
    let mut seen = page.after.is_none();
    let rest = all.filter(|item| {
        let is_after = seen;
        seen |= page.after.as_ref() == Some(key(item));
        is_after
    });
    let mut found: Vec<T> = rest.take(limit).collect();
    let next = page.next(&mut found, |item| key(item).clone());
    (found, next)
}
