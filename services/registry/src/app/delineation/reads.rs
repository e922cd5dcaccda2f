//! Reading delineations.

use access::Role;
use ids::DelineationId;
use rpc::{CallContext, Page, field};

use crate::app::App;
use crate::domain::delineation::Delineation;
use crate::domain::delineation::refusal::Refusal;
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::error::AppError;
use crate::store::delineations;

impl App {
    /// A delineation.
    ///
    /// # Errors
    /// `DELINEATION_NOT_FOUND` where it is not, or where the caller may not know of it.
    pub async fn get_delineation(
        &self,
        ctx: &CallContext,
        id: DelineationId,
    ) -> Result<Delineation, AppError> {
        let snapshot = self.store.begin_read().await?;
        let (found, resource) = self.delineation_for(&snapshot, id).await?;
        ctx.permit(&self.access, &resource, || {
            AnyRefusal::from(Refusal::DelineationNotFound)
        })?;
        Ok(found)
    }

    /// A page of the delineations that the caller may read, latest first, and the token of the next.
    ///
    /// # Errors
    /// `NOT_ALLOWED` without a role that reads any.
    pub async fn list_delineations(
        &self,
        ctx: &CallContext,
        state: Option<&'static str>,
        page: Page,
    ) -> Result<(Vec<Delineation>, String), AppError> {
        self.permit_city(ctx)?;
        let snapshot = self.store.begin_read().await?;
        let mut sight = delineations::Sight::default();
        for role in &ctx.actor.roles {
            match role {
                Role::Community | Role::Street | Role::Authority | Role::Department | Role::Auditor => {
                    if let Some(jurisdiction) = ctx.actor.jurisdiction {
                        sight.divisions = self.with_predecessors(&snapshot, jurisdiction).await?;
                    }
                }
                Role::Firm => sight.developer_id = ctx.actor.firm_id(),
                Role::Owner | Role::CommitteeMember | Role::Association | Role::Administrator => {}
            }
        }
        let after = page
            .after
            .as_deref()
            .map(|after| field::id("pageToken", after))
            .transpose()?;
        let mut found: Vec<Delineation> =
            delineations::list(&snapshot, &sight, state, after, page.limit()).await?;
        let next = page.next(&mut found, |delineation: &Delineation| {
            DelineationId::to_string(&delineation.id)
        });
        Ok((found, next))
    }
}
