//! Listing firms.

use chrono::NaiveDate;
use rpc::{CallContext, Page};

use super::App;
use crate::domain::firm::{Firm, FirmKind};
use crate::error::AppError;
use crate::store::{firm_records, firms};

/// What firms to list.
#[derive(Debug, Clone)]
pub struct ListFirms {
    /// Only those of this kind.
    pub kind: Option<FirmKind>,
    /// Only those whose present name, code, pinyin or initials contain each of these words; empty for all.
    pub query: String,
    /// With the names of this day; none for now.
    pub as_of: Option<NaiveDate>,
    /// The page.
    pub page: Page,
}

impl App {
    /// A page of firms, by credit code, and the token of the next.
    ///
    /// # Errors
    /// `NOT_ALLOWED` without a token of a person; `DAY_IN_THE_FUTURE`.
    pub async fn list_firms(
        &self,
        ctx: &CallContext,
        query: ListFirms,
    ) -> Result<(Vec<Firm>, String), AppError> {
        self.permit_city(ctx)?;
        let day = self.past_day(query.as_of)?;
        let page = query.page;
        let (after, limit) = (page.after.as_deref(), page.limit());
        let snapshot = self.store.begin_read().await?;
        let mut found = firms::list(&snapshot, query.kind, &query.query, after, limit).await?;
        let next = page.next(&mut found, |firm| firm.credit_code.to_string());
        if let Some(day) = day {
            let ids: Vec<_> = found.iter().map(|firm| firm.id).collect();
            let records = firm_records::find_many(&snapshot, &ids).await?;
            for firm in &mut found {
                if let Some(record) = records.get(&firm.id) {
                    record.name_on(day).clone_into(&mut firm.name);
                }
            }
        }
        Ok((found, next))
    }
}
