//! The roll (表决名册): who counts as one person, and with how much area.
//!
//! Civil Code article 278 counts heads and area; the Supreme Court's interpretation 法释〔2009〕7号, articles 8 and 9,
//! says how: the registered area, one exclusive part one person, but one person for all that is not sold or not handed
//! over, and one person for a buyer of several parts.

use std::collections::HashMap;

use chrono::NaiveDate;
use ids::{AreaId, BuildingId, FirmId, HomeId, Id, OwnerId};

use super::area::Area;
use super::home::{Home, HomeUse};
use super::owner::agent::Ground;
use super::ownership::Ownership;

pub mod code;
pub mod event;
pub mod objection;
pub mod publication;
pub mod readiness;
pub mod refusal;

pub use readiness::NotReady;

/// The homes that a roll concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The area.
    pub area_id: AreaId,
    /// Only these buildings; all where empty.
    pub building_ids: Vec<BuildingId>,
    /// Only these stairwells of the one building; all where empty.
    pub stairwells: Vec<String>,
    /// Only these homes; all where empty.
    pub home_ids: Vec<HomeId>,
    /// Whether parking spaces count: a matter for each assembly's rules (274号 article 25).
    pub count_parking: bool,
}

impl Scope {
    /// Whether a home of the scope counts.
    pub fn counts(&self, usage: HomeUse) -> bool {
        match usage {
            HomeUse::Residential | HomeUse::Commercial => true,
            HomeUse::Parking => self.count_parking,
        }
    }
}

/// What a head key names.
#[derive(Debug, Clone, Copy)]
pub enum Head {}

impl ids::Kind for Head {
    const PREFIX: &'static str = "head";
}

/// Who counts as one person: `head_` and 32 hexadecimal digits, equal for equal sets of owners on every roll.
pub type HeadKey = Id<Head>;

/// The head of this set of owners; the order does not matter.
pub fn head_of_owners(owner_ids: &[OwnerId]) -> HeadKey {
    let mut ids: Vec<String> = owner_ids.iter().map(ToString::to_string).collect();
    ids.sort_unstable();
    ids.dedup();
    HeadKey::derive(&format!("owners:{}", ids.join(",")))
}

/// The one head of everything that a developer has not sold or not handed over.
pub fn head_of_developer(developer_id: FirmId) -> HeadKey {
    HeadKey::derive(&format!("developer:{developer_id}"))
}

/// Who casts a head's vote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Voter {
    /// The owners: one of them, or whoever acts for them.
    Owners {
        /// The owners, in the order of their ids.
        owner_ids: Vec<OwnerId>,
        /// Who of them, or in their place, may cast it, in the order of their ids.
        voters: Vec<HeadVoter>,
    },
    /// The developer.
    Developer(FirmId),
}

/// In which capacity somebody casts a head's vote (业主大会和业主委员会指导规则 article 25).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Capacity {
    /// An owner of the head, in the own right.
    Owner,
    /// The owner whom several owners chose.
    Representative,
    /// The guardian of a minor or of somebody without capacity.
    Guardian,
    /// The authorised person of a legal person.
    Authorised,
}

impl From<Ground> for Capacity {
    fn from(ground: Ground) -> Self {
        match ground {
            Ground::Minor | Ground::Incapacity => Capacity::Guardian,
            Ground::LegalPerson => Capacity::Authorised,
        }
    }
}

/// Somebody who may cast a head's vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeadVoter {
    /// Who, known as owners are.
    pub id: OwnerId,
    /// In which capacity.
    pub capacity: Capacity,
}

/// One home on a roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollEntry {
    /// The home.
    pub home_id: HomeId,
    /// Its building.
    pub building_id: BuildingId,
    /// Its stairwell.
    pub stairwell: String,
    /// Its room.
    pub room: String,
    /// Who counts as one person.
    pub head_key: HeadKey,
    /// Exclusive area, positive.
    pub exclusive_area: money::Area,
    /// Who casts the head's vote.
    pub voter: Voter,
}

/// Who acts in place of owners and who was chosen to vote for several, on the day of a roll.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Voting {
    /// Who acts for an owner, and why: a guardian, or the authorised person of a legal person.
    pub agents: HashMap<OwnerId, (OwnerId, Ground)>,
    /// Whom the owners of a head chose.
    pub representatives: HashMap<HeadKey, OwnerId>,
}

impl Voting {
    /// Who may cast the vote of these owners, who are this head (业主大会和业主委员会指导规则 article 25).
    pub fn voters(&self, head_key: HeadKey, owner_ids: &[OwnerId]) -> Vec<HeadVoter> {
        let chosen = self.representatives.get(&head_key);
        let chosen = chosen.filter(|chosen| owner_ids.contains(chosen));
        let casting = chosen.map_or(owner_ids, std::slice::from_ref);
        let own = match chosen {
            Some(_) => Capacity::Representative,
            None => Capacity::Owner,
        };
        let mut voters: Vec<HeadVoter> = casting
            .iter()
            .map(|owner_id| match self.agents.get(owner_id) {
                Some((agent_id, ground)) => HeadVoter {
                    id: *agent_id,
                    capacity: (*ground).into(),
                },
                None => HeadVoter {
                    id: *owner_id,
                    capacity: own,
                },
            })
            .collect();
        // Who may for several reasons does so in the own right first.
        voters.sort_unstable_by_key(|voter| (voter.id, voter.capacity));
        voters.dedup_by_key(|voter| voter.id);
        voters
    }
}

/// The entry of a home on the roll of `day`; `ownership` is who owns it on that day.
///
/// # Errors
/// Why it cannot be counted: then there is no roll at all, because every denominator would be wrong.
pub fn entry(
    home: &Home,
    ownership: Option<&Ownership>,
    area: &Area,
    voting: &Voting,
    day: NaiveDate,
) -> Result<RollEntry, NotReady> {
    if !home.exclusive_area.is_positive() {
        return Err(NotReady::NoArea);
    }
    let (head_key, voter) = if home.sale.is_delivered_by(day) {
        let owners = ownership.map(|held| held.owner_ids.clone()).unwrap_or_default();
        if owners.is_empty() {
            return Err(NotReady::NoOwner);
        }
        let head_key = head_of_owners(&owners);
        let voters = voting.voters(head_key, &owners);
        let voter = Voter::Owners {
            owner_ids: owners,
            voters,
        };
        (head_key, voter)
    } else {
        let developer_id = area.developer_id.ok_or(NotReady::NoDeveloper)?;
        (head_of_developer(developer_id), Voter::Developer(developer_id))
    };
    Ok(RollEntry {
        home_id: home.id,
        building_id: home.building_id,
        stairwell: home.stairwell.clone(),
        room: home.room.clone(),
        head_key,
        exclusive_area: home.exclusive_area,
        voter,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::HashSet;

    use super::*;
    use crate::domain::home::Sale;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn area() -> Area {
        Area {
            id: AreaId::derive("a"),
            number: "a".into(),
            name: "湖畔花园".into(),
            division: "330783004015".parse().unwrap(),
            developer_id: Some(FirmId::derive("developer")),
            manager_id: None,
            ended: None,
            version: 1,
            registered_on: None,
        }
    }

    fn home(number: u32, sale: Sale) -> Home {
        let unit_number = format!("330783004015GB00001F0001{number:04}").parse().unwrap();
        Home {
            id: Home::id_of(&unit_number),
            area_id: AreaId::derive("a"),
            building_id: BuildingId::derive("a/1"),
            stairwell: "1".into(),
            room: number.to_string(),
            unit_number,
            exclusive_area: money::Area(10_000),
            usage: HomeUse::Residential,
            sale,
        }
    }

    fn owned(home: &Home, owners: &[&str]) -> Ownership {
        let ids = owners.iter().map(|name| OwnerId::derive(name)).collect();
        Ownership::since(home.id, ids, day("2020-01-01"))
    }

    const DELIVERED: &str = "2020-01-01";

    fn entry(
        home: &Home,
        ownership: Option<&Ownership>,
        area: &Area,
        day: NaiveDate,
    ) -> Result<RollEntry, NotReady> {
        super::entry(home, ownership, area, &Voting::default(), day)
    }

    #[test]
    fn e1_a_developer_and_an_owner_of_three_count_once_each() {
        let area = area();
        let today = day("2026-11-22");
        let mut heads = HashSet::new();
        let mut total = 0;
        for number in 0..100 {
            let sale = match number {
                0..10 => Sale::Unsold,
                10..15 => Sale::Sold,
                _ => Sale::Delivered { on: day(DELIVERED) },
            };
            let home = home(number, sale);
            let owner = if number < 18 {
                "A".to_owned()
            } else {
                format!("owner {number}")
            };
            let ownership = (number >= 15).then(|| owned(&home, &[&owner]));
            let entry = entry(&home, ownership.as_ref(), &area, today).unwrap();
            heads.insert(entry.head_key);
            total += entry.exclusive_area.get();
        }
        assert_eq!(heads.len(), 84);
        assert_eq!(total, 1_000_000);
    }

    #[test]
    fn e3_a_couple_and_one_of_the_couple_alone_are_two_heads() {
        let alone = head_of_owners(&[OwnerId::derive("A")]);
        let couple = head_of_owners(&[OwnerId::derive("A"), OwnerId::derive("B")]);
        let turned = head_of_owners(&[OwnerId::derive("B"), OwnerId::derive("A")]);
        assert_ne!(alone, couple);
        assert_eq!(couple, turned);
        assert_eq!(couple.to_string().len(), "head_".len() + 32);
    }

    #[test]
    fn a_home_counts_with_the_developer_until_the_day_of_its_hand_over() {
        let home = home(
            1,
            Sale::Delivered {
                on: day("2026-06-01"),
            },
        );
        let ownership = owned(&home, &["A"]);
        let before = entry(&home, Some(&ownership), &area(), day("2026-05-31")).unwrap();
        let after = entry(&home, Some(&ownership), &area(), day("2026-06-01")).unwrap();
        assert_eq!(before.voter, Voter::Developer(FirmId::derive("developer")));
        let alone = HeadVoter {
            id: OwnerId::derive("A"),
            capacity: Capacity::Owner,
        };
        assert_eq!(
            after.voter,
            Voter::Owners {
                owner_ids: vec![alone.id],
                voters: vec![alone]
            }
        );
    }

    #[test]
    fn a_guardian_votes_for_a_minor_and_the_chosen_one_for_several() {
        let [a, b, guardian] = ["A", "B", "G"].map(OwnerId::derive);
        let couple = vec![a, b];
        let head = head_of_owners(&couple);
        let voters = |voting: &Voting, owners: &[OwnerId]| {
            let found = voting.voters(head_of_owners(owners), owners);
            let by_id = found.into_iter().map(|voter| (voter.id, voter.capacity));
            by_id.collect::<Vec<_>>()
        };
        let sorted = |mut voters: Vec<(OwnerId, Capacity)>| {
            voters.sort_unstable();
            voters
        };
        let (owner, guards, chosen) = (Capacity::Owner, Capacity::Guardian, Capacity::Representative);
        let mut voting = Voting::default();
        assert_eq!(
            voters(&voting, &couple),
            sorted(vec![(a, owner), (b, owner)]),
            "either of them"
        );
        voting.agents.insert(a, (guardian, Ground::Minor));
        assert_eq!(
            voters(&voting, &couple),
            sorted(vec![(guardian, guards), (b, owner)])
        );
        voting.representatives.insert(head, a);
        assert_eq!(
            voters(&voting, &couple),
            [(guardian, guards)],
            "for the one who was chosen"
        );
        voting.representatives.insert(head, b);
        assert_eq!(voters(&voting, &couple), [(b, chosen)]);
        // Who sold out of the head is no longer of it; a guardian who owns with the ward votes in the own right.
        assert_eq!(voters(&voting, &[a, guardian]), [(guardian, owner)]);
        voting.agents.insert(a, (guardian, Ground::LegalPerson));
        assert_eq!(voters(&voting, &[a]), [(guardian, Capacity::Authorised)]);
    }

    #[test]
    fn what_cannot_be_counted_is_named() {
        let today = day("2026-11-22");
        let unowned = home(1, Sale::Delivered { on: day(DELIVERED) });
        assert_eq!(
            entry(&unowned, None, &area(), today).unwrap_err(),
            NotReady::NoOwner
        );
        let unsold = home(2, Sale::Unsold);
        let unknown = Area {
            developer_id: None,
            ..area()
        };
        assert_eq!(
            entry(&unsold, None, &unknown, today).unwrap_err(),
            NotReady::NoDeveloper
        );
        let empty = Home {
            exclusive_area: money::Area(0),
            ..unsold
        };
        assert_eq!(entry(&empty, None, &area(), today).unwrap_err(), NotReady::NoArea);
    }
}
