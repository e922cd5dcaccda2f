//! The exclusive area of a home is corrected, and what is known of it is read.

use ids::HomeId;
use money::Area;
use rpc::CallContext;
use serde::Serialize;

use super::publish;
use crate::app::{App, get_home, home_resource};
use crate::domain::part::correction::{self, AreaSource, Correction, HomeArea, HomeFacts};
use crate::domain::part::event::PartEvent;
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::{buildings, home_areas};

/// A correction.
#[derive(Debug, Clone, Serialize)]
pub struct CorrectExclusiveArea {
    /// The home.
    pub home_id: HomeId,
    /// The right area.
    pub area: Area,
    /// Where it comes from.
    pub source: AreaSource,
    /// SHA-256 of the document, in hexadecimal.
    pub document_digest: String,
    /// Why; empty where nothing was said.
    pub reason: String,
}

impl App {
    /// Corrects the exclusive area from today on; answers what is known of the home then. Frozen rolls stay.
    ///
    /// # Errors
    /// `HOME_NOT_FOUND`, `NOT_ALLOWED`, `CONFLICT`, and as [`correction::decide`].
    pub async fn correct_exclusive_area(
        &self,
        ctx: &CallContext,
        command: CorrectExclusiveArea,
    ) -> Result<HomeFacts, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (owned, area) = get_home::load(tx.connection(), command.home_id).await?;
        let resource = home_resource(&owned.home, &area, owned.ownership.as_ref());
        let resource = self.in_present_place(tx.connection(), resource).await?;
        ctx.permit(&self.access, &resource, || Refusal::HomeNotFound)?;
        // The area first, as whoever moves buildings holds them: the correction may be what its first assembly waits for.
        let area = tx.hold_area(area.id).await?.ok_or(Refusal::HomeNotFound)?;
        let (owned, _) = get_home::load(tx.connection(), command.home_id).await?;
        let building = buildings::find(tx.connection(), owned.home.building_id).await?;
        let mut building = building.ok_or(Refusal::BuildingNotFound)?;
        get_home::stays(&building, &area)?;
        let mut facts = home_areas::facts(tx.connection(), &owned.home).await?;
        let recorded = HomeArea::recorded(owned.home.exclusive_area);

        let after = correction::decide(
            facts.areas.last().unwrap_or(&recorded),
            command.area,
            command.source,
            command.document_digest.clone(),
            !command.reason.is_empty(),
            self.today(),
        )?;
        building.version += 1;

        tx.save_building(&building).await?;
        tx.save_correction(&facts, &after, &command.reason).await?;
        let event = PartEvent::HomeCorrected(Correction {
            building_id: building.id,
            area_id: area.id,
            home_id: command.home_id,
            before: owned.home.exclusive_area,
            after: after.clone(),
        });
        publish(&mut tx, ctx, &area, building.version, event).await?;
        // Shares of the area are other ones now.
        self.examine_set_up_of(&mut tx, ctx, area).await?;
        facts.areas.push(after);
        tx.remember(ctx, &command, command.home_id, &facts).await?;
        tx.commit().await?;
        Ok(facts)
    }

    /// What is known of a home through time.
    ///
    /// # Errors
    /// `HOME_NOT_FOUND` where it is not, or where the caller may not know of it.
    pub async fn get_home_facts(&self, ctx: &CallContext, id: HomeId) -> Result<HomeFacts, AppError> {
        let snapshot = self.store.begin_read().await?;
        let (owned, area) = get_home::load(&snapshot, id).await?;
        let resource = home_resource(&owned.home, &area, owned.ownership.as_ref());
        let resource = self.in_present_place(&snapshot, resource).await?;
        ctx.permit(&self.access, &resource, || Refusal::HomeNotFound)?;
        Ok(home_areas::facts(&snapshot, &owned.home).await?)
    }
}
