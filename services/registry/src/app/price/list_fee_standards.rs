//! Clear price display (明码标价, 物业服务收费管理办法 article 8).

use chrono::NaiveDate;
use ids::{AreaId, DivisionCode};
use rpc::{CallContext, Page};

use super::{App, page_key};
use crate::domain::price::FeeStandard;
use crate::error::AppError;
use crate::store::fee_standards::{self, Filter};

/// What standards to list.
#[derive(Debug, Clone)]
pub struct ListFeeStandards {
    /// Only those of this area.
    pub area_id: Option<AreaId>,
    /// Only those of areas in this division.
    pub division: Option<DivisionCode>,
    /// Those that hold on this day; none for today.
    pub as_of: Option<NaiveDate>,
    /// Those of all times.
    pub history: bool,
    /// The page.
    pub page: Page,
}

impl App {
    /// A page of standards, and the token of the next: to everybody, because prices are public.
    ///
    /// # Errors
    /// `NOT_ALLOWED` without a token of a person; `PAGE_TOKEN_INVALID`.
    pub async fn list_fee_standards(
        &self,
        ctx: &CallContext,
        query: ListFeeStandards,
    ) -> Result<(Vec<FeeStandard>, String), AppError> {
        self.permit_city(ctx)?;
        let day = query.as_of.unwrap_or_else(|| self.today());
        let filter = Filter {
            area_id: query.area_id,
            division: query.division,
            on: (!query.history).then_some(day),
            after: query.page.after.as_deref().map(page_key).transpose()?,
        };
        let mut found = fee_standards::list(self.store.reader(), &filter, query.page.limit()).await?;
        let next = query.page.next(&mut found, |standard| standard.id.to_string());
        Ok((found, next))
    }
}
