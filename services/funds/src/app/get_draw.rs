//! Reads a draw.

use ids::DrawId;
use rpc::CallContext;

use super::App;
use crate::domain::draw::Draw;
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::reads;

impl App {
    /// The draw, where the caller may see it.
    ///
    /// # Errors
    /// `DRAW_NOT_FOUND`, also where the caller may not know of it.
    pub async fn get_draw(&self, ctx: &CallContext, draw_id: DrawId) -> Result<Draw, AppError> {
        let not_found = || Refusal::DrawNotFound { draw_id };
        let reader = self.store.reader();
        let draw = reads::draw(reader, draw_id).await?.ok_or_else(not_found)?;
        let resource = self.draw_resource(reader, &ctx.actor, &draw).await?;
        ctx.permit(&self.access, &resource, not_found)?;
        Ok(draw)
    }
}
