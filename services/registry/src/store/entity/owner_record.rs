//! What is recorded of owners beside name and document; none for an owner of whom nothing is.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "owner_records")]
pub struct Model {
    /// Owner.
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: Uuid,
    /// Mobile number, sealed.
    pub mobile_sealed: Option<String>,
    /// Mobile number as others see it.
    pub mobile_masked: Option<String>,
    /// Keyed hash of the mobile number, in hexadecimal: finds the same number without opening any.
    pub mobile_index: Option<String>,
    /// `open`, `verified` or `mismatch`.
    pub verification: String,
    /// Day of the comparison; null while open.
    pub verified_on: Option<Date>,
    /// What differs; set exactly with a mismatch.
    pub mismatch: Option<String>,
    /// One higher with every change.
    pub version: i64,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
