//! Who acts for owners, valid in time.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agents")]
pub struct Model {
    /// For whom.
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: Uuid,
    /// First day.
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_on: Date,
    /// Who, a row of owners.
    pub agent_id: Uuid,
    /// `minor`, `incapacity` or `legal_person`.
    pub ground: String,
    /// First day on which it is over; null while that is not known.
    pub until_on: Option<Date>,
    /// SHA-256 of the paper; may be empty.
    pub document_digest: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
