//! The developer applies for the delineation of an area.

use ids::{DelineationId, DivisionCode, FirmId};
use rpc::CallContext;
use serde::Serialize;

use super::record;
use crate::app::App;
use crate::app::statutes::holidays;
use crate::domain::area::Area;
use crate::domain::delineation::application::{Application, Proposal};
use crate::domain::delineation::refusal::Refusal;
use crate::domain::delineation::{Delineation, Project};
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::domain::service_rooms;
use crate::error::AppError;
use crate::store::{Readable, areas};

/// An application.
#[derive(Debug, Clone, Serialize)]
pub struct ApplyForDelineation {
    /// The delineation that was consulted on or refused; none for a new one, which then needs its project.
    pub delineation_id: Option<DelineationId>,
    /// The developer that applies.
    pub developer_id: FirmId,
    /// The project.
    pub project: Option<String>,
    /// The community or village it lies in.
    pub division: DivisionCode,
    /// What is proposed.
    pub proposal: Proposal,
}

impl App {
    /// Records the application; the period for the decision begins.
    ///
    /// # Errors
    /// `NOT_ALLOWED`; `DELINEATION_NOT_FOUND`, `DELINEATION_WRONG_STATE`, `DEVELOPER_DIFFERS` for an earlier delineation;
    /// `DIVISION_NOT_A_COMMUNITY`, `DEVELOPER_UNKNOWN`, `AREA_NUMBER_TAKEN`, `AREA_SIZE_INVALID`,
    /// `PERMIT_IN_THE_FUTURE`, `PHASES_DO_NOT_SUM`, `CONFLICT`.
    pub async fn apply_for_delineation(
        &self,
        ctx: &CallContext,
        command: ApplyForDelineation,
    ) -> Result<Delineation, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (division, developer_id) = (command.division, command.developer_id);
        let before = match command.delineation_id {
            Some(id) => {
                let (before, resource) = self.delineation_for(tx.connection(), id).await?;
                ctx.permit(&self.access, &resource, || {
                    AnyRefusal::from(Refusal::DelineationNotFound)
                })?;
                Some(before)
            }
            None => None,
        };
        // Also for an earlier one: the place or the firm that is named now may be another's.
        self.permit_new_delineation(tx.connection(), ctx, division, developer_id)
            .await?;
        self.check_place_and_developer(tx.connection(), division, developer_id)
            .await?;
        refuse_taken(tx.connection(), &command.proposal.number).await?;
        let rooms_required = service_rooms::required(
            command.proposal.above_ground,
            command.proposal.all_non_residential,
            &self.room_rules()?,
        )?;
        let application = Application::of(
            command.proposal.clone(),
            rooms_required,
            &self.delineation_clocks()?,
            holidays()?,
            self.today(),
        )?;
        let (after, event) = match (before, &command.project) {
            (Some(before), project) => before.apply(developer_id, project.clone(), division, application)?,
            (None, project) => {
                let project = Project {
                    // The edge asks for it where there is no earlier delineation.
                    name: project.clone().unwrap_or_default(),
                    division,
                    developer_id,
                };
                Delineation::apply_new(DelineationId::generate(), project, application)
            }
        };
        record(&mut tx, ctx, event).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}

/// Refuses a number that an area has.
pub(in crate::app) async fn refuse_taken(connection: &impl Readable, number: &str) -> Result<(), AppError> {
    match areas::find(connection, Area::id_of(number)).await? {
        Some(_) => Err(Refusal::AreaNumberTaken.into()),
        None => Ok(()),
    }
}
