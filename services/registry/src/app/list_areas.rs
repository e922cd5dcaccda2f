//! Listing areas.

use access::Resource;
use ids::DivisionCode;
use rpc::{CallContext, Page};

use super::App;
use crate::domain::area::Area;
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::areas;

/// What areas to list.
#[derive(Debug, Clone)]
pub struct ListAreas {
    /// Only those in this division.
    pub division: Option<DivisionCode>,
    /// Only those whose name or number contains this; empty for all.
    pub query: String,
    /// Also areas that ended.
    pub include_ended: bool,
    /// The page.
    pub page: Page,
}

impl App {
    /// A page of the areas that the caller sees, by number, and the token of the next.
    ///
    /// # Errors
    /// `NOT_ALLOWED` without a role, or for an officer who names a division outside the own one.
    pub async fn list_areas(
        &self,
        ctx: &CallContext,
        query: ListAreas,
    ) -> Result<(Vec<Area>, String), AppError> {
        match query.division {
            Some(division) => {
                let resource = Resource::division(division);
                let resource = self.in_present_place(self.store.reader(), resource).await?;
                ctx.permit(&self.access, &resource, || Refusal::AreaNotFound)?;
            }
            None => self.permit_city(ctx)?,
        }
        let mut filter = areas::Filter {
            divisions: Vec::new(),
            query: query.query,
            include_ended: query.include_ended,
            sight: self.sight(self.store.reader(), &ctx.actor).await?,
        };
        if let Some(division) = query.division {
            filter.divisions = self.with_predecessors(self.store.reader(), division).await?;
        }
        let page = query.page;
        let mut found =
            areas::list(self.store.reader(), &filter, page.after.as_deref(), page.limit()).await?;
        let next = page.next(&mut found, |area| area.number.clone());
        Ok((found, next))
    }
}
