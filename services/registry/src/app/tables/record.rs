//! Recording what a table brought: the rows in few statements, the events, and the buildings' versions without gaps.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use db::StoreError;
use ids::{AreaId, BuildingId, DivisionCode, HomeId};
use rpc::CallContext;
use sealing::Sealer;

use super::{
    agents, building_facts, dossiers, equipment, exclusive_areas, holdings, inspections, owner_records,
    parking, representatives,
};
use crate::domain::area::Area;
use crate::domain::building::Building;
use crate::domain::event::{HOMES_PER_EVENT, Happened, RegistryEvent};
use crate::domain::firm::Firm;
use crate::domain::home::Home;
use crate::domain::owner::NamedOwner;
use crate::domain::ownership::History;
use crate::store::{Tx, areas};

/// Buildings that are held until the commit, with where they lie.
pub(super) type Held = HashMap<BuildingId, (Building, DivisionCode)>;

/// What is new in a table.
pub(in crate::app) enum Changes {
    Firms {
        city: DivisionCode,
        firms: Vec<Firm>,
    },
    Areas(Vec<Area>),
    Buildings {
        new: Vec<(Building, DivisionCode)>,
        /// Those of them whose ids do not follow from area and number.
        came: Vec<Building>,
    },
    Homes {
        held: Held,
        homes: Vec<Home>,
        /// On which days those of them were sold of which the table tells it.
        sales: HashMap<HomeId, NaiveDate>,
    },
    Ownerships {
        held: Held,
        owners: Vec<NamedOwner>,
        histories: Vec<(BuildingId, History)>,
        rows: u32,
    },
    BuildingFacts(building_facts::New),
    Equipment(equipment::New),
    Inspections(inspections::New),
    Parking(parking::New),
    Holdings(holdings::New),
    OwnerRecords(owner_records::New),
    Agents(agents::New),
    Representatives(representatives::New),
    ExclusiveAreas(exclusive_areas::New),
    /// Recorded by [`App::take_over`](crate::app::App), for clocks are set with them.
    Dossiers(dossiers::New),
}

/// Those of the buildings that exist, held until the commit.
pub(super) async fn hold_buildings(tx: &Tx, ids: Vec<BuildingId>) -> Result<Held, StoreError> {
    let buildings = tx.hold_buildings(&ids).await?;
    let area_ids: Vec<AreaId> = super::cells::distinct(buildings.values().map(|building| building.area_id));
    let known_areas = areas::find_many(tx.connection(), &area_ids).await?;
    buildings
        .into_iter()
        .map(|(id, building)| {
            let area = known_areas.get(&building.area_id);
            let area = area.ok_or_else(|| StoreError::Corrupt("a building is in no area".into()))?;
            Ok((id, (building, area.division)))
        })
        .collect()
}

impl Changes {
    /// How many rows of the table it is.
    pub(in crate::app) fn rows(&self) -> u32 {
        let rows = match self {
            Changes::Firms { firms, .. } => firms.len(),
            Changes::Areas(areas) => areas.len(),
            Changes::Buildings { new, .. } => new.len(),
            Changes::Homes { homes, .. } => homes.len(),
            Changes::Ownerships { rows, .. } => return *rows,
            Changes::BuildingFacts(new) => new.facts.len(),
            Changes::Equipment(new) => new.equipment.len(),
            Changes::Inspections(new) => new.inspections.len(),
            Changes::Parking(new) => new.versions.len(),
            Changes::Holdings(new) => new.rows,
            Changes::OwnerRecords(new) => new.rows,
            Changes::Agents(new) => new.rows,
            Changes::Representatives(new) => new.chosen.len(),
            Changes::ExclusiveAreas(new) => new.rows(),
            Changes::Dossiers(new) => new.rows(),
        };
        u32::try_from(rows).unwrap_or(u32::MAX)
    }

    /// The areas of its homes.
    pub(super) fn areas_with_new_homes(&self) -> BTreeSet<AreaId> {
        match self {
            Changes::Homes { homes, .. } => homes.iter().map(|home| home.area_id).collect(),
            _ => BTreeSet::new(),
        }
    }

    /// Records it, with its events.
    pub(super) async fn record(
        self,
        tx: &mut Tx,
        ctx: &CallContext,
        sealer: &Sealer,
    ) -> Result<(), StoreError> {
        let happened = match self {
            Changes::Firms { city, firms } => {
                tx.insert_firms(&firms).await?;
                let events = firms.into_iter().map(RegistryEvent::FirmRegistered);
                events
                    .map(|event| Happened {
                        division: city,
                        version: 1,
                        event,
                    })
                    .collect()
            }
            Changes::Areas(areas) => {
                tx.insert_areas(&areas).await?;
                areas
                    .into_iter()
                    .map(|area| Happened {
                        division: area.division,
                        version: area.version,
                        event: RegistryEvent::AreaRegistered(area),
                    })
                    .collect()
            }
            Changes::Buildings { new, came } => {
                let buildings: Vec<_> = new.iter().map(|(building, _)| building.clone()).collect();
                tx.insert_buildings(&buildings).await?;
                tx.insert_places(&came).await?;
                new.into_iter()
                    .map(|(building, division)| Happened {
                        division,
                        version: building.version,
                        event: RegistryEvent::BuildingRegistered(building),
                    })
                    .collect()
            }
            Changes::Homes {
                held,
                mut homes,
                sales,
            } => {
                homes.sort_by(|a, b| a.unit_number.cmp(&b.unit_number));
                tx.insert_homes(&homes).await?;
                tx.insert_sales(&sales).await?;
                let by_building = grouped(homes.into_iter().map(|home| (home.building_id, home)));
                stepwise(tx, held, in_portions(by_building), |building, homes| {
                    let sold = |home: &Home| Some((home.id, *sales.get(&home.id)?));
                    RegistryEvent::HomesRegistered {
                        building_id: building.id,
                        area_id: building.area_id,
                        sales: homes.iter().filter_map(sold).collect(),
                        homes,
                    }
                })
                .await?
            }
            Changes::Ownerships {
                held,
                owners,
                histories,
                ..
            } => {
                tx.insert_owners(sealer, &owners).await?;
                let rows: Vec<_> = histories
                    .iter()
                    .flat_map(|(_, history)| history.all().cloned())
                    .collect();
                tx.insert_ownerships(&rows).await?;
                stepwise(
                    tx,
                    held,
                    in_portions(grouped(histories)),
                    |building, histories| {
                        let past = histories.iter().flat_map(|history| history.past.clone());
                        RegistryEvent::OwnershipsRecorded {
                            building_id: building.id,
                            past: past.collect(),
                            ownerships: histories.into_iter().map(|history| history.lasting).collect(),
                        }
                    },
                )
                .await?
            }
            Changes::BuildingFacts(new) => building_facts::record(tx, new).await?,
            Changes::Equipment(new) => equipment::record(tx, ctx, new).await?,
            Changes::Inspections(new) => inspections::record(tx, ctx, new).await?,
            Changes::Parking(new) => parking::record(tx, new).await?,
            Changes::Holdings(new) => holdings::record(tx, new).await?,
            Changes::OwnerRecords(new) => owner_records::record(tx, sealer, new).await?,
            Changes::Agents(new) => agents::record(tx, sealer, new).await?,
            Changes::Representatives(new) => representatives::record(tx, new).await?,
            Changes::ExclusiveAreas(new) => exclusive_areas::record(tx, new).await?,
            Changes::Dossiers(_) => Vec::new(),
        };
        tx.publish(ctx, &happened).await
    }
}

pub(super) fn grouped<T>(items: impl IntoIterator<Item = (BuildingId, T)>) -> BTreeMap<BuildingId, Vec<T>> {
    let mut groups: BTreeMap<BuildingId, Vec<T>> = BTreeMap::new();
    for (building_id, item) in items {
        groups.entry(building_id).or_default().push(item);
    }
    groups
}

/// Portions of each building's items that fit into one event.
fn in_portions<T: Clone>(groups: BTreeMap<BuildingId, Vec<T>>) -> BTreeMap<BuildingId, Vec<Vec<T>>> {
    let portions = |items: Vec<T>| items.chunks(HOMES_PER_EVENT).map(<[T]>::to_vec).collect();
    groups
        .into_iter()
        .map(|(building_id, items)| (building_id, portions(items)))
        .collect()
}

/// An event for each of a building's items, each the next version of the building; saves those versions.
pub(super) async fn stepwise<T>(
    tx: &Tx,
    mut held: Held,
    groups: BTreeMap<BuildingId, Vec<T>>,
    event: impl Fn(&Building, T) -> RegistryEvent,
) -> Result<Vec<Happened>, StoreError> {
    let mut happened = Vec::new();
    let mut touched = Vec::with_capacity(groups.len());
    for (building_id, items) in groups {
        let Some((mut building, division)) = held.remove(&building_id) else {
            return Err(StoreError::Corrupt("rows of a building that is not held".into()));
        };
        for item in items {
            building.version += 1;
            let event = event(&building, item);
            happened.push(Happened {
                division,
                version: building.version,
                event,
            });
        }
        touched.push(building);
    }
    tx.save_held_buildings(&touched).await?;
    Ok(happened)
}
