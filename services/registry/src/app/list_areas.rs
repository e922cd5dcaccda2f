//! Listing areas.

use access::Resource;
use chrono::NaiveDate;
use ids::DivisionCode;
use rpc::{CallContext, Page};

use super::{App, as_of};
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
    /// As of the end of this day; none for now.
    pub as_of: Option<NaiveDate>,
    /// Also areas that ended.
    pub include_ended: bool,
    /// The page.
    pub page: Page,
}

impl App {
    /// A page of the areas that the caller sees, by number, and the token of the next.
    ///
    /// # Errors
    /// `NOT_ALLOWED` without a role, or for an officer who names a division outside the own one; `DAY_IN_THE_FUTURE`.
    pub async fn list_areas(
        &self,
        ctx: &CallContext,
        query: ListAreas,
    ) -> Result<(Vec<Area>, String), AppError> {
        let day = self.past_day(query.as_of)?;
        let snapshot = self.store.begin_read().await?;
        match query.division {
            Some(division) => {
                let resource = Resource::division(division);
                let resource = self.in_present_place(&snapshot, resource).await?;
                ctx.permit(&self.access, &resource, || Refusal::AreaNotFound)?;
            }
            None => self.permit_city(ctx)?,
        }
        let mut filter = areas::Filter {
            divisions: Vec::new(),
            query: query.query,
            include_ended: query.include_ended,
            as_of: day,
            sight: self.sight(&snapshot, &ctx.actor).await?,
        };
        if let Some(division) = query.division {
            filter.divisions = self.with_predecessors(&snapshot, division).await?;
        }
        let page = query.page;
        let mut found = areas::list(&snapshot, &filter, page.after.as_deref(), page.limit()).await?;
        let next = page.next(&mut found, |area| area.number.clone());
        if let Some(day) = day {
            found = as_of::areas_on(&snapshot, found, day).await?;
        }
        Ok((found, next))
    }
}
