//! Reading an owner, masked.

use access::Resource;
use ids::OwnerId;
use rpc::CallContext;

use super::App;
use crate::domain::owner::Owner;
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::{areas, homes, owners};

impl App {
    /// The owner, masked: to the owner, and to whoever is responsible for a division in which the owner has a home.
    ///
    /// # Errors
    /// `OWNER_NOT_FOUND` where there is none, or where the caller may not know of one.
    pub async fn get_owner(&self, ctx: &CallContext, id: OwnerId) -> Result<Owner, AppError> {
        let snapshot = self.store.begin_read().await?;
        let owner = owners::find(&snapshot, id).await?.ok_or(Refusal::OwnerNotFound)?;
        let area_ids = homes::areas_of(&snapshot, id).await?;
        let mut divisions: Vec<_> = areas::find_many(&snapshot, &area_ids)
            .await?
            .into_values()
            .map(|area| area.division)
            .collect();
        divisions.sort_unstable();
        divisions.dedup();
        let owner_itself = Resource::owner(id);
        let mut in_divisions = Vec::with_capacity(divisions.len());
        for division in divisions {
            let resource = owner_itself.clone().with_division(division);
            in_divisions.push(self.in_present_place(&snapshot, resource).await?);
        }
        let known = ctx.actor.is_service()
            || std::iter::once(owner_itself.clone())
                .chain(in_divisions)
                .any(|resource| self.access.allows(&ctx.actor, ctx.action, &resource));
        if known {
            Ok(owner)
        } else {
            Err(Refusal::OwnerNotFound.into())
        }
    }
}
