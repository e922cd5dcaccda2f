//! Reading regroupings.

use access::Role;
use ids::RegroupingId;
use rpc::{CallContext, Page};

use super::not_found;
use crate::app::{App, after_id};
use crate::domain::regrouping::Regrouping;
use crate::error::AppError;
use crate::store::regroupings;

impl App {
    /// A regrouping.
    ///
    /// # Errors
    /// `REGROUPING_NOT_FOUND` where it is not, or where the caller may not know of it.
    pub async fn get_regrouping(&self, ctx: &CallContext, id: RegroupingId) -> Result<Regrouping, AppError> {
        let snapshot = self.store.begin_read().await?;
        let (found, resources) = self.regrouping_for(&snapshot, ctx, id).await?;
        self.permit_through(ctx, &resources, not_found)?;
        Ok(found)
    }

    /// A page of the regroupings that the caller may read, latest first, and the token of the next.
    ///
    /// # Errors
    /// `NOT_ALLOWED` without a role that reads any; `PAGE_TOKEN_INVALID`.
    pub async fn list_regroupings(
        &self,
        ctx: &CallContext,
        state: Option<&'static str>,
        page: Page,
    ) -> Result<(Vec<Regrouping>, String), AppError> {
        self.permit_city(ctx)?;
        let snapshot = self.store.begin_read().await?;
        let mut sight = regroupings::Sight::default();
        for role in &ctx.actor.roles {
            match role {
                Role::Community | Role::Street | Role::Authority | Role::Auditor => {
                    if let Some(jurisdiction) = ctx.actor.jurisdiction {
                        sight.divisions = self.with_predecessors(&snapshot, jurisdiction).await?;
                    }
                }
                Role::Firm => sight.firm_id = ctx.actor.firm_id(),
                Role::CommitteeMember => sight.area_id = ctx.actor.area_id(),
                Role::Owner => sight.owner_id = ctx.actor.owner_id,
                Role::Association | Role::Department | Role::Administrator => {}
            }
        }
        let after = after_id(&page)?;
        let mut found = regroupings::list(&snapshot, &sight, state, after, page.limit()).await?;
        let next = page.next(&mut found, |regrouping| regrouping.id.to_string());
        Ok((found, next))
    }
}
