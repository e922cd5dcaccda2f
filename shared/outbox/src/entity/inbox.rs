//! Events that were handled: the guarantee that none takes effect twice.

use sea_orm::entity::prelude::*;

/// One event handled by one consumer.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inbox")]
pub struct Model {
    /// The durable consumer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub consumer: String,
    /// `ce-id`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: Uuid,
    /// When.
    pub handled_at: DateTimeUtc,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
