//! The same firm is hired again before the term runs out (续聘).

use chrono::NaiveDate;
use ids::{BallotId, ContractId};
use rpc::CallContext;
use serde::Serialize;

use super::App;
use crate::domain::contract::{Contract, ContractKind, Entry, PROPERTY_FIRM, Purpose, Terms};
use crate::error::AppError;
use crate::store::management_modes;

/// A renewal.
#[derive(Debug, Clone, Serialize)]
pub struct RenewContract {
    /// The contract that runs out.
    pub contract_id: ContractId,
    /// What was agreed; its first day is set to the day after the old term.
    pub terms: Terms,
    /// The owners' decision.
    pub ballot_id: BallotId,
}

impl App {
    /// Records the contract that follows this one, with the same firm.
    ///
    /// # Errors
    /// `CONTRACT_NOT_FOUND`, `NOT_ALLOWED`, `CONTRACT_WRONG_STATE`, `CONTRACT_NOT_RENEWABLE`, `RENEWAL_TOO_LATE`,
    /// `AREA_WITHOUT_FIRM`, `AREA_HAS_CONTRACT`, those of the ballot and of the terms as in recording, `CONFLICT`.
    pub async fn renew_contract(
        &self,
        ctx: &CallContext,
        command: RenewContract,
    ) -> Result<Contract, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (mut area, before) = self.held_contract(&mut tx, ctx, command.contract_id).await?;
        let from_on: NaiveDate = before.renewal_from(command.terms.signed_on)?;
        let mode = management_modes::of_area(tx.connection(), &area).await?;
        mode.admits_firm(from_on)?;
        let ballot_id = command.ballot_id;
        self.decision(&tx, ballot_id, area.id, &[PROPERTY_FIRM], Purpose::Hire)
            .await?;
        let entry = Entry {
            id: ContractId::generate(),
            area_id: area.id,
            division: area.division,
            firm_id: before.firm_id,
            // The owners hire it now, also where the developer did before.
            kind: ContractKind::Ordinary,
            terms: Terms {
                from_on,
                ..command.terms.clone()
            },
            ballot_id: Some(ballot_id),
            renews_id: Some(before.id),
            reason: String::new(),
        };
        let contract = self.enter(&mut tx, ctx, &mut area, entry).await?;
        tx.use_ballot(ballot_id, Purpose::Hire, contract.id).await?;
        tx.remember(ctx, &command, contract.id, &contract).await?;
        tx.commit().await?;
        Ok(contract)
    }
}
