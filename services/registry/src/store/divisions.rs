//! Divisions as rows.

use std::collections::HashMap;

use db::StoreError;
use ids::DivisionCode;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entity::division::{Column, Entity, Model};
use super::{KEYS_PER_READ, text};
use crate::domain::division::{Division, Level};

/// A page of divisions by code: those directly below `parent`, or all.
///
/// # Errors
/// As the statement.
pub async fn list(
    connection: &impl ConnectionTrait,
    parent: Option<&DivisionCode>,
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<Division>, StoreError> {
    let mut select = Entity::find();
    if let Some(parent) = parent {
        select = select.filter(Column::ParentCode.eq(parent.to_string()));
    }
    if let Some(after) = after {
        select = select.filter(Column::Code.gt(after));
    }
    let rows = select
        .order_by_asc(Column::Code)
        .limit(limit)
        .all(connection)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// Those of the given divisions that exist, by code.
///
/// # Errors
/// As the statement.
pub async fn find_many(
    connection: &impl ConnectionTrait,
    codes: &[DivisionCode],
) -> Result<HashMap<DivisionCode, Division>, StoreError> {
    let mut found = HashMap::new();
    for chunk in codes.chunks(KEYS_PER_READ) {
        let codes = chunk.iter().map(ToString::to_string);
        for row in Entity::find()
            .filter(Column::Code.is_in(codes))
            .all(connection)
            .await?
        {
            let division = from_row(row)?;
            found.insert(division.code, division);
        }
    }
    Ok(found)
}

/// The city that this registry is of.
///
/// # Errors
/// As the statement; `Corrupt` where the list of divisions has no city.
pub async fn city(connection: &impl ConnectionTrait) -> Result<DivisionCode, StoreError> {
    let level: &str = Level::City.into();
    let row = Entity::find()
        .filter(Column::Level.eq(level))
        .order_by_asc(Column::Code)
        .one(connection)
        .await?;
    let row = row.ok_or_else(|| StoreError::Corrupt("divisions hold no city".into()))?;
    text::read("divisions", &row.code)
}

fn from_row(row: Model) -> Result<Division, StoreError> {
    Ok(Division {
        code: text::read("divisions", &row.code)?,
        level: text::read("divisions", &row.level)?,
        parent: row
            .parent_code
            .map(|code| text::read("divisions", &code))
            .transpose()?,
        name: row.name,
    })
}
