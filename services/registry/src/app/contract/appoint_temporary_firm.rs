//! The street names a firm for a time while nobody serves (临时物业服务).

use chrono::NaiveDate;
use ids::{AreaId, ContractId, FirmId};
use rpc::CallContext;
use serde::Serialize;

use super::App;
use crate::domain::contract::{Contract, ContractKind, Entry, Refusal, Terms};
use crate::error::AppError;
use crate::store::contracts;

/// A temporary firm.
#[derive(Debug, Clone, Serialize)]
pub struct AppointTemporaryFirm {
    /// The area.
    pub area_id: AreaId,
    /// The property firm.
    pub firm_id: FirmId,
    /// On what terms.
    pub terms: Terms,
    /// Why.
    pub reason: String,
    /// Last day on which the bound firm served, where one is bound and has left.
    pub abandoned_on: Option<NaiveDate>,
}

impl App {
    /// Ends the contract of a firm that has left, where one is bound, and records the temporary one.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `NOT_ALLOWED`, `AREA_HAS_CONTRACT`, `CONTRACT_NOT_FOUND` where a firm is said to have left and
    /// none is bound, `FIRM_NOT_FOUND`, `FIRM_NOT_PROPERTY`, `TEMPORARY_TERM_TOO_LONG`, those of the terms, `CONFLICT`.
    pub async fn appoint_temporary_firm(
        &self,
        ctx: &CallContext,
        command: AppointTemporaryFirm,
    ) -> Result<Contract, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let mut area = self.held_area(&mut tx, ctx, command.area_id).await?;
        self.property_firm(tx.connection(), command.firm_id).await?;
        if let Some(on) = command.abandoned_on {
            let standing = contracts::standing(tx.connection(), area.id).await?;
            let bound = standing.into_iter().find(|contract| contract.state.is_binding());
            let bound = bound.ok_or(Refusal::ContractNotFound)?;
            let changed = bound.abandon(on, self.today(), &self.contract_rules()?)?;
            self.change(&mut tx, ctx, &mut area, &bound, changed).await?;
        }
        let entry = Entry {
            id: ContractId::generate(),
            area_id: area.id,
            division: area.division,
            firm_id: command.firm_id,
            kind: ContractKind::Temporary,
            terms: command.terms.clone(),
            ballot_id: None,
            renews_id: None,
            reason: command.reason.clone(),
        };
        let contract = self.enter(&mut tx, ctx, &mut area, entry).await?;
        tx.remember(ctx, &command, contract.id, &contract).await?;
        tx.commit().await?;
        Ok(contract)
    }
}
