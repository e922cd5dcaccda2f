//! The owners decided how their area is managed.

use chrono::NaiveDate;
use ids::{AreaId, BallotId};
use rpc::CallContext;
use serde::Serialize;

use super::{App, told};
use crate::domain::contract::{Event, Purpose, Refusal};
use crate::domain::management_mode::{ManagementMode, Mode, ModeDecision};
use crate::error::AppError;
use crate::store::{contracts, management_modes};

/// A decision.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeManagementMode {
    /// The area.
    pub area_id: AreaId,
    /// How it is managed.
    pub mode: Mode,
    /// From which day.
    pub since: NaiveDate,
    /// The owners' decision.
    pub ballot_id: BallotId,
}

impl App {
    /// Records a decision how an area is managed.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `NOT_ALLOWED`, `MODE_UNCHANGED`, `MODE_BEFORE_LAST`, `FIRM_NOT_DISMISSED`, `AREA_HAS_CONTRACT`,
    /// `NOTICE_BEFORE_BALLOT` where it would hold from before the decision, those of the ballot, `CONFLICT`.
    pub async fn change_management_mode(
        &self,
        ctx: &CallContext,
        command: ChangeManagementMode,
    ) -> Result<ManagementMode, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let area = self.held_area(&mut tx, ctx, command.area_id).await?;
        let items = command.mode.items();
        let ballot = self
            .decision(&tx, command.ballot_id, area.id, items, Purpose::Mode)
            .await?;
        if command.since < ballot.decided_on {
            return Err(Refusal::NoticeBeforeBallot {
                on: command.since,
                decided_on: ballot.decided_on,
            }
            .into());
        }
        let before = management_modes::of_area(tx.connection(), &area).await?;
        let standing = contracts::standing(tx.connection(), area.id).await?;
        let decision = ModeDecision {
            mode: command.mode,
            since: command.since,
            ballot_id: ballot.id,
        };
        let after = before.decide(decision, &standing)?;
        tx.insert_mode_decision(area.id, after.version(), &decision)
            .await?;
        tx.use_ballot(ballot.id, Purpose::Mode, after.id()).await?;
        let told = told(
            &area,
            after.version(),
            Event::ManagementModeChanged(after.clone()),
        );
        tx.publish(ctx, [&told]).await?;
        tx.remember(ctx, &command, after.id(), &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
