//! The authority records what may be charged.

use chrono::NaiveDate;
use ids::{AreaId, FeeStandardId};
use money::Fen;
use rpc::CallContext;
use serde::Serialize;

use super::{App, area_resource};
use crate::domain::price::{self, Charging, Entry, FeeStandard, Homes};
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::{fee_standards, price_adjustments};

/// A standard to record.
#[derive(Debug, Clone, Serialize)]
pub struct RecordFeeStandard {
    /// The area.
    pub area_id: AreaId,
    /// For which homes.
    pub homes: Homes,
    /// Price per month, per m² of exclusive area; per space for parking.
    pub price: Fen,
    /// Grade of service, 1 for the best.
    pub grade: u8,
    /// How the firm is paid.
    pub charging: Charging,
    /// First day on which it holds.
    pub effective_from: NaiveDate,
}

impl App {
    /// Records a standard: the first one of its homes, or that of a new contract of the owners.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `NOT_ALLOWED`, `ADJUSTMENT_OPEN` where the owners are being asked about the price of these homes,
    /// `STANDARD_NOT_AFTER_LAST`, `PRICE_NEEDS_ADJUSTMENT`, `GRADE_UNKNOWN`, `PRICE_OUT_OF_BAND`, `CONFLICT`.
    pub async fn record_fee_standard(
        &self,
        ctx: &CallContext,
        command: RecordFeeStandard,
    ) -> Result<FeeStandard, AppError> {
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
        area.stands()?;
        let open = price_adjustments::open_of(tx.connection(), area.id).await?;
        let is_asked = |line: &price::Line| line.new.homes == command.homes;
        if open.is_some_and(|open| open.lines.iter().any(is_asked)) {
            return Err(price::Refusal::AdjustmentOpen.into());
        }
        let entry = Entry {
            id: FeeStandardId::generate(),
            area_id: area.id,
            division: area.division,
            homes: command.homes,
            price: command.price,
            grade: command.grade,
            charging: command.charging,
            effective_from: command.effective_from,
        };
        let last = fee_standards::last_of(tx.connection(), area.id).await?;
        let last = last.iter().find(|last| last.homes == command.homes);
        let owners = fee_standards::owners_of(tx.connection(), area.id).await?;
        let rules = self.rules.prices_at(command.effective_from);
        let (standard, ended) = price::record(entry, last, &owners, &rules)?;
        self.put_standard(&mut tx, ctx, &standard, ended.as_ref()).await?;
        tx.remember(ctx, &command, standard.id, &standard).await?;
        tx.commit().await?;
        Ok(standard)
    }
}
