//! Listing contracts.

use access::{Principal, Role};
use chrono::NaiveDate;
use ids::{AreaId, ContractId, FirmId};
use rpc::{CallContext, Invalid, Page};

use super::App;
use crate::domain::contract::Contract;
use crate::error::AppError;
use crate::store::contracts::{self, Filter, Sight};

/// What contracts to list.
#[derive(Debug, Clone)]
pub struct ListContracts {
    /// Only those of this area.
    pub area_id: Option<AreaId>,
    /// Only those of this firm.
    pub firm_id: Option<FirmId>,
    /// Only those in the state of this name.
    pub state: Option<&'static str>,
    /// Only those whose last day is known and lies before this day.
    pub ending_before: Option<NaiveDate>,
    /// As they stood at the end of this day; none for now.
    pub as_of: Option<NaiveDate>,
    /// The page.
    pub page: Page,
}

impl App {
    /// A page of the contracts that the caller sees, newest first, and the token of the next. As of a day the page may be
    /// shorter than asked: how contracts stood then is found out of those of the page.
    ///
    /// # Errors
    /// `NOT_ALLOWED` for a role that has nothing to do with contracts; `PAGE_TOKEN_INVALID`, `DAY_IN_THE_FUTURE`.
    pub async fn list_contracts(
        &self,
        ctx: &CallContext,
        query: ListContracts,
    ) -> Result<(Vec<Contract>, String), AppError> {
        self.permit_city(ctx)?;
        let day = self.past_day(query.as_of)?;
        let filter = Filter {
            area_id: query.area_id,
            firm_id: query.firm_id,
            state: query.state.filter(|_| day.is_none()),
            ending_before: query.ending_before.filter(|_| day.is_none()),
            after: query.page.after.as_deref().map(key).transpose()?,
            sight: sight(&ctx.actor),
        };
        let page = query.page;
        let mut found = contracts::list(self.store.reader(), &filter, page.limit()).await?;
        let next = page.next(&mut found, |contract| contract.id.to_string());
        if let Some(day) = day {
            let is_asked_for = |then: &Contract| {
                let ends_before = |before| then.ends_on().is_some_and(|ends_on| ends_on < before);
                query.state.is_none_or(|state| then.state.name() == state)
                    && query.ending_before.is_none_or(ends_before)
            };
            let then = found.into_iter().filter_map(|contract| contract.as_of(day));
            found = then.filter(is_asked_for).collect();
        }
        Ok((found, next))
    }
}

/// The key of a page token, which we wrote ourselves.
fn key(text: &str) -> Result<ContractId, Invalid> {
    text.parse().map_err(|_| {
        Invalid::new(
            "pageToken",
            "PAGE_TOKEN_INVALID",
            "is not one that we sent",
            "不是本系统返回的分页标记",
        )
    })
}

/// What the policies on reading contracts say, as a filter.
fn sight(actor: &Principal) -> Sight {
    let is_officer = [Role::Community, Role::Street, Role::Authority, Role::Auditor]
        .into_iter()
        .any(|role| actor.has_role(role));
    Sight {
        everything: actor.is_service(),
        division: actor.jurisdiction.filter(|_| is_officer),
        firm_id: actor.firm_id().filter(|_| actor.has_role(Role::Firm)),
        area_id: actor.area_id().filter(|_| actor.has_role(Role::CommitteeMember)),
        owner_id: actor.owner_id.filter(|_| actor.has_role(Role::Owner)),
    }
}
