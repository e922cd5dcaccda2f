//! What buildings' documents say, as the registry recorded it.

use std::collections::{BTreeMap, BTreeSet};

use db::StoreError;
use ids::BuildingId;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::Tx;
use super::entity::building_fact;
use crate::domain::warranty::BuildingFacts;

impl Tx {
    /// Records what a building's documents say as of a version of the building; what is known of a later one stays.
    ///
    /// # Errors
    /// As the statement.
    pub async fn put_building_facts(
        &self,
        building_id: BuildingId,
        version: i64,
        facts: BuildingFacts,
    ) -> Result<(), StoreError> {
        let years = facts.design_life_years.map(i32::try_from).transpose();
        let row = building_fact::ActiveModel {
            building_id: Set(building_id.as_uuid()),
            version: Set(version),
            completed_on: Set(facts.completed_on),
            design_life_years: Set(years.map_err(|_| StoreError::Corrupt("a design life".into()))?),
        };
        use building_fact::Column;
        let newer = OnConflict::column(Column::BuildingId)
            .update_columns([Column::Version, Column::CompletedOn, Column::DesignLifeYears])
            .action_and_where(Expr::col((building_fact::Entity, Column::Version)).lt(version))
            .to_owned();
        building_fact::Entity::insert(row)
            .on_conflict(newer)
            .exec_without_returning(self.connection())
            .await?;
        Ok(())
    }
}

/// What is recorded of these buildings.
pub(super) async fn of_buildings(
    connection: &impl ConnectionTrait,
    building_ids: BTreeSet<BuildingId>,
) -> Result<BTreeMap<BuildingId, BuildingFacts>, StoreError> {
    if building_ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = building_fact::Entity::find()
        .filter(building_fact::Column::BuildingId.is_in(building_ids.iter().map(|id| id.as_uuid())))
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|row| {
            let years = row.design_life_years.map(u32::try_from).transpose();
            let facts = BuildingFacts {
                completed_on: row.completed_on,
                design_life_years: years
                    .map_err(|_| StoreError::Corrupt("design_life_years is negative".into()))?,
            };
            Ok((BuildingId::from_uuid(row.building_id), facts))
        })
        .collect()
}
