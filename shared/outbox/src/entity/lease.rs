//! Who leads what, and until when.

use sea_orm::entity::prelude::*;

/// One lease.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "leases")]
pub struct Model {
    /// What is led.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// The process.
    pub holder: Uuid,
    /// Until then, by the machine's clock.
    pub expires_at: DateTimeUtc,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
