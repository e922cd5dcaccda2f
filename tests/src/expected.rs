//! What the numbers must be, worked out from the city's manifest and not by the code under test.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use seeds::{Story, StoryHome};

/// Heads and area in 0.01 m².
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Persons.
    pub heads: i64,
    /// Area.
    pub area: i64,
}

impl Tally {
    /// A head with its area.
    pub fn add(&mut self, head: &Head) {
        self.heads += 1;
        self.area += head.area;
    }
}

/// One person (人数) on the roll: a set of owners with all their homes in the scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Accounts that may cast its vote.
    pub accounts: Vec<String>,
    /// Its homes.
    pub home_ids: Vec<String>,
    /// Their area together.
    pub area: i64,
}

/// The story's building, or one stairwell of it.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The area.
    pub area_id: String,
    /// The building.
    pub building_id: String,
    /// The stairwell; the whole building where there is none.
    pub stairwell: Option<String>,
    /// The owners' heads; the developer's is not among them.
    pub heads: Vec<Head>,
    /// The developer's homes.
    pub unsold: Vec<StoryHome>,
}

impl Scope {
    /// Of the story's building, one stairwell or all of it.
    pub fn of(story: &Story, stairwell: Option<&str>) -> Self {
        let within = |home: &StoryHome| stairwell.is_none_or(|wanted| home.stairwell == wanted);
        let mut by_homes: BTreeMap<Vec<String>, Head> = BTreeMap::new();
        for owner in &story.owner_accounts {
            let homes: Vec<&StoryHome> = owner.homes.iter().filter(|home| within(home)).collect();
            let mut home_ids: Vec<String> = homes.iter().map(|home| home.home_id.clone()).collect();
            home_ids.sort();
            if home_ids.is_empty() {
                continue;
            }
            // Nobody in the building owns one home alone and another together, so the same homes are the same head.
            let area = homes.iter().map(|home| home.exclusive_area as i64).sum();
            let head = by_homes.entry(home_ids.clone()).or_insert(Head {
                accounts: Vec::new(),
                home_ids,
                area,
            });
            head.accounts.push(owner.account.clone());
        }
        let mut heads: Vec<Head> = by_homes.into_values().collect();
        heads.sort_by(|a, b| a.accounts.cmp(&b.accounts));
        let unsold: Vec<StoryHome> = [story.unsold_home.clone()]
            .into_iter()
            .filter(|home| within(home))
            .collect();
        Scope {
            area_id: story.area_id.clone(),
            building_id: story.building_id.clone(),
            stairwell: stairwell.map(str::to_owned),
            heads,
            unsold,
        }
    }

    /// Everybody on its roll, the developer as one head.
    pub fn roll(&self) -> Tally {
        let mut roll = Tally::default();
        self.heads.iter().for_each(|head| roll.add(head));
        if !self.unsold.is_empty() {
            roll.heads += 1;
            roll.area += self
                .unsold
                .iter()
                .map(|home| home.exclusive_area as i64)
                .sum::<i64>();
        }
        roll
    }

    /// As the API takes it.
    pub fn json(&self) -> serde_json::Value {
        let mut json = serde_json::json!({ "areaId": self.area_id, "buildingIds": [self.building_id] });
        if let Some(stairwell) = &self.stairwell {
            json["stairwells"] = serde_json::json!([stairwell]);
        }
        json
    }

    /// Every home with its area, by id.
    pub fn homes(&self, story: &Story) -> BTreeMap<String, i64> {
        let within = |home: &&StoryHome| {
            self.stairwell
                .as_ref()
                .is_none_or(|wanted| home.stairwell == *wanted)
        };
        let owned = story.owner_accounts.iter().flat_map(|owner| owner.homes.iter());
        let all = owned.chain([&story.unsold_home]).filter(within);
        all.map(|home| (home.home_id.clone(), home.exclusive_area as i64))
            .collect()
    }
}

/// A cost over homes by area, by largest remainder, equal remainders in the order of the ids.
pub fn shares(cost_fen: i64, homes: &BTreeMap<String, i64>) -> BTreeMap<String, i64> {
    let whole: i128 = homes.values().map(|area| i128::from(*area)).sum();
    let exact = |area: i64| i128::from(cost_fen) * i128::from(area);
    let mut shares: BTreeMap<String, i64> = homes
        .iter()
        .map(|(home, area)| (home.clone(), (exact(*area) / whole) as i64))
        .collect();
    let mut order: Vec<&String> = homes.keys().collect();
    order.sort_by_key(|home| (Reverse(exact(homes[*home]) % whole), (*home).clone()));
    let left = (cost_fen - shares.values().sum::<i64>()) as usize;
    for home in order.into_iter().take(left) {
        *shares.get_mut(home).expect("it was put there") += 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_equal_homes_share_a_hundred_fen_as_34_33_33() {
        let homes = BTreeMap::from(["a", "b", "c"].map(|home| (home.to_owned(), 1_000)));
        assert_eq!(
            shares(100, &homes).into_values().collect::<Vec<_>>(),
            [34, 33, 33]
        );
    }
}
