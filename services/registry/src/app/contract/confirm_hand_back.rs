//! The firm of an ended contract has handed something back (退出移交).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use ids::ContractId;
use rpc::CallContext;
use serde::Serialize;

use super::App;
use crate::domain::contract::{Contract, Item};
use crate::error::AppError;

/// What was handed back.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmHandBack {
    /// The contract.
    pub contract_id: ContractId,
    /// What, at least one.
    pub items: BTreeSet<Item>,
    /// When.
    pub on: NaiveDate,
}

impl App {
    /// Records what was handed back, by who takes it for the owners.
    ///
    /// # Errors
    /// `CONTRACT_NOT_FOUND`, `NOT_ALLOWED`, `CONTRACT_WRONG_STATE`, `HAND_BACK_NOT_DUE`, `HAND_BACK_CONFIRMED`,
    /// `CONTRACT_DAY_TO_COME`, `CONFLICT`.
    pub async fn confirm_hand_back(
        &self,
        ctx: &CallContext,
        command: ConfirmHandBack,
    ) -> Result<Contract, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (mut area, before) = self.held_contract(&mut tx, ctx, command.contract_id).await?;
        let changed = before.confirm_hand_back(&command.items, command.on, self.today())?;
        let after = self.change(&mut tx, ctx, &mut area, &before, changed).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
