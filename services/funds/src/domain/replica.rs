//! What many changes of the registry come to together: of several to the same thing, what stands at the end.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ids::{AreaId, BuildingId, HomeId, OwnerId};

use super::home::{Building, Home, ManagedArea, Ownership};

/// Changes that are not written yet, each thing once, in the order of ids.
#[derive(Debug, Default)]
pub struct Changes<'a> {
    areas: BTreeMap<AreaId, &'a ManagedArea>,
    buildings: BTreeMap<BuildingId, &'a Building>,
    homes: BTreeMap<HomeId, &'a Home>,
    delivered: BTreeMap<HomeId, NaiveDate>,
    owners: BTreeMap<HomeId, &'a [OwnerId]>,
    holders: BTreeSet<(AreaId, Option<HomeId>)>,
}

impl<'a> Changes<'a> {
    /// An area as it is now; it gets its account.
    pub fn area(&mut self, area: &'a ManagedArea) {
        self.areas.insert(area.id, area);
        self.holders.insert((area.id, None));
    }

    /// A building as it is now.
    pub fn building(&mut self, building: &'a Building) {
        self.buildings.insert(building.id, building);
    }

    /// Whether one of the homes waits to be written already. A home that stands keeps its place and its number, so the
    /// first that is told of it must be written before the second.
    pub fn holds_one_of(&self, homes: &[Home]) -> bool {
        homes.iter().any(|home| self.homes.contains_key(&home.id))
    }

    /// Homes as they are now, none of which waits already; each gets its accounts.
    pub fn homes(&mut self, area_id: AreaId, homes: &'a [Home]) {
        self.holders.insert((area_id, None));
        for home in homes {
            self.homes.insert(home.id, home);
            // It says itself whether it is handed over.
            self.delivered.remove(&home.id);
            self.holders.insert((area_id, Some(home.id)));
            if !home.owner_ids.is_empty() {
                self.owners.insert(home.id, &home.owner_ids);
            }
        }
    }

    /// Homes were handed over on a day.
    pub fn delivery(&mut self, home_ids: &[HomeId], on: NaiveDate) {
        self.delivered
            .extend(home_ids.iter().map(|home_id| (*home_id, on)));
    }

    /// Who owns homes from now on.
    pub fn ownerships(&mut self, ownerships: &'a [Ownership]) {
        self.owners.extend(
            ownerships
                .iter()
                .map(|ownership| (ownership.home_id, ownership.owner_ids.as_slice())),
        );
    }

    /// Areas to write.
    pub fn areas_now(&self) -> impl Iterator<Item = &'a ManagedArea> {
        self.areas.values().copied()
    }

    /// Buildings to write.
    pub fn buildings_now(&self) -> impl Iterator<Item = &'a Building> {
        self.buildings.values().copied()
    }

    /// Homes to write, before their hand-overs.
    pub fn homes_now(&self) -> impl Iterator<Item = &'a Home> {
        self.homes.values().copied()
    }

    /// Homes that were handed over, by day.
    pub fn deliveries(&self) -> BTreeMap<NaiveDate, Vec<HomeId>> {
        let mut by_day: BTreeMap<NaiveDate, Vec<HomeId>> = BTreeMap::new();
        for (home_id, on) in &self.delivered {
            by_day.entry(*on).or_default().push(*home_id);
        }
        by_day
    }

    /// Owners to write, home by home; nobody where a home has none now.
    pub fn owners_now(&self) -> Vec<(HomeId, &'a [OwnerId])> {
        self.owners
            .iter()
            .map(|(home_id, owner_ids)| (*home_id, *owner_ids))
            .collect()
    }

    /// Who needs accounts: an area, or a home of it.
    pub fn holders(&self) -> impl Iterator<Item = (AreaId, Option<HomeId>)> {
        self.holders.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use money::Area;

    use super::*;
    use crate::domain::home::{HomeUse, SaleState};

    fn home(room: &str, owners: &[&str]) -> Home {
        Home {
            id: HomeId::derive(room),
            area_id: AreaId::derive("area"),
            building_id: BuildingId::derive("building"),
            stairwell: "1".into(),
            room: room.into(),
            unit_number: room.into(),
            exclusive_area: Area(9_000),
            home_use: HomeUse::Residential,
            sale_state: SaleState::Unsold,
            delivered_on: None,
            owner_ids: owners.iter().map(|name| OwnerId::derive(name)).collect(),
        }
    }

    fn ownership(room: &str, owners: &[&str]) -> Ownership {
        Ownership {
            home_id: HomeId::derive(room),
            owner_ids: owners.iter().map(|name| OwnerId::derive(name)).collect(),
        }
    }

    #[test]
    fn of_several_owners_of_a_home_the_last_stand() {
        let homes = [home("101", &["A"]), home("102", &[])];
        let (first, second) = ([ownership("101", &["B"])], [ownership("101", &["C", "D"])]);
        let mut changes = Changes::default();
        changes.homes(AreaId::derive("area"), &homes);
        changes.ownerships(&first);
        changes.ownerships(&second);
        assert_eq!(
            changes.owners_now(),
            [(HomeId::derive("101"), second[0].owner_ids.as_slice())]
        );
        assert_eq!(changes.homes_now().count(), 2);
        assert_eq!(changes.holders().count(), 3);
    }

    #[test]
    fn a_home_that_is_told_anew_says_itself_whether_it_is_handed_over() {
        let homes = [home("101", &[])];
        let day = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap_or_default();
        let mut changes = Changes::default();
        changes.delivery(&[homes[0].id, HomeId::derive("102")], day);
        assert!(!changes.holds_one_of(&homes));
        changes.homes(AreaId::derive("area"), &homes);
        assert!(changes.holds_one_of(&homes));
        assert_eq!(
            changes.deliveries(),
            BTreeMap::from([(day, vec![HomeId::derive("102")])])
        );
        changes.delivery(&[homes[0].id], day);
        assert_eq!(changes.deliveries()[&day].len(), 2);
    }
}
