//! The use cases of the registry, one a file.

use std::sync::Arc;

use access::{Access, Principal, Resource, ResourceKind, Role};
use calendar::Clock;
use chrono::NaiveDate;
use ids::OwnerId;
use rpc::{CallContext, General, Invalid, Page};
use rules::RuleSet;
use sealing::Sealer;
use tokio::sync::Semaphore;

use crate::domain::area::Area;
use crate::domain::building::Building;
use crate::domain::home::Home;
use crate::domain::ownership::Ownership;
use crate::domain::personal::Personal;
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::areas::Sight;
use crate::store::{Readable, Store, areas, homes};

mod as_of;
pub mod contract;
pub mod delineation;
pub mod deliver_homes;
mod directory;
pub mod division;
mod dossiers;
pub mod examine_set_up;
pub mod exports;
pub mod firm;
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
mod looks;
pub mod owner;
pub mod part;
mod places;
pub mod price;
pub mod regrouping;
pub mod roll;
pub mod roster;
pub mod search;
pub mod service_rooms;
mod shape;
mod statutes;
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
    pub fn today(&self) -> NaiveDate {
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
        let resource = self
            .in_present_place(connection, area_resource(&area, own))
            .await?;
        Ok((area, resource))
    }

    /// Tells commands with other personal data apart without keeping any: a keyed hash, for the memory of commands.
    fn fingerprint(&self, personal: &[&Personal]) -> String {
        let lengths: Vec<String> = personal
            .iter()
            .map(|text| format!("{}:{}", text.expose().len(), text.expose()))
            .collect();
        hex::encode(self.sealer.blind_index("command", &lengths.concat()))
    }

    /// A plain number of the rules of today.
    fn number_of_today(&self, name: &'static str) -> Result<u32, AppError> {
        let read = || {
            let value = self.rules.at(self.today())?.parameter(name)?.value;
            Ok::<_, rules::RuleError>(u32::try_from(value).unwrap_or(u32::MAX))
        };
        read().map_err(|error| {
            General::Internal {
                source: Box::new(error),
            }
            .into()
        })
    }

    /// Whether the caller may be told who owns the homes of this resource.
    fn may_name_owners(&self, ctx: &CallContext, resource: &Resource) -> bool {
        ctx.actor.is_service() || self.access.allows(&ctx.actor, NAME_OWNERS, resource)
    }
}

/// The same caller under another action.
fn acting_as(ctx: &CallContext, action: &'static str) -> CallContext {
    let mut other = ctx.clone();
    other.action = action;
    other
}

/// The id after which a page goes on; refuses a token that is none of ours.
fn after_id<K: ids::Kind>(page: &Page) -> Result<Option<ids::Id<K>>, Invalid> {
    let parse = |text: &str| text.parse().map_err(|_| foreign_token());
    page.after.as_deref().map(parse).transpose()
}

/// The row after which a page goes on, where rows have no id that is told.
fn after_row(page: &Page) -> Result<Option<uuid::Uuid>, Invalid> {
    let parse = |text: &str| text.parse().map_err(|_| foreign_token());
    page.after.as_deref().map(parse).transpose()
}

fn foreign_token() -> Invalid {
    Invalid::new(
        "pageToken",
        "PAGE_TOKEN_INVALID",
        "is not one that we sent",
        "不是本系统返回的分页标记",
    )
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
            Role::Association
            | Role::Community
            | Role::Street
            | Role::Authority
            | Role::Department
            | Role::Auditor => {
                sight.divisions = actor.jurisdiction.into_iter().collect();
            }
            Role::Firm => sight.firm_id = actor.firm_id(),
            Role::CommitteeMember => sight.area_id = actor.area_id(),
            Role::Owner => sight.owner_id = actor.owner_id,
        }
    }
    sight
}
