//! Delineations, from the design review to a filed area.

use access::{Resource, ResourceKind};
use ids::{DelineationId, DivisionCode, DivisionLevel, FirmId};
use rpc::{CallContext, General};

use super::App;
use crate::domain::delineation::event::DelineationEvent;
use crate::domain::delineation::refusal::Refusal;
use crate::domain::delineation::{Delineation, Stage};
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::firm::FirmKind;
use crate::error::AppError;
use crate::store::{Readable, Tx, delineations, divisions, firms};

pub mod answer_design;
pub mod apply_for_delineation;
pub mod consult_on_design;
pub mod decide_delineation;
pub mod give_opinion;
pub mod overdue;
pub mod reads;

impl App {
    /// A delineation that exists, as the policies see it.
    async fn delineation_for(
        &self,
        connection: &impl Readable,
        id: DelineationId,
    ) -> Result<(Delineation, Resource), AppError> {
        let found = delineations::find(connection, id).await?;
        let found = found.ok_or(Refusal::DelineationNotFound)?;
        let resource = resource(found.id, found.division, found.developer_id);
        let resource = self.in_present_place(connection, resource).await?;
        Ok((found, resource))
    }

    /// Refuses where the caller may not begin a delineation in this place for this developer: there is nothing yet that
    /// could be hidden.
    async fn permit_new_delineation(
        &self,
        connection: &impl Readable,
        ctx: &CallContext,
        division: DivisionCode,
        developer_id: FirmId,
    ) -> Result<(), AppError> {
        let resource = resource(DelineationId::derive("new"), division, developer_id);
        let resource = self.in_present_place(connection, resource).await?;
        if self.access.allows(&ctx.actor, ctx.action, &resource) {
            return Ok(());
        }
        Err(General::NotAllowed {
            action: ctx.action.to_owned(),
        }
        .into())
    }

    /// Refuses a place that is no community or village of the city today, and a firm that is no developer.
    async fn check_place_and_developer(
        &self,
        connection: &impl Readable,
        division: DivisionCode,
        developer_id: FirmId,
    ) -> Result<(), AppError> {
        self.check_place(connection, division).await?;
        let known = firms::find_many(connection, &[developer_id]).await?;
        match known.get(&developer_id) {
            Some(firm) if firm.kind == FirmKind::Developer => Ok(()),
            _ => Err(Refusal::DeveloperUnknown.into()),
        }
    }

    /// Refuses a place that is no community or village of the city today.
    pub(super) async fn check_place(
        &self,
        connection: &impl Readable,
        division: DivisionCode,
    ) -> Result<(), AppError> {
        let stands = divisions::of_codes(connection, &[division], self.today()).await?;
        if division.level() == DivisionLevel::Community && !stands.is_empty() {
            return Ok(());
        }
        Err(Refusal::DivisionNotACommunity.into())
    }
}

/// Saves a delineation with what happened, and lets its clock run or stop.
async fn record(tx: &mut Tx, ctx: &CallContext, event: DelineationEvent) -> Result<(), AppError> {
    let after = &event.delineation;
    tx.save_delineation(after).await?;
    match &after.stage {
        Stage::Consulting | Stage::Applied { .. } => overdue::start_clock(tx, ctx, &event).await?,
        Stage::Advised | Stage::Approved { .. } | Stage::Refused { .. } => {
            tx.unschedule(overdue::DELINEATION_OVERDUE, after.id).await?;
        }
    }
    let happened = Happened {
        division: after.division,
        version: after.version,
        event: RegistryEvent::Delineation(Box::new(event)),
    };
    tx.publish(ctx, [&happened]).await?;
    Ok(())
}

fn resource(id: DelineationId, division: DivisionCode, developer_id: FirmId) -> Resource {
    Resource::new(ResourceKind::Delineation, id)
        .with_division(division)
        .with_proposer(developer_id)
}
