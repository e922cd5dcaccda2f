//! What committees keeps of registry: areas, buildings, and in which areas an owner has homes.

use db::{OverRows, StoreError, insert_chunked};
use ids::{AreaId, BuildingId, DivisionCode, FirmId, HomeId, OwnerId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::Tx;
use super::ballots::parsed;
use super::entity::{area, building, home_owner};

/// Takes the owners of homes away: ids of homes. An array is looked up in the index whatever the planner believes of the
/// table; over a subquery it reads the whole of a table that has grown since it was planned.
const TAKE_OWNERS: OverRows = OverRows {
    postgres: "DELETE FROM home_owners \
               WHERE home_id = ANY (ARRAY(SELECT jsonb_array_elements_text($1::jsonb)::uuid))",
    sqlite: "DELETE FROM home_owners WHERE home_id IN (SELECT unhex(value, '-') FROM json_each(?1))",
};

/// Gives homes owners: ids of a home, of an owner of it, and of its area. An owner named twice for one home is still one
/// owner of it.
const GIVE_OWNERS: OverRows = OverRows {
    postgres: "INSERT INTO home_owners (home_id, owner_id, area_id) \
               SELECT (owned->>0)::uuid, (owned->>1)::uuid, (owned->>2)::uuid \
               FROM jsonb_array_elements($1::jsonb) AS owned ON CONFLICT DO NOTHING",
    sqlite: "INSERT INTO home_owners (home_id, owner_id, area_id) \
             SELECT unhex(json_extract(value, '$[0]'), '-'), unhex(json_extract(value, '$[1]'), '-'), \
                    unhex(json_extract(value, '$[2]'), '-') \
             FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING",
};

/// Homes of one statement, under the bind limit of every database.
const HOMES_PER_STATEMENT: usize = 10_000;

/// An area, as far as permissions need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaRecord {
    /// The area.
    pub area_id: AreaId,
    /// The community or village it lies in.
    pub division: DivisionCode,
    /// The property firm that manages it.
    pub manager_id: Option<FirmId>,
    /// Its developer.
    pub developer_id: Option<FirmId>,
}

/// A building.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildingRecord {
    /// The building.
    pub building_id: BuildingId,
    /// Its area.
    pub area_id: AreaId,
    /// Its number on the site plan (幢号).
    pub number: String,
}

/// Who owns a home now; nobody while it is the developer's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnershipRecord {
    /// The home.
    pub home_id: HomeId,
    /// Its owners.
    pub owner_ids: Vec<OwnerId>,
}

impl Tx {
    /// The area; none where registry has not told of it yet.
    ///
    /// # Errors
    /// As the statement.
    pub async fn area(&self, area_id: AreaId) -> Result<Option<AreaRecord>, StoreError> {
        let row = area::Entity::find_by_id(area_id.as_uuid())
            .one(self.connection())
            .await?;
        row.map(|row| {
            Ok(AreaRecord {
                area_id: AreaId::from_uuid(row.area_id),
                division: parsed("division", &row.division)?,
                manager_id: row.manager_id.map(FirmId::from_uuid),
                developer_id: row.developer_id.map(FirmId::from_uuid),
            })
        })
        .transpose()
    }

    /// Writes areas as registry now has them.
    ///
    /// # Errors
    /// As the statements.
    pub async fn put_areas<'a>(
        &self,
        records: impl Iterator<Item = &'a AreaRecord>,
    ) -> Result<(), StoreError> {
        let rows = records.map(|record| area::ActiveModel {
            area_id: Set(record.area_id.as_uuid()),
            division: Set(record.division.to_string()),
            manager_id: Set(record.manager_id.map(|id| id.as_uuid())),
            developer_id: Set(record.developer_id.map(|id| id.as_uuid())),
        });
        let newer = OnConflict::column(area::Column::AreaId)
            .update_columns([
                area::Column::Division,
                area::Column::ManagerId,
                area::Column::DeveloperId,
            ])
            .to_owned();
        insert_chunked(self.connection(), rows.collect::<Vec<_>>(), Some(newer)).await?;
        Ok(())
    }

    /// Writes who manages an area now.
    ///
    /// # Errors
    /// As the statement.
    pub async fn put_manager(&self, area_id: AreaId, manager_id: Option<FirmId>) -> Result<(), StoreError> {
        area::Entity::update_many()
            .col_expr(
                area::Column::ManagerId,
                Expr::value(manager_id.map(|id| id.as_uuid())),
            )
            .filter(area::Column::AreaId.eq(area_id.as_uuid()))
            .exec(self.connection())
            .await?;
        Ok(())
    }

    /// The buildings among these that are known, in the order of their numbers.
    ///
    /// # Errors
    /// As the statement.
    pub async fn buildings(&self, building_ids: &[BuildingId]) -> Result<Vec<BuildingRecord>, StoreError> {
        if building_ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = building::Entity::find()
            .filter(building::Column::BuildingId.is_in(building_ids.iter().map(|id| id.as_uuid())))
            .all(self.connection())
            .await?;
        let mut records: Vec<BuildingRecord> = rows
            .into_iter()
            .map(|row| BuildingRecord {
                building_id: BuildingId::from_uuid(row.building_id),
                area_id: AreaId::from_uuid(row.area_id),
                number: row.number,
            })
            .collect();
        // 2 before 10: shorter numbers first, then by text.
        records.sort_by(|a, b| (a.number.len(), &a.number).cmp(&(b.number.len(), &b.number)));
        Ok(records)
    }

    /// Writes buildings as registry now has them.
    ///
    /// # Errors
    /// As the statements.
    pub async fn put_buildings<'a>(
        &self,
        records: impl Iterator<Item = &'a BuildingRecord>,
    ) -> Result<(), StoreError> {
        let rows = records.map(|record| building::ActiveModel {
            building_id: Set(record.building_id.as_uuid()),
            area_id: Set(record.area_id.as_uuid()),
            number: Set(record.number.clone()),
        });
        let newer = OnConflict::column(building::Column::BuildingId)
            .update_columns([building::Column::AreaId, building::Column::Number])
            .to_owned();
        insert_chunked(self.connection(), rows.collect::<Vec<_>>(), Some(newer)).await?;
        Ok(())
    }

    /// Writes in which area homes lie now.
    ///
    /// # Errors
    /// As the statements.
    pub async fn put_area_of_homes(&self, area_id: AreaId, home_ids: &[HomeId]) -> Result<(), StoreError> {
        for chunk in home_ids.chunks(HOMES_PER_STATEMENT) {
            home_owner::Entity::update_many()
                .col_expr(home_owner::Column::AreaId, Expr::value(area_id.as_uuid()))
                .filter(home_owner::Column::HomeId.is_in(chunk.iter().map(|id| id.as_uuid())))
                .exec(self.connection())
                .await?;
        }
        Ok(())
    }

    /// Replaces the owners of homes, each named once, with the area it lies in.
    ///
    /// # Errors
    /// As the statements.
    pub async fn replace_owners(&self, homes: &[(HomeId, AreaId, &[OwnerId])]) -> Result<(), StoreError> {
        let home_ids: Vec<Uuid> = homes.iter().map(|(home_id, ..)| home_id.as_uuid()).collect();
        let owned: Vec<(Uuid, Uuid, Uuid)> = homes
            .iter()
            .flat_map(|(home_id, area_id, owner_ids)| {
                owner_ids
                    .iter()
                    .map(|owner_id| (home_id.as_uuid(), owner_id.as_uuid(), area_id.as_uuid()))
            })
            .collect();
        let backend = self.connection().get_database_backend();
        if !home_ids.is_empty() {
            self.connection()
                .execute_raw(TAKE_OWNERS.statement(backend, &home_ids, [])?)
                .await?;
        }
        if !owned.is_empty() {
            self.connection()
                .execute_raw(GIVE_OWNERS.statement(backend, &owned, [])?)
                .await?;
        }
        Ok(())
    }
}
