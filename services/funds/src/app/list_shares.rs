//! Lists what each home bears of a draw (分摊明细), published to the owners concerned (165号令 article 30).

use ids::{DrawId, HomeId};
use rpc::{CallContext, Page};

use super::App;
use super::list_draws::key;
use crate::domain::allocation::Share;
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::reads;

impl App {
    /// A page of the draw's shares by home, and the token of the next; none before the owners have agreed.
    ///
    /// # Errors
    /// `DRAW_NOT_FOUND`, also where the caller may not know of it; `NOT_ALLOWED` by policy; `PAGE_TOKEN_INVALID`.
    pub async fn list_shares(
        &self,
        ctx: &CallContext,
        draw_id: DrawId,
        page: Page,
    ) -> Result<(Vec<Share>, String), AppError> {
        let not_found = || Refusal::DrawNotFound { draw_id };
        let reader = self.store.reader();
        let draw = reads::draw(reader, draw_id).await?.ok_or_else(not_found)?;
        let resource = self.draw_resource(reader, &ctx.actor, &draw).await?;
        ctx.permit(&self.access, &resource, not_found)?;
        let after = page.after.as_deref().map(key::<HomeId>).transpose()?;
        let mut shares = reads::list_shares(reader, draw_id, after, page.limit()).await?;
        let next = page.next(&mut shares, |share| share.home_id.to_string());
        Ok((shares, next))
    }
}
