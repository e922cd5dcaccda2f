//! The owners' contract with the firm that they decided to hire.

use ids::{AreaId, BallotId, ContractId, FirmId};
use rpc::CallContext;
use serde::Serialize;

use super::App;
use crate::domain::contract::{Contract, ContractKind, Entry, PROPERTY_FIRM, Purpose, Terms};
use crate::error::AppError;
use crate::store::management_modes;

/// A contract to record.
#[derive(Debug, Clone, Serialize)]
pub struct RecordContract {
    /// The area.
    pub area_id: AreaId,
    /// The property firm.
    pub firm_id: FirmId,
    /// What was agreed.
    pub terms: Terms,
    /// The owners' decision.
    pub ballot_id: BallotId,
}

impl App {
    /// Records a contract by the owners' decision; where its term has begun, it takes effect at once.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `NOT_ALLOWED`, `AREA_WITHOUT_FIRM`, `AREA_HAS_CONTRACT`, `FIRM_NOT_FOUND`, `FIRM_NOT_PROPERTY`,
    /// `BALLOT_NOT_DECIDED`, `BALLOT_OF_PART`, `BALLOT_OF_OTHER_MATTER`, `BALLOT_NOT_PASSED`, `BALLOT_USED`,
    /// `CONTRACT_DAY_TO_COME`, `TERM_REVERSED`, `PREPAYMENT_TOO_LONG`, `CONFLICT`.
    pub async fn record_contract(
        &self,
        ctx: &CallContext,
        command: RecordContract,
    ) -> Result<Contract, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let mut area = self.held_area(&mut tx, ctx, command.area_id).await?;
        let RecordContract {
            firm_id,
            terms,
            ballot_id,
            ..
        } = command.clone();
        let mode = management_modes::of_area(tx.connection(), &area).await?;
        mode.admits_firm(terms.from_on)?;
        self.property_firm(tx.connection(), firm_id).await?;
        self.decision(&tx, ballot_id, area.id, &[PROPERTY_FIRM], Purpose::Hire)
            .await?;
        let entry = Entry {
            id: ContractId::generate(),
            area_id: area.id,
            division: area.division,
            firm_id,
            kind: ContractKind::Ordinary,
            terms,
            ballot_id: Some(ballot_id),
            renews_id: None,
            reason: String::new(),
        };
        let contract = self.enter(&mut tx, ctx, &mut area, entry).await?;
        tx.use_ballot(ballot_id, Purpose::Hire, contract.id).await?;
        tx.remember(ctx, &command, contract.id, &contract).await?;
        tx.commit().await?;
        Ok(contract)
    }
}
