//! The owners have decided to dismiss the firm, and it was told so in writing (解聘).

use chrono::NaiveDate;
use ids::{BallotId, ContractId};
use rpc::CallContext;
use serde::Serialize;

use super::App;
use crate::domain::contract::{Contract, PROPERTY_FIRM, Purpose};
use crate::error::AppError;

/// A dismissal.
#[derive(Debug, Clone, Serialize)]
pub struct DismissFirm {
    /// The contract.
    pub contract_id: ContractId,
    /// The owners' decision.
    pub ballot_id: BallotId,
    /// Day on which the firm had the notice.
    pub noticed_on: NaiveDate,
}

impl App {
    /// Records the notice of a dismissal; the contract ends when its time is over.
    ///
    /// # Errors
    /// `CONTRACT_NOT_FOUND`, `NOT_ALLOWED`, `CONTRACT_WRONG_STATE`, `BALLOT_NOT_DECIDED`, `BALLOT_OF_PART`,
    /// `BALLOT_OF_OTHER_MATTER`, `BALLOT_NOT_PASSED`, `BALLOT_USED`, `NOTICE_BEFORE_BALLOT`, `CONTRACT_DAY_TO_COME`,
    /// `CONFLICT`.
    pub async fn dismiss_firm(&self, ctx: &CallContext, command: DismissFirm) -> Result<Contract, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (mut area, before) = self.held_contract(&mut tx, ctx, command.contract_id).await?;
        let ballot = self
            .decision(
                &tx,
                command.ballot_id,
                area.id,
                &[PROPERTY_FIRM],
                Purpose::Dismiss,
            )
            .await?;
        let changed = before.dismiss(
            ballot.id,
            ballot.decided_on,
            command.noticed_on,
            self.today(),
            &self.contract_rules()?,
        )?;
        tx.use_ballot(ballot.id, Purpose::Dismiss, before.id).await?;
        let after = self.change(&mut tx, ctx, &mut area, &before, changed).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
