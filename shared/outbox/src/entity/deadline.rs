//! What is to happen at a time.

use sea_orm::entity::prelude::*;

/// One deadline.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deadlines")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The use case that handles it.
    pub kind: String,
    /// What it concerns.
    pub aggregate: String,
    /// When, by the platform's clock.
    pub due_at: DateTimeUtc,
    /// The trace that set it.
    pub trace_parent: Option<String>,
    /// Taken by a process until then, by the machine's clock.
    pub claimed_until: Option<DateTimeUtc>,
    /// How often it was tried.
    pub attempts: i32,
    /// When it was handled or dropped; null until then.
    pub done_at: Option<DateTimeUtc>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
