//! Who managed areas through time, as rows: one a change, never changed.

use std::collections::HashMap;

use chrono::NaiveDate;
use db::StoreError;
use ids::{AreaId, FirmId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};

use super::entity::area_manager::{ActiveModel, Column, Entity};
use super::raced;
use crate::domain::area::Area;
use crate::domain::dossier::ManagerTerm;

/// Who managed these areas at the end of a day, by area: of what counts by then, the last that was recorded. An area of
/// which nothing is known by then is left out.
///
/// # Errors
/// As the statement.
pub async fn on_day(
    connection: &impl ConnectionTrait,
    ids: &[AreaId],
    day: NaiveDate,
) -> Result<HashMap<AreaId, Option<FirmId>>, StoreError> {
    let mut found = HashMap::with_capacity(ids.len());
    let ids = ids.iter().map(|id| id.as_uuid());
    let by = Condition::any()
        .add(Column::Since.is_null())
        .add(Column::Since.lte(day));
    let rows = Entity::find()
        .filter(db::one_of(connection.get_database_backend(), Column::AreaId, ids))
        .filter(by)
        .order_by_asc(Column::Version)
        .all(connection)
        .await?;
    let managers = rows.into_iter().map(|row| {
        (
            AreaId::from_uuid(row.area_id),
            row.manager_id.map(FirmId::from_uuid),
        )
    });
    found.extend(managers);
    Ok(found)
}

/// Who managed an area, the first one first.
///
/// # Errors
/// As the statement.
pub async fn terms(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
) -> Result<Vec<ManagerTerm>, StoreError> {
    let rows = Entity::find()
        .filter(Column::AreaId.eq(area_id.as_uuid()))
        .order_by_asc(Column::Version)
        .all(connection)
        .await?;
    let terms = rows.into_iter().map(|row| ManagerTerm {
        manager_id: row.manager_id.map(FirmId::from_uuid),
        since: row.since,
    });
    Ok(terms.collect())
}

/// Forgets who manages an area, to record it anew with what was before.
///
/// # Errors
/// As the statement.
pub(super) async fn delete(connection: &impl ConnectionTrait, area_id: AreaId) -> Result<(), StoreError> {
    Entity::delete_many()
        .filter(Column::AreaId.eq(area_id.as_uuid()))
        .exec(connection)
        .await?;
    Ok(())
}

/// Since when the present manager of an area manages it, or nobody does; none for as long as anything is known.
///
/// # Errors
/// As the statement.
pub async fn present_since(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
) -> Result<Option<NaiveDate>, StoreError> {
    let row = Entity::find()
        .filter(Column::AreaId.eq(area_id.as_uuid()))
        .order_by_desc(Column::Version)
        .one(connection)
        .await?;
    Ok(row.and_then(|row| row.since))
}

/// Records who manages areas in their present versions, and since when; none for as long as anything is known.
///
/// # Errors
/// `Conflict` where that version was recorded at the same moment.
pub(super) async fn insert(
    connection: &impl ConnectionTrait,
    areas: impl IntoIterator<Item = (&Area, Option<NaiveDate>)>,
) -> Result<(), StoreError> {
    let rows: Vec<_> = areas
        .into_iter()
        .map(|(area, since)| ActiveModel {
            area_id: Set(area.id.as_uuid()),
            version: Set(area.version),
            manager_id: Set(area.manager_id.map(Into::into)),
            since: Set(since),
        })
        .collect();
    db::insert_chunked(connection, rows, None).await.map_err(raced)?;
    Ok(())
}
