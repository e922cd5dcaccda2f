//! Events that could not be handled, kept with the reason until somebody decides.

use sea_orm::entity::prelude::*;

/// One event that one reaction could not handle.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dead_letters")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The reaction.
    pub reaction: String,
    /// `ce-id`.
    pub event_id: Uuid,
    /// `ce-type`.
    pub kind: String,
    /// `ce-source`.
    pub source: String,
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
    /// Reason string of the last failure.
    pub reason: String,
    /// Its whole chain.
    pub report: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was given up.
    pub died_at: DateTimeUtc,
    /// When somebody asked to try it again; null before.
    pub replay_at: Option<DateTimeUtc>,
    /// When a replay handled it; null before.
    pub resolved_at: Option<DateTimeUtc>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
