//! Areas of buildings through time.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "building_areas")]
pub struct Model {
    /// The building.
    #[sea_orm(primary_key, auto_increment = false)]
    pub building_id: Uuid,
    /// 0 for the area it was recorded with, then one higher each.
    #[sea_orm(primary_key, auto_increment = false)]
    pub place: i32,
    /// The area.
    pub area_id: Uuid,
    /// Its number there.
    pub number: String,
    /// First day on which it belongs to it; none for the first.
    pub since: Option<Date>,
    /// By which regrouping; none for the first.
    pub regrouping_id: Option<Uuid>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
