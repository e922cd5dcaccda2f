//! Whom a file named beside the owners of its place, and what else it showed of these.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "export_look_people")]
pub struct Model {
    /// Look, a row of `export_looks`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub look_id: Uuid,
    /// Who, a row of owners.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    /// What was shown, as a JSON list.
    pub fields: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
