//! Parts of files, until the file was read.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_parts")]
pub struct Model {
    /// Import.
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: Uuid,
    /// Where it begins, in bytes.
    #[sea_orm(primary_key, auto_increment = false)]
    pub starts_at: i64,
    /// SHA-256 of its bytes in clear, in hexadecimal digits.
    pub digest: String,
    /// Its bytes, sealed: they may hold personal data.
    pub content: Vec<u8>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
