//! Divisions through time, as rows.

use std::collections::HashMap;

use db::StoreError;
use ids::DivisionCode;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entity::division::{Column, Entity};
use super::entity::division_name;
use super::{Tx, divisions, raced, text};
use crate::domain::division::record::{DivisionRecord, Merged, Name};

/// Those of the given divisions that are listed, by code; `codes` are few.
///
/// # Errors
/// As the statements.
pub async fn find_many(
    connection: &impl ConnectionTrait,
    codes: &[DivisionCode],
) -> Result<HashMap<DivisionCode, DivisionRecord>, StoreError> {
    let keys: Vec<String> = codes.iter().map(ToString::to_string).collect();
    let mut names: HashMap<String, Vec<Name>> = HashMap::new();
    for row in division_name::Entity::find()
        .filter(division_name::Column::Code.is_in(keys.iter()))
        .order_by_asc(division_name::Column::ValidFrom)
        .all(connection)
        .await?
    {
        names.entry(row.code).or_default().push(Name {
            name: row.name,
            on: row.valid_from,
        });
    }
    let mergers = divisions::mergers(connection).await?;
    let mut found = HashMap::new();
    for row in Entity::find()
        .filter(Column::Code.is_in(keys.iter()))
        .all(connection)
        .await?
    {
        let merged = match (&row.merged_into, row.merged_on) {
            (Some(into), Some(on)) => Some(Merged {
                into: text::read("divisions", into)?,
                on,
            }),
            _ => None,
        };
        let (version, names) = (row.version, names.remove(&row.code).unwrap_or_default());
        let listed = divisions::from_row(row)?;
        let from = mergers.0.iter().filter(|merger| merger.into == listed.code);
        let record = DivisionRecord {
            merged_from: from.map(|merger| merger.from).collect(),
            names,
            merged,
            version,
            listed,
        };
        found.insert(record.listed.code, record);
    }
    Ok(found)
}

impl Tx {
    /// Saves a division whose version was one lower when it was read, with its latest name where it got one.
    ///
    /// # Errors
    /// `Conflict` where somebody else changed it since.
    pub async fn save_division(
        &self,
        record: &DivisionRecord,
        new_name: Option<&Name>,
    ) -> Result<(), StoreError> {
        let code = record.listed.code.to_string();
        let saved = Entity::update_many()
            .col_expr(Column::Version, Expr::value(record.version))
            .col_expr(
                Column::MergedInto,
                Expr::value(record.merged.map(|merged| merged.into.to_string())),
            )
            .col_expr(
                Column::MergedOn,
                Expr::value(record.merged.map(|merged| merged.on)),
            )
            .filter(Column::Code.eq(&code))
            .filter(Column::Version.eq(record.version - 1))
            .exec(self.connection())
            .await?;
        if saved.rows_affected != 1 {
            return Err(StoreError::Conflict);
        }
        let row = new_name.map(|name| division_name::ActiveModel {
            code: Set(code),
            valid_from: Set(name.on),
            name: Set(name.name.clone()),
        });
        db::insert_chunked(self.connection(), row, None)
            .await
            .map_err(raced)?;
        Ok(())
    }
}
