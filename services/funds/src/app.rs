//! The use cases, one per file.

mod accept_work;
mod check_draw;
mod deposit_table;
mod get_draw;
mod get_statement;
mod get_trial_balance;
mod import_deposits;
mod list_draws;
mod list_shares;
mod on_ballot_decided;
mod on_ballot_withdrawn;
mod on_building_facts_recorded;
mod on_divisions_merged;
mod pay_draw;
mod places;
mod propose_draw;
mod replicate_registry;
mod withdraw_draw;

use std::sync::Arc;

use access::{Access, Principal, Resource, ResourceKind};
use calendar::Clock;
use ids::AreaId;
use rules::RuleSet;

use crate::domain::draw::Draw;
use crate::domain::home::ManagedArea;
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::{Connection, Store, reads};

pub use accept_work::AcceptWork;
pub use check_draw::CheckDraw;
pub use import_deposits::ImportDeposits;
pub use list_draws::ListDraws;
pub use pay_draw::PayDraw;
pub use propose_draw::ProposeDraw;
pub use replicate_registry::RegistryChange;
pub use withdraw_draw::WithdrawDraw;

/// The service: its ports and nothing else. Cheap to clone.
#[derive(Clone)]
pub struct App {
    store: Store,
    clock: Arc<dyn Clock>,
    access: Access,
    rules: Arc<RuleSet>,
}

impl App {
    /// Over these ports.
    pub fn new(store: Store, clock: Arc<dyn Clock>, access: Access, rules: Arc<RuleSet>) -> Self {
        App {
            store,
            clock,
            access,
            rules,
        }
    }

    /// The area as the policies see it; refuses `AREA_NOT_FOUND` where the registry has not told of it.
    async fn area(&self, connection: &impl Connection, area_id: AreaId) -> Result<ManagedArea, AppError> {
        let area = reads::area(connection, area_id).await?;
        area.ok_or_else(|| Refusal::AreaNotFound { area_id }.into())
    }

    /// A draw as the policies see it: with its area, and with the actor as owner where the actor has a home in it.
    async fn draw_resource(
        &self,
        connection: &impl Connection,
        actor: &Principal,
        draw: &Draw,
    ) -> Result<Resource, AppError> {
        let resource = Resource::new(ResourceKind::Draw, draw.id)
            .with_division(draw.division)
            .with_area(draw.scope.area_id)
            .with_proposer(draw.proposer);
        let resource = match reads::area(connection, draw.scope.area_id).await? {
            Some(area) => resource
                .with_manager(area.manager_id)
                .with_developer(area.developer_id),
            None => resource,
        };
        let resource = self.in_present_place(connection, resource).await?;
        let Some(owner_id) = actor.owner_id else {
            return Ok(resource);
        };
        let owns = reads::owns_in_draw(connection, owner_id, draw).await?;
        Ok(if owns {
            resource.with_owners([owner_id])
        } else {
            resource
        })
    }
}

/// An area as the policies see it.
fn area_resource(area: &ManagedArea) -> Resource {
    Resource::area(area.id, area.division)
        .with_manager(area.manager_id)
        .with_developer(area.developer_id)
}
