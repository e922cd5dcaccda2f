//! Reading firms, their certificates and people, and what the association keeps.

use chrono::NaiveDate;
use ids::{AreaId, FirmId};
use rpc::{CallContext, Page};

use crate::app::{App, after_id, after_row};
use crate::domain::firm::association::{Conduct, Training};
use crate::domain::firm::certificate::Certificate;
use crate::domain::firm::record::{FirmRecord, Membership};
use crate::domain::firm::staff::{Assignment, StaffMember};
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::error::AppError;
use crate::store::{association, certificates, firm_records, firm_versions, staff};

pub use crate::store::firm_records::Filter as FirmFilter;
pub use crate::store::staff::Filter as StaffFilter;

impl App {
    /// A firm in full, now or as of the end of a day.
    ///
    /// # Errors
    /// `FIRM_NOT_FOUND`, `NOT_ALLOWED` without a token of a person, `DAY_IN_THE_FUTURE`.
    pub async fn get_firm(
        &self,
        ctx: &CallContext,
        id: FirmId,
        as_of: Option<NaiveDate>,
    ) -> Result<FirmRecord, AppError> {
        let day = self.past_day(as_of)?;
        let snapshot = self.store.begin_read().await?;
        let (firm, _) = self.firm_for(&snapshot, ctx, id).await?;
        let Some(day) = day else {
            return Ok(firm);
        };
        let versions = firm_versions::of_firms(&snapshot, &[id]).await?.remove(&id);
        Ok(firm.as_of(day, &versions.unwrap_or_default()))
    }

    /// A page of firms in full, by credit code, and the token of the next. As of a day the page may be shorter than asked:
    /// parents and memberships of that day are looked for among the firms of the page.
    ///
    /// # Errors
    /// `NOT_ALLOWED` without a token of a person; `DAY_IN_THE_FUTURE`.
    pub async fn list_firm_records(
        &self,
        ctx: &CallContext,
        filter: FirmFilter,
        as_of: Option<NaiveDate>,
        page: Page,
    ) -> Result<(Vec<FirmRecord>, String), AppError> {
        self.permit_city(ctx)?;
        let day = self.past_day(as_of)?;
        let snapshot = self.store.begin_read().await?;
        let (after, limit) = (page.after.as_deref(), page.limit());
        let key = |record: &FirmRecord| record.firm.credit_code.to_string();
        let Some(day) = day else {
            let mut found = firm_records::list(&snapshot, &filter, after, limit).await?;
            let next = page.next(&mut found, key);
            return Ok((found, next));
        };
        let (parent_id, members_only) = (filter.parent_id, filter.members_only);
        let of_any_day = FirmFilter {
            members_only: false,
            ..filter
        };
        let mut found = firm_records::list(&snapshot, &of_any_day, after, limit).await?;
        let next = page.next(&mut found, key);
        let ids: Vec<_> = found.iter().map(|record| record.firm.id).collect();
        let mut versions = firm_versions::of_firms(&snapshot, &ids).await?;
        let then = found.into_iter().map(|record| {
            let versions = versions.remove(&record.firm.id).unwrap_or_default();
            record.as_of(day, &versions)
        });
        let is_asked_for = |then: &FirmRecord| {
            let is_member = matches!(then.membership, Membership::Since { .. });
            (!members_only || is_member) && parent_id.is_none_or(|id| then.parent_id == Some(id))
        };
        Ok((then.filter(is_asked_for).collect(), next))
    }

    /// A page of a firm's certificates and the token of the next. As of a day the page may be shorter than asked.
    ///
    /// # Errors
    /// `FIRM_NOT_FOUND`, `NOT_ALLOWED`, `PAGE_TOKEN_INVALID`, `DAY_IN_THE_FUTURE`.
    pub async fn list_certificates(
        &self,
        ctx: &CallContext,
        firm_id: FirmId,
        ending_by: Option<NaiveDate>,
        as_of: Option<NaiveDate>,
        page: Page,
    ) -> Result<(Vec<Certificate>, String), AppError> {
        let day = self.past_day(as_of)?;
        let snapshot = self.store.begin_read().await?;
        self.firm_for(&snapshot, ctx, firm_id).await?;
        let (after, limit) = (after_id(&page)?, page.limit());
        let key = |certificate: &Certificate| certificate.id.to_string();
        let Some(day) = day else {
            let mut found = certificates::list(&snapshot, firm_id, ending_by, after, limit).await?;
            let next = page.next(&mut found, key);
            return Ok((found, next));
        };
        // A renewal may have moved the end that counted then.
        let mut found = certificates::list(&snapshot, firm_id, None, after, limit).await?;
        let next = page.next(&mut found, key);
        let ids: Vec<_> = found.iter().map(|certificate| certificate.id).collect();
        let versions = certificates::versions_on(&snapshot, &ids, day).await?;
        let then = found.into_iter().filter_map(|certificate| {
            let version = *versions.get(&certificate.id)?;
            certificate.as_of(day, version)
        });
        let is_asked_for = |then: &Certificate| ending_by.is_none_or(|by| then.valid_until <= by);
        Ok((then.filter(is_asked_for).collect(), next))
    }

    /// A page of a firm's people, masked, now or as of a day, and the token of the next.
    ///
    /// # Errors
    /// `FIRM_NOT_FOUND`, `NOT_ALLOWED` to who is neither the firm nor an officer, `PAGE_TOKEN_INVALID`,
    /// `DAY_IN_THE_FUTURE`.
    pub async fn list_staff(
        &self,
        ctx: &CallContext,
        filter: StaffFilter,
        page: Page,
    ) -> Result<(Vec<StaffMember>, String), AppError> {
        let day = self.past_day(filter.as_of)?;
        let snapshot = self.store.begin_read().await?;
        self.firm_for(&snapshot, ctx, filter.firm_id).await?;
        let after = after_id(&page)?;
        let mut found = staff::list(&snapshot, &filter, after, page.limit()).await?;
        let next = page.next(&mut found, |somebody| somebody.id.to_string());
        if let Some(day) = day {
            let ids: Vec<_> = found.iter().map(|somebody| somebody.id).collect();
            let mut areas = staff::areas_on(&snapshot, &ids, day).await?;
            found = found
                .into_iter()
                .map(|somebody| {
                    let area_ids = areas.remove(&somebody.id).unwrap_or_default();
                    somebody.as_of(day, area_ids)
                })
                .collect();
        }
        Ok((found, next))
    }

    /// A page of the project managers of an area with their masked names, and the token of the next: those of a day, or
    /// all there ever were.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `NOT_ALLOWED`, `PAGE_TOKEN_INVALID`.
    pub async fn list_project_managers(
        &self,
        ctx: &CallContext,
        area_id: AreaId,
        on: Option<NaiveDate>,
        page: Page,
    ) -> Result<(Vec<(Assignment, String)>, String), AppError> {
        let reader = self.store.reader();
        let (area, resource) = self.area_for(reader, ctx, area_id).await?;
        ctx.permit(&self.access, &resource, || AnyRefusal::AreaNotFound)?;
        let after = after_row(&page)?;
        let mut found = staff::managers_of(reader, area.id, on, after, page.limit()).await?;
        let next = page.next(&mut found, |(id, ..)| id.to_string());
        let managers = found.into_iter().map(|(_, assignment, name)| (assignment, name));
        Ok((managers.collect(), next))
    }

    /// A page of a firm's trainings, those of all times or those held by a day, the last recorded first, and the token of
    /// the next.
    ///
    /// # Errors
    /// `FIRM_NOT_FOUND`, `NOT_ALLOWED`, `PAGE_TOKEN_INVALID`, `DAY_IN_THE_FUTURE`.
    pub async fn list_trainings(
        &self,
        ctx: &CallContext,
        firm_id: FirmId,
        by: Option<NaiveDate>,
        page: Page,
    ) -> Result<(Vec<Training>, String), AppError> {
        let by = self.past_day(by)?;
        let reader = self.store.reader();
        self.firm_for(reader, ctx, firm_id).await?;
        let after = after_id(&page)?;
        let mut found = association::list_trainings(reader, firm_id, by, after, page.limit()).await?;
        let next = page.next(&mut found, |training| training.id.to_string());
        Ok((found, next))
    }

    /// A page of a firm's self-discipline records, those of all times or those of a day and before, the last recorded
    /// first, and the token of the next.
    ///
    /// # Errors
    /// `FIRM_NOT_FOUND`, `NOT_ALLOWED`, `PAGE_TOKEN_INVALID`, `DAY_IN_THE_FUTURE`.
    pub async fn list_conduct(
        &self,
        ctx: &CallContext,
        firm_id: FirmId,
        by: Option<NaiveDate>,
        page: Page,
    ) -> Result<(Vec<Conduct>, String), AppError> {
        let by = self.past_day(by)?;
        let reader = self.store.reader();
        self.firm_for(reader, ctx, firm_id).await?;
        let after = after_id(&page)?;
        let mut found = association::list_conducts(reader, firm_id, by, after, page.limit()).await?;
        let next = page.next(&mut found, |conduct| conduct.id.to_string());
        Ok((found, next))
    }
}
