//! What a building's documents say is recorded.

use chrono::NaiveDate;
use ids::BuildingId;
use rpc::CallContext;
use serde::Serialize;

use super::publish;
use crate::app::App;
use crate::domain::part::event::PartEvent;
use crate::domain::part::facts::{self, BuildingFacts};
use crate::error::AppError;
use crate::store::{building_facts, homes};

/// What to record.
#[derive(Debug, Clone, Serialize)]
pub struct RecordBuildingFacts {
    /// The building.
    pub building_id: BuildingId,
    /// Day of the completion acceptance.
    pub completed_on: NaiveDate,
    /// Design life in years; none where the documents do not say.
    pub design_life_years: Option<i32>,
}

impl App {
    /// Records what a building's documents say; answers what is known of it then.
    ///
    /// # Errors
    /// `BUILDING_NOT_FOUND`, `NOT_ALLOWED`, `CONFLICT`, and as [`facts::decide`].
    pub async fn record_building_facts(
        &self,
        ctx: &CallContext,
        command: RecordBuildingFacts,
    ) -> Result<BuildingFacts, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        tx.hold_buildings(&[command.building_id]).await?;
        let (mut building, area) = self
            .building_for(tx.connection(), ctx, command.building_id)
            .await?;
        let present = building_facts::find(tx.connection(), building.id).await?;
        let (first_delivered_on, _) = homes::deliveries(tx.connection(), building.id).await?;

        let next = BuildingFacts {
            building_id: building.id,
            completed_on: Some(command.completed_on),
            design_life_years: command.design_life_years,
        };
        let after = facts::decide(&present, next, first_delivered_on, self.today())?;
        building.version += 1;

        tx.save_building(&building).await?;
        tx.save_building_facts(&after).await?;
        let event = PartEvent::FactsRecorded {
            area_id: area.id,
            facts: after.clone(),
        };
        publish(&mut tx, ctx, &area, building.version, event).await?;
        tx.remember(ctx, &command, command.building_id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
