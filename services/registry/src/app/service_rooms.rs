//! Service rooms (物业管理用房): checking them, and reading the latest check.

use chrono::NaiveDate;
use ids::AreaId;
use money::{Area, Fen};
use rpc::CallContext;
use serde::Serialize;

use super::App;
use crate::domain::delineation::Stage;
use crate::domain::delineation::refusal::Refusal;
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::domain::service_rooms::{Built, ServiceRooms, check};
use crate::error::AppError;
use crate::store::{Readable, delineations, service_rooms};

/// A check.
#[derive(Debug, Clone, Serialize)]
pub struct CheckServiceRooms {
    /// The area.
    pub area_id: AreaId,
    /// What the permit says: above-ground area, and whether nothing in it is a dwelling; none where the area's
    /// delineation says it.
    pub permit: Option<(Area, bool)>,
    /// Above-ground area as surveyed.
    pub measured_area: Area,
    /// Service rooms that were built.
    pub built_rooms: Area,
    /// Average sale price in fen per m²; none where it was not said.
    pub average_price: Option<Fen>,
}

impl App {
    /// Checks and records; earlier checks of the area stay.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `NOT_ALLOWED`, `PERMIT_AREA_MISSING`, `PERMIT_AREA_DIFFERS`, `AREA_SIZE_INVALID`,
    /// `SALE_PRICE_MISSING`, `CONFLICT`.
    pub async fn check_service_rooms(
        &self,
        ctx: &CallContext,
        command: CheckServiceRooms,
    ) -> Result<ServiceRooms, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (area, resource) = self.area_for(tx.connection(), ctx, command.area_id).await?;
        ctx.permit(&self.access, &resource, || AnyRefusal::AreaNotFound)?;
        // A merger may have ended it before it was held.
        let area = tx.hold_area(area.id).await?.ok_or(AnyRefusal::AreaNotFound)?;
        area.stands()?;
        let (permit_area, all_non_residential) = permitted(tx.connection(), area.id, command.permit).await?;
        let before = service_rooms::latest(tx.connection(), area.id, None).await?;
        let after = check(
            area.id,
            Built {
                permit_area,
                all_non_residential,
                measured_area: command.measured_area,
                built_rooms: command.built_rooms,
                average_price: command.average_price,
            },
            &self.room_rules()?,
            self.today(),
            before.map_or(1, |before| before.version + 1),
        )?;
        tx.insert_service_rooms(&after).await?;
        let happened = Happened {
            division: area.division,
            version: after.version,
            event: RegistryEvent::ServiceRoomsChecked(after.clone()),
        };
        tx.publish(ctx, [&happened]).await?;
        tx.remember(ctx, &command, area.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// The latest check of an area, or the latest of a day and before.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `NOT_ALLOWED`, `SERVICE_ROOMS_NOT_CHECKED`, `DAY_IN_THE_FUTURE`.
    pub async fn get_service_rooms(
        &self,
        ctx: &CallContext,
        area_id: AreaId,
        by: Option<NaiveDate>,
    ) -> Result<ServiceRooms, AppError> {
        let by = self.past_day(by)?;
        let snapshot = self.store.begin_read().await?;
        let (area, resource) = self.area_for(&snapshot, ctx, area_id).await?;
        ctx.permit(&self.access, &resource, || AnyRefusal::AreaNotFound)?;
        let latest = service_rooms::latest(&snapshot, area.id, by).await?;
        Ok(latest.ok_or(Refusal::ServiceRoomsNotChecked)?)
    }
}

/// What was permitted: what the area's delineation says, or, for an area without one, what the request says.
async fn permitted(
    connection: &impl Readable,
    area_id: AreaId,
    said: Option<(Area, bool)>,
) -> Result<(Area, bool), AppError> {
    let delineation = delineations::of_area(connection, area_id).await?;
    let known = delineation.and_then(|found| match found.stage {
        Stage::Approved { application, .. } => {
            Some((application.above_ground, application.all_non_residential))
        }
        Stage::Consulting | Stage::Advised | Stage::Applied { .. } | Stage::Refused { .. } => None,
    });
    match (known, said) {
        (Some(known), said) if said.is_none_or(|said| said == known) => Ok(known),
        (Some((of_delineation, _)), _) => Err(Refusal::PermitAreaDiffers { of_delineation }.into()),
        (None, Some(said)) => Ok(said),
        (None, None) => Err(Refusal::PermitAreaMissing.into()),
    }
}
