//! What buildings' documents say, as rows.

use std::collections::HashMap;

use db::StoreError;
use ids::BuildingId;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryFilter};

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

/// What is known of those of the buildings of which anything is.
///
/// # Errors
/// As the statement.
pub async fn find_many(
    connection: &impl ConnectionTrait,
    ids: &[BuildingId],
) -> Result<HashMap<BuildingId, BuildingFacts>, StoreError> {
    let backend = connection.get_database_backend();
    let rows = Entity::find()
        .filter(db::one_of(
            backend,
            Column::BuildingId,
            ids.iter().map(|id| id.as_uuid()),
        ))
        .all(connection)
        .await?;
    let facts = rows.into_iter().map(|row| BuildingFacts {
        building_id: BuildingId::from_uuid(row.building_id),
        completed_on: row.completed_on,
        design_life_years: row.design_life_years,
    });
    Ok(facts.map(|facts| (facts.building_id, facts)).collect())
}

impl Tx {
    /// Records what is known of buildings held by [`Tx::hold_buildings`] of which nothing was.
    ///
    /// # Errors
    /// As the statement.
    pub async fn insert_building_facts(&self, facts: &[BuildingFacts]) -> Result<(), StoreError> {
        db::insert_chunked(self.connection(), facts.iter().map(to_row), None).await?;
        Ok(())
    }

    /// Records what is known of a building held by [`Tx::hold_buildings`].
    ///
    /// # Errors
    /// As the statement.
    pub async fn save_building_facts(&self, facts: &BuildingFacts) -> Result<(), StoreError> {
        let newer = OnConflict::column(Column::BuildingId)
            .update_columns([Column::CompletedOn, Column::DesignLifeYears])
            .to_owned();
        db::insert_chunked(self.connection(), [to_row(facts)], Some(newer)).await?;
        Ok(())
    }
}

fn to_row(facts: &BuildingFacts) -> ActiveModel {
    ActiveModel {
        building_id: Set(facts.building_id.as_uuid()),
        completed_on: Set(facts.completed_on),
        design_life_years: Set(facts.design_life_years),
    }
}
