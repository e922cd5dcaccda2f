//! The replica of the registry: areas, buildings, homes and who owns them.

use std::collections::HashMap;

use chrono::NaiveDate;
use db::{StoreError, insert_chunked};
use ids::{AreaId, BuildingId, FirmId, HomeId, OwnerId};
use money::Area;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};
use uuid::Uuid;

use super::entity::{area, building, home, home_owner};
use super::moves::Estate;
use super::{Tx, convert, sql};
use crate::domain::home::{Building, Home, ManagedArea, SaleState};
use crate::domain::scope::Scope;

/// Ids of one statement, under the bind limit of every database.
const IDS_PER_STATEMENT: usize = 10_000;

impl Tx {
    /// Records areas as the registry tells of them now.
    ///
    /// # Errors
    /// As the statements.
    pub async fn put_areas<'a>(
        &self,
        areas: impl Iterator<Item = &'a ManagedArea>,
    ) -> Result<(), StoreError> {
        let rows = areas.map(|area| area::ActiveModel {
            id: Set(area.id.as_uuid()),
            number: Set(area.number.clone()),
            name: Set(area.name.clone()),
            division: Set(area.division.to_string()),
            developer_id: Set(area.developer_id.map(|id| id.as_uuid())),
            manager_id: Set(area.manager_id.map(|id| id.as_uuid())),
            version: Set(area.version),
        });
        use area::Column::{DeveloperId, Division, Id, ManagerId, Name, Number, Version};
        let newer = OnConflict::column(Id)
            .update_columns([Number, Name, Division, DeveloperId, ManagerId, Version])
            .to_owned();
        insert_chunked(self.connection(), rows.collect::<Vec<_>>(), Some(newer)).await?;
        Ok(())
    }

    /// Records who manages an area from now on.
    ///
    /// # Errors
    /// As the statement.
    pub async fn put_manager(
        &self,
        area_id: AreaId,
        manager_id: Option<FirmId>,
        version: i64,
    ) -> Result<(), StoreError> {
        area::Entity::update_many()
            .col_expr(
                area::Column::ManagerId,
                Expr::value(manager_id.map(|id| id.as_uuid())),
            )
            .col_expr(area::Column::Version, Expr::value(version))
            .filter(area::Column::Id.eq(area_id.as_uuid()))
            .exec(self.connection())
            .await?;
        Ok(())
    }

    /// Records buildings as the registry tells of them now.
    ///
    /// # Errors
    /// As the statements.
    pub async fn put_buildings<'a>(
        &self,
        buildings: impl Iterator<Item = &'a Building>,
    ) -> Result<(), StoreError> {
        let rows = buildings.map(|building| building::ActiveModel {
            id: Set(building.id.as_uuid()),
            area_id: Set(building.area_id.as_uuid()),
            number: Set(building.number.clone()),
        });
        let newer = OnConflict::column(building::Column::Id)
            .update_columns([building::Column::AreaId, building::Column::Number])
            .to_owned();
        insert_chunked(self.connection(), rows.collect::<Vec<_>>(), Some(newer)).await?;
        Ok(())
    }

    /// Records homes as the registry tells of them now, without their owners.
    ///
    /// # Errors
    /// As the statements.
    pub async fn put_homes<'a>(&self, homes: impl Iterator<Item = &'a Home>) -> Result<(), StoreError> {
        let rows = homes.map(|home| home::ActiveModel {
            id: Set(home.id.as_uuid()),
            area_id: Set(home.area_id.as_uuid()),
            building_id: Set(home.building_id.as_uuid()),
            stairwell: Set(home.stairwell.clone()),
            room: Set(home.room.clone()),
            unit_number: Set(home.unit_number.clone()),
            exclusive_area: Set(home.exclusive_area.0),
            home_use: Set(<&str>::from(home.home_use).to_owned()),
            sale_state: Set(<&str>::from(home.sale_state).to_owned()),
            delivered_on: Set(home.delivered_on),
        });
        use home::Column::{DeliveredOn, ExclusiveArea, HomeUse, Room, SaleState, Stairwell};
        let newer = OnConflict::column(home::Column::Id)
            .update_columns([Stairwell, Room, ExclusiveArea, HomeUse, SaleState, DeliveredOn])
            .to_owned();
        insert_chunked(self.connection(), rows.collect::<Vec<_>>(), Some(newer)).await?;
        Ok(())
    }

    /// Records that homes were handed over on a day.
    ///
    /// # Errors
    /// As the statements.
    pub async fn put_delivery(&self, home_ids: &[HomeId], on: NaiveDate) -> Result<(), StoreError> {
        for chunk in home_ids.chunks(IDS_PER_STATEMENT) {
            home::Entity::update_many()
                .col_expr(
                    home::Column::SaleState,
                    Expr::value(<&str>::from(SaleState::Delivered)),
                )
                .col_expr(home::Column::DeliveredOn, Expr::value(on))
                .filter(home::Column::Id.is_in(chunk.iter().map(|id| id.as_uuid())))
                .exec(self.connection())
                .await?;
        }
        Ok(())
    }

    /// Records that homes were sold.
    ///
    /// # Errors
    /// As the statements.
    pub async fn put_sale(&self, home_ids: &[HomeId]) -> Result<(), StoreError> {
        for chunk in home_ids.chunks(IDS_PER_STATEMENT) {
            home::Entity::update_many()
                .col_expr(
                    home::Column::SaleState,
                    Expr::value(<&str>::from(SaleState::Sold)),
                )
                .filter(home::Column::Id.is_in(chunk.iter().map(|id| id.as_uuid())))
                .exec(self.connection())
                .await?;
        }
        Ok(())
    }

    /// Records the exclusive area that a home has from now on.
    ///
    /// # Errors
    /// As the statement.
    pub async fn put_exclusive_area(
        &self,
        home_id: HomeId,
        exclusive_area: money::Area,
    ) -> Result<(), StoreError> {
        home::Entity::update_many()
            .col_expr(home::Column::ExclusiveArea, Expr::value(exclusive_area.0))
            .filter(home::Column::Id.eq(home_id.as_uuid()))
            .exec(self.connection())
            .await?;
        Ok(())
    }

    /// Records who owns homes from now on.
    ///
    /// # Errors
    /// As the statements.
    pub async fn put_owners(&self, owners: &[(HomeId, &[OwnerId])]) -> Result<(), StoreError> {
        let homes: Vec<Uuid> = owners.iter().map(|(home_id, _)| home_id.as_uuid()).collect();
        let pairs: Vec<(Uuid, Uuid)> = owners
            .iter()
            .flat_map(|(home_id, owner_ids)| {
                owner_ids
                    .iter()
                    .map(|owner_id| (home_id.as_uuid(), owner_id.as_uuid()))
            })
            .collect();
        let backend = self.connection().get_database_backend();
        if !homes.is_empty() {
            self.connection()
                .execute_raw(sql::TAKE_OWNERS.statement(backend, &homes, [])?)
                .await?;
        }
        if !pairs.is_empty() {
            self.connection()
                .execute_raw(sql::GIVE_OWNERS.statement(backend, &pairs, [])?)
                .await?;
        }
        Ok(())
    }
}

/// The area; `None` where the registry has not told of it.
pub(super) async fn area(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
) -> Result<Option<ManagedArea>, StoreError> {
    let Some(row) = area::Entity::find_by_id(area_id.as_uuid())
        .one(connection)
        .await?
    else {
        return Ok(None);
    };
    Ok(Some(ManagedArea {
        id: AreaId::from_uuid(row.id),
        number: row.number,
        name: row.name,
        division: convert::division(&row.division)?,
        developer_id: convert::id(row.developer_id),
        manager_id: convert::id(row.manager_id),
        version: row.version,
    }))
}

/// Those of the buildings that stand in the area.
pub(super) async fn buildings_in(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
    building_ids: &[BuildingId],
) -> Result<Vec<BuildingId>, StoreError> {
    let rows = building::Entity::find()
        .filter(building::Column::AreaId.eq(area_id.as_uuid()))
        .filter(building::Column::Id.is_in(building_ids.iter().map(|id| id.as_uuid())))
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| BuildingId::from_uuid(row.id))
        .collect())
}

/// The homes of a scope as condition on the table of homes; `estate` is its area.
pub(super) fn in_scope(scope: &Scope, estate: &Estate) -> Condition {
    let mut condition = Condition::all().add(estate.homes());
    if !scope.building_ids.is_empty() {
        condition =
            condition.add(home::Column::BuildingId.is_in(scope.building_ids.iter().map(|id| id.as_uuid())));
    }
    if !scope.stairwells.is_empty() {
        condition = condition.add(home::Column::Stairwell.is_in(scope.stairwells.iter().map(String::as_str)));
    }
    condition
}

/// The homes that fit, by id, without their owners.
pub(super) async fn homes(
    connection: &impl ConnectionTrait,
    fit: Condition,
) -> Result<Vec<Home>, StoreError> {
    let rows = home::Entity::find()
        .filter(fit)
        .order_by_asc(home::Column::Id)
        .all(connection)
        .await?;
    rows.into_iter().map(|row| home_of(row, Vec::new())).collect()
}

/// The homes with these unit numbers, by unit number.
pub(super) async fn homes_by_unit_number(
    connection: &impl ConnectionTrait,
    unit_numbers: &[&str],
) -> Result<HashMap<String, Home>, StoreError> {
    let mut found = HashMap::with_capacity(unit_numbers.len());
    for chunk in unit_numbers.chunks(IDS_PER_STATEMENT) {
        let fit = Condition::all().add(home::Column::UnitNumber.is_in(chunk.iter().copied()));
        let homes = homes(connection, fit).await?;
        found.extend(homes.into_iter().map(|home| (home.unit_number.clone(), home)));
    }
    Ok(found)
}

/// The home with its owners; `None` where the registry has not told of it.
pub(super) async fn home(
    connection: &impl ConnectionTrait,
    home_id: HomeId,
) -> Result<Option<Home>, StoreError> {
    let Some(row) = home::Entity::find_by_id(home_id.as_uuid())
        .one(connection)
        .await?
    else {
        return Ok(None);
    };
    let owners = home_owner::Entity::find()
        .filter(home_owner::Column::HomeId.eq(home_id.as_uuid()))
        .order_by_asc(home_owner::Column::OwnerId)
        .all(connection)
        .await?;
    home_of(row, owners.into_iter().map(|row| row.owner_id).collect()).map(Some)
}

fn home_of(row: home::Model, owners: Vec<Uuid>) -> Result<Home, StoreError> {
    Ok(Home {
        id: HomeId::from_uuid(row.id),
        area_id: AreaId::from_uuid(row.area_id),
        building_id: BuildingId::from_uuid(row.building_id),
        stairwell: row.stairwell,
        room: row.room,
        unit_number: row.unit_number,
        exclusive_area: Area(row.exclusive_area),
        home_use: convert::word("home_use", &row.home_use)?,
        sale_state: convert::word("sale_state", &row.sale_state)?,
        delivered_on: row.delivered_on,
        owner_ids: owners.into_iter().map(OwnerId::from_uuid).collect(),
    })
}
