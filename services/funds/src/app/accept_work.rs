//! The finished work is accepted at its settled cost (竣工验收), and what is not needed is given back.

use std::collections::BTreeMap;

use ids::{DrawId, HomeId, PostingId};
use money::Fen;
use rpc::CallContext;
use serde::Serialize;

use super::App;
use crate::domain::allocation::Share;
use crate::domain::draw::Draw;
use crate::domain::ledger::{Account, Balances, Posting};
use crate::domain::refusal::Refusal;
use crate::error::AppError;

/// Work to accept.
#[derive(Debug, Clone, Serialize)]
pub struct AcceptWork {
    /// The draw.
    pub draw_id: DrawId,
    /// What it cost.
    pub settled: Fen,
}

impl App {
    /// Accepts the work of a reserved draw, splits the settled cost anew and releases the difference.
    ///
    /// # Errors
    /// `DRAW_NOT_FOUND`, `DRAW_WRONG_STATE`, `AMOUNT_NOT_POSITIVE`, `COST_OVER_BUDGET`; `NOT_ALLOWED` by policy.
    pub async fn accept_work(&self, ctx: &CallContext, command: AcceptWork) -> Result<Draw, AppError> {
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
        let reserved = tx.shares(before.id).await?;
        let mut balances = tx.lock_accounts(sub_accounts(&reserved)).await?;
        let now = self.clock.now();
        let ((after, event), shares) =
            before.accept(command.settled, &reserved, &available(&reserved, &balances), now)?;
        tx.save_draw(&before, &after).await?;
        tx.replace_shares(after.id, &shares).await?;
        let release = Posting::release(PostingId::generate(), &after, &reserved, &shares, now);
        let further = Posting::further_reservation(PostingId::generate(), &after, &reserved, &shares, now);
        let postings: Vec<Posting> = release.into_iter().chain(further).collect();
        tx.book(&mut balances, &postings).await?;
        tx.publish(ctx, [&event]).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}

/// Both accounts of every home that the fund pays for.
fn sub_accounts(shares: &[Share]) -> impl Iterator<Item = Account> {
    let of_fund = shares.iter().filter(|share| !share.is_developers);
    of_fund.flat_map(|share| {
        [
            Account::Available(share.home_id),
            Account::Reserved(share.home_id),
        ]
    })
}

fn available(shares: &[Share], balances: &Balances) -> BTreeMap<HomeId, Fen> {
    let of_home = |share: &Share| Some((share.home_id, balances.get(Account::Available(share.home_id))?));
    shares.iter().filter_map(of_home).collect()
}
