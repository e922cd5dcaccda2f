//! Shares of decided draws.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shares")]
pub struct Model {
    /// The draw.
    #[sea_orm(primary_key, auto_increment = false)]
    pub draw_id: Uuid,
    /// The home.
    #[sea_orm(primary_key, auto_increment = false)]
    pub home_id: Uuid,
    /// Exclusive area in 0.01 m².
    pub area: i64,
    /// Whether the share is the developer's.
    pub is_developers: bool,
    /// In fen.
    pub share: i64,
    /// From the sub-account, in fen.
    pub fund: i64,
    /// From the owners, in fen.
    pub owners_due: i64,
    /// From the developer, in fen.
    pub developer_due: i64,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
