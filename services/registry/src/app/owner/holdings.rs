//! How homes are held, and who votes for several owners.

use chrono::NaiveDate;
use ids::{HomeId, OwnerId};
use rpc::CallContext;
use serde::Serialize;

use super::happened;
use crate::app::{App, get_home, home_resource};
use crate::domain::area::Area;
use crate::domain::home::{Home, OwnedHome};
use crate::domain::owner::event::OwnerEvent;
use crate::domain::owner::holding::{Form, Holding, Title};
use crate::domain::owner::refusal::Refusal;
use crate::domain::owner::representation::Representation;
use crate::domain::ownership::Ownership;
use crate::domain::refusal::Refusal as RegistryRefusal;
use crate::domain::roll::head_of_owners;
use crate::error::AppError;
use crate::store::{Snapshot, Tx, holdings, homes, ownerships};

/// How the present owners hold a home.
#[derive(Debug, Clone, Serialize)]
pub struct SetShares {
    /// The home.
    pub home_id: HomeId,
    /// Jointly or by shares.
    pub form: Form,
}

/// By what title the present owners hold a home.
#[derive(Debug, Clone, Serialize)]
pub struct RecordTitle {
    /// The home.
    pub home_id: HomeId,
    /// The title.
    pub title: Title,
}

/// Who casts the vote of several owners.
#[derive(Debug, Clone, Serialize)]
pub struct ChooseRepresentative {
    /// One of their homes.
    pub home_id: HomeId,
    /// Which of them.
    pub owner_id: OwnerId,
    /// First day.
    pub from_on: NaiveDate,
    /// SHA-256 of the paper, in hexadecimal; may be empty.
    pub document_digest: String,
}

impl App {
    /// How the present owners hold a home, or those of a day held it.
    ///
    /// # Errors
    /// `HOME_NOT_FOUND`, `NOT_ALLOWED`, `HOME_NOT_HELD`, also where the caller may not know who held it then;
    /// `DAY_IN_THE_FUTURE`.
    pub async fn get_holding(
        &self,
        ctx: &CallContext,
        home_id: HomeId,
        as_of: Option<NaiveDate>,
    ) -> Result<Holding, AppError> {
        let day = self.past_day(as_of)?;
        let snapshot = self.store.begin_read().await?;
        let Some(day) = day else {
            let (_, _, ownership) = self.held_home(&snapshot, ctx, home_id).await?;
            return Ok(holdings::find(&snapshot, ownership).await?);
        };
        let (owned, area) = self.permitted_home(&snapshot, ctx, home_id).await?;
        let then = ownerships::on_day(&snapshot, &[home_id], day)
            .await?
            .remove(&home_id);
        let then = self
            .owners_told(&snapshot, ctx, (&owned.home, &area), then)
            .await?;
        let held = holdings::find(&snapshot, then.ok_or(Refusal::HomeNotHeld)?).await?;
        Ok(held.as_of(day))
    }

    /// Records whether the present owners hold a home jointly or by shares.
    ///
    /// # Errors
    /// `HOME_NOT_FOUND`, `NOT_ALLOWED`, `HOME_NOT_HELD`, `CONFLICT`, and as [`Holding::with_form`].
    pub async fn set_shares(&self, ctx: &CallContext, command: SetShares) -> Result<Holding, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (_, area, ownership) = self.kept_home(&tx, ctx, command.home_id).await?;
        let before = holdings::find(tx.connection(), ownership).await?;
        let held = before.with_form(command.form.clone())?;
        save(&mut tx, ctx, &area, &held).await?;
        tx.remember(ctx, &command, command.home_id, &held).await?;
        tx.commit().await?;
        Ok(held)
    }

    /// Records by what title the present owners hold a home.
    ///
    /// # Errors
    /// `HOME_NOT_FOUND`, `NOT_ALLOWED`, `HOME_NOT_HELD`, `CONFLICT`, and as [`Holding::with_title`].
    pub async fn record_title(&self, ctx: &CallContext, command: RecordTitle) -> Result<Holding, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (home, area, ownership) = self.kept_home(&tx, ctx, command.home_id).await?;
        let before = holdings::find(tx.connection(), ownership).await?;
        let held = before.with_title(command.title, &home, self.today())?;
        save(&mut tx, ctx, &area, &held).await?;
        tx.remember(ctx, &command, command.home_id, &held).await?;
        tx.commit().await?;
        Ok(held)
    }

    /// Records which of several owners casts their vote.
    ///
    /// # Errors
    /// `HOME_NOT_FOUND`, `NOT_ALLOWED`, `HOME_NOT_HELD`, `CONFLICT`, and as [`Representation::choose`].
    pub async fn choose_representative(
        &self,
        ctx: &CallContext,
        command: ChooseRepresentative,
    ) -> Result<Representation, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (_, area, ownership) = self.kept_home(&tx, ctx, command.home_id).await?;
        let id = Representation::id_of(area.id, head_of_owners(&ownership.owner_ids));
        let last = holdings::last_choice(tx.connection(), id).await?;
        let chosen = Representation::choose(
            area.id,
            &ownership,
            command.owner_id,
            command.from_on,
            command.document_digest.clone(),
            last.as_ref(),
        )?;
        tx.insert_choice(&chosen).await?;
        let event = OwnerEvent::RepresentativeChosen {
            representation: chosen.clone(),
            owner_ids: ownership.owner_ids,
        };
        tx.publish(ctx, [&happened(area.division, chosen.version, event)])
            .await?;
        tx.remember(ctx, &command, chosen.id, &chosen).await?;
        tx.commit().await?;
        Ok(chosen)
    }

    /// A home with its area and who owns it now, where the caller may do what is asked.
    async fn held_home(
        &self,
        connection: &Snapshot,
        ctx: &CallContext,
        home_id: HomeId,
    ) -> Result<(Home, Area, Ownership), AppError> {
        let (owned, area) = self.permitted_home(connection, ctx, home_id).await?;
        let ownership = owned.ownership.ok_or(Refusal::HomeNotHeld)?;
        Ok((owned.home, area, ownership))
    }

    /// The same, with its building held until the commit: what is recorded changes no version of the building, and is told
    /// where the home is, of those who own it.
    async fn kept_home(
        &self,
        tx: &Tx,
        ctx: &CallContext,
        home_id: HomeId,
    ) -> Result<(Home, Area, Ownership), AppError> {
        let home = homes::find(tx.connection(), home_id).await?;
        let home = home.ok_or(RegistryRefusal::HomeNotFound)?;
        // Held first: what is read of the home after that is what it is.
        tx.hold_buildings(&[home.building_id]).await?;
        self.held_home(tx.connection(), ctx, home_id).await
    }

    /// A home with its area, where the caller may do what is asked.
    async fn permitted_home(
        &self,
        connection: &Snapshot,
        ctx: &CallContext,
        home_id: HomeId,
    ) -> Result<(OwnedHome, Area), AppError> {
        let (owned, area) = get_home::load(connection, home_id).await?;
        let resource = home_resource(&owned.home, &area, owned.ownership.as_ref());
        let resource = self.in_present_place(connection, resource).await?;
        ctx.permit(&self.access, &resource, || RegistryRefusal::HomeNotFound)?;
        Ok((owned, area))
    }
}

async fn save(tx: &mut Tx, ctx: &CallContext, area: &Area, held: &Holding) -> Result<(), AppError> {
    tx.save_holding(held).await?;
    let event = OwnerEvent::HoldingRecorded(held.clone());
    tx.publish(ctx, [&happened(area.division, held.version, event)])
        .await?;
    Ok(())
}
