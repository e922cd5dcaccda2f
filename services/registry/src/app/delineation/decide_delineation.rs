//! The authority delineates an area, which registers and files it, or refuses.

use ids::DelineationId;
use rpc::CallContext;
use serde::Serialize;

use super::apply_for_delineation::refuse_taken;
use super::record;
use crate::app::App;
use crate::domain::area::Area;
use crate::domain::delineation::refusal::Refusal;
use crate::domain::delineation::{Delineation, Stage};
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::error::AppError;

/// A decision.
#[derive(Debug, Clone, Serialize)]
pub struct DecideDelineation {
    /// The delineation.
    pub delineation_id: DelineationId,
    /// Whether the area is delineated as applied for.
    pub approve: bool,
    /// Remarks, or the reasons of a refusal.
    pub reasons: String,
    /// The filing number, where it is another than proposed.
    pub number: Option<String>,
}

impl App {
    /// Records the decision. An approval registers the area in the same transaction, as a table of areas would: who
    /// follows areas learns of it in the same way.
    ///
    /// # Errors
    /// `DELINEATION_NOT_FOUND`, `NOT_ALLOWED`, `DELINEATION_WRONG_STATE`, `STREET_NOT_HEARD`, `COMMUNITY_NOT_HEARD`,
    /// `STREET_DISAGREES`, `REFUSAL_REASONS_MISSING`, `DIVISION_NOT_A_COMMUNITY`, `AREA_NUMBER_TAKEN`, `CONFLICT`.
    pub async fn decide_delineation(
        &self,
        ctx: &CallContext,
        command: DecideDelineation,
    ) -> Result<Delineation, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (before, resource) = self
            .delineation_for(tx.connection(), command.delineation_id)
            .await?;
        ctx.permit(&self.access, &resource, || {
            AnyRefusal::from(Refusal::DelineationNotFound)
        })?;
        let (reasons, today) = (command.reasons.clone(), self.today());
        let (after, event) = if command.approve {
            before.approve(command.number.clone(), reasons, today)?
        } else {
            before.refuse(reasons, today)?
        };
        let registered = match &after.stage {
            Stage::Approved {
                application,
                area_id,
                number,
                ..
            } => Some(Area {
                id: *area_id,
                number: number.clone(),
                name: application.name.clone(),
                division: after.division,
                developer_id: Some(after.developer_id),
                // A firm comes by the early-stage tender, before the presale permit.
                manager_id: None,
                ended: None,
                version: 1,
                registered_on: Some(today),
            }),
            Stage::Consulting | Stage::Advised | Stage::Applied { .. } | Stage::Refused { .. } => None,
        };
        if let Some(area) = registered {
            // Since the application the division may have been merged, and the number given away.
            self.check_place(tx.connection(), area.division).await?;
            refuse_taken(tx.connection(), &area.number).await?;
            tx.insert_areas(std::slice::from_ref(&area)).await?;
            let happened = Happened {
                division: area.division,
                version: area.version,
                event: RegistryEvent::AreaRegistered(area),
            };
            tx.publish(ctx, [&happened]).await?;
        }
        record(&mut tx, ctx, event).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
