//! Boundaries as rows. What was recorded is never changed.

use std::collections::HashMap;

use chrono::NaiveDate;
use db::StoreError;
use sea_orm::sea_query::{Alias, Expr, Query, SimpleExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
};

use super::entity::boundary::{ActiveModel, Column, Entity, Model};
use super::{Tx, raced, text};
use crate::domain::division::boundary::{Boundary, Extent, Place};

/// The boundary of a place on a day; on none, the latest that is recorded.
///
/// # Errors
/// As the statement.
pub async fn find(
    connection: &impl ConnectionTrait,
    place: Place,
    day: Option<NaiveDate>,
) -> Result<Option<Boundary>, StoreError> {
    let mut select = Entity::find().filter(Column::Place.eq(place.to_string()));
    if let Some(day) = day {
        select = select.filter(Column::ValidFrom.lte(day));
    }
    let row = select.order_by_desc(Column::Version).one(connection).await?;
    row.map(from_row).transpose()
}

/// The boundaries of divisions on a day whose extent holds a point; whether they hold it is to be looked at.
///
/// # Errors
/// As the statements.
pub async fn around(
    connection: &impl ConnectionTrait,
    longitude: i64,
    latitude: i64,
    day: NaiveDate,
) -> Result<Vec<Boundary>, StoreError> {
    let rows = Entity::find()
        .filter(Column::IsDivision.eq(true))
        .filter(is_present(Some(day)))
        .filter(Column::West.lte(longitude))
        .filter(Column::East.gte(longitude))
        .filter(Column::South.lte(latitude))
        .filter(Column::North.gte(latitude))
        .order_by_asc(Column::Place)
        .all(connection)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// The boundaries of places on a day, of those that have one; on none, the latest that are recorded.
///
/// # Errors
/// As the statement.
pub async fn find_many(
    connection: &impl ConnectionTrait,
    places: &[Place],
    day: Option<NaiveDate>,
) -> Result<HashMap<Place, Boundary>, StoreError> {
    let rows = Entity::find()
        .filter(Column::Place.is_in(places.iter().map(ToString::to_string)))
        .filter(is_present(day))
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|row| from_row(row).map(|boundary| (boundary.place, boundary)))
        .collect()
}

/// That a boundary is its place's own on a day, on none the latest: no later one has taken its place.
fn is_present(day: Option<NaiveDate>) -> SimpleExpr {
    let later = Alias::new("later");
    let of_later = |column: Column| Expr::col((later.clone(), column));
    let mut follows = Query::select();
    follows
        .expr(Expr::val(1))
        .from_as(Entity, later.clone())
        .and_where(of_later(Column::Place).equals((Entity, Column::Place)))
        .and_where(of_later(Column::Version).gt(Expr::col((Entity, Column::Version))));
    let Some(day) = day else {
        return Expr::exists(follows).not();
    };
    follows.and_where(of_later(Column::ValidFrom).lte(day));
    Column::ValidFrom.lte(day).and(Expr::exists(follows).not())
}

impl Tx {
    /// Records boundaries.
    ///
    /// # Errors
    /// `Conflict` where another of one of the places was recorded at the same moment.
    pub async fn insert_boundaries(&self, boundaries: &[Boundary]) -> Result<(), StoreError> {
        db::insert_chunked(self.connection(), boundaries.iter().map(to_row), None)
            .await
            .map_err(raced)?;
        Ok(())
    }
}

fn to_row(boundary: &Boundary) -> ActiveModel {
    let Extent {
        west,
        south,
        east,
        north,
    } = boundary.extent;
    ActiveModel {
        place: Set(boundary.place.to_string()),
        version: Set(boundary.version),
        is_division: Set(matches!(boundary.place, Place::Division(_))),
        valid_from: Set(boundary.valid_from),
        west: Set(west),
        south: Set(south),
        east: Set(east),
        north: Set(north),
        geojson: Set(boundary.geojson.clone()),
    }
}

pub(super) fn from_row(row: Model) -> Result<Boundary, StoreError> {
    let place = if row.is_division {
        Place::Division(text::read("boundaries", &row.place)?)
    } else {
        Place::Area(text::read("boundaries", &row.place)?)
    };
    Ok(Boundary {
        place,
        geojson: row.geojson,
        extent: Extent {
            west: row.west,
            south: row.south,
            east: row.east,
            north: row.north,
        },
        valid_from: row.valid_from,
        version: row.version,
    })
}
