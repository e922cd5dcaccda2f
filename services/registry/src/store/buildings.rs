//! Buildings as rows, and the version that a building shares with its homes.

use std::collections::HashMap;

use chrono::NaiveDate;
use db::StoreError;
use ids::{AreaId, BuildingId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::building_areas::{self, Estate};
use super::entity::building::{ActiveModel, Column, Entity, Model};
use super::{Tx, raced};
use crate::domain::building::Building;

/// A page of an area's buildings by number.
///
/// # Errors
/// As the statement.
pub async fn list(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<Building>, StoreError> {
    let mut select = Entity::find().filter(Column::AreaId.eq(area_id.as_uuid()));
    if let Some(after) = after {
        select = select.filter(Column::Number.gt(after));
    }
    let rows = select
        .order_by_asc(Column::Number)
        .limit(limit)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// The buildings of an area as it was on a day, by the numbers that they had then.
///
/// # Errors
/// As the statements.
pub async fn list_on(
    connection: &impl ConnectionTrait,
    estate: &Estate,
    day: NaiveDate,
) -> Result<Vec<Building>, StoreError> {
    let rows = Entity::find().filter(estate.buildings()).all(connection).await?;
    let mut found: Vec<Building> = rows.into_iter().map(from_row).collect();
    let ids: Vec<BuildingId> = found.iter().map(|building| building.id).collect();
    let mut places = building_areas::on_day(connection, &ids, day).await?;
    for building in &mut found {
        if let Some((area_id, number)) = places.remove(&building.id) {
            (building.area_id, building.number) = (area_id, number);
        }
    }
    found.sort_by(|one, other| one.number.cmp(&other.number));
    Ok(found)
}

/// All buildings of areas, by area and number.
///
/// # Errors
/// As the statement.
pub async fn of_areas(
    connection: &impl ConnectionTrait,
    area_ids: &[AreaId],
) -> Result<Vec<Building>, StoreError> {
    let rows = Entity::find()
        .filter(Column::AreaId.is_in(area_ids.iter().map(|id| id.as_uuid())))
        .order_by_asc(Column::AreaId)
        .order_by_asc(Column::Number)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// The buildings of these areas that have this number, whatever the case of its letters.
///
/// # Errors
/// As the statement.
pub async fn numbered(
    connection: &impl ConnectionTrait,
    area_ids: &[AreaId],
    number: &str,
) -> Result<Vec<BuildingId>, StoreError> {
    let numbers = [number.to_owned(), number.to_uppercase(), number.to_lowercase()];
    let ids: Vec<uuid::Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::AreaId.is_in(area_ids.iter().map(|id| id.as_uuid())))
        .filter(Column::Number.is_in(numbers))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().map(BuildingId::from_uuid).collect())
}

/// The building, where it exists.
///
/// # Errors
/// As the statement.
pub async fn find(connection: &impl ConnectionTrait, id: BuildingId) -> Result<Option<Building>, StoreError> {
    Ok(Entity::find_by_id(id.as_uuid())
        .one(connection)
        .await?
        .map(from_row))
}

/// Those of the given buildings that exist.
///
/// # Errors
/// As the statement.
pub async fn find_many(
    connection: &impl ConnectionTrait,
    ids: &[BuildingId],
) -> Result<HashMap<BuildingId, Building>, StoreError> {
    read_many(connection, ids, false).await
}

async fn read_many(
    connection: &impl ConnectionTrait,
    ids: &[BuildingId],
    lock: bool,
) -> Result<HashMap<BuildingId, Building>, StoreError> {
    let ids = ids.iter().map(|id| id.as_uuid());
    let mut select = Entity::find()
        .filter(db::one_of(connection.get_database_backend(), Column::Id, ids))
        .order_by_asc(Column::Id);
    if lock {
        select = select.lock_exclusive();
    }
    let rows = select.all(connection).await?;
    Ok(rows
        .into_iter()
        .map(from_row)
        .map(|building| (building.id, building))
        .collect())
}

impl Tx {
    /// Those of the given buildings that exist, held until the commit so that nobody else changes their version.
    ///
    /// `ids` are in order, so that two imports that touch the same buildings wait instead of blocking each other.
    ///
    /// # Errors
    /// As the statement.
    pub async fn hold_buildings(
        &self,
        ids: &[BuildingId],
    ) -> Result<HashMap<BuildingId, Building>, StoreError> {
        // On SQLite this transaction is the only writer, so there is nothing to lock.
        read_many(self.connection(), ids, self.is_postgres()).await
    }

    /// Records new buildings.
    ///
    /// # Errors
    /// `Conflict` where one of them was recorded at the same moment.
    pub async fn insert_buildings(&self, buildings: &[Building]) -> Result<(), StoreError> {
        db::insert_chunked(self.connection(), buildings.iter().map(to_row), None)
            .await
            .map_err(raced)?;
        Ok(())
    }

    /// Saves the new versions of buildings that [`Tx::hold_buildings`] holds, in few statements.
    ///
    /// # Errors
    /// `Conflict` where one of them has that version already.
    pub async fn save_held_buildings(&self, buildings: &[Building]) -> Result<(), StoreError> {
        let newer = ExprTrait::lt(
            Expr::col((Entity, Column::Version)),
            Expr::col(("excluded", Column::Version)),
        );
        let replace = OnConflict::column(Column::Id)
            .update_column(Column::Version)
            .action_and_where(newer)
            .to_owned();
        let saved =
            db::insert_chunked(self.connection(), buildings.iter().map(to_row), Some(replace)).await?;
        if saved == buildings.len() as u64 {
            Ok(())
        } else {
            Err(StoreError::Conflict)
        }
    }

    /// Saves a building that was one version lower when it was read.
    ///
    /// # Errors
    /// `Conflict` where somebody else changed it since.
    pub async fn save_building(&self, building: &Building) -> Result<(), StoreError> {
        let saved = Entity::update_many()
            .col_expr(Column::Version, Expr::value(building.version))
            .filter(Column::Id.eq(building.id.as_uuid()))
            .filter(Column::Version.eq(building.version - 1))
            .exec(self.connection())
            .await?;
        if saved.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::Conflict)
        }
    }
}

pub(super) fn to_row(building: &Building) -> ActiveModel {
    ActiveModel {
        id: Set(building.id.as_uuid()),
        area_id: Set(building.area_id.as_uuid()),
        number: Set(building.number.clone()),
        floors: Set(building.floors),
        version: Set(building.version),
    }
}

fn from_row(row: Model) -> Building {
    Building {
        id: BuildingId::from_uuid(row.id),
        area_id: AreaId::from_uuid(row.area_id),
        number: row.number,
        floors: row.floors,
        version: row.version,
    }
}
