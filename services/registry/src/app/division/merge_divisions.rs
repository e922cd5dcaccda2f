//! Divisions are merged into another from a day on (撤并).

use access::Resource;
use chrono::NaiveDate;
use ids::DivisionCode;
use rpc::CallContext;
use serde::Serialize;

use crate::app::App;
use crate::domain::division::record::DivisionRecord;
use crate::domain::division::refusal::Refusal;
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::error::AppError;
use crate::store::{division_records, divisions};

/// A merger.
#[derive(Debug, Clone, Serialize)]
pub struct MergeDivisions {
    /// The division that survives.
    pub into: DivisionCode,
    /// Those that end, at least one, each once, by code.
    pub from: Vec<DivisionCode>,
    /// The first day without them.
    pub effective_on: NaiveDate,
}

impl App {
    /// Records the merger; answers the surviving division. Nothing that is recorded under an old code is changed.
    ///
    /// # Errors
    /// `NOT_ALLOWED`, `DIVISION_NOT_FOUND`, `DIVISION_MERGED`, `DIVISIONS_OF_OTHER_LEVEL`, `DIVISION_INTO_ITSELF`,
    /// `DIVISION_CHANGED_LATER`, `CONFLICT`.
    pub async fn merge_divisions(
        &self,
        ctx: &CallContext,
        command: MergeDivisions,
    ) -> Result<DivisionRecord, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let mut codes = command.from.clone();
        codes.push(command.into);
        for code in &codes {
            let code = *code;
            let resource = Resource::division(code);
            ctx.permit(&self.access, &resource, || {
                AnyRefusal::from(Refusal::DivisionNotFound { code })
            })?;
        }
        let found = division_records::find_many(tx.connection(), &codes).await?;
        let take = |code: DivisionCode| {
            let record = found.get(&code).cloned();
            record.ok_or(Refusal::DivisionNotFound { code })
        };
        let into = take(command.into)?;
        let from = command
            .from
            .iter()
            .map(|code| take(*code))
            .collect::<Result<_, _>>()?;
        let mergers = divisions::mergers(tx.connection()).await?;
        let (after, ended, event) = into.merge(from, &mergers, command.effective_on)?;
        // Always in the order of the codes, so that two mergers cannot wait for each other.
        let mut changed: Vec<&DivisionRecord> = ended.iter().chain([&after]).collect();
        changed.sort_unstable_by_key(|record| record.listed.code);
        for record in changed {
            tx.save_division(record, None).await?;
        }
        let happened = Happened {
            division: command.into,
            version: after.version,
            event: RegistryEvent::Division(event),
        };
        tx.publish(ctx, [&happened]).await?;
        tx.remember(ctx, &command, command.into, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
