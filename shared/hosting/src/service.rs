//! What a service is to its host: a name, migrations, and the parts it is made of.

use std::sync::Arc;

use outbox::{Deadlines, Reactions, Store};
use sea_orm_migration::MigrationTrait;
use tonic::service::Routes;

use crate::Host;

/// A service that a host can run. Implemented once per service, in its `lib.rs`, by a type without data.
#[async_trait::async_trait]
pub trait Service: Send + Sync + 'static {
    /// Its name, in proto packages, subjects, policies and configuration alike: `funds`.
    const NAME: &'static str;

    /// Its own migrations, in order; those of the outbox come before them.
    fn migrations() -> Vec<Box<dyn MigrationTrait>>;

    /// Puts it together. Nothing runs yet: the host serves the routes and follows reactions and deadlines.
    async fn assemble(host: &Host, store: Store) -> anyhow::Result<Parts>;
}

/// What a service is made of.
pub struct Parts {
    /// Its rpcs.
    pub routes: Routes,
    /// Its reactions to other services' events.
    pub reactions: Reactions,
    /// Its deadlines.
    pub deadlines: Deadlines,
}

/// The dated rules that a service is given.
pub type SharedRules = Arc<rules::RuleSet>;
