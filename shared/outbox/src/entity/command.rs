//! Every accepted write, once: the memory of idempotency keys and the audit log at the same time.

use sea_orm::entity::prelude::*;

/// One accepted write.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "commands")]
pub struct Model {
    /// Who called.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    /// The caller's key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// The rpc.
    pub action: String,
    /// The role it was done in.
    pub role: String,
    /// What it was done to.
    pub aggregate: String,
    /// SHA-256 of action and input.
    pub input_hash: String,
    /// The first answer, as JSON.
    pub answer: String,
    /// The caller's reason.
    pub reason: Option<String>,
    /// The trace.
    pub trace_parent: Option<String>,
    /// When.
    pub accepted_at: DateTimeUtc,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
