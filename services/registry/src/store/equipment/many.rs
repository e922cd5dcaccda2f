//! Equipment by many keys at once, and area by area.

use std::collections::HashMap;

use db::{OverRows, StoreError};
use ids::AreaId;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Serialize;

use super::super::Tx;
use super::super::entity::equipment::{Column, Entity};
use super::{Key, from_row, to_row};
use crate::domain::part::equipment::Equipment;

/// Locked in the order of ids, so that two tables that name the same equipment wait instead of blocking each other.
const BY_KEYS: OverRows = OverRows {
    postgres: "SELECT equipment.* FROM jsonb_to_recordset($1::jsonb) AS named (area_id uuid, kind text, code text) \
               JOIN equipment ON equipment.area_id = named.area_id AND equipment.kind = named.kind \
               AND equipment.code = named.code ORDER BY equipment.id FOR UPDATE OF equipment",
    // A transaction that writes is the only one there, so there is nothing to lock; crossed, to begin with the keys.
    sqlite: "SELECT equipment.* FROM json_each(?1) AS named CROSS JOIN equipment \
             ON equipment.area_id = unhex(named.value ->> 'area_id', '-') AND equipment.kind = named.value ->> 'kind' \
             AND equipment.code = named.value ->> 'code' ORDER BY equipment.id",
};

#[derive(Serialize)]
struct Named<'a> {
    area_id: String,
    kind: &'static str,
    code: &'a str,
}

/// A page of an area's equipment by kind and number: an order that does not depend on when it was recorded.
///
/// # Errors
/// As the statement.
pub async fn of_area(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
    after: Option<&Equipment>,
    limit: u64,
) -> Result<Vec<Equipment>, StoreError> {
    let mut select = Entity::find().filter(Column::AreaId.eq(area_id.as_uuid()));
    if let Some(after) = after {
        let kind = <&str>::from(after.kind);
        let same_kind = Condition::all()
            .add(Column::Kind.eq(kind))
            .add(Column::Code.gt(after.code.as_str()));
        select = select.filter(Condition::any().add(Column::Kind.gt(kind)).add(same_kind));
    }
    let rows = select
        .order_by_asc(Column::Kind)
        .order_by_asc(Column::Code)
        .limit(limit)
        .all(connection)
        .await?;
    rows.into_iter().map(from_row).collect()
}

impl Tx {
    /// The equipment of these keys that is recorded, held until the commit so that nobody else changes it.
    ///
    /// # Errors
    /// As the statement.
    pub async fn hold_equipment(
        &self,
        keys: impl Iterator<Item = &Key>,
    ) -> Result<HashMap<Key, Equipment>, StoreError> {
        let mut keys: Vec<&Key> = keys.collect();
        keys.sort_unstable();
        keys.dedup();
        let named: Vec<Named<'_>> = keys
            .into_iter()
            .map(|key| Named {
                area_id: key.area_id.as_uuid().to_string(),
                kind: key.kind.into(),
                code: &key.code,
            })
            .collect();
        let backend = self.connection().get_database_backend();
        let rows = Entity::find()
            .from_raw_sql(BY_KEYS.statement(backend, &named, [])?)
            .all(self.connection())
            .await?;
        rows.into_iter()
            .map(|row| {
                let equipment = from_row(row)?;
                let key = Key {
                    area_id: equipment.area_id,
                    kind: equipment.kind,
                    code: equipment.code.clone(),
                };
                Ok((key, equipment))
            })
            .collect()
    }

    /// Saves the new versions of equipment that [`Tx::hold_equipment`] holds, in few statements.
    ///
    /// # Errors
    /// `Conflict` where some of it has that version already.
    pub async fn save_held_equipment(&self, equipment: &[Equipment]) -> Result<(), StoreError> {
        let newer = ExprTrait::lt(
            Expr::col((Entity, Column::Version)),
            Expr::col(("excluded", Column::Version)),
        );
        let replace = OnConflict::column(Column::Id)
            .update_columns([
                Column::NextInspectionOn,
                Column::LastInspectedOn,
                Column::LastResult,
                Column::RetiredOn,
                Column::Version,
            ])
            .action_and_where(newer)
            .to_owned();
        let rows = equipment.iter().map(to_row);
        let saved = db::insert_chunked(self.connection(), rows, Some(replace)).await?;
        if saved == equipment.len() as u64 {
            Ok(())
        } else {
            Err(StoreError::Conflict)
        }
    }
}
