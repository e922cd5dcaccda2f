//! Checks of service rooms.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "service_room_checks")]
pub struct Model {
    /// The area.
    #[sea_orm(primary_key, auto_increment = false)]
    pub area_id: Uuid,
    /// One higher with every check of the area.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    /// Day of the check.
    pub checked_on: Date,
    /// The whole check, as JSON; never queried.
    #[sea_orm(column_type = "Text")]
    pub detail: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
