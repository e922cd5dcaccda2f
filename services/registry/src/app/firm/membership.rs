//! A firm joins the industry association (行业协会) or leaves it.

use chrono::NaiveDate;
use ids::FirmId;
use rpc::CallContext;
use serde::Serialize;

use super::publish;
use crate::app::App;
use crate::domain::firm::event::FirmEvent;
use crate::domain::firm::record::FirmRecord;
use crate::error::AppError;
use crate::store::firm_records::Beside;

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Step {
    /// In, from this day on.
    Joins(NaiveDate),
    /// Out, after this day.
    Leaves(NaiveDate),
}

/// A change of a membership.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeMembership {
    /// The firm.
    pub firm_id: FirmId,
    /// Which way, and when.
    pub step: Step,
}

impl App {
    /// Records it; answers the firm as it is then.
    ///
    /// # Errors
    /// `FIRM_NOT_FOUND`, `NOT_ALLOWED`, `CONFLICT`, and as [`FirmRecord::join`] and [`FirmRecord::leave`].
    pub async fn change_membership(
        &self,
        ctx: &CallContext,
        command: ChangeMembership,
    ) -> Result<FirmRecord, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (firm, city) = self.firm_for(tx.connection(), ctx, command.firm_id).await?;

        let after = match command.step {
            Step::Joins(on) => firm.join(on, self.today())?,
            Step::Leaves(on) => firm.leave(on, self.today())?,
        };

        tx.save_firm(&self.sealer, &after, Beside::default(), self.today())
            .await?;
        publish(&mut tx, ctx, city, FirmEvent::MembershipChanged(after.clone())).await?;
        tx.remember(ctx, &command, command.firm_id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
