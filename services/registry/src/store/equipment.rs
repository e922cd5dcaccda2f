//! Equipment and its inspections as rows.

mod many;

pub use many::of_area;

use std::collections::HashMap;
use std::ops::RangeInclusive;

use chrono::NaiveDate;
use db::StoreError;
use ids::{AreaId, BuildingId, EquipmentId};
use sea_orm::sea_query::IntoCondition;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};
use uuid::Uuid;

use super::entity::equipment::{ActiveModel, Column, Entity, Model};
use super::entity::inspection;
use super::versions::Order;
use super::{Tx, raced, text, versions};
use crate::domain::part::equipment::{Equipment, EquipmentKind, Inspection, InspectionResult};

/// By what equipment is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The area.
    pub area_id: AreaId,
    /// What it is.
    pub kind: EquipmentKind,
    /// Its number.
    pub code: String,
}

/// What equipment to list.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// That of this area.
    pub area_id: AreaId,
    /// Only that of this building.
    pub building_id: Option<BuildingId>,
    /// Only that of this kind.
    pub kind: Option<EquipmentKind>,
    /// Only what is overdue on this day.
    pub overdue_on: Option<NaiveDate>,
    /// Only what was installed by the end of this day.
    pub installed_by: Option<NaiveDate>,
}

/// A page of equipment by id.
///
/// # Errors
/// As the statement.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    after: Option<EquipmentId>,
    limit: u64,
) -> Result<Vec<Equipment>, StoreError> {
    let mut select = Entity::find().filter(Column::AreaId.eq(filter.area_id.as_uuid()));
    if let Some(building_id) = filter.building_id {
        select = select.filter(Column::BuildingId.eq(building_id.as_uuid()));
    }
    if let Some(kind) = filter.kind {
        select = select.filter(Column::Kind.eq(<&str>::from(kind)));
    }
    if let Some(today) = filter.overdue_on {
        // As `Equipment::is_overdue` says it of one.
        let late = Condition::any()
            .add(Column::NextInspectionOn.lt(today))
            .add(Column::LastResult.eq(<&str>::from(InspectionResult::Failed)));
        select = select.filter(Column::RetiredOn.is_null()).filter(late);
    }
    if let Some(day) = filter.installed_by {
        select = select.filter(Column::InstalledOn.lte(day));
    }
    let after = after.map(Into::into);
    let rows = versions::page(connection, select, Column::Id, Order::OldestFirst, after, limit).await?;
    rows.into_iter().map(from_row).collect()
}

/// The equipment, where it exists.
///
/// # Errors
/// As the statement.
pub async fn find(
    connection: &impl ConnectionTrait,
    id: EquipmentId,
) -> Result<Option<Equipment>, StoreError> {
    Entity::find_by_id(id.as_uuid())
        .one(connection)
        .await?
        .map(from_row)
        .transpose()
}

/// The inspections of equipment of a day and before, the oldest first, by equipment.
///
/// # Errors
/// As the statement.
pub async fn inspections_by(
    connection: &impl ConnectionTrait,
    ids: &[EquipmentId],
    day: NaiveDate,
) -> Result<HashMap<EquipmentId, Vec<Inspection>>, StoreError> {
    gathered(connection, ids, inspection::Column::InspectedOn.lte(day)).await
}

/// All inspections of equipment, the oldest first, by equipment.
///
/// # Errors
/// As the statement.
pub async fn all_inspections(
    connection: &impl ConnectionTrait,
    ids: &[EquipmentId],
) -> Result<HashMap<EquipmentId, Vec<Inspection>>, StoreError> {
    gathered(connection, ids, Condition::all()).await
}

/// The inspections of equipment from a day to a day, the oldest first, by equipment.
///
/// # Errors
/// As the statement.
pub async fn inspections_within(
    connection: &impl ConnectionTrait,
    ids: &[EquipmentId],
    days: RangeInclusive<NaiveDate>,
) -> Result<HashMap<EquipmentId, Vec<Inspection>>, StoreError> {
    let within = inspection::Column::InspectedOn.between(*days.start(), *days.end());
    gathered(connection, ids, within).await
}

async fn gathered(
    connection: &impl ConnectionTrait,
    ids: &[EquipmentId],
    which: impl IntoCondition,
) -> Result<HashMap<EquipmentId, Vec<Inspection>>, StoreError> {
    let mut found: HashMap<EquipmentId, Vec<Inspection>> = HashMap::new();
    let ids = ids.iter().map(|id| id.as_uuid());
    let rows = inspection::Entity::find()
        .filter(db::one_of(
            connection.get_database_backend(),
            inspection::Column::EquipmentId,
            ids,
        ))
        .filter(which)
        .order_by_asc(inspection::Column::InspectedOn)
        .order_by_asc(inspection::Column::Id)
        .all(connection)
        .await?;
    for row in rows {
        let inspections = found.entry(EquipmentId::from_uuid(row.equipment_id)).or_default();
        inspections.push(inspection_from(row)?);
    }
    Ok(found)
}

/// A page of inspections with their ids, those of a day and before or all, the last recorded first.
///
/// # Errors
/// As the statement.
pub async fn inspections(
    connection: &impl ConnectionTrait,
    id: EquipmentId,
    by: Option<NaiveDate>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<(Uuid, Inspection)>, StoreError> {
    let mut select = inspection::Entity::find().filter(inspection::Column::EquipmentId.eq(id.as_uuid()));
    if let Some(by) = by {
        select = select.filter(inspection::Column::InspectedOn.lte(by));
    }
    let by = inspection::Column::Id;
    let rows = versions::page(connection, select, by, Order::NewestFirst, after, limit).await?;
    rows.into_iter()
        .map(|row| Ok((row.id, inspection_from(row)?)))
        .collect()
}

fn inspection_from(row: inspection::Model) -> Result<Inspection, StoreError> {
    Ok(Inspection {
        on: row.inspected_on,
        inspector: row.inspector,
        result: text::read("inspections", &row.result)?,
        valid_until: row.valid_until,
    })
}

impl Tx {
    /// Whether equipment of this kind with this number is recorded in the area.
    ///
    /// # Errors
    /// As the statement.
    pub async fn knows_equipment(&self, equipment: &Equipment) -> Result<bool, StoreError> {
        let known = Entity::find()
            .filter(Column::AreaId.eq(equipment.area_id.as_uuid()))
            .filter(Column::Kind.eq(<&str>::from(equipment.kind)))
            .filter(Column::Code.eq(equipment.code.as_str()))
            .one(self.connection())
            .await?;
        Ok(known.is_some())
    }

    /// Records new equipment.
    ///
    /// # Errors
    /// `Conflict` where some of it was recorded at the same moment.
    pub async fn insert_equipment(&self, equipment: &[Equipment]) -> Result<(), StoreError> {
        db::insert_chunked(self.connection(), equipment.iter().map(to_row), None)
            .await
            .map_err(raced)?;
        Ok(())
    }

    /// Saves equipment that was one version lower when it was read.
    ///
    /// # Errors
    /// `Conflict` where somebody else changed it since.
    pub async fn save_equipment(&self, equipment: &Equipment) -> Result<(), StoreError> {
        let row = ActiveModel {
            next_inspection_on: Set(equipment.next_inspection_on),
            last_inspected_on: Set(equipment.last.map(|(on, _)| on)),
            last_result: Set(equipment.last.map(|(_, result)| <&str>::from(result).to_owned())),
            retired_on: Set(equipment.retired_on),
            version: Set(equipment.version),
            ..Default::default()
        };
        versions::save(
            self.connection(),
            row,
            (Column::Id, equipment.id.as_uuid()),
            (Column::Version, equipment.version),
        )
        .await
    }

    /// Records inspections, those of one piece of equipment in this order.
    ///
    /// # Errors
    /// As the statement.
    pub async fn insert_inspections(
        &self,
        inspections: &[(EquipmentId, Inspection)],
    ) -> Result<(), StoreError> {
        let rows = inspections.iter().map(inspection_to_row);
        db::insert_chunked(self.connection(), rows, None).await?;
        Ok(())
    }
}

fn inspection_to_row((equipment_id, inspection): &(EquipmentId, Inspection)) -> inspection::ActiveModel {
    inspection::ActiveModel {
        id: Set(Uuid::now_v7()),
        equipment_id: Set(equipment_id.as_uuid()),
        inspected_on: Set(inspection.on),
        inspector: Set(inspection.inspector.clone()),
        result: Set(<&str>::from(inspection.result).to_owned()),
        valid_until: Set(inspection.valid_until),
    }
}

fn to_row(equipment: &Equipment) -> ActiveModel {
    ActiveModel {
        id: Set(equipment.id.as_uuid()),
        area_id: Set(equipment.area_id.as_uuid()),
        building_id: Set(equipment.building_id.map(Into::into)),
        kind: Set(<&str>::from(equipment.kind).to_owned()),
        code: Set(equipment.code.clone()),
        location: Set(equipment.location.clone()),
        installed_on: Set(equipment.installed_on),
        next_inspection_on: Set(equipment.next_inspection_on),
        last_inspected_on: Set(equipment.last.map(|(on, _)| on)),
        last_result: Set(equipment.last.map(|(_, result)| <&str>::from(result).to_owned())),
        retired_on: Set(equipment.retired_on),
        version: Set(equipment.version),
    }
}

fn from_row(row: Model) -> Result<Equipment, StoreError> {
    let last = match (row.last_inspected_on, row.last_result.as_deref()) {
        (Some(on), Some(result)) => Some((on, text::read("equipment", result)?)),
        (None, None) => None,
        _ => return Err(StoreError::Corrupt("the last inspection of equipment".into())),
    };
    Ok(Equipment {
        id: EquipmentId::from_uuid(row.id),
        area_id: AreaId::from_uuid(row.area_id),
        building_id: row.building_id.map(BuildingId::from_uuid),
        kind: text::read("equipment", &row.kind)?,
        code: row.code,
        location: row.location,
        installed_on: row.installed_on,
        next_inspection_on: row.next_inspection_on,
        last,
        retired_on: row.retired_on,
        version: row.version,
    })
}
