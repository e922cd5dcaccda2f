//! A home passes to other owners (过户).

use chrono::NaiveDate;
use ids::{HomeId, OwnerId};
use rpc::{CallContext, General};
use serde::Serialize;

use super::{App, get_home, home_resource};
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::home::OwnedHome;
use crate::domain::ownership::Transfer;
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::{buildings, owners};

/// A transfer.
#[derive(Debug, Clone, Serialize)]
pub struct TransferHome {
    /// The home.
    pub home_id: HomeId,
    /// The new owners, at least one, each once, in order.
    pub owner_ids: Vec<OwnerId>,
    /// First day on which they own it.
    pub transferred_on: NaiveDate,
}

impl App {
    /// Ends the present ownership and begins the new one; answers the home with its new owners.
    ///
    /// # Errors
    /// `HOME_NOT_FOUND`, `NOT_ALLOWED`, `OWNER_NOT_FOUND`, `OWNERS_UNCHANGED`, `TRANSFER_IN_THE_FUTURE`,
    /// `TRANSFER_BEFORE_OWNERSHIP`, `CONFLICT`.
    pub async fn transfer_home(
        &self,
        ctx: &CallContext,
        command: TransferHome,
    ) -> Result<OwnedHome, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (owned, area) = get_home::load(tx.connection(), command.home_id).await?;
        let resource = home_resource(&owned.home, &area, owned.ownership.as_ref());
        let resource = self.in_present_place(tx.connection(), resource).await?;
        ctx.permit(&self.access, &resource, || Refusal::HomeNotFound)?;
        let known = owners::find_many(tx.connection(), &command.owner_ids).await?;
        if known.len() != command.owner_ids.len() {
            return Err(Refusal::OwnerNotFound.into());
        }
        let building = buildings::find(tx.connection(), owned.home.building_id).await?;
        let mut building = building.ok_or_else(|| General::Internal {
            source: "a home is in no building".into(),
        })?;
        get_home::stays(&building, &area)?;

        let transfer = Transfer::decide(
            owned.ownership.as_ref(),
            command.owner_ids.clone(),
            command.transferred_on,
            self.today(),
        )?;
        building.version += 1;
        let after = OwnedHome {
            home: owned.home,
            ownership: Some(transfer.after.clone()),
        };

        tx.save_building(&building).await?;
        tx.save_transfer(&transfer).await?;
        let happened = Happened {
            division: area.division,
            version: building.version,
            event: RegistryEvent::HomeTransferred {
                building_id: building.id,
                before: transfer.before,
                after: transfer.after,
            },
        };
        tx.publish(ctx, [&happened]).await?;
        tx.remember(ctx, &command, command.home_id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
