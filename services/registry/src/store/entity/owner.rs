//! Owners: sealed, with the masked forms beside.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "owners")]
pub struct Model {
    /// Derived from the document with the platform's key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Name, sealed.
    pub name_sealed: String,
    /// Document number, sealed.
    pub document_sealed: String,
    /// Keyed hash of the document, in hexadecimal: finds an owner without opening any.
    pub document_index: String,
    /// Name as others see it.
    pub name_masked: String,
    /// Document number as others see it.
    pub document_masked: String,
    /// Company or other organisation.
    pub legal_person: bool,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
