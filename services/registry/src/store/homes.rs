//! Homes as rows.

use std::collections::HashMap;

use chrono::NaiveDate;
use db::StoreError;
use ids::{AreaId, BuildingId, HomeId, OwnerId};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::building_areas::Estate;
use super::entity::home::{ActiveModel, Column, Entity, Model};
use super::entity::home_area;
use super::{Tx, home_areas, ownerships, raced, text};
use crate::domain::home::{Home, HomeUse, Sale};
use crate::domain::search::UNIT_LENGTH;
use crate::domain::set_up::Progress;

/// What homes to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// Those of an area, or of one of its buildings.
    Area(AreaId, Option<BuildingId>),
    /// Those of an area as it was on a day, or of one of its buildings then.
    AreaOn(Estate, Option<BuildingId>),
    /// Those that an owner owns now, or of them those in one building.
    Owner(OwnerId, Option<BuildingId>),
    /// Of those, the ones that the owner owned on a day too.
    OwnerOn(OwnerId, Option<BuildingId>, NaiveDate),
}

/// What homes to search for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// Those whose unit number begins so.
    UnitPrefix(String),
    /// Those in these buildings.
    Doors {
        /// The buildings.
        building_ids: Vec<BuildingId>,
        /// Only those of this stairwell.
        stairwell: Option<String>,
        /// Only those whose room begins so.
        room: Option<String>,
    },
}

/// A page of the homes that are searched for, by unit number.
///
/// # Errors
/// As the statement.
pub async fn search(
    connection: &impl ConnectionTrait,
    query: &Query,
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<Home>, StoreError> {
    let mut select = Entity::find();
    match query {
        // A range and no pattern: the index is ordered by it. Unit numbers are digits and capital letters, of which `Z` is
        // the last in the order of Chinese, of English and of `C`; small letters follow it in `C` only.
        Query::UnitPrefix(prefix) => {
            let last = format!("{prefix:Z<UNIT_LENGTH$}");
            select = select.filter(Column::UnitNumber.between(prefix.as_str(), &last));
        }
        Query::Doors {
            building_ids,
            stairwell,
            room,
        } => {
            select = select.filter(Column::BuildingId.is_in(building_ids.iter().map(|id| id.as_uuid())));
            if let Some(stairwell) = stairwell {
                select = select.filter(Column::Stairwell.eq(stairwell.as_str()));
            }
            if let Some(room) = room {
                // Letters and digits only, so none is a wildcard.
                select = select.filter(Column::Room.starts_with(room.as_str()));
            }
        }
    }
    page(connection, select, after, limit).await
}

/// A page of homes by unit number.
///
/// # Errors
/// As the statement.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<Home>, StoreError> {
    let mut select = Entity::find();
    let building_id = match filter {
        Filter::Area(area_id, building_id) => {
            select = select.filter(Column::AreaId.eq(area_id.as_uuid()));
            building_id
        }
        Filter::AreaOn(estate, building_id) => {
            select = select.filter(estate.homes());
            building_id
        }
        Filter::Owner(owner_id, building_id) => {
            select = select.filter(Column::Id.in_subquery(ownerships::homes_of(*owner_id)));
            building_id
        }
        Filter::OwnerOn(owner_id, building_id, day) => {
            select = select
                .filter(Column::Id.in_subquery(ownerships::homes_of(*owner_id)))
                .filter(Column::Id.in_subquery(ownerships::homes_of_on(*owner_id, *day)));
            building_id
        }
    };
    if let Some(building_id) = building_id {
        select = select.filter(Column::BuildingId.eq(building_id.as_uuid()));
    }
    page(connection, select, after, limit).await
}

async fn page(
    connection: &impl ConnectionTrait,
    mut select: sea_orm::Select<Entity>,
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<Home>, StoreError> {
    if let Some(after) = after {
        select = select.filter(Column::UnitNumber.gt(after));
    }
    let rows = select
        .order_by_asc(Column::UnitNumber)
        .limit(limit)
        .all(connection)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// How far the hand-over of an area has come, parking spaces left out.
///
/// # Errors
/// As the statement.
pub async fn progress(connection: &impl ConnectionTrait, area_id: AreaId) -> Result<Progress, StoreError> {
    sums(
        connection,
        Condition::all().add(Column::AreaId.eq(area_id.as_uuid())),
        Column::SaleState.eq("delivered"),
    )
    .await
}

/// How far it had come at the end of a day, by the exclusive areas that counted then.
///
/// # Errors
/// As the statements.
pub async fn progress_on(
    connection: &impl ConnectionTrait,
    estate: &Estate,
    day: NaiveDate,
) -> Result<Progress, StoreError> {
    let mut progress = sums(connection, estate.homes(), Column::DeliveredOn.lte(day)).await?;
    // Before the first hand-over of all there was none.
    progress.first_on = progress.first_on.filter(|first_on| *first_on <= day);
    let ever_corrected = sea_orm::sea_query::Query::select()
        .column(home_area::Column::HomeId)
        .from(home_area::Entity)
        .to_owned();
    let rows = Entity::find()
        .filter(estate.homes())
        .filter(Column::Usage.ne(<&str>::from(HomeUse::Parking)))
        .filter(Column::Id.in_subquery(ever_corrected))
        .all(connection)
        .await?;
    let ids: Vec<HomeId> = rows.iter().map(|row| HomeId::from_uuid(row.id)).collect();
    let then = home_areas::on_day(connection, &ids, day).await?;
    for row in rows {
        let counted = then.get(&HomeId::from_uuid(row.id));
        let more = counted.map_or(0, |area| area.0 - row.exclusive_area);
        progress.total.0 += more;
        if row.delivered_on.is_some_and(|on| on <= day) {
            progress.delivered.0 += more;
        }
    }
    Ok(progress)
}

async fn sums(
    connection: &impl ConnectionTrait,
    of_area: Condition,
    is_delivered: SimpleExpr,
) -> Result<Progress, StoreError> {
    let delivered: SimpleExpr = Expr::case(is_delivered, Expr::col(Column::ExclusiveArea)).into();
    // A sum of whole numbers is of another type on PostgreSQL.
    let whole = |sum: SimpleExpr| sum.cast_as("bigint");
    let found: Option<(Option<i64>, Option<i64>, Option<NaiveDate>)> = Entity::find()
        .select_only()
        .column_as(whole(delivered.sum()), "delivered")
        .column_as(whole(Expr::col(Column::ExclusiveArea).sum()), "total")
        .column_as(Column::DeliveredOn.min(), "first_on")
        .filter(of_area)
        .filter(Column::Usage.ne(<&str>::from(HomeUse::Parking)))
        .into_tuple()
        .one(connection)
        .await?;
    let (delivered, total, first_on) = found.unwrap_or_default();
    Ok(Progress {
        delivered: money::Area(delivered.unwrap_or(0)),
        total: money::Area(total.unwrap_or(0)),
        first_on,
    })
}

/// The first and the last hand-over of a home of a building, parking spaces left out; none before the first.
///
/// # Errors
/// As the statement.
pub async fn deliveries(
    connection: &impl ConnectionTrait,
    building_id: BuildingId,
) -> Result<(Option<NaiveDate>, Option<NaiveDate>), StoreError> {
    let found: Option<(Option<NaiveDate>, Option<NaiveDate>)> = Entity::find()
        .select_only()
        .column_as(Column::DeliveredOn.min(), "first_on")
        .column_as(Column::DeliveredOn.max(), "last_on")
        .filter(Column::BuildingId.eq(building_id.as_uuid()))
        .filter(Column::Usage.ne(<&str>::from(HomeUse::Parking)))
        .into_tuple()
        .one(connection)
        .await?;
    Ok(found.unwrap_or_default())
}

/// The first hand-over of each of these buildings of which a home was handed over; parking spaces are not looked at.
///
/// # Errors
/// As the statement.
pub async fn first_deliveries(
    connection: &impl ConnectionTrait,
    ids: &[BuildingId],
) -> Result<HashMap<BuildingId, NaiveDate>, StoreError> {
    let backend = connection.get_database_backend();
    let found: Vec<(uuid::Uuid, Option<NaiveDate>)> = Entity::find()
        .select_only()
        .column(Column::BuildingId)
        .column_as(Column::DeliveredOn.min(), "first_on")
        .filter(db::one_of(
            backend,
            Column::BuildingId,
            ids.iter().map(|id| id.as_uuid()),
        ))
        .filter(Column::Usage.ne(<&str>::from(HomeUse::Parking)))
        .group_by(Column::BuildingId)
        .into_tuple()
        .all(connection)
        .await?;
    let first = found
        .into_iter()
        .filter_map(|(id, first_on)| Some((BuildingId::from_uuid(id), first_on?)));
    Ok(first.collect())
}

/// The home, where it exists.
///
/// # Errors
/// As the statement.
pub async fn find(connection: &impl ConnectionTrait, id: HomeId) -> Result<Option<Home>, StoreError> {
    Entity::find_by_id(id.as_uuid())
        .one(connection)
        .await?
        .map(from_row)
        .transpose()
}

/// Those of the given homes that exist.
///
/// # Errors
/// As the statement.
pub async fn find_many(
    connection: &impl ConnectionTrait,
    ids: &[HomeId],
) -> Result<HashMap<HomeId, Home>, StoreError> {
    let ids = ids.iter().map(|id| id.as_uuid());
    let among = db::one_of(connection.get_database_backend(), Column::Id, ids);
    let rows = Entity::find().filter(among).all(connection).await?;
    rows.into_iter()
        .map(|row| from_row(row).map(|home| (home.id, home)))
        .collect()
}

/// Whether an owner owns a home in an area now.
///
/// # Errors
/// As the statement.
pub async fn has_home(
    connection: &impl ConnectionTrait,
    owner_id: OwnerId,
    area_id: AreaId,
) -> Result<bool, StoreError> {
    let own = Entity::find()
        .filter(Column::AreaId.eq(area_id.as_uuid()))
        .filter(Column::Id.in_subquery(ownerships::homes_of(owner_id)));
    Ok(own.limit(1).count(connection).await? > 0)
}

/// The areas in which an owner owns a home now.
///
/// # Errors
/// As the statement.
pub async fn areas_of(
    connection: &impl ConnectionTrait,
    owner_id: OwnerId,
) -> Result<Vec<AreaId>, StoreError> {
    let ids: Vec<uuid::Uuid> = Entity::find()
        .select_only()
        .column(Column::AreaId)
        .distinct()
        .filter(Column::Id.in_subquery(ownerships::homes_of(owner_id)))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().map(AreaId::from_uuid).collect())
}

/// The stairwells of a building.
///
/// # Errors
/// As the statement.
pub async fn stairwells_of(
    connection: &impl ConnectionTrait,
    building_id: BuildingId,
) -> Result<Vec<String>, StoreError> {
    Ok(Entity::find()
        .select_only()
        .column(Column::Stairwell)
        .distinct()
        .filter(Column::BuildingId.eq(building_id.as_uuid()))
        .into_tuple()
        .all(connection)
        .await?)
}

impl Tx {
    /// Records new homes.
    ///
    /// # Errors
    /// `Conflict` where one of them was recorded at the same moment.
    pub async fn insert_homes(&self, homes: &[Home]) -> Result<(), StoreError> {
        db::insert_chunked(self.connection(), homes.iter().map(to_row), None)
            .await
            .map_err(raced)?;
        Ok(())
    }
}

impl Tx {
    /// Records that homes of a building held by [`Tx::hold_buildings`] were handed over on a day.
    ///
    /// # Errors
    /// `Conflict` where one of them is not there any more.
    pub async fn save_delivery(&self, ids: &[HomeId], on: NaiveDate) -> Result<(), StoreError> {
        let (state, delivered_on) = sale_columns(Sale::Delivered { on });
        let saved = Entity::update_many()
            .col_expr(Column::SaleState, Expr::value(state))
            .col_expr(Column::DeliveredOn, Expr::value(delivered_on))
            .filter(Column::Id.is_in(ids.iter().map(|id| id.as_uuid())))
            .exec(self.connection())
            .await?;
        if saved.rows_affected == ids.len() as u64 {
            Ok(())
        } else {
            Err(StoreError::Conflict)
        }
    }
}

fn sale_columns(sale: Sale) -> (&'static str, Option<NaiveDate>) {
    match sale {
        Sale::Unsold => ("unsold", None),
        Sale::Sold => ("sold", None),
        Sale::Delivered { on } => ("delivered", Some(on)),
    }
}

fn to_row(home: &Home) -> ActiveModel {
    let (sale_state, delivered_on) = sale_columns(home.sale);
    ActiveModel {
        id: Set(home.id.as_uuid()),
        area_id: Set(home.area_id.as_uuid()),
        building_id: Set(home.building_id.as_uuid()),
        stairwell: Set(home.stairwell.clone()),
        room: Set(home.room.clone()),
        unit_number: Set(home.unit_number.to_string()),
        exclusive_area: Set(home.exclusive_area.get()),
        usage: Set(<&str>::from(home.usage).to_owned()),
        sale_state: Set(sale_state.to_owned()),
        delivered_on: Set(delivered_on),
    }
}

pub(super) fn from_row(row: Model) -> Result<Home, StoreError> {
    let sale = match (row.sale_state.as_str(), row.delivered_on) {
        ("unsold", None) => Sale::Unsold,
        ("sold", None) => Sale::Sold,
        ("delivered", Some(on)) => Sale::Delivered { on },
        _ => return Err(StoreError::Corrupt("the sale state of a home".into())),
    };
    Ok(Home {
        id: HomeId::from_uuid(row.id),
        area_id: AreaId::from_uuid(row.area_id),
        building_id: BuildingId::from_uuid(row.building_id),
        stairwell: row.stairwell,
        room: row.room,
        unit_number: text::read("homes", &row.unit_number)?,
        exclusive_area: money::Area(row.exclusive_area),
        usage: text::read("homes", &row.usage)?,
        sale,
    })
}
