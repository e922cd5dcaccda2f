//! Divisions as rows, as they stand on a day.

use std::collections::HashMap;

use chrono::NaiveDate;
use db::StoreError;
use ids::{DivisionCode, Merger, Mergers};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entity::division::{Column, Entity, Model};
use super::entity::division_name;
use super::text;
use crate::domain::division::{Division, Level};

/// A page of divisions by code as they stand on a day: those directly below `parent`, or all. What was merged stands
/// below its successor, and under the name of the day.
///
/// # Errors
/// As the statements.
pub async fn list(
    connection: &impl ConnectionTrait,
    parent: Option<&DivisionCode>,
    day: NaiveDate,
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<Division>, StoreError> {
    let mergers = mergers(connection).await?;
    let mut select = Entity::find().filter(
        Condition::any()
            .add(Column::MergedOn.is_null())
            .add(Column::MergedOn.gt(day)),
    );
    if let Some(parent) = parent {
        let ended = mergers.0.iter().map(|merger| merger.from);
        // Below one that ended nothing stands any more, below its successor what stood below both.
        let parents = ended
            .chain([*parent])
            .filter(|above| mergers.successor(*above, day) == *parent)
            .map(|code| code.to_string());
        select = select.filter(Column::ParentCode.is_in(parents));
    }
    if let Some(after) = after {
        select = select.filter(Column::Code.gt(after));
    }
    let rows = select
        .order_by_asc(Column::Code)
        .limit(limit)
        .all(connection)
        .await?;
    let mut found: Vec<Division> = rows.into_iter().map(from_row).collect::<Result<_, _>>()?;
    name_as_of(connection, &mut found, day).await?;
    for division in &mut found {
        division.parent = division.parent.map(|parent| mergers.successor(parent, day));
    }
    Ok(found)
}

/// Those of the given divisions that stand on a day, by code; `codes` are few.
///
/// # Errors
/// As the statements.
pub async fn of_codes(
    connection: &impl ConnectionTrait,
    codes: &[DivisionCode],
    day: NaiveDate,
) -> Result<Vec<Division>, StoreError> {
    let rows = Entity::find()
        .filter(Column::Code.is_in(codes.iter().map(ToString::to_string)))
        .filter(
            Condition::any()
                .add(Column::MergedOn.is_null())
                .add(Column::MergedOn.gt(day)),
        )
        .order_by_asc(Column::Code)
        .all(connection)
        .await?;
    let mut found: Vec<Division> = rows.into_iter().map(from_row).collect::<Result<_, _>>()?;
    name_as_of(connection, &mut found, day).await?;
    Ok(found)
}

/// Those that stand on a day and lie in one of the given divisions or are one of them, by code, under their names of the
/// day.
///
/// # Errors
/// As the statements.
pub async fn within(
    connection: &impl ConnectionTrait,
    territory: &[DivisionCode],
    day: NaiveDate,
) -> Result<Vec<Division>, StoreError> {
    let lies_in = territory.iter().fold(Condition::any(), |any, division| {
        any.add(Column::Code.starts_with(division.to_string()))
    });
    let rows = Entity::find()
        .filter(lies_in)
        .filter(
            Condition::any()
                .add(Column::MergedOn.is_null())
                .add(Column::MergedOn.gt(day)),
        )
        .order_by_asc(Column::Code)
        .all(connection)
        .await?;
    let mut found: Vec<Division> = rows.into_iter().map(from_row).collect::<Result<_, _>>()?;
    name_as_of(connection, &mut found, day).await?;
    Ok(found)
}

/// Gives divisions the names they have on a day.
///
/// # Errors
/// As the statement.
async fn name_as_of(
    connection: &impl ConnectionTrait,
    divisions: &mut [Division],
    day: NaiveDate,
) -> Result<(), StoreError> {
    let codes = divisions.iter().map(|division| division.code.to_string());
    // The latest comes last, and so remains.
    let names: HashMap<String, String> = division_name::Entity::find()
        .filter(division_name::Column::Code.is_in(codes))
        .filter(division_name::Column::ValidFrom.lte(day))
        .order_by_asc(division_name::Column::ValidFrom)
        .all(connection)
        .await?
        .into_iter()
        .map(|row| (row.code, row.name))
        .collect();
    for division in divisions {
        if let Some(name) = names.get(&division.code.to_string()) {
            division.name.clone_from(name);
        }
    }
    Ok(())
}

/// All mergers of the city.
///
/// # Errors
/// As the statement.
pub async fn mergers(connection: &impl ConnectionTrait) -> Result<Mergers, StoreError> {
    let rows = Entity::find()
        .filter(Column::MergedInto.is_not_null())
        .order_by_asc(Column::Code)
        .all(connection)
        .await?;
    let mut mergers = Vec::with_capacity(rows.len());
    for row in rows {
        if let (Some(into), Some(on)) = (&row.merged_into, row.merged_on) {
            mergers.push(Merger {
                from: text::read("divisions", &row.code)?,
                into: text::read("divisions", into)?,
                on,
            });
        }
    }
    Ok(Mergers(mergers))
}

/// Those of the given divisions that are listed, merged or not, by code, under the names of the list.
///
/// # Errors
/// As the statement.
pub async fn find_many(
    connection: &impl ConnectionTrait,
    codes: &[DivisionCode],
) -> Result<HashMap<DivisionCode, Division>, StoreError> {
    // A city has some hundreds of them.
    let codes = codes.iter().map(ToString::to_string);
    let rows = Entity::find()
        .filter(Column::Code.is_in(codes))
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|row| from_row(row).map(|division| (division.code, division)))
        .collect()
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

pub(super) fn from_row(row: Model) -> Result<Division, StoreError> {
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
