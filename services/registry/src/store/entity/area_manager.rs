//! Who managed areas through time.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "area_managers")]
pub struct Model {
    /// Area.
    #[sea_orm(primary_key, auto_increment = false)]
    pub area_id: Uuid,
    /// Version of the area from which it is so.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    /// Property firm.
    pub manager_id: Option<Uuid>,
    /// First day; none for as long as anything is known.
    pub since: Option<Date>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
