//! Keeps what the fund needs to know of areas, buildings, homes and owners, version by version.

use chrono::NaiveDate;
use ids::{AreaId, HomeId};
use money::Area;
use outbox::Incoming;
use rpc::CallContext;

use super::App;
use crate::domain::home::{Building, Home, ManagedArea, Ownership};
use crate::error::AppError;

/// What the registry told.
#[derive(Debug, Clone)]
pub enum RegistryChange {
    /// An area as it is now.
    Area(ManagedArea),
    /// A building as it is now.
    Building(Building),
    /// Homes of one building; each gets its accounts.
    Homes {
        /// Their area.
        area_id: AreaId,
        /// The homes.
        homes: Vec<Home>,
    },
    /// Who owns homes from now on. The balance stays with the home (165号令 article 28).
    Ownerships(Vec<Ownership>),
    /// Homes were handed over: their warranty runs from that day.
    Delivery {
        /// The homes.
        home_ids: Vec<HomeId>,
        /// The day.
        on: NaiveDate,
    },
    /// Homes were sold: until their hand-over they are the developer's still.
    Sale(Vec<HomeId>),
    /// The exclusive area of a home was corrected: costs are shared by it from now on; what was shared stays shared.
    Correction {
        /// The home.
        home_id: HomeId,
        /// Its exclusive area.
        exclusive_area: Area,
    },
    /// A change that means nothing to the fund: only its version is followed.
    Elsewhere,
}

impl App {
    /// Follows a change of the registry, once and in the order of its aggregate's versions.
    ///
    /// # Errors
    /// `CONFLICT` where an earlier version is still to come: it is delivered again.
    pub async fn replicate_registry(
        &self,
        _ctx: &CallContext,
        incoming: &Incoming,
        change: RegistryChange,
    ) -> Result<(), AppError> {
        let tx = self.store.begin_write().await?;
        if !tx.next_version(incoming).await? {
            return Ok(());
        }
        match change {
            RegistryChange::Area(area) => {
                tx.put_area(&area).await?;
                tx.open_accounts(area.id, []).await?;
            }
            RegistryChange::Building(building) => tx.put_building(&building).await?,
            RegistryChange::Homes { area_id, homes } => {
                tx.put_homes(&homes).await?;
                let ids: Vec<HomeId> = homes.iter().map(|home| home.id).collect();
                tx.open_accounts(area_id, ids).await?;
            }
            RegistryChange::Ownerships(ownerships) => tx.put_ownerships(&ownerships).await?,
            RegistryChange::Delivery { home_ids, on } => tx.put_delivery(&home_ids, on).await?,
            RegistryChange::Sale(home_ids) => tx.put_sale(&home_ids).await?,
            RegistryChange::Correction {
                home_id,
                exclusive_area,
            } => tx.put_exclusive_area(home_id, exclusive_area).await?,
            RegistryChange::Elsewhere => {}
        }
        tx.commit().await?;
        Ok(())
    }
}
