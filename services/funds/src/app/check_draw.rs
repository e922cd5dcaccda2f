//! The community confirms the need on site and hands the draw to the owners' vote (社区核实).

use ids::DrawId;
use rpc::CallContext;
use serde::Serialize;

use super::App;
use crate::domain::draw::Draw;
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::reads;

/// A draw to check.
#[derive(Debug, Clone, Serialize)]
pub struct CheckDraw {
    /// The draw.
    pub draw_id: DrawId,
    /// What was seen on site.
    pub remark: String,
}

impl App {
    /// Checks a proposed draw; committees prepares its ballot when it learns of it.
    ///
    /// # Errors
    /// `DRAW_NOT_FOUND`, `DRAW_WRONG_STATE`, `BUILDING_NOT_IN_AREA`, `SCOPE_WITHOUT_HOMES`; `NOT_ALLOWED` by policy.
    pub async fn check_draw(&self, ctx: &CallContext, command: CheckDraw) -> Result<Draw, AppError> {
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
        let (after, event) = before.check(command.remark.clone(), self.clock.now())?;
        // A regrouping may have moved buildings since the proposal: the roll of another area would be frozen.
        if let Some(building_id) = reads::building_elsewhere(tx.connection(), &before.scope).await? {
            return Err(Refusal::BuildingNotInArea { building_id }.into());
        }
        if reads::bearing_homes(tx.connection(), &before.scope, None)
            .await?
            .is_empty()
        {
            return Err(Refusal::ScopeWithoutHomes.into());
        }
        tx.save_draw(&before, &after).await?;
        tx.publish(ctx, [&event]).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
