//! The developer sells homes of a building.

use chrono::NaiveDate;
use ids::{BuildingId, HomeId};
use rpc::CallContext;
use serde::Serialize;

use super::publish;
use crate::app::App;
use crate::domain::home::OwnedHome;
use crate::domain::part::event::PartEvent;
use crate::domain::part::sale;
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::{homes, ownerships};

/// A sale.
#[derive(Debug, Clone, Serialize)]
pub struct SellHomes {
    /// The building.
    pub building_id: BuildingId,
    /// Its homes, at least one, each once, in the order of their ids, at most
    /// [`HOMES_PER_EVENT`](crate::domain::event::HOMES_PER_EVENT).
    pub home_ids: Vec<HomeId>,
    /// Day of the sale.
    pub sold_on: NaiveDate,
}

impl App {
    /// Records that these homes were sold on that day, all or none; answers them as they are then.
    ///
    /// # Errors
    /// `BUILDING_NOT_FOUND`, `NOT_ALLOWED`, `HOME_NOT_FOUND` for a home of another building, `HOME_SOLD`,
    /// `DAY_IN_THE_FUTURE`, `CONFLICT`.
    pub async fn sell_homes(
        &self,
        ctx: &CallContext,
        command: SellHomes,
    ) -> Result<Vec<OwnedHome>, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        // Held first: what is read of its homes after that is what they are.
        tx.hold_buildings(&[command.building_id]).await?;
        let (mut building, area) = self
            .building_for(tx.connection(), ctx, command.building_id)
            .await?;
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

        let after = sale::decide(before, command.sold_on, self.today())?;
        building.version += 1;

        tx.save_building(&building).await?;
        tx.save_sale(&command.home_ids, command.sold_on).await?;
        let event = PartEvent::HomesSold {
            building_id: building.id,
            area_id: area.id,
            home_ids: command.home_ids.clone(),
            on: command.sold_on,
        };
        publish(&mut tx, ctx, &area, building.version, event).await?;
        tx.remember(ctx, &command, command.building_id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
