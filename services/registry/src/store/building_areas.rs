//! Areas of buildings through time, as rows, and which homes an area had on a day.
//!
//! A building that never moved has no row: its area is the one it was recorded with.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use db::StoreError;
use ids::{AreaId, BuildingId, HomeId, RegroupingId};
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::entity::building_area::{ActiveModel, Column, Entity, Model};
use super::entity::{building, home};
use super::{Tx, buildings, raced};
use crate::domain::building::Building;
use crate::domain::regrouping::plan::Move;

/// An area with the buildings that it had on a day, told by how they differ from those that it has now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estate {
    area_id: AreaId,
    /// Buildings that it had on the day, and that are elsewhere now.
    left: Vec<Uuid>,
    /// Buildings that it has now, and that were elsewhere on the day.
    joined: Vec<Uuid>,
}

impl Estate {
    /// The area as it was on a day.
    ///
    /// # Errors
    /// As the statement.
    pub async fn on_day(
        connection: &impl ConnectionTrait,
        area_id: AreaId,
        day: NaiveDate,
    ) -> Result<Self, StoreError> {
        let touched = Query::select()
            .column(Column::BuildingId)
            .from(Entity)
            .and_where(Column::AreaId.eq(area_id.as_uuid()))
            .to_owned();
        let rows = Entity::find()
            .filter(Column::BuildingId.in_subquery(touched))
            .order_by_asc(Column::BuildingId)
            .order_by_asc(Column::Place)
            .all(connection)
            .await?;
        let mut histories: BTreeMap<Uuid, Vec<Model>> = BTreeMap::new();
        for row in rows {
            histories.entry(row.building_id).or_default().push(row);
        }
        let mut estate = Estate {
            area_id,
            left: Vec::new(),
            joined: Vec::new(),
        };
        for (building_id, history) in histories {
            let has_come = |row: &&Model| row.since.is_none_or(|since| since <= day);
            let then = history.iter().rfind(has_come).map(|row| row.area_id);
            let now = history.last().map(|row| row.area_id);
            let here = Some(area_id.as_uuid());
            match (then == here, now == here) {
                (true, false) => estate.left.push(building_id),
                (false, true) => estate.joined.push(building_id),
                (true, true) | (false, false) => {}
            }
        }
        Ok(estate)
    }

    /// Whether the area had this building on the day.
    pub fn holds(&self, building: &Building) -> bool {
        let id = building.id.as_uuid();
        if self.left.contains(&id) {
            return true;
        }
        building.area_id == self.area_id && !self.joined.contains(&id)
    }

    /// Its homes, as a condition on the table of homes.
    pub(super) fn homes(&self) -> Condition {
        let column = |column: home::Column| Expr::col((home::Entity, column));
        let mut here = Condition::all().add(column(home::Column::AreaId).eq(self.area_id.as_uuid()));
        if !self.joined.is_empty() {
            here = here.add(column(home::Column::BuildingId).is_not_in(self.joined.iter().copied()));
        }
        let mut any = Condition::any().add(here);
        if !self.left.is_empty() {
            any = any.add(column(home::Column::BuildingId).is_in(self.left.iter().copied()));
        }
        any
    }

    /// Its buildings, as a condition on the table of buildings.
    pub(super) fn buildings(&self) -> Condition {
        let here = Condition::all()
            .add(building::Column::AreaId.eq(self.area_id.as_uuid()))
            .add(building::Column::Id.is_not_in(self.joined.iter().copied()));
        Condition::any()
            .add(here)
            .add(building::Column::Id.is_in(self.left.iter().copied()))
    }
}

/// In which areas buildings were on a day, and under which numbers: of those that ever moved.
///
/// # Errors
/// As the statement.
pub async fn on_day(
    connection: &impl ConnectionTrait,
    building_ids: &[BuildingId],
    day: NaiveDate,
) -> Result<HashMap<BuildingId, (AreaId, String)>, StoreError> {
    let ids = building_ids.iter().map(|id| id.as_uuid());
    let has_come = Condition::any()
        .add(Column::Since.is_null())
        .add(Column::Since.lte(day));
    let rows = Entity::find()
        .filter(db::one_of(
            connection.get_database_backend(),
            Column::BuildingId,
            ids,
        ))
        .filter(has_come)
        .order_by_asc(Column::Place)
        .all(connection)
        .await?;
    // Of several places the last one counts.
    Ok(rows
        .into_iter()
        .map(|row| {
            let place = (AreaId::from_uuid(row.area_id), row.number);
            (BuildingId::from_uuid(row.building_id), place)
        })
        .collect())
}

/// The buildings of areas that came from elsewhere, by area and number: their ids do not follow from these.
///
/// # Errors
/// As the statements.
pub async fn come_to(
    connection: &impl ConnectionTrait,
    area_ids: &[AreaId],
) -> Result<HashMap<(AreaId, String), BuildingId>, StoreError> {
    let moved = Query::select().column(Column::BuildingId).from(Entity).to_owned();
    let mut found = HashMap::new();
    let rows: Vec<(Uuid, Uuid, String)> = building::Entity::find()
        .select_only()
        .column(building::Column::Id)
        .column(building::Column::AreaId)
        .column(building::Column::Number)
        .filter(db::one_of(
            connection.get_database_backend(),
            building::Column::AreaId,
            area_ids.iter().map(|id| id.as_uuid()),
        ))
        .filter(building::Column::Id.in_subquery(moved.clone()))
        .into_tuple()
        .all(connection)
        .await?;
    for (id, area_id, number) in rows {
        found.insert((AreaId::from_uuid(area_id), number), BuildingId::from_uuid(id));
    }
    Ok(found)
}

/// The homes of buildings, building by building, in the order of their ids.
///
/// # Errors
/// As the statements.
pub async fn homes_of(
    connection: &impl ConnectionTrait,
    building_ids: &[BuildingId],
) -> Result<HashMap<BuildingId, Vec<HomeId>>, StoreError> {
    let mut found: HashMap<BuildingId, Vec<HomeId>> = HashMap::new();
    let rows: Vec<(Uuid, Uuid)> = home::Entity::find()
        .select_only()
        .column(home::Column::BuildingId)
        .column(home::Column::Id)
        .filter(db::one_of(
            connection.get_database_backend(),
            home::Column::BuildingId,
            building_ids.iter().map(|id| id.as_uuid()),
        ))
        .order_by_asc(home::Column::Id)
        .into_tuple()
        .all(connection)
        .await?;
    for (building_id, id) in rows {
        let homes = found.entry(BuildingId::from_uuid(building_id)).or_default();
        homes.push(HomeId::from_uuid(id));
    }
    Ok(found)
}

/// Whether one of the buildings has a home that is not handed over.
///
/// # Errors
/// As the statements.
pub async fn any_undelivered(
    connection: &impl ConnectionTrait,
    building_ids: &[BuildingId],
) -> Result<bool, StoreError> {
    let found = home::Entity::find()
        .filter(db::one_of(
            connection.get_database_backend(),
            home::Column::BuildingId,
            building_ids.iter().map(|id| id.as_uuid()),
        ))
        .filter(home::Column::SaleState.ne("delivered"))
        .one(connection)
        .await?;
    if found.is_some() {
        return Ok(true);
    }
    Ok(false)
}

impl Tx {
    /// Keeps of new buildings that they are known here under ids that do not follow from area and number.
    ///
    /// # Errors
    /// As the statement.
    pub async fn insert_places(&self, buildings: &[Building]) -> Result<(), StoreError> {
        let rows: Vec<_> = buildings
            .iter()
            .map(|building| row(building.id.as_uuid(), 0, building.area_id, &building.number, None))
            .collect();
        db::insert_chunked(self.connection(), rows, None).await?;
        Ok(())
    }

    /// Moves buildings that [`Tx::hold_buildings`] holds, with their homes, and keeps where they were. `after` are the
    /// buildings at their new versions, in the order of the moves.
    ///
    /// # Errors
    /// `Conflict` where one of them changed since, or where a number was taken at the same moment.
    pub async fn save_moves(
        &self,
        moves: &[Move],
        after: &[Building],
        on: NaiveDate,
        regrouping_id: RegroupingId,
    ) -> Result<(), StoreError> {
        let ids: Vec<Uuid> = moves.iter().map(|one| one.before.id.as_uuid()).collect();
        let mut places: HashMap<Uuid, i32> = HashMap::new();
        let rows = Entity::find()
            .filter(db::one_of(
                self.connection().get_database_backend(),
                Column::BuildingId,
                ids.iter().copied(),
            ))
            .order_by_asc(Column::Place)
            .all(self.connection())
            .await?;
        for row in rows {
            places.insert(row.building_id, row.place);
        }
        let mut rows = Vec::new();
        for one in moves {
            let building_id = one.before.id.as_uuid();
            let place = places.get(&building_id).copied();
            if place.is_none() {
                rows.push(row(building_id, 0, one.before.area_id, &one.before.number, None));
            }
            let next = place.unwrap_or(0) + 1;
            let came = Some((on, regrouping_id));
            rows.push(row(building_id, next, one.to, &one.number, came));
        }
        db::insert_chunked(self.connection(), rows, None)
            .await
            .map_err(raced)?;
        let newer = ExprTrait::lt(
            Expr::col((building::Entity, building::Column::Version)),
            Expr::col(("excluded", building::Column::Version)),
        );
        let replace = OnConflict::column(building::Column::Id)
            .update_columns([
                building::Column::AreaId,
                building::Column::Number,
                building::Column::Version,
            ])
            .action_and_where(newer)
            .to_owned();
        let saved = db::insert_chunked(
            self.connection(),
            after.iter().map(buildings::to_row),
            Some(replace),
        )
        .await
        .map_err(raced)?;
        if saved != after.len() as u64 {
            return Err(StoreError::Conflict);
        }
        let mut by_area: BTreeMap<AreaId, Vec<Uuid>> = BTreeMap::new();
        for one in moves {
            by_area.entry(one.to).or_default().push(one.before.id.as_uuid());
        }
        for (area_id, ids) in by_area {
            home::Entity::update_many()
                .col_expr(home::Column::AreaId, Expr::value(area_id.as_uuid()))
                .filter(db::one_of(
                    self.connection().get_database_backend(),
                    home::Column::BuildingId,
                    ids.iter().copied(),
                ))
                .exec(self.connection())
                .await?;
        }
        Ok(())
    }
}

fn row(
    building_id: Uuid,
    place: i32,
    area_id: AreaId,
    number: &str,
    came: Option<(NaiveDate, RegroupingId)>,
) -> ActiveModel {
    ActiveModel {
        building_id: Set(building_id),
        place: Set(place),
        area_id: Set(area_id.as_uuid()),
        number: Set(number.to_owned()),
        since: Set(came.map(|(on, _)| on)),
        regrouping_id: Set(came.map(|(_, id)| id.as_uuid())),
    }
}
