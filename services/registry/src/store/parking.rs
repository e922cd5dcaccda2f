//! Parking lots as rows.

mod many;

pub use many::{find_many, histories, of_area};

use std::collections::HashMap;

use chrono::NaiveDate;
use db::StoreError;
use ids::{AreaId, ParkingId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder,
};

use super::entity::home;
use super::entity::parking_lot::{ActiveModel, Column, Entity, Model};
use super::entity::parking_version as version;
use super::versions::Order;
use super::{Tx, raced, text, versions};
use crate::domain::home::HomeUse;
use crate::domain::part::parking::{Parking, ParkingKind, Version};

/// By what a lot is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The area.
    pub area_id: AreaId,
    /// What kind it is.
    pub kind: ParkingKind,
    /// What it is called.
    pub name: String,
}

/// A page of an area's parking by id.
///
/// # Errors
/// As the statement.
pub async fn list(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
    after: Option<ParkingId>,
    limit: u64,
) -> Result<Vec<Parking>, StoreError> {
    let select = Entity::find().filter(Column::AreaId.eq(area_id.as_uuid()));
    let after = after.map(Into::into);
    let rows = versions::page(connection, select, Column::Id, Order::OldestFirst, after, limit).await?;
    rows.into_iter().map(from_row).collect()
}

/// The lots as they were recorded by the end of a day, those left out that were recorded later.
///
/// # Errors
/// As the statement.
pub async fn on_day(
    connection: &impl ConnectionTrait,
    lots: Vec<Parking>,
    day: NaiveDate,
) -> Result<Vec<Parking>, StoreError> {
    let mut counted = HashMap::with_capacity(lots.len());
    let ids = lots.iter().map(|lot| lot.id.as_uuid());
    let by = Condition::any()
        .add(version::Column::Since.is_null())
        .add(version::Column::Since.lte(day));
    let rows = version::Entity::find()
        .filter(db::one_of(
            connection.get_database_backend(),
            version::Column::ParkingId,
            ids,
        ))
        .filter(by)
        .order_by_asc(version::Column::Version)
        .all(connection)
        .await?;
    counted.extend(rows.into_iter().map(|row| (row.parking_id, row)));
    let then = lots.into_iter().filter_map(|lot| {
        let row = counted.remove(&lot.id.as_uuid())?;
        Some(Parking {
            spaces: row.spaces,
            leased: row.leased,
            numbers: row.numbers,
            ..lot
        })
    });
    Ok(then.collect())
}

/// How many spaces of an area are exclusive parts with a title of their own.
///
/// # Errors
/// As the statement.
pub async fn exclusive_spaces(connection: &impl ConnectionTrait, area_id: AreaId) -> Result<u64, StoreError> {
    Ok(home::Entity::find()
        .filter(home::Column::AreaId.eq(area_id.as_uuid()))
        .filter(home::Column::Usage.eq(<&str>::from(HomeUse::Parking)))
        .count(connection)
        .await?)
}

impl Tx {
    /// The lot of that kind and name in an area, where it is recorded.
    ///
    /// # Errors
    /// As the statement.
    pub async fn find_parking(
        &self,
        area_id: AreaId,
        kind: ParkingKind,
        name: &str,
    ) -> Result<Option<Parking>, StoreError> {
        Entity::find()
            .filter(Column::AreaId.eq(area_id.as_uuid()))
            .filter(Column::Kind.eq(<&str>::from(kind)))
            .filter(Column::Name.eq(name))
            .one(self.connection())
            .await?
            .map(from_row)
            .transpose()
    }

    /// Records a lot at version 1, or saves one that was one version lower when it was read.
    ///
    /// # Errors
    /// `Conflict` where somebody else recorded or changed it at the same moment.
    pub async fn save_parking(&self, parking: &Parking, today: NaiveDate) -> Result<(), StoreError> {
        let kept = Version {
            since: Some(today),
            parking: parking.clone(),
        };
        if parking.version == 1 {
            db::insert_chunked(self.connection(), [to_row(parking)], None)
                .await
                .map_err(raced)?;
            return self.insert_parking_versions(&[kept]).await;
        }
        versions::save(
            self.connection(),
            to_row(parking),
            (Column::Id, parking.id.as_uuid()),
            (Column::Version, parking.version),
        )
        .await?;
        self.insert_parking_versions(&[kept]).await
    }
}

fn to_row(parking: &Parking) -> ActiveModel {
    ActiveModel {
        id: Set(parking.id.as_uuid()),
        area_id: Set(parking.area_id.as_uuid()),
        kind: Set(<&str>::from(parking.kind).to_owned()),
        name: Set(parking.name.clone()),
        spaces: Set(parking.spaces),
        leased: Set(parking.leased),
        numbers: Set(parking.numbers.clone()),
        version: Set(parking.version),
    }
}

fn from_row(row: Model) -> Result<Parking, StoreError> {
    Ok(Parking {
        id: ParkingId::from_uuid(row.id),
        area_id: AreaId::from_uuid(row.area_id),
        kind: text::read("parking_lots", &row.kind)?,
        name: row.name,
        spaces: row.spaces,
        leased: row.leased,
        numbers: row.numbers,
        version: row.version,
    })
}
