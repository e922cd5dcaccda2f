//! The roll (表决名册): who counts as one head with which homes, frozen when a ballot is announced.

use std::collections::{BTreeMap, HashSet};

use ids::{FirmId, HomeId, OwnerId};
use money::Area;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use super::Tally;

/// In which capacity a head's vote is cast (业主大会和业主委员会指导规则 article 25).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Capacity {
    /// An owner of the head, in the own right.
    Owner,
    /// The owner whom several owners chose.
    Representative,
    /// The guardian of a minor or of somebody without capacity.
    Guardian,
    /// The authorised person of a legal person.
    Authorised,
    /// The developer.
    Developer,
}

/// Somebody who may cast a head's vote: an owner, or whoever acts for one and is known as owners are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadVoter {
    /// Who.
    pub id: OwnerId,
    /// In which capacity.
    pub capacity: Capacity,
}

/// One home as the registry names it for a roll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollEntry {
    /// The home.
    pub home_id: HomeId,
    /// Who counts as one person: the same for all homes of the same set of owners, and for all of the developer.
    pub head_key: String,
    /// Its exclusive area.
    pub area: Area,
    /// The owners; empty for the developer's head.
    pub owner_ids: Vec<OwnerId>,
    /// Who may cast the head's vote; empty for the developer's head.
    pub voters: Vec<HeadVoter>,
    /// The developer that casts it; none for all others.
    pub developer_id: Option<FirmId>,
}

/// One head (人) on a roll: one vote, weighing once as a person and once with all its area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Its name on this roll.
    pub key: String,
    /// All its homes in the ballot's scope, in the order of their ids.
    pub home_ids: Vec<HomeId>,
    /// Their exclusive area together.
    pub area: Area,
    /// Its owners.
    pub owner_ids: Vec<OwnerId>,
    /// Who may cast its vote: any of them, once for all owners. As frozen with the roll: who is chosen or named later
    /// votes on later rolls.
    pub voters: Vec<HeadVoter>,
    /// The developer that casts it, for homes not sold or not handed over.
    pub developer_id: Option<FirmId>,
}

/// Who casts a vote: one of the head's voters, or the developer by its employee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voter {
    /// An owner, or whoever acts for one.
    Person(HeadVoter),
    /// The developer.
    Developer(FirmId),
}

impl Voter {
    /// In which capacity.
    pub fn capacity(&self) -> Capacity {
        match self {
            Voter::Person(voter) => voter.capacity,
            Voter::Developer(_) => Capacity::Developer,
        }
    }
}

impl Head {
    /// As whom somebody who is this owner, or acts for this firm, may cast the head's vote; none where they may not.
    pub fn voter(&self, owner_id: Option<OwnerId>, firm_id: Option<FirmId>) -> Option<Voter> {
        let person = owner_id.and_then(|id| self.voters.iter().find(|voter| voter.id == id));
        person.copied().map(Voter::Person).or_else(|| {
            firm_id
                .filter(|id| self.developer_id == Some(*id))
                .map(Voter::Developer)
        })
    }
}

/// Why entries do not make a roll: always a fault of whoever sent them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RollError {
    /// A home came twice: it would weigh twice.
    #[error("a home is on the roll twice")]
    HomeRepeated,
    /// A home without area.
    #[error("a home on the roll has no area")]
    AreaMissing,
    /// One head with different people.
    #[error("a head on the roll has two sets of people")]
    HeadContradicted,
    /// A head that counts and that nobody casts a vote for.
    #[error("a head on the roll has nobody who casts its vote")]
    VoterMissing,
    /// The sum of areas is beyond what can be counted.
    #[error("the roll's area cannot be counted")]
    AreaTooLarge,
}

/// A roll in the making: entries are folded into heads as they arrive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roll {
    heads: BTreeMap<String, Head>,
    homes: HashSet<HomeId>,
    area: Area,
}

impl Roll {
    /// Adds a home to its head.
    ///
    /// # Errors
    /// As [`RollError`] says; the roll must then not be used.
    pub fn add(&mut self, entry: RollEntry) -> Result<(), RollError> {
        if !entry.area.is_positive() {
            return Err(RollError::AreaMissing);
        }
        if !self.homes.insert(entry.home_id) {
            return Err(RollError::HomeRepeated);
        }
        if entry.voters.is_empty() && entry.developer_id.is_none() {
            return Err(RollError::VoterMissing);
        }
        let mut owner_ids = entry.owner_ids;
        owner_ids.sort_unstable();
        owner_ids.dedup();
        let mut voters = entry.voters;
        voters.sort_unstable_by_key(|voter| voter.id);
        voters.dedup_by_key(|voter| voter.id);
        let sum = |area: Area| area.checked_add(entry.area).map_err(|_| RollError::AreaTooLarge);
        self.area = sum(self.area)?;
        let head = self.heads.entry(entry.head_key.clone()).or_insert_with(|| Head {
            key: entry.head_key,
            home_ids: Vec::new(),
            area: Area::ZERO,
            owner_ids: owner_ids.clone(),
            voters: voters.clone(),
            developer_id: entry.developer_id,
        });
        if head.owner_ids != owner_ids || head.voters != voters || head.developer_id != entry.developer_id {
            return Err(RollError::HeadContradicted);
        }
        head.area = sum(head.area)?;
        let at = head
            .home_ids
            .binary_search(&entry.home_id)
            .unwrap_or_else(|at| at);
        head.home_ids.insert(at, entry.home_id);
        Ok(())
    }

    /// All heads and all area: the denominators of the count.
    pub fn tally(&self) -> Tally {
        let heads = i64::try_from(self.heads.len()).unwrap_or(i64::MAX);
        Tally {
            heads,
            area: self.area,
        }
    }

    /// True where nobody is on it.
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// Its heads, in the order of their keys.
    pub fn heads(&self) -> impl Iterator<Item = &Head> {
        self.heads.values()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn voter(name: &str, capacity: Capacity) -> HeadVoter {
        HeadVoter {
            id: OwnerId::derive(name),
            capacity,
        }
    }

    fn entry(home: &str, head: &str, owners: &[&str]) -> RollEntry {
        RollEntry {
            home_id: HomeId::derive(home),
            head_key: head.into(),
            area: Area(10_000),
            owner_ids: owners.iter().map(|owner| OwnerId::derive(owner)).collect(),
            voters: owners.iter().map(|owner| voter(owner, Capacity::Owner)).collect(),
            developer_id: None,
        }
    }

    fn roll(entries: impl IntoIterator<Item = RollEntry>) -> Result<Roll, RollError> {
        let mut roll = Roll::default();
        for entry in entries {
            roll.add(entry)?;
        }
        Ok(roll)
    }

    #[test]
    fn homes_of_the_same_owners_are_one_head_with_their_area_together() {
        let roll = roll([
            entry("1", "a", &["甲"]),
            entry("2", "a", &["甲"]),
            entry("3", "b", &["乙"]),
        ])
        .unwrap();
        assert_eq!(roll.tally(), Tally::new(2, 30_000));
        assert_eq!(roll.heads().next().unwrap().area, Area(20_000));
    }

    #[test]
    fn an_owner_alone_and_the_same_owner_with_another_are_two_heads_with_each_area_once() {
        let roll = roll([entry("1", "a", &["甲"]), entry("2", "ab", &["甲", "乙"])]).unwrap();
        assert_eq!(roll.tally(), Tally::new(2, 20_000));
        // Either of the two casts the second head's one vote; there is no half of it.
        let both = roll.heads().nth(1).unwrap();
        for owner in ["甲", "乙"].map(|name| voter(name, Capacity::Owner)) {
            assert_eq!(both.voter(Some(owner.id), None), Some(Voter::Person(owner)));
        }
        assert_eq!(
            both.voter(Some(OwnerId::derive("丙")), Some(FirmId::derive("x"))),
            None
        );
    }

    #[test]
    fn whoever_acts_for_an_owner_casts_the_vote_and_the_owner_does_not() {
        let guardian = voter("监护人", Capacity::Guardian);
        let of_ward = RollEntry {
            voters: vec![guardian],
            ..entry("1", "a", &["甲"])
        };
        let ward = roll([of_ward.clone()]).unwrap();
        let head = ward.heads().next().unwrap();
        let cast = head.voter(Some(guardian.id), None);
        assert_eq!(cast, Some(Voter::Person(guardian)));
        assert_eq!(cast.map(|voter| voter.capacity()), Some(Capacity::Guardian));
        assert_eq!(head.voter(Some(OwnerId::derive("甲")), None), None);
        assert_eq!(
            roll([of_ward, entry("2", "a", &["甲"])]),
            Err(RollError::HeadContradicted)
        );
    }

    #[test]
    fn the_order_of_owners_does_not_make_another_head() {
        let roll = roll([entry("1", "ab", &["甲", "乙"]), entry("2", "ab", &["乙", "甲"])]).unwrap();
        assert_eq!(roll.tally().heads, 1);
    }

    #[test]
    fn the_developer_votes_by_its_firm_alone() {
        let firm = FirmId::derive("开发");
        let mut of_developer = entry("1", "d", &[]);
        of_developer.developer_id = Some(firm);
        let roll = roll([of_developer]).unwrap();
        let head = roll.heads().next().unwrap();
        assert_eq!(
            head.voter(Some(OwnerId::derive("甲")), Some(firm)),
            Some(Voter::Developer(firm))
        );
        assert_eq!(head.voter(None, Some(FirmId::derive("物业"))), None);
    }

    #[test]
    fn entries_that_would_count_wrongly_are_refused() {
        assert_eq!(
            roll([entry("1", "a", &["甲"]), entry("1", "b", &["乙"])]),
            Err(RollError::HomeRepeated)
        );
        assert_eq!(
            roll([entry("1", "a", &["甲"]), entry("2", "a", &["乙"])]),
            Err(RollError::HeadContradicted)
        );
        let nobody = RollEntry {
            voters: Vec::new(),
            ..entry("1", "a", &["甲"])
        };
        assert_eq!(roll([nobody]), Err(RollError::VoterMissing));
        let none = RollEntry {
            area: Area::ZERO,
            ..entry("1", "a", &["甲"])
        };
        assert_eq!(roll([none]), Err(RollError::AreaMissing));
        let huge = |home| RollEntry {
            area: Area(i64::MAX),
            ..entry(home, home, &["甲"])
        };
        assert_eq!(roll([huge("1"), huge("2")]), Err(RollError::AreaTooLarge));
    }
}
