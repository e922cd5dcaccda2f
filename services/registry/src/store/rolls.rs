//! What a roll is read from: homes with their owners of a day, and the signs that something stands in its way.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use db::StoreError;
use ids::{BuildingId, HomeId, OwnerId};
use sea_orm::sea_query::{Expr, IntoIden};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::building_areas::Estate;
use super::entity::{agent, home, owner_twin};
use super::{home_areas, homes, ownerships, text};
use crate::domain::home::{Home, HomeUse};
use crate::domain::owner::agent::Ground;
use crate::domain::ownership::Ownership;
use crate::domain::roll::Scope;

/// A page of the homes of a scope that count, by unit number, each with who owned it on a day.
///
/// Homes first, then what hangs on them by their ids: of a join over a table that has just been filled PostgreSQL knows
/// so little that it may read all of it once for every home.
///
/// # Errors
/// As the statements.
pub async fn page(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    estate: &Estate,
    day: NaiveDate,
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<(Home, Option<Ownership>)>, StoreError> {
    let mut select = home::Entity::find().filter(within(scope, estate));
    if let Some(after) = after {
        select = select.filter(home::Column::UnitNumber.gt(after));
    }
    let rows = select
        .order_by_asc(home::Column::UnitNumber)
        .limit(limit)
        .all(connection)
        .await?;
    let ids: Vec<HomeId> = rows.iter().map(|row| HomeId::from_uuid(row.id)).collect();
    let mut held = ownerships::on_day(connection, &ids, day).await?;
    // A correction counts from its day on: before it the area stands as it was then.
    let corrected = home_areas::on_day(connection, &ids, day).await?;
    rows.into_iter()
        .map(|row| {
            let mut home = homes::from_row(row)?;
            if let Some(area) = corrected.get(&home.id) {
                home.exclusive_area = *area;
            }
            let held = held.remove(&home.id);
            Ok((home, held))
        })
        .collect()
}

/// Those of the given homes that a scope without its own list of homes holds.
///
/// # Errors
/// As the statement.
pub async fn count_in_scope(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    estate: &Estate,
) -> Result<usize, StoreError> {
    let found: Vec<uuid::Uuid> = home::Entity::find()
        .select_only()
        .column(home::Column::Id)
        .filter(within(scope, estate))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(found.len())
}

/// Doors that occur more than once among the homes of a scope's buildings that count: building, stairwell, room. The list
/// of homes and of stairwells is left aside: whichever of two is on a roll, one of them is wrong.
///
/// # Errors
/// As the statement.
pub async fn doors_twice(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    estate: &Estate,
) -> Result<HashSet<(BuildingId, String, String)>, StoreError> {
    let buildings = Scope {
        stairwells: Vec::new(),
        home_ids: Vec::new(),
        ..scope.clone()
    };
    let doors: Vec<(uuid::Uuid, String, String)> = home::Entity::find()
        .select_only()
        .column(home::Column::BuildingId)
        .column(home::Column::Stairwell)
        .column(home::Column::Room)
        .filter(within(&buildings, estate))
        .group_by(home::Column::BuildingId)
        .group_by(home::Column::Stairwell)
        .group_by(home::Column::Room)
        .having(home::Column::Id.count().gt(1))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(doors
        .into_iter()
        .map(|(building, stairwell, room)| (BuildingId::from_uuid(building), stairwell, room))
        .collect())
}

/// Owners of an area on a day who are recorded twice, and own a home of it under both documents.
///
/// # Errors
/// As the statement.
pub async fn owners_twice(
    connection: &impl ConnectionTrait,
    estate: &Estate,
    day: NaiveDate,
) -> Result<HashSet<OwnerId>, StoreError> {
    let owns = |column: owner_twin::Column| {
        Expr::exists(ownerships::owns_in(
            estate,
            day,
            (owner_twin::Entity.into_iden(), column.into_iden()),
        ))
    };
    let rows = owner_twin::Entity::find()
        .filter(owns(owner_twin::Column::OwnerId))
        .filter(owns(owner_twin::Column::TwinId))
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| OwnerId::from_uuid(row.owner_id))
        .collect())
}

/// Who acts for the owners of an area on a day, and why; of minors, whatever their age.
///
/// # Errors
/// As the statement.
pub async fn agents(
    connection: &impl ConnectionTrait,
    estate: &Estate,
    day: NaiveDate,
) -> Result<HashMap<OwnerId, (OwnerId, Ground)>, StoreError> {
    let owner = (agent::Entity.into_iden(), agent::Column::OwnerId.into_iden());
    let lasts = Condition::any()
        .add(agent::Column::UntilOn.is_null())
        .add(agent::Column::UntilOn.gt(day));
    let rows = agent::Entity::find()
        .filter(agent::Column::FromOn.lte(day))
        .filter(lasts)
        .filter(Expr::exists(ownerships::owns_in(estate, day, owner)))
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|row| {
            let agent_id = OwnerId::from_uuid(row.agent_id);
            let ground = text::read("agents", &row.ground)?;
            Ok((OwnerId::from_uuid(row.owner_id), (agent_id, ground)))
        })
        .collect()
}

/// The homes of a scope that count; `estate` is its area on the day.
fn within(scope: &Scope, estate: &Estate) -> Condition {
    let counted = [HomeUse::Residential, HomeUse::Commercial, HomeUse::Parking]
        .into_iter()
        .filter(|usage| scope.counts(*usage))
        .map(<&str>::from);
    let mut all = Condition::all()
        .add(estate.homes())
        .add(home::Column::Usage.is_in(counted));
    if !scope.building_ids.is_empty() {
        let ids = scope.building_ids.iter().map(|id| id.as_uuid());
        all = all.add(home::Column::BuildingId.is_in(ids));
    }
    if !scope.stairwells.is_empty() {
        all = all.add(home::Column::Stairwell.is_in(scope.stairwells.clone()));
    }
    if !scope.home_ids.is_empty() {
        let ids = scope.home_ids.iter().map(HomeId::as_uuid);
        all = all.add(home::Column::Id.is_in(ids));
    }
    all
}
