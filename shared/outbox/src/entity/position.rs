//! How far a consumer that follows every version has come with each aggregate.

use sea_orm::entity::prelude::*;

/// One aggregate as one consumer knows it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "positions")]
pub struct Model {
    /// The durable consumer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub consumer: String,
    /// `ce-subject`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub aggregate: String,
    /// The last version handled.
    pub version: i64,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
