//! The owners decided on new prices.

use ids::{BallotId, FeeStandardId, PriceAdjustmentId};
use rpc::CallContext;
use serde::Serialize;

use super::App;
use crate::domain::contract::{self, OTHER_MATTERS, Purpose};
use crate::domain::price::Adjustment;
use crate::error::AppError;
use crate::store::{ballots, fee_standards};

/// A decision.
#[derive(Debug, Clone, Serialize)]
pub struct DecidePriceAdjustment {
    /// The adjustment.
    pub adjustment_id: PriceAdjustmentId,
    /// The owners' ballot.
    pub ballot_id: BallotId,
}

impl App {
    /// Records what the owners decided. Where they agreed, the new standards are recorded with their first day to come,
    /// which is a deadline; where not, the adjustment is over.
    ///
    /// # Errors
    /// `ADJUSTMENT_NOT_FOUND`, `NOT_ALLOWED`, `ADJUSTMENT_FIRM_REPLACED`, `ADJUSTMENT_WRONG_STATE`, `BALLOT_NOT_DECIDED`,
    /// `BALLOT_OF_PART`, `BALLOT_OF_OTHER_MATTER`, `BALLOT_USED`, `BALLOT_BEFORE_REQUEST`, `STANDARD_NOT_FOUND`,
    /// `GRADE_UNKNOWN`, `PRICE_OUT_OF_BAND`, `CONFLICT`.
    pub async fn decide_price_adjustment(
        &self,
        ctx: &CallContext,
        command: DecidePriceAdjustment,
    ) -> Result<Adjustment, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let held = self.held_adjustment_of_manager(&tx, ctx, command.adjustment_id);
        let (area, before) = held.await?;
        let ballot = ballots::find(tx.connection(), command.ballot_id).await?;
        let ballot = ballot.ok_or(contract::Refusal::BallotNotDecided)?;
        // The fee plan is one of the other major matters, so more than half of those who vote are enough (FE-13).
        let passed = match ballot.check(area.id, &[OTHER_MATTERS]) {
            Ok(()) => true,
            Err(contract::Refusal::BallotNotPassed) => false,
            Err(refusal) => return Err(refusal.into()),
        };
        // A ballot that no adjustment asked for may have been about this one's plan all the same.
        if ballot.adjustment_id.is_some_and(|id| id != before.id) {
            return Err(contract::Refusal::BallotOfOtherMatter { item: ballot.item }.into());
        }
        for purpose in [Purpose::Price, Purpose::Regroup] {
            if tx.is_ballot_used(ballot.id, purpose).await? {
                return Err(contract::Refusal::BallotUsed.into());
            }
        }
        let today = self.today();
        let standing = fee_standards::last_of(tx.connection(), area.id).await?;
        let ids: Vec<FeeStandardId> = before.lines.iter().map(|_| FeeStandardId::generate()).collect();
        let rules = self.rules.prices_at(before.effective_on(today));
        let decision = (ballot.id, ballot.decided_on, passed);
        let (changed, standards) = before.decide(decision, &standing, &ids, today, &rules)?;
        for (standard, ended) in &standards {
            self.put_standard(&mut tx, ctx, standard, Some(ended)).await?;
        }
        tx.use_ballot(ballot.id, Purpose::Price, before.id).await?;
        let after = self.save_changed(&mut tx, ctx, changed).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
