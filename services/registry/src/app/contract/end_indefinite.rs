//! A party ends a contract of indefinite term by notice.

use access::Role;
use chrono::NaiveDate;
use ids::{BallotId, ContractId};
use rpc::CallContext;
use serde::Serialize;

use super::App;
use crate::domain::contract::{Contract, PROPERTY_FIRM, Party, Purpose, Refusal};
use crate::error::AppError;

/// A notice.
#[derive(Debug, Clone, Serialize)]
pub struct EndIndefinite {
    /// The contract.
    pub contract_id: ContractId,
    /// Day on which the other party had the notice.
    pub noticed_on: NaiveDate,
    /// The owners' decision; none where the firm ends it.
    pub ballot_id: Option<BallotId>,
}

impl App {
    /// Records the notice that ends an indefinite term: the firm's own, or the owners' by their decision.
    ///
    /// # Errors
    /// `CONTRACT_NOT_FOUND`, `NOT_ALLOWED`, `CONTRACT_WRONG_STATE`, `BALLOT_NOT_DECIDED`, `BALLOT_OF_PART`,
    /// `BALLOT_OF_OTHER_MATTER`, `BALLOT_NOT_PASSED`, `BALLOT_USED`, `BALLOT_NOT_NEEDED`, `NOTICE_BEFORE_BALLOT`,
    /// `CONTRACT_DAY_TO_COME`, `CONFLICT`.
    pub async fn end_indefinite(
        &self,
        ctx: &CallContext,
        command: EndIndefinite,
    ) -> Result<Contract, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (mut area, before) = self.held_contract(&mut tx, ctx, command.contract_id).await?;
        let decision = match (party_of(ctx, &before), command.ballot_id) {
            (Party::Firm, None) => None,
            (Party::Firm, Some(_)) => return Err(Refusal::BallotNotNeeded.into()),
            (Party::Owners, None) => return Err(Refusal::BallotNotDecided.into()),
            (Party::Owners, Some(ballot_id)) => {
                let ballot = self
                    .decision(&tx, ballot_id, area.id, &[PROPERTY_FIRM], Purpose::Dismiss)
                    .await?;
                tx.use_ballot(ballot.id, Purpose::Dismiss, before.id).await?;
                Some((ballot.id, ballot.decided_on))
            }
        };
        let rules = self.contract_rules()?;
        let changed = before.end_indefinite(decision, command.noticed_on, self.today(), &rules)?;
        let after = self.change(&mut tx, ctx, &mut area, &before, changed).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}

/// For whom the caller acts: the policies let nobody else come so far.
fn party_of(ctx: &CallContext, contract: &Contract) -> Party {
    if ctx.actor.has_role(Role::Firm) && ctx.actor.firm_id() == Some(contract.firm_id) {
        Party::Firm
    } else {
        Party::Owners
    }
}
