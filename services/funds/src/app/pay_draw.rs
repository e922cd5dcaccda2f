//! The authority has the bank pay an accepted draw (划转; 165号令 articles 22 (5) and 23 (6)).

use ids::{DrawId, HomeId, PostingId};
use rpc::CallContext;
use serde::Serialize;

use super::App;
use crate::domain::draw::Draw;
use crate::domain::ledger::Posting;
use crate::domain::refusal::Refusal;
use crate::error::AppError;

/// A draw to pay.
#[derive(Debug, Clone, Serialize)]
pub struct PayDraw {
    /// The draw.
    pub draw_id: DrawId,
    /// The bank's reference of the payment; may be empty.
    pub bank_reference: String,
}

impl App {
    /// Pays the fund's part of an accepted draw out of the homes' reserved shares.
    ///
    /// # Errors
    /// `DRAW_NOT_FOUND`, `DRAW_WRONG_STATE`, `CONFLICT`; `NOT_ALLOWED` by policy.
    pub async fn pay_draw(&self, ctx: &CallContext, command: PayDraw) -> Result<Draw, AppError> {
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
        let now = self.clock.now();
        let (after, event) = before.pay(command.bank_reference.clone(), now)?;
        let shares = tx.shares(before.id).await?;
        let payers: Vec<HomeId> = shares
            .iter()
            .filter(|share| share.fund.is_positive())
            .map(|share| share.home_id)
            .collect();
        // The homes may have moved since the draw was decided: their money lies in other banks then.
        let (mut balances, ledgers) = tx.lock_with_banks(&payers, []).await?;
        tx.save_draw(&before, &after).await?;
        let payment: Vec<Posting> = Posting::payment(PostingId::generate(), &after, &shares, &ledgers, now)
            .into_iter()
            .collect();
        tx.book(&mut balances, &payment).await?;
        tx.publish(ctx, [&event]).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
