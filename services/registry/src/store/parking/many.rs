//! Lots by many keys at once and area by area, and their versions.

use std::collections::HashMap;

use chrono::NaiveDate;
use db::{OverRows, StoreError};
use ids::{AreaId, ParkingId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde::Serialize;

use super::super::entity::parking_lot::{Column, Entity};
use super::super::entity::parking_version as version;
use super::super::{Tx, raced};
use super::{Key, from_row, to_row};
use crate::domain::part::parking::{Parking, Version};

const BY_KEYS: OverRows = OverRows {
    postgres: "SELECT parking_lots.* FROM jsonb_to_recordset($1::jsonb) AS named (area_id uuid, kind text, name text) \
               JOIN parking_lots ON parking_lots.area_id = named.area_id AND parking_lots.kind = named.kind \
               AND parking_lots.name = named.name",
    // Crossed, to begin with the keys.
    sqlite: "SELECT parking_lots.* FROM json_each(?1) AS named CROSS JOIN parking_lots \
             ON parking_lots.area_id = unhex(named.value ->> 'area_id', '-') \
             AND parking_lots.kind = named.value ->> 'kind' AND parking_lots.name = named.value ->> 'name'",
};

#[derive(Serialize)]
struct Named<'a> {
    area_id: String,
    kind: &'static str,
    name: &'a str,
}

/// The lots of these keys that are recorded.
///
/// # Errors
/// As the statement.
pub async fn find_many(
    connection: &impl ConnectionTrait,
    keys: impl Iterator<Item = &Key>,
) -> Result<HashMap<Key, Parking>, StoreError> {
    let mut keys: Vec<&Key> = keys.collect();
    keys.sort_unstable();
    keys.dedup();
    let named: Vec<Named<'_>> = keys
        .into_iter()
        .map(|key| Named {
            area_id: key.area_id.as_uuid().to_string(),
            kind: key.kind.into(),
            name: &key.name,
        })
        .collect();
    let statement = BY_KEYS.statement(connection.get_database_backend(), &named, [])?;
    let rows = Entity::find().from_raw_sql(statement).all(connection).await?;
    rows.into_iter()
        .map(|row| {
            let lot = from_row(row)?;
            let key = Key {
                area_id: lot.area_id,
                kind: lot.kind,
                name: lot.name.clone(),
            };
            Ok((key, lot))
        })
        .collect()
}

/// A page of an area's parking by kind and name: an order that does not depend on when it was recorded.
///
/// # Errors
/// As the statement.
pub async fn of_area(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
    after: Option<&Parking>,
    limit: u64,
) -> Result<Vec<Parking>, StoreError> {
    let mut select = Entity::find().filter(Column::AreaId.eq(area_id.as_uuid()));
    if let Some(after) = after {
        let kind = <&str>::from(after.kind);
        let same_kind = Condition::all()
            .add(Column::Kind.eq(kind))
            .add(Column::Name.gt(after.name.as_str()));
        select = select.filter(Condition::any().add(Column::Kind.gt(kind)).add(same_kind));
    }
    let rows = select
        .order_by_asc(Column::Kind)
        .order_by_asc(Column::Name)
        .limit(limit)
        .all(connection)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// The versions of lots that count from a day on or later, or all, the oldest first, by lot. The one that has no day is
/// among them.
///
/// # Errors
/// As the statement.
pub async fn histories(
    connection: &impl ConnectionTrait,
    lots: &[Parking],
    from: Option<NaiveDate>,
) -> Result<HashMap<ParkingId, Vec<Version>>, StoreError> {
    let by_id: HashMap<_, &Parking> = lots.iter().map(|lot| (lot.id.as_uuid(), lot)).collect();
    let mut select = version::Entity::find().filter(db::one_of(
        connection.get_database_backend(),
        version::Column::ParkingId,
        lots.iter().map(|lot| lot.id.as_uuid()),
    ));
    if let Some(from) = from {
        let counts = Condition::any()
            .add(version::Column::Since.is_null())
            .add(version::Column::Since.gte(from));
        select = select.filter(counts);
    }
    let rows = select
        .order_by_asc(version::Column::Version)
        .all(connection)
        .await?;
    let mut found: HashMap<ParkingId, Vec<Version>> = HashMap::new();
    for row in rows {
        let Some(lot) = by_id.get(&row.parking_id) else {
            continue;
        };
        found.entry(lot.id).or_default().push(Version {
            since: row.since,
            parking: Parking {
                spaces: row.spaces,
                leased: row.leased,
                numbers: row.numbers,
                version: row.version,
                ..(*lot).clone()
            },
        });
    }
    Ok(found)
}

impl Tx {
    /// Records lots, or saves the new versions of lots, of areas that [`Tx::hold_areas`] holds.
    ///
    /// # Errors
    /// `Conflict` where one of them was recorded or changed at the same moment.
    pub async fn put_parking(&self, lots: &[Parking]) -> Result<(), StoreError> {
        let newer = ExprTrait::lt(
            Expr::col((Entity, Column::Version)),
            Expr::col(("excluded", Column::Version)),
        );
        let replace = OnConflict::column(Column::Id)
            .update_columns([Column::Spaces, Column::Leased, Column::Numbers, Column::Version])
            .action_and_where(newer)
            .to_owned();
        let saved = db::insert_chunked(self.connection(), lots.iter().map(to_row), Some(replace))
            .await
            .map_err(raced)?;
        if saved == lots.len() as u64 {
            Ok(())
        } else {
            Err(StoreError::Conflict)
        }
    }

    /// Keeps what lots were from their days on.
    ///
    /// # Errors
    /// `Conflict` where one of these versions was recorded at the same moment.
    pub async fn insert_parking_versions(&self, versions: &[Version]) -> Result<(), StoreError> {
        db::insert_chunked(self.connection(), versions.iter().map(version_to_row), None)
            .await
            .map_err(raced)?;
        Ok(())
    }
}

fn version_to_row(Version { since, parking }: &Version) -> version::ActiveModel {
    version::ActiveModel {
        parking_id: Set(parking.id.as_uuid()),
        version: Set(parking.version),
        since: Set(*since),
        spaces: Set(parking.spaces),
        leased: Set(parking.leased),
        numbers: Set(parking.numbers.clone()),
    }
}
