//! Lists draws.

use access::{Principal, Resource, Role};
use ids::{AreaId, DrawId};
use rpc::{CallContext, Invalid, Page};

use super::App;
use crate::domain::draw::Draw;
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::reads::{self, DrawFilter, Sight};

/// Which draws to list.
#[derive(Debug, Clone)]
pub struct ListDraws {
    /// Only those of this area.
    pub area_id: Option<AreaId>,
    /// Only those in this state, by its word.
    pub state: Option<&'static str>,
    /// The page.
    pub page: Page,
}

impl App {
    /// A page of the draws that the caller may see, newest first, and the token of the next.
    ///
    /// # Errors
    /// `NOT_ALLOWED` by policy; `PAGE_TOKEN_INVALID`.
    pub async fn list_draws(
        &self,
        ctx: &CallContext,
        query: ListDraws,
    ) -> Result<(Vec<Draw>, String), AppError> {
        let area_id = query
            .area_id
            .unwrap_or_else(|| AreaId::from_uuid(uuid::Uuid::nil()));
        ctx.permit(&self.access, &Resource::city(), || Refusal::AreaNotFound {
            area_id,
        })?;
        let filter = DrawFilter {
            area_id: query.area_id,
            state: query.state,
            before: query.page.after.as_deref().map(key::<DrawId>).transpose()?,
            limit: query.page.limit(),
        };
        let reader = self.store.reader();
        let mut draws = reads::list_draws(reader, &self.sight(&ctx.actor).await?, &filter).await?;
        let next = query.page.next(&mut draws, |draw| draw.id.to_string());
        Ok((draws, next))
    }

    /// What the policies let each role see of a draw, as a filter: the same rule as `funds.GetDraw`.
    async fn sight(&self, actor: &Principal) -> Result<Sight, AppError> {
        let is_officer = [Role::Community, Role::Street, Role::Authority, Role::Auditor]
            .iter()
            .any(|role| actor.has_role(*role));
        let divisions = match actor.jurisdiction.filter(|_| is_officer) {
            Some(division) => self.territory(self.store.reader(), division).await?,
            None => Vec::new(),
        };
        Ok(Sight {
            divisions,
            owner_id: actor.owner_id.filter(|_| actor.has_role(Role::Owner)),
            firm_id: actor.firm_id().filter(|_| actor.has_role(Role::Firm)),
            area_id: actor.area_id().filter(|_| actor.has_role(Role::CommitteeMember)),
        })
    }
}

/// The key of a page token, which we wrote ourselves.
pub(super) fn key<T: std::str::FromStr>(text: &str) -> Result<T, Invalid> {
    text.parse().map_err(|_| {
        Invalid::new(
            "pageToken",
            "PAGE_TOKEN_INVALID",
            "is not one that we sent",
            "不是本系统返回的分页标记",
        )
    })
}
