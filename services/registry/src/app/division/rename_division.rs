//! A division gets another name from a day on.

use access::Resource;
use chrono::NaiveDate;
use ids::DivisionCode;
use rpc::CallContext;
use serde::Serialize;

use super::get_division::division_record;
use crate::app::App;
use crate::domain::division::record::DivisionRecord;
use crate::domain::division::refusal::Refusal;
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::error::AppError;

/// Another name.
#[derive(Debug, Clone, Serialize)]
pub struct RenameDivision {
    /// The division.
    pub code: DivisionCode,
    /// The new name.
    pub name: String,
    /// From this day on.
    pub effective_on: NaiveDate,
}

impl App {
    /// Records the name; answers the division as it is then.
    ///
    /// # Errors
    /// `NOT_ALLOWED`, `DIVISION_NOT_FOUND`, `DIVISION_MERGED`, `DIVISION_NAME_UNCHANGED`, `DIVISION_CHANGED_LATER`,
    /// `CONFLICT`.
    pub async fn rename_division(
        &self,
        ctx: &CallContext,
        command: RenameDivision,
    ) -> Result<DivisionRecord, AppError> {
        let code = command.code;
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let resource = Resource::division(code);
        ctx.permit(&self.access, &resource, || {
            AnyRefusal::from(Refusal::DivisionNotFound { code })
        })?;
        let before = division_record(tx.connection(), code).await?;
        let (after, event) = before.rename(command.name.clone(), command.effective_on)?;
        tx.save_division(&after, after.names.last()).await?;
        let happened = Happened {
            division: code,
            version: after.version,
            event: RegistryEvent::Division(event),
        };
        tx.publish(ctx, [&happened]).await?;
        tx.remember(ctx, &command, code, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
