//! Trainings.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "trainings")]
pub struct Model {
    /// Made when recorded.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The firm.
    pub firm_id: Uuid,
    /// What was taught.
    pub course: String,
    /// Who held it.
    pub organiser: String,
    /// The day.
    pub held_on: Date,
    /// Hours of teaching.
    pub hours: i32,
    /// Who took part, as JSON.
    pub staff_ids: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
