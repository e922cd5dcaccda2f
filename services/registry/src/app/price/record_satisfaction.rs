//! Street or authority record how satisfied the owners of an area were.

use chrono::NaiveDate;
use ids::AreaId;
use rpc::CallContext;
use serde::Serialize;

use super::{App, area_resource};
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::price::{Event, Satisfaction, Source};
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::satisfactions;

/// A score to record.
#[derive(Debug, Clone, Serialize)]
pub struct RecordSatisfaction {
    /// The area.
    pub area_id: AreaId,
    /// Who measured.
    pub source: Source,
    /// First day of the time it is about.
    pub from_on: NaiveDate,
    /// Last day of it.
    pub until_on: NaiveDate,
    /// The score, 0 to 1,000 per mille.
    pub per_mille: u16,
}

impl App {
    /// Records a score; a second one of the same source and time corrects the first.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `NOT_ALLOWED`, `AREA_ENDED`, `PERIOD_REVERSED`, `PERIOD_NOT_OVER`, `SATISFACTION_UNCHANGED`, `CONFLICT`.
    pub async fn record_satisfaction(
        &self,
        ctx: &CallContext,
        command: RecordSatisfaction,
    ) -> Result<Satisfaction, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let not_found = || Refusal::AreaNotFound;
        let area = tx.hold_area(command.area_id).await?.ok_or_else(not_found)?;
        let resource = self
            .in_present_place(tx.connection(), area_resource(&area, None))
            .await?;
        ctx.permit(&self.access, &resource, not_found)?;
        // What its owners said while it stood may still be recorded.
        if area.ended.is_some_and(|end| command.until_on >= end.on) {
            area.stands()?;
        }
        let id = Satisfaction::id_of(area.id, command.source, command.from_on, command.until_on);
        let before = satisfactions::find(tx.connection(), id).await?;
        let score = Satisfaction {
            id,
            version: 0,
            area_id: area.id,
            division: area.division,
            source: command.source,
            from_on: command.from_on,
            until_on: command.until_on,
            per_mille: command.per_mille,
        };
        let after = score.after(before.as_ref(), self.today())?;
        tx.put_satisfaction(&after).await?;
        let happened = Happened {
            division: area.division,
            version: after.version,
            event: RegistryEvent::Price(Event::SatisfactionRecorded(after.clone())),
        };
        tx.publish(ctx, [&happened]).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
