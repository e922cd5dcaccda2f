//! What buildings' documents say, as rows.

use db::StoreError;
use ids::BuildingId;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use super::Tx;
use super::entity::building_facts::{ActiveModel, Column, Entity};
use crate::domain::part::facts::BuildingFacts;

/// What is known of a building; nothing where nothing was recorded.
///
/// # Errors
/// As the statement.
pub async fn find(connection: &impl ConnectionTrait, id: BuildingId) -> Result<BuildingFacts, StoreError> {
    let row = Entity::find_by_id(id.as_uuid()).one(connection).await?;
    Ok(BuildingFacts {
        building_id: id,
        completed_on: row.as_ref().and_then(|row| row.completed_on),
        design_life_years: row.and_then(|row| row.design_life_years),
    })
}

impl Tx {
    /// Records what is known of a building held by [`Tx::hold_buildings`].
    ///
    /// # Errors
    /// As the statement.
    pub async fn save_building_facts(&self, facts: &BuildingFacts) -> Result<(), StoreError> {
        let row = ActiveModel {
            building_id: Set(facts.building_id.as_uuid()),
            completed_on: Set(facts.completed_on),
            design_life_years: Set(facts.design_life_years),
        };
        let newer = OnConflict::column(Column::BuildingId)
            .update_columns([Column::CompletedOn, Column::DesignLifeYears])
            .to_owned();
        db::insert_chunked(self.connection(), [row], Some(newer)).await?;
        Ok(())
    }
}
