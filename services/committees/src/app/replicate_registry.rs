//! Following registry: what permissions and scopes need of areas, buildings and owners.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ids::{AreaId, BuildingId, FirmId, HomeId, OwnerId};
use outbox::{Received, Standing};
use rpc::General;

use super::App;
use crate::error::AppError;
use crate::store::{AreaRecord, BuildingRecord, OwnershipRecord, StoreError, Tx};

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
    /// A building is in another area now, with these of its homes. A ballot that runs keeps its frozen roll.
    Move {
        /// The building as it is now.
        building: BuildingRecord,
        /// The homes.
        home_ids: Vec<HomeId>,
    },
    /// A change that means nothing here: only its version is followed.
    Elsewhere,
}

/// Changes of a batch that are not written yet: of several to the same thing, the last.
#[derive(Debug, Default)]
struct Changes<'a> {
    areas: BTreeMap<AreaId, &'a AreaRecord>,
    buildings: BTreeMap<BuildingId, &'a BuildingRecord>,
    owners: BTreeMap<HomeId, (AreaId, &'a [OwnerId])>,
}

impl App {
    /// Takes over changes, each once and in the order of the versions of its area or building, all in one transaction.
    /// Returns where each stands.
    ///
    /// # Errors
    /// `INTERNAL` where homes come before their building; else as the statements. Nothing of the batch took effect then.
    pub async fn replicate_registry(
        &self,
        batch: &[Received<RegistryChange>],
    ) -> Result<Vec<Standing>, AppError> {
        let tx = self.store.begin_write().await?;
        let standings = tx.next_versions(batch.iter().map(|each| &each.incoming)).await?;
        let next: Vec<&RegistryChange> = batch
            .iter()
            .zip(&standings)
            .filter(|(_, standing)| **standing == Standing::Next)
            .map(|(received, _)| &received.event)
            .collect();
        let mut area_of = areas_of(&tx, &next).await?;
        let mut changes = Changes::default();
        for change in next {
            match change {
                RegistryChange::Elsewhere => {}
                RegistryChange::Manager { area_id, manager_id } => {
                    write(&tx, &mut changes).await?;
                    tx.put_manager(*area_id, *manager_id).await?;
                }
                RegistryChange::Move { building, home_ids } => {
                    write(&tx, &mut changes).await?;
                    area_of.insert(building.building_id, building.area_id);
                    tx.put_buildings([building].into_iter()).await?;
                    tx.put_area_of_homes(building.area_id, home_ids).await?;
                }
                RegistryChange::Area(area) => {
                    changes.areas.insert(area.area_id, area);
                }
                RegistryChange::Building(building) => {
                    area_of.insert(building.building_id, building.area_id);
                    changes.buildings.insert(building.building_id, building);
                }
                RegistryChange::Owners { building_id, homes } => {
                    let Some(area_id) = area_of.get(building_id) else {
                        // Versions are followed without a gap, and the first of a building tells of the building.
                        let report = format!("homes of {building_id} came before the building");
                        return Err(General::Internal {
                            source: report.into(),
                        }
                        .into());
                    };
                    changes.owners.extend(
                        homes
                            .iter()
                            .map(|home| (home.home_id, (*area_id, home.owner_ids.as_slice()))),
                    );
                }
            }
        }
        write(&tx, &mut changes).await?;
        tx.commit().await?;
        Ok(standings)
    }
}

/// Writes what waits. A kind of change that has no place in `Changes` calls this first, then writes itself.
async fn write(tx: &Tx, changes: &mut Changes<'_>) -> Result<(), StoreError> {
    let changes = std::mem::take(changes);
    tx.put_areas(changes.areas.into_values()).await?;
    tx.put_buildings(changes.buildings.into_values()).await?;
    let owners: Vec<_> = changes
        .owners
        .into_iter()
        .map(|(home_id, (area_id, owner_ids))| (home_id, area_id, owner_ids))
        .collect();
    tx.replace_owners(&owners).await
}

/// The areas of the known buildings of which homes changed.
async fn areas_of(tx: &Tx, changes: &[&RegistryChange]) -> Result<HashMap<BuildingId, AreaId>, StoreError> {
    let building_ids: BTreeSet<BuildingId> = changes
        .iter()
        .filter_map(|change| match change {
            RegistryChange::Owners { building_id, .. } => Some(*building_id),
            RegistryChange::Area(_)
            | RegistryChange::Building(_)
            | RegistryChange::Manager { .. }
            | RegistryChange::Move { .. }
            | RegistryChange::Elsewhere => None,
        })
        .collect();
    let building_ids: Vec<BuildingId> = building_ids.into_iter().collect();
    let known = tx.buildings(&building_ids).await?;
    Ok(known
        .into_iter()
        .map(|building| (building.building_id, building.area_id))
        .collect())
}
