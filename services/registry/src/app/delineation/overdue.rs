//! The property authority's periods: when one has passed without an answer or a decision, that is told once.

use calendar::end_of_day;
use ids::DelineationId;
use rpc::CallContext;

use super::record;
use crate::app::App;
use crate::domain::delineation::event::{DelineationEvent, Step};
use crate::error::AppError;
use crate::store::{Tx, delineations};

/// Name of the deadline on which a delineation is looked at.
pub const DELINEATION_OVERDUE: &str = "delineation_overdue";

/// Sets the deadline where a period has just begun; one that runs goes on.
pub(super) async fn start_clock(
    tx: &mut Tx,
    ctx: &CallContext,
    event: &DelineationEvent,
) -> Result<(), AppError> {
    let begins = match event.step {
        Step::Consulted | Step::AppliedFor => true,
        Step::Answered | Step::OpinionGiven | Step::Overdue | Step::Approved | Step::Refused => false,
    };
    if let Some(due_by) = event.delineation.due_by().filter(|_| begins) {
        tx.schedule(ctx, DELINEATION_OVERDUE, event.delineation.id, end_of_day(due_by))
            .await?;
    }
    Ok(())
}

impl App {
    /// The deadline of a delineation: tells that the period has passed, once.
    ///
    /// # Errors
    /// Where the store does not answer; the deadline is then tried again.
    pub async fn delineation_overdue(&self, ctx: &CallContext, id: DelineationId) -> Result<(), AppError> {
        let mut tx = self.store.begin_write().await?;
        if !tx.first_time(ctx).await? {
            return Ok(());
        }
        let found = delineations::find(tx.connection(), id).await?;
        if let Some((_, event)) = found.and_then(|found| found.note_overdue(self.today())) {
            record(&mut tx, ctx, event).await?;
        }
        Ok(tx.commit().await?)
    }
}
