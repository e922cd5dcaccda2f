//! Which code finds which lines of a published roll.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roll_codes")]
pub struct Model {
    /// Roll.
    #[sea_orm(primary_key, auto_increment = false)]
    pub roll_id: Uuid,
    /// Keyed hash of the code, in hexadecimal: the codes themselves are nowhere.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code_index: String,
    /// Line.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line: i32,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
