//! The use cases of the registry, one a file.

use std::sync::Arc;

use access::{Access, Principal, Resource, ResourceKind, Role};
use calendar::Clock;
use chrono::NaiveDate;
use ids::OwnerId;
use rpc::{CallContext, General};
use rules::RuleSet;
use sealing::Sealer;
use tokio::sync::Semaphore;

use crate::domain::area::Area;
use crate::domain::building::Building;
use crate::domain::home::Home;
use crate::domain::ownership::Ownership;
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::areas::Sight;
use crate::store::{Readable, Store, areas, homes};

pub mod deliver_homes;
pub mod examine_set_up;
pub mod exports;
pub mod get_area;
pub mod get_home;
pub mod get_owner;
pub mod get_set_up;
pub mod import_table;
pub mod imports;
pub mod list_areas;
pub mod list_buildings;
pub mod list_divisions;
pub mod list_firms;
pub mod list_homes;
pub mod stream_roll;
mod tables;
pub mod transfer_home;

/// The action under which owners of homes may be named to somebody who reads the homes.
const NAME_OWNERS: &str = "registry.GetOwner";

/// The registry. Cheap to clone.
#[derive(Clone)]
pub struct App {
    store: Store,
    clock: Arc<dyn Clock>,
    access: Access,
    sealer: Sealer,
    rules: Arc<RuleSet>,
    exports: Arc<Semaphore>,
}

impl App {
    /// The registry over its store; `sealer` seals what is personal.
    pub fn new(
        store: outbox::Store,
        clock: Arc<dyn Clock>,
        access: Access,
        sealer: Sealer,
        rules: Arc<RuleSet>,
    ) -> Self {
        App {
            store: Store::new(store),
            clock,
            access,
            sealer,
            rules,
            exports: Arc::new(Semaphore::new(exports::AT_ONCE)),
        }
    }

    /// Today in China.
    fn today(&self) -> NaiveDate {
        calendar::today(self.clock.now())
    }

    /// Refuses where the caller may not do this to the registers as a whole, whose existence is no secret.
    fn permit_city(&self, ctx: &CallContext) -> Result<(), AppError> {
        if ctx.actor.is_service() || self.access.allows(&ctx.actor, ctx.action, &Resource::city()) {
            return Ok(());
        }
        Err(General::NotAllowed {
            action: ctx.action.to_owned(),
        }
        .into())
    }

    /// An area that exists, as the policies see it for this caller.
    async fn area_for(
        &self,
        connection: &impl Readable,
        ctx: &CallContext,
        id: ids::AreaId,
    ) -> Result<(Area, Resource), AppError> {
        let area = areas::find(connection, id).await?.ok_or(Refusal::AreaNotFound)?;
        let own = match ctx.actor.owner_id {
            Some(owner_id) if homes::has_home(connection, owner_id, id).await? => Some(owner_id),
            _ => None,
        };
        let resource = area_resource(&area, own);
        Ok((area, resource))
    }

    /// Whether the caller may be told who owns the homes of this resource.
    fn may_name_owners(&self, ctx: &CallContext, resource: &Resource) -> bool {
        ctx.actor.is_service() || self.access.allows(&ctx.actor, NAME_OWNERS, resource)
    }
}

/// An area; `own` is the caller, where the caller has a home in it.
fn area_resource(area: &Area, own: Option<OwnerId>) -> Resource {
    Resource::area(area.id, area.division)
        .with_manager(area.manager_id)
        .with_developer(area.developer_id)
        .with_owners(own)
}

/// A building.
fn building_resource(building: &Building, area: &Area) -> Resource {
    Resource::new(ResourceKind::Building, building.id)
        .with_division(area.division)
        .with_area(area.id)
        .with_manager(area.manager_id)
        .with_developer(area.developer_id)
}

/// A home with who owns it now.
fn home_resource(home: &Home, area: &Area, ownership: Option<&Ownership>) -> Resource {
    Resource::new(ResourceKind::Home, home.id)
        .with_division(area.division)
        .with_area(area.id)
        .with_manager(area.manager_id)
        .with_developer(area.developer_id)
        .with_owners(ownership.iter().flat_map(|held| held.owner_ids.iter().copied()))
}

/// Which areas the caller's roles let the caller see in a list.
fn sight_of(actor: &Principal) -> Sight {
    let mut sight = Sight {
        everything: actor.is_service(),
        ..Sight::default()
    };
    for role in &actor.roles {
        match role {
            Role::Administrator => sight.everything = true,
            Role::Community | Role::Street | Role::Authority | Role::Department | Role::Auditor => {
                sight.division = actor.jurisdiction;
            }
            Role::Firm => sight.firm_id = actor.firm_id(),
            Role::CommitteeMember => sight.area_id = actor.area_id(),
            Role::Owner => sight.owner_id = actor.owner_id,
        }
    }
    sight
}
