//! The owners have decided: reserve each home's share, or reject the draw.

use ids::PostingId;
use rpc::CallContext;

use super::App;
use crate::domain::allocation::{Bearer, Share};
use crate::domain::ballot::BallotOutcome;
use crate::domain::draw::{Decided, Draw};
use crate::domain::ledger::{Account, Posting};
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::{Tx, reads};

impl App {
    /// Follows a decided ballot, once. A ballot that was followed before, or whose draw was withdrawn meanwhile, has
    /// nothing left to do; any other draw that is not before the owners is refused and becomes a dead letter.
    ///
    /// # Errors
    /// `DRAW_NOT_FOUND`, `DRAW_WRONG_STATE`, `SCOPE_WITHOUT_HOMES`.
    pub async fn on_ballot_decided(&self, ctx: &CallContext, outcome: BallotOutcome) -> Result<(), AppError> {
        let mut tx = self.store.begin_write().await?;
        if !tx.first_time(ctx).await? {
            return Ok(());
        }
        let draw_id = outcome.draw_id;
        let before = tx.draw(draw_id).await?.ok_or(Refusal::DrawNotFound { draw_id })?;
        if before.is_done_with(outcome.ballot_id) {
            tx.commit().await?;
            return Ok(());
        }
        let (_, event) = match outcome.rejection() {
            None => self.reserve(&tx, &before, &outcome).await?,
            Some(why) => {
                let (after, event) = before.reject(&outcome, why)?;
                tx.save_draw(&before, &after).await?;
                (after, event)
            }
        };
        tx.publish(ctx, [&event]).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Splits the budget over the homes as the registry tells of them now, and sets the fund's part aside.
    async fn reserve(&self, tx: &Tx, before: &Draw, outcome: &BallotOutcome) -> Result<Decided, AppError> {
        // Who voted bears it: buildings that moved since the roll was frozen still do, those that came do not.
        let frozen_at = before.borne_as_of(outcome);
        let homes = reads::bearing_homes(tx.connection(), &before.scope, frozen_at).await?;
        let owned = homes.iter().filter(|home| !home.is_developers());
        let accounts = owned.flat_map(|home| [Account::Available(home.id), Account::Reserved(home.id)]);
        let mut balances = tx.lock_accounts(accounts).await?;
        let bearers: Vec<Bearer> = homes
            .iter()
            .map(|home| Bearer {
                home_id: home.id,
                area: home.exclusive_area,
                is_developers: home.is_developers(),
                cover: balances.get(Account::Available(home.id)).unwrap_or_default(),
            })
            .collect();
        let (decided, shares): (Decided, Vec<Share>) = before.reserve(outcome.ballot_id, &bearers)?;
        let after = &decided.0;
        tx.save_draw(before, after).await?;
        tx.replace_shares(after.id, &shares).await?;
        let now = self.clock.now();
        let reservation: Vec<Posting> = Posting::reservation(PostingId::generate(), after, &shares, now)
            .into_iter()
            .collect();
        tx.book(&mut balances, &reservation).await?;
        Ok(decided)
    }
}
