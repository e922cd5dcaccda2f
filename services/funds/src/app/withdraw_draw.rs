//! The proposer takes a draw back before the owners have decided.

use ids::DrawId;
use rpc::CallContext;
use serde::Serialize;

use super::App;
use crate::domain::draw::Draw;
use crate::domain::refusal::Refusal;
use crate::error::AppError;

/// A draw to withdraw.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawDraw {
    /// The draw.
    pub draw_id: DrawId,
    /// Why.
    pub reason: String,
}

impl App {
    /// Withdraws a draw that is proposed or before the owners.
    ///
    /// # Errors
    /// `DRAW_NOT_FOUND`, `DRAW_WRONG_STATE`; `NOT_ALLOWED` by policy.
    pub async fn withdraw_draw(&self, ctx: &CallContext, command: WithdrawDraw) -> Result<Draw, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay::<Draw>(ctx, &command).await? {
            return Ok(first);
        }
        let not_found = || Refusal::DrawNotFound {
            draw_id: command.draw_id,
        };
        let before = tx.draw(command.draw_id).await?.ok_or_else(not_found)?;
        let resource = self.draw_resource(tx.connection(), &ctx.actor, &before).await?;
        ctx.permit(&self.access, &resource, not_found)?;
        let (after, event) = before.withdraw(command.reason.clone())?;
        tx.save_draw(&before, &after).await?;
        tx.publish(ctx, [&event]).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
