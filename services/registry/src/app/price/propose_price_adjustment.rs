//! The firm of an area proposes new prices.

use chrono::NaiveDate;
use ids::{AreaId, PriceAdjustmentId};
use rpc::{CallContext, General};
use serde::Serialize;

use super::{App, area_resource, of_adjustment};
use crate::domain::price::{self, Adjustment, Audit, NewLine, Proposal};
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::{fee_standards, firms, price_adjustments};

/// A plan to propose.
#[derive(Debug, Clone, Serialize)]
pub struct ProposePriceAdjustment {
    /// The area.
    pub area_id: AreaId,
    /// The new prices, at least one.
    pub lines: Vec<NewLine>,
    /// The day from which they are to hold.
    pub effective_from: NaiveDate,
    /// Why.
    pub reason: String,
    /// The audit.
    pub audit: Audit,
}

impl App {
    /// Proposes new prices for an area.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `NOT_ALLOWED`, `ADJUSTMENT_OPEN`, `AUDIT_YEAR_WRONG`, `AUDITOR_IS_FIRM`,
    /// `EFFECTIVE_DAY_NOT_TO_COME`, `LINE_TWICE`, `STANDARD_NOT_FOUND`, `STANDARD_SUPERSEDED`, `PRICE_UNCHANGED`,
    /// `GRADE_UNKNOWN`, `PRICE_OUT_OF_BAND`, `CONFLICT`.
    pub async fn propose_price_adjustment(
        &self,
        ctx: &CallContext,
        command: ProposePriceAdjustment,
    ) -> Result<Adjustment, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let not_found = || Refusal::AreaNotFound;
        let area = tx.hold_area(command.area_id).await?.ok_or_else(not_found)?;
        let resource = self
            .in_present_place(tx.connection(), area_resource(&area, None))
            .await?;
        ctx.permit(&self.access, &resource, not_found)?;
        let bug = || General::Internal {
            source: format!("{} was allowed to a firm that does not manage it", area.id).into(),
        };
        let firm_id = area.manager_id.ok_or_else(bug)?;
        let firm = firms::find_many(tx.connection(), &[firm_id])
            .await?
            .remove(&firm_id);
        if price_adjustments::open_of(tx.connection(), area.id)
            .await?
            .is_some()
        {
            return Err(price::Refusal::AdjustmentOpen.into());
        }
        let today = self.today();
        let proposal = Proposal {
            id: PriceAdjustmentId::generate(),
            area_id: area.id,
            division: area.division,
            firm_id,
            firm_code: firm.ok_or_else(bug)?.credit_code,
            lines: command.lines.clone(),
            effective_from: command.effective_from,
            reason: command.reason.clone(),
            audit: command.audit.clone(),
        };
        let standing = fee_standards::of_area_on(tx.connection(), area.id, today).await?;
        let rules = self.rules.prices_at(command.effective_from);
        let (adjustment, what) = price::propose(proposal, &standing, today, &rules)?;
        tx.insert_adjustment(&adjustment).await?;
        tx.publish(ctx, [&of_adjustment(what, &adjustment)]).await?;
        tx.remember(ctx, &command, adjustment.id, &adjustment).await?;
        tx.commit().await?;
        Ok(adjustment)
    }
}
