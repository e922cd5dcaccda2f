//! Imports of files.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "imports")]
pub struct Model {
    /// In the order in which they were begun.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What was asked, as JSON; never searched.
    pub request: String,
    /// How far it is, as JSON; never searched.
    pub state: String,
    /// Portions of the file.
    pub portions: i32,
    /// Rows of the file.
    pub rows: i64,
    /// Rows recorded.
    pub recorded: i64,
    /// Rows that stood.
    pub unchanged: i64,
    /// Rows that are wrong.
    pub wrong: i64,
    /// Titles that are not read, as a JSON list.
    pub ignored_columns: String,
    /// When it began.
    pub created_at: ChronoDateTimeUtc,
    /// When it last changed.
    pub changed_at: ChronoDateTimeUtc,
    /// Version.
    pub version: i64,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
