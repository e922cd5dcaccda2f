//! Events that are to be published, in the order in which they happened.

use sea_orm::entity::prelude::*;

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    /// Order of publication.
    #[sea_orm(primary_key)]
    pub seq: i64,
    /// `ce-id`.
    pub id: Uuid,
    /// `ce-type`.
    pub kind: String,
    /// NATS subject.
    pub address: String,
    /// `ce-subject`.
    pub aggregate: String,
    /// `ce-sequence`.
    pub version: i64,
    /// `ce-time`.
    pub happened_at: DateTimeUtc,
    /// `traceparent`.
    pub trace_parent: Option<String>,
    /// JSON body.
    pub body: String,
    /// When the stream had it; null until then.
    pub published_at: Option<DateTimeUtc>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
