//! The records of owners: who may see and change them, and the use cases around them.

use access::{Resource, Role};
use ids::{DivisionCode, OwnerId};
use rpc::{CallContext, General};

use super::App;
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::owner::Owner;
use crate::domain::owner::event::OwnerEvent;
use crate::domain::owner::record::OwnerRecord;
use crate::domain::refusal::Refusal as RegistryRefusal;
use crate::error::AppError;
use crate::store::{Snapshot, areas, divisions, homes, owner_records, owners};

pub mod agents;
pub mod find_owner;
pub mod holdings;
pub mod list_looks;
pub mod list_unverified;
pub mod reveal_owner;
pub mod set_mobile;
pub mod verify_owner;

/// An owner on whom the caller may do what is asked.
pub(super) struct Permitted {
    /// The owner, masked.
    pub(super) owner: Owner,
    /// Where events about the owner belong: the one community of the owner's homes, or the city.
    pub(super) division: DivisionCode,
    /// The role by which the caller may.
    pub(super) role: String,
}

impl App {
    /// An owner on whom the caller may do what is asked: the owner itself, or an officer of a division in which the owner
    /// has a home.
    ///
    /// # Errors
    /// `OWNER_NOT_FOUND` where there is none, or where the caller may not know of one; `NOT_ALLOWED`.
    pub(super) async fn owner_for(
        &self,
        connection: &Snapshot,
        ctx: &CallContext,
        id: OwnerId,
    ) -> Result<Permitted, AppError> {
        let owner = owners::find(connection, id).await?;
        let owner = owner.ok_or(RegistryRefusal::OwnerNotFound)?;
        let divisions = divisions_of(connection, id).await?;
        let itself = Resource::owner(id);
        let mut asked = vec![itself.clone()];
        for division in &divisions {
            let resource = itself.clone().with_division(*division);
            asked.push(self.in_present_place(connection, resource).await?);
        }
        let allowed = |action| {
            let may = |resource: &&Resource| self.access.allows(&ctx.actor, action, resource);
            asked.iter().find(may)
        };
        let Some(resource) = allowed(ctx.action) else {
            return Err(if allowed(super::NAME_OWNERS).is_some() {
                let action = ctx.action.to_owned();
                General::NotAllowed { action }.into()
            } else {
                RegistryRefusal::OwnerNotFound.into()
            });
        };
        let role = self.access.acting_role(&ctx.actor, ctx.action, resource);
        let division = match division_among(&divisions) {
            Some(division) => division,
            None => divisions::city(connection).await?,
        };
        Ok(Permitted {
            owner,
            division,
            role: role.map_or(ctx.actor.acting_role(), Role::as_str).to_owned(),
        })
    }

    /// What is recorded of an owner, masked.
    ///
    /// # Errors
    /// `OWNER_NOT_FOUND`.
    pub async fn get_owner_record(&self, ctx: &CallContext, id: OwnerId) -> Result<OwnerRecord, AppError> {
        let snapshot = self.store.begin_read().await?;
        self.owner_for(&snapshot, ctx, id).await?;
        let mut record = owner_records::find(&snapshot, id).await?;
        // Who acted once is nobody's business any more.
        let today = self.today();
        record
            .agents
            .retain(|agent| agent.until_on.is_none_or(|end| today < end));
        Ok(record)
    }
}

/// The divisions in which an owner has homes, each once.
pub(super) async fn divisions_of(connection: &Snapshot, id: OwnerId) -> Result<Vec<DivisionCode>, AppError> {
    let area_ids = homes::areas_of(connection, id).await?;
    let mut divisions: Vec<_> = areas::find_many(connection, &area_ids)
        .await?
        .into_values()
        .map(|area| area.division)
        .collect();
    divisions.sort_unstable();
    divisions.dedup();
    Ok(divisions)
}

/// Where events about an owner belong who has homes in these divisions: the only one, else their city; none without homes.
pub(super) fn division_among(divisions: &[DivisionCode]) -> Option<DivisionCode> {
    match divisions {
        [only] => Some(*only),
        [first, ..] => Some(first.city()),
        [] => None,
    }
}

/// An event of an owner whose record has this version after it.
pub(super) fn happened(division: DivisionCode, version: i64, event: OwnerEvent) -> Happened {
    Happened {
        division,
        version,
        event: RegistryEvent::Owner(event),
    }
}
