//! The developer hands homes of a building over (交付).

use chrono::NaiveDate;
use ids::{BuildingId, HomeId};
use rpc::{CallContext, General};
use serde::Serialize;

use super::{App, building_resource, get_home};
use crate::domain::delivery;
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::home::OwnedHome;
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::{buildings, homes, ownerships};

/// A hand-over.
#[derive(Debug, Clone, Serialize)]
pub struct DeliverHomes {
    /// The building.
    pub building_id: BuildingId,
    /// Its homes, at least one, each once, in the order of their ids, at most [`HOMES_PER_EVENT`](crate::domain::event::HOMES_PER_EVENT).
    pub home_ids: Vec<HomeId>,
    /// Day of the hand-over.
    pub delivered_on: NaiveDate,
}

impl App {
    /// Records that these homes were handed over on that day, all or none; answers them as they are then.
    ///
    /// # Errors
    /// `BUILDING_NOT_FOUND`, `NOT_ALLOWED`, `HOME_NOT_FOUND` for a home of another building, `HOME_UNOWNED`,
    /// `HOME_DELIVERED`, `DELIVERY_IN_THE_FUTURE`, `CONFLICT`.
    pub async fn deliver_homes(
        &self,
        ctx: &CallContext,
        command: DeliverHomes,
    ) -> Result<Vec<OwnedHome>, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let unheld = buildings::find(tx.connection(), command.building_id).await?;
        let unheld = unheld.ok_or(Refusal::BuildingNotFound)?;
        // The area first, as whoever moves buildings holds them: the hand-over may be what its first assembly waits for.
        let area = tx.hold_area(unheld.area_id).await?;
        let area = area.ok_or_else(|| General::Internal {
            source: format!("{} is in no area", unheld.id).into(),
        })?;
        let held = tx.hold_buildings(&[unheld.id]).await?;
        let mut building = held.get(&unheld.id).cloned().ok_or(Refusal::BuildingNotFound)?;
        get_home::stays(&building, &area)?;
        let resource = building_resource(&building, &area);
        let resource = self.in_present_place(tx.connection(), resource).await?;
        ctx.permit(&self.access, &resource, || Refusal::BuildingNotFound)?;
        let mut found = homes::find_many(tx.connection(), &command.home_ids).await?;
        let mut owned = ownerships::current(tx.connection(), &command.home_ids).await?;
        let before = command
            .home_ids
            .iter()
            .map(|id| {
                let home = found.remove(id).filter(|home| home.building_id == building.id);
                Ok(OwnedHome {
                    home: home.ok_or(Refusal::HomeNotFound)?,
                    ownership: owned.remove(id),
                })
            })
            .collect::<Result<Vec<_>, Refusal>>()?;

        let after = delivery::decide(before, command.delivered_on, self.today())?;
        building.version += 1;

        tx.save_building(&building).await?;
        tx.save_delivery(&command.home_ids, command.delivered_on).await?;
        let happened = Happened {
            division: area.division,
            version: building.version,
            event: RegistryEvent::HomesDelivered {
                building_id: building.id,
                area_id: area.id,
                home_ids: command.home_ids.clone(),
                on: command.delivered_on,
            },
        };
        tx.publish(ctx, [&happened]).await?;
        self.examine_set_up_of(&mut tx, ctx, area).await?;
        tx.remember(ctx, &command, command.building_id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
