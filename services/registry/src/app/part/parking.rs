//! Parking that is no exclusive part is recorded and listed.

use chrono::NaiveDate;
use ids::{AreaId, ParkingId};
use rpc::{CallContext, Page};
use serde::Serialize;

use super::publish;
use crate::app::{App, after_id};
use crate::domain::part::event::PartEvent;
use crate::domain::part::parking::{self as domain, Parking, ParkingKind};
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::error::AppError;
use crate::store::parking;

/// Parking to record.
#[derive(Debug, Clone, Serialize)]
pub struct RecordParking {
    /// The area.
    pub area_id: AreaId,
    /// What kind it is.
    pub kind: ParkingKind,
    /// What it is called.
    pub name: String,
    /// Spaces.
    pub spaces: i32,
    /// Spaces that are let.
    pub leased: i32,
    /// Numbers of the spaces; may be empty.
    pub numbers: String,
}

/// A page of parking.
#[derive(Debug, Clone)]
pub struct ParkingPage {
    /// The lots.
    pub lots: Vec<Parking>,
    /// Spaces of the area that are homes.
    pub exclusive_spaces: u64,
    /// Where the next page begins.
    pub next: String,
}

impl App {
    /// Records a lot, or records it anew; answers it as it is then.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `AREA_ENDED`, `NOT_ALLOWED`, `CONFLICT`, and as [`domain::decide`].
    pub async fn record_parking(
        &self,
        ctx: &CallContext,
        command: RecordParking,
    ) -> Result<Parking, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let not_found = || AnyRefusal::AreaNotFound;
        let area = self.standing_area(&tx, ctx, command.area_id, not_found).await?;
        let present = tx.find_parking(area.id, command.kind, &command.name).await?;

        let next = Parking {
            id: present
                .as_ref()
                .map_or_else(ParkingId::generate, |present| present.id),
            area_id: area.id,
            kind: command.kind,
            name: command.name.clone(),
            spaces: command.spaces,
            leased: command.leased,
            numbers: command.numbers.clone(),
            version: 1,
        };
        let after = domain::decide(present.as_ref(), next)?;

        tx.save_parking(&after, self.today()).await?;
        let event = PartEvent::ParkingRecorded(after.clone());
        publish(&mut tx, ctx, &area, after.version, event).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// A page of an area's parking, with how many spaces of it are homes. As of a day the page may be shorter than asked;
    /// which spaces are homes counts as it is recorded now.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `NOT_ALLOWED`, `PAGE_TOKEN_INVALID`, `DAY_IN_THE_FUTURE`.
    pub async fn list_parking(
        &self,
        ctx: &CallContext,
        area_id: AreaId,
        as_of: Option<NaiveDate>,
        page: Page,
    ) -> Result<ParkingPage, AppError> {
        let day = self.past_day(as_of)?;
        let snapshot = self.store.begin_read().await?;
        self.permitted_area(&snapshot, ctx, area_id, || AnyRefusal::AreaNotFound)
            .await?;
        let after = after_id(&page)?;
        let mut lots = parking::list(&snapshot, area_id, after, page.limit()).await?;
        let next = page.next(&mut lots, |lot| lot.id.to_string());
        if let Some(day) = day {
            lots = parking::on_day(&snapshot, lots, day).await?;
        }
        Ok(ParkingPage {
            lots,
            exclusive_spaces: parking::exclusive_spaces(&snapshot, area_id).await?,
            next,
        })
    }
}
