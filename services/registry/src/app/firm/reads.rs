//! Reading firms, their certificates and people, and what the association keeps.

use chrono::NaiveDate;
use ids::{AreaId, FirmId};
use rpc::{CallContext, Page};

use crate::app::{App, after_id, after_row};
use crate::domain::firm::association::{Conduct, Training};
use crate::domain::firm::certificate::Certificate;
use crate::domain::firm::record::FirmRecord;
use crate::domain::firm::staff::{Assignment, StaffMember};
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::error::AppError;
use crate::store::{association, certificates, firm_records, staff};

pub use crate::store::firm_records::Filter as FirmFilter;
pub use crate::store::staff::Filter as StaffFilter;

impl App {
    /// A firm in full.
    ///
    /// # Errors
    /// `FIRM_NOT_FOUND`, `NOT_ALLOWED` without a token of a person.
    pub async fn get_firm(&self, ctx: &CallContext, id: FirmId) -> Result<FirmRecord, AppError> {
        let (firm, _) = self.firm_for(self.store.reader(), ctx, id).await?;
        Ok(firm)
    }

    /// A page of firms in full, by credit code, and the token of the next.
    ///
    /// # Errors
    /// `NOT_ALLOWED` without a token of a person.
    pub async fn list_firm_records(
        &self,
        ctx: &CallContext,
        filter: FirmFilter,
        page: Page,
    ) -> Result<(Vec<FirmRecord>, String), AppError> {
        self.permit_city(ctx)?;
        let reader = self.store.reader();
        let mut found = firm_records::list(reader, &filter, page.after.as_deref(), page.limit()).await?;
        let next = page.next(&mut found, |record| record.firm.credit_code.to_string());
        Ok((found, next))
    }

    /// A page of a firm's certificates and the token of the next.
    ///
    /// # Errors
    /// `FIRM_NOT_FOUND`, `NOT_ALLOWED`, `PAGE_TOKEN_INVALID`.
    pub async fn list_certificates(
        &self,
        ctx: &CallContext,
        firm_id: FirmId,
        ending_by: Option<NaiveDate>,
        page: Page,
    ) -> Result<(Vec<Certificate>, String), AppError> {
        let reader = self.store.reader();
        self.firm_for(reader, ctx, firm_id).await?;
        let after = after_id(&page)?;
        let mut found = certificates::list(reader, firm_id, ending_by, after, page.limit()).await?;
        let next = page.next(&mut found, |certificate| certificate.id.to_string());
        Ok((found, next))
    }

    /// A page of a firm's people, masked, and the token of the next.
    ///
    /// # Errors
    /// `FIRM_NOT_FOUND`, `NOT_ALLOWED` to who is neither the firm nor an officer, `PAGE_TOKEN_INVALID`.
    pub async fn list_staff(
        &self,
        ctx: &CallContext,
        filter: StaffFilter,
        page: Page,
    ) -> Result<(Vec<StaffMember>, String), AppError> {
        let reader = self.store.reader();
        self.firm_for(reader, ctx, filter.firm_id).await?;
        let after = after_id(&page)?;
        let mut found = staff::list(reader, &filter, after, page.limit()).await?;
        let next = page.next(&mut found, |somebody| somebody.id.to_string());
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

    /// A page of a firm's trainings, the last recorded first, and the token of the next.
    ///
    /// # Errors
    /// `FIRM_NOT_FOUND`, `NOT_ALLOWED`, `PAGE_TOKEN_INVALID`.
    pub async fn list_trainings(
        &self,
        ctx: &CallContext,
        firm_id: FirmId,
        page: Page,
    ) -> Result<(Vec<Training>, String), AppError> {
        let reader = self.store.reader();
        self.firm_for(reader, ctx, firm_id).await?;
        let after = after_id(&page)?;
        let mut found = association::list_trainings(reader, firm_id, after, page.limit()).await?;
        let next = page.next(&mut found, |training| training.id.to_string());
        Ok((found, next))
    }

    /// A page of a firm's self-discipline records, the last recorded first, and the token of the next.
    ///
    /// # Errors
    /// `FIRM_NOT_FOUND`, `NOT_ALLOWED`, `PAGE_TOKEN_INVALID`.
    pub async fn list_conduct(
        &self,
        ctx: &CallContext,
        firm_id: FirmId,
        page: Page,
    ) -> Result<(Vec<Conduct>, String), AppError> {
        let reader = self.store.reader();
        self.firm_for(reader, ctx, firm_id).await?;
        let after = after_id(&page)?;
        let mut found = association::list_conducts(reader, firm_id, after, page.limit()).await?;
        let next = page.next(&mut found, |conduct| conduct.id.to_string());
        Ok((found, next))
    }
}
