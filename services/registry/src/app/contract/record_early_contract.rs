//! The contract that the developer signed with a firm before there was an assembly (前期物业服务合同).

use ids::{AreaId, ContractId, FirmId};
use rpc::CallContext;
use serde::Serialize;

use super::App;
use crate::domain::contract::{Contract, ContractKind, Entry, Terms};
use crate::error::AppError;
use crate::store::management_modes;

/// A contract to record.
#[derive(Debug, Clone, Serialize)]
pub struct RecordEarlyContract {
    /// The area.
    pub area_id: AreaId,
    /// The property firm.
    pub firm_id: FirmId,
    /// What was agreed.
    pub terms: Terms,
}

impl App {
    /// Records an early-stage contract; where its term has begun, it takes effect at once.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `NOT_ALLOWED`, `AREA_WITHOUT_FIRM`, `AREA_HAS_CONTRACT`, `FIRM_NOT_FOUND`, `FIRM_NOT_PROPERTY`,
    /// `CONTRACT_DAY_TO_COME`, `TERM_REVERSED`, `PREPAYMENT_TOO_LONG`, `CONFLICT`.
    pub async fn record_early_contract(
        &self,
        ctx: &CallContext,
        command: RecordEarlyContract,
    ) -> Result<Contract, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let mut area = self.held_area(&mut tx, ctx, command.area_id).await?;
        let mode = management_modes::of_area(tx.connection(), &area).await?;
        mode.admits_firm(command.terms.from_on)?;
        self.property_firm(tx.connection(), command.firm_id).await?;
        let entry = Entry {
            id: ContractId::generate(),
            area_id: area.id,
            division: area.division,
            firm_id: command.firm_id,
            kind: ContractKind::EarlyStage,
            terms: command.terms.clone(),
            ballot_id: None,
            renews_id: None,
            reason: String::new(),
        };
        let contract = self.enter(&mut tx, ctx, &mut area, entry).await?;
        tx.remember(ctx, &command, contract.id, &contract).await?;
        tx.commit().await?;
        Ok(contract)
    }
}
