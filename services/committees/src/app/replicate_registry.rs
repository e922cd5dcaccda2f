//! Following registry: what permissions and scopes need of areas, buildings and owners.

use ids::{AreaId, BuildingId, FirmId};
use outbox::Incoming;
use rpc::General;

use super::App;
use crate::error::AppError;
use crate::store::{AreaRecord, BuildingRecord, OwnershipRecord};

/// A change in registry, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistryChange {
    /// An area as it is now.
    Area(AreaRecord),
    /// A building as it is now.
    Building(BuildingRecord),
    /// Who owns homes of a building now; the building came before.
    Owners {
        /// The building.
        building_id: BuildingId,
        /// Its homes that changed.
        homes: Vec<OwnershipRecord>,
    },
    /// Another firm manages an area now, or none.
    Manager {
        /// The area.
        area_id: AreaId,
        /// The firm.
        manager_id: Option<FirmId>,
    },
    /// A change that means nothing here: only its version is followed.
    Elsewhere,
}

impl App {
    /// Takes over a change, in the order of the versions of its area or building.
    ///
    /// # Errors
    /// `CONFLICT` where an earlier change is still to come; the event is then delivered again.
    pub async fn replicate_registry(
        &self,
        incoming: &Incoming,
        change: RegistryChange,
    ) -> Result<(), AppError> {
        let tx = self.store.begin_write().await?;
        if !tx.next_version(incoming).await? {
            return Ok(());
        }
        match change {
            RegistryChange::Elsewhere => {}
            RegistryChange::Manager { area_id, manager_id } => {
                tx.put_manager(area_id, manager_id).await?;
            }
            RegistryChange::Area(area) => tx.put_area(&area).await?,
            RegistryChange::Building(building) => tx.put_building(&building).await?,
            RegistryChange::Owners { building_id, homes } => {
                let known = tx.buildings(&[building_id]).await?;
                let Some(building) = known.first() else {
                    // Versions are followed without a gap, and the first of a building tells of the building.
                    let report = format!("homes of {building_id} came before the building");
                    return Err(General::Internal {
                        source: report.into(),
                    }
                    .into());
                };
                tx.replace_owners(building.area_id, &homes).await?;
            }
        }
        Ok(tx.commit().await?)
    }
}
