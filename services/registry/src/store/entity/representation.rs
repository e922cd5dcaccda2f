//! Which of several owners casts their vote, from a day until the next choice.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "representations")]
pub struct Model {
    /// Derived from the area and the head.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// First day.
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_on: Date,
    /// Area.
    pub area_id: Uuid,
    /// The set of owners, `head_…`.
    pub head_key: String,
    /// Who casts it.
    pub owner_id: Uuid,
    /// SHA-256 of the paper; may be empty.
    pub document_digest: String,
    /// One higher with every choice.
    pub version: i64,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
