//! The authority's period: when it has passed without a decision, that is told once.

use std::collections::BTreeMap;

use calendar::end_of_day;
use ids::RegroupingId;
use rpc::CallContext;

use super::{begins_period, record};
use crate::app::App;
use crate::domain::regrouping::event::RegroupingEvent;
use crate::error::AppError;
use crate::store::{Tx, regroupings};

/// Name of the deadline on which a regrouping is looked at.
pub const REGROUPING_OVERDUE: &str = "regrouping_overdue";

/// Sets the deadline where the period has just begun, and takes it away where nothing waits for the authority.
pub(super) async fn set_clock(
    tx: &mut Tx,
    ctx: &CallContext,
    event: &RegroupingEvent,
) -> Result<(), AppError> {
    let id = event.regrouping.id;
    match event.regrouping.due_by() {
        Some(due_by) if begins_period(event) => {
            tx.schedule(ctx, REGROUPING_OVERDUE, id, end_of_day(due_by))
                .await?;
        }
        Some(_) => {}
        None => tx.unschedule(REGROUPING_OVERDUE, id).await?,
    }
    Ok(())
}

impl App {
    /// The deadline of a regrouping: tells that the period has passed, once.
    ///
    /// # Errors
    /// Where the store does not answer; the deadline is then tried again.
    pub async fn regrouping_overdue(&self, ctx: &CallContext, id: RegroupingId) -> Result<(), AppError> {
        let mut tx = self.store.begin_write().await?;
        if !tx.first_time(ctx).await? {
            return Ok(());
        }
        let found = regroupings::find(tx.connection(), id).await?;
        if let Some((_, event)) = found.and_then(|found| found.note_overdue(self.today())) {
            record(&mut tx, ctx, event, &BTreeMap::new()).await?;
        }
        Ok(tx.commit().await?)
    }
}
