//! The planning authority asks at design review.

use ids::{DelineationId, DivisionCode, FirmId};
use money::Area;
use rpc::CallContext;
use serde::Serialize;

use super::record;
use crate::app::App;
use crate::app::statutes::holidays;
use crate::domain::delineation::{Delineation, Project, Question};
use crate::domain::service_rooms;
use crate::error::AppError;

/// A question.
#[derive(Debug, Clone, Serialize)]
pub struct ConsultOnDesign {
    /// The project.
    pub project: String,
    /// The community or village it lies in.
    pub division: DivisionCode,
    /// The developer.
    pub developer_id: FirmId,
    /// Above-ground area planned.
    pub above_ground: Area,
    /// True where nothing in it is a dwelling.
    pub all_non_residential: bool,
    /// What is asked.
    pub text: String,
}

impl App {
    /// Records the question; answers the new delineation, with the rooms that the law asks for and the last day.
    ///
    /// # Errors
    /// `NOT_ALLOWED`, `DIVISION_NOT_A_COMMUNITY`, `DEVELOPER_UNKNOWN`, `AREA_SIZE_INVALID`.
    pub async fn consult_on_design(
        &self,
        ctx: &CallContext,
        command: ConsultOnDesign,
    ) -> Result<Delineation, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (division, developer_id) = (command.division, command.developer_id);
        self.permit_new_delineation(tx.connection(), ctx, division, developer_id)
            .await?;
        self.check_place_and_developer(tx.connection(), division, developer_id)
            .await?;
        let rooms_required = service_rooms::required(
            command.above_ground,
            command.all_non_residential,
            &self.room_rules()?,
        )?;
        let (after, event) = Delineation::consult(
            DelineationId::generate(),
            Project {
                name: command.project.clone(),
                division,
                developer_id,
            },
            Question {
                above_ground: command.above_ground,
                all_non_residential: command.all_non_residential,
                rooms_required,
                text: command.text.clone(),
            },
            &self.delineation_clocks()?,
            holidays()?,
            self.today(),
        );
        record(&mut tx, ctx, event).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
