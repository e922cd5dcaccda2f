//! What a building is made of and what serves it: corrected areas, sales, warranties, equipment, parking.

use access::Resource;
use ids::{AreaId, BuildingId};
use rpc::{CallContext, General};

use super::{App, building_resource};
use crate::domain::area::Area;
use crate::domain::building::Building;
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::part::event::PartEvent;
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::error::AppError;
use crate::store::{Readable, Tx, areas, buildings, homes};

pub mod correct_area;
pub mod equipment;
pub mod facts;
pub mod parking;
pub mod sell_homes;
pub mod warranties;

impl App {
    /// A building that exists and that the caller may do this to, with its area.
    async fn building_for(
        &self,
        connection: &impl Readable,
        ctx: &CallContext,
        id: BuildingId,
    ) -> Result<(Building, Area), AppError> {
        let building = buildings::find(connection, id).await?;
        let building = building.ok_or(AnyRefusal::BuildingNotFound)?;
        let area = areas::find(connection, building.area_id).await?;
        let area = area.ok_or_else(|| General::Internal {
            source: format!("{id} is in no area").into(),
        })?;
        let own = match ctx.actor.owner_id {
            Some(owner_id) if homes::has_home(connection, owner_id, area.id).await? => Some(owner_id),
            _ => None,
        };
        let resource = building_resource(&building, &area).with_owners(own);
        let resource = self.in_present_place(connection, resource).await?;
        ctx.permit(&self.access, &resource, || AnyRefusal::BuildingNotFound)?;
        Ok((building, area))
    }

    /// An area that exists and that the caller may do this to.
    async fn permitted_area(
        &self,
        connection: &impl Readable,
        ctx: &CallContext,
        id: AreaId,
        not_found: impl FnOnce() -> AnyRefusal,
    ) -> Result<Area, AppError> {
        let (area, resource): (Area, Resource) = self.area_for(connection, ctx, id).await?;
        ctx.permit(&self.access, &resource, not_found)?;
        Ok(area)
    }
}

impl App {
    /// The same, held until the commit, and refused where it ended.
    async fn standing_area(
        &self,
        tx: &Tx,
        ctx: &CallContext,
        id: AreaId,
        not_found: impl Fn() -> AnyRefusal,
    ) -> Result<Area, AppError> {
        self.permitted_area(tx.connection(), ctx, id, &not_found).await?;
        // A merger may have ended it before it was held.
        let area = tx.hold_area(id).await?.ok_or_else(not_found)?;
        area.stands()?;
        Ok(area)
    }
}

/// Puts an event into the outbox; `version` is that of its aggregate after it.
async fn publish(
    tx: &mut Tx,
    ctx: &CallContext,
    area: &Area,
    version: i64,
    event: PartEvent,
) -> Result<(), AppError> {
    let happened = Happened {
        division: area.division,
        version,
        event: RegistryEvent::Part(event),
    };
    tx.publish(ctx, [&happened]).await?;
    Ok(())
}
