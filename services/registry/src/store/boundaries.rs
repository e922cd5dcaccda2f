//! Boundaries as rows. What was recorded is never changed.

use chrono::NaiveDate;
use db::StoreError;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

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
    let candidates = Entity::find()
        .filter(Column::IsDivision.eq(true))
        .filter(Column::ValidFrom.lte(day))
        .filter(Column::West.lte(longitude))
        .filter(Column::East.gte(longitude))
        .filter(Column::South.lte(latitude))
        .filter(Column::North.gte(latitude))
        .order_by_asc(Column::Place)
        .order_by_asc(Column::Version)
        .all(connection)
        .await?;
    let mut found = Vec::new();
    for row in candidates {
        let candidate = from_row(row)?;
        // An earlier boundary of the place is no longer its own.
        let present = find(connection, candidate.place, Some(day)).await?;
        if present.is_some_and(|present| present.version == candidate.version) {
            found.push(candidate);
        }
    }
    Ok(found)
}

impl Tx {
    /// Records a boundary.
    ///
    /// # Errors
    /// `Conflict` where another of the place was recorded at the same moment.
    pub async fn insert_boundary(&self, boundary: &Boundary) -> Result<(), StoreError> {
        let Extent {
            west,
            south,
            east,
            north,
        } = boundary.extent;
        let row = ActiveModel {
            place: Set(boundary.place.to_string()),
            version: Set(boundary.version),
            is_division: Set(matches!(boundary.place, Place::Division(_))),
            valid_from: Set(boundary.valid_from),
            west: Set(west),
            south: Set(south),
            east: Set(east),
            north: Set(north),
            geojson: Set(boundary.geojson.clone()),
        };
        db::insert_chunked(self.connection(), [row], None)
            .await
            .map_err(raced)?;
        Ok(())
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
