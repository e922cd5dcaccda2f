//! Dossiers (案卷) of an area: what was decided about it, as it travels from one registry to another.
//!
//! A dossier holds everything of its subject. Nobody types one in: it carries the keyed hash of the registry that wrote
//! it, and is taken whole, in the state that it had, into an area that has nothing of the same subject.

use chrono::NaiveDate;
use ids::{AreaId, FirmId};
use serde::{Deserialize, Serialize};

use super::contract::{Contract, DecidedBallot, Purpose};
use super::delineation::Delineation;
use super::division::boundary::Boundary;
use super::management_mode::ModeDecision;
use super::price::{Adjustment, FeeStandard, Satisfaction};
use super::service_rooms::ServiceRooms;
use super::set_up::Condition;

/// Everything of one subject, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case", tag = "subject", content = "records")]
#[strum(serialize_all = "snake_case")]
pub enum Dossier {
    /// How it was delineated.
    Delineations(Vec<Delineation>),
    /// Its boundaries.
    Boundaries(Vec<Boundary>),
    /// Checks of its service rooms.
    ServiceRooms(Vec<ServiceRooms>),
    /// Who managed it, more than one after the other.
    Managers(Vec<ManagerTerm>),
    /// That its first assembly was to be prepared: by which condition, found on which day.
    SetUps(Vec<(Condition, NaiveDate)>),
    /// What its owners decided, and what each decision served for.
    Ballots(Vec<UsedBallot>),
    /// Contracts of property service.
    Contracts(Vec<Contract>),
    /// How it is managed.
    ManagementModes(Vec<ModeDecision>),
    /// Fee standards.
    FeeStandards(Vec<FeeStandard>),
    /// Price adjustments.
    PriceAdjustments(Vec<Adjustment>),
    /// Scores of the owners' satisfaction.
    Satisfactions(Vec<Satisfaction>),
}

/// Who managed an area from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManagerTerm {
    /// The property firm; none where nobody did.
    pub manager_id: Option<FirmId>,
    /// First day; none for as long as anything is known.
    pub since: Option<NaiveDate>,
}

/// A decided ballot, and what it served for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedBallot {
    /// The ballot.
    pub ballot: DecidedBallot,
    /// For what, and what was recorded by it.
    pub uses: Vec<(Purpose, String)>,
}

impl Dossier {
    /// Its subject in a word: `contracts`.
    pub fn subject(&self) -> &'static str {
        self.into()
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        match self {
            Dossier::Delineations(records) => records.is_empty(),
            Dossier::Boundaries(records) => records.is_empty(),
            Dossier::ServiceRooms(records) => records.is_empty(),
            Dossier::Managers(records) => records.is_empty(),
            Dossier::SetUps(records) => records.is_empty(),
            Dossier::Ballots(records) => records.is_empty(),
            Dossier::Contracts(records) => records.is_empty(),
            Dossier::ManagementModes(records) => records.is_empty(),
            Dossier::FeeStandards(records) => records.is_empty(),
            Dossier::PriceAdjustments(records) => records.is_empty(),
            Dossier::Satisfactions(records) => records.is_empty(),
        }
    }

    /// What of it a registry lacks that knows some of its ballots already, because the service that counted them told it;
    /// none where what it knows is no part of this.
    #[must_use]
    pub fn beyond(&self, known: &Dossier) -> Option<Dossier> {
        let (Dossier::Ballots(all), Dossier::Ballots(known)) = (self, known) else {
            return None;
        };
        let is_part = |known: &UsedBallot| {
            let own = all.iter().find(|one| one.ballot == known.ballot);
            own.is_some_and(|own| known.uses.iter().all(|used| own.uses.contains(used)))
        };
        if !known.iter().all(is_part) {
            return None;
        }
        let missing = all.iter().map(|one| {
            let known = known.iter().find(|known| known.ballot == one.ballot);
            let is_new = |used: &&(Purpose, String)| known.is_none_or(|known| !known.uses.contains(used));
            UsedBallot {
                ballot: one.ballot.clone(),
                uses: one.uses.iter().filter(is_new).cloned().collect(),
            }
        });
        Some(Dossier::Ballots(missing.collect()))
    }

    /// The firms that it names: who takes it must know them.
    pub fn firm_ids(&self) -> Vec<FirmId> {
        match self {
            Dossier::Delineations(records) => records.iter().map(|record| record.developer_id).collect(),
            Dossier::Managers(records) => records.iter().filter_map(|record| record.manager_id).collect(),
            Dossier::Contracts(records) => records.iter().map(|record| record.firm_id).collect(),
            Dossier::PriceAdjustments(records) => records.iter().map(|record| record.firm_id).collect(),
            Dossier::Boundaries(_)
            | Dossier::ServiceRooms(_)
            | Dossier::SetUps(_)
            | Dossier::Ballots(_)
            | Dossier::ManagementModes(_)
            | Dossier::FeeStandards(_)
            | Dossier::Satisfactions(_) => Vec::new(),
        }
    }
}

/// What is hashed of a dossier: its text, bound to the area and to what it is about.
pub fn sealed_text(area_id: AreaId, content: &str) -> String {
    format!("{area_id}\n{content}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn used(name: &str, uses: &[Purpose]) -> UsedBallot {
        UsedBallot {
            ballot: DecidedBallot {
                id: ids::BallotId::derive(name),
                area_id: AreaId::derive("a"),
                of_whole_area: true,
                item: 4,
                passed: true,
                decided_on: "2026-03-01".parse().unwrap(),
                adjustment_id: None,
            },
            uses: uses.iter().map(|purpose| (*purpose, name.to_owned())).collect(),
        }
    }

    #[test]
    fn ballots_that_were_told_already_are_no_other_ones() {
        let all = Dossier::Ballots(vec![used("1", &[Purpose::Hire, Purpose::Mode]), used("2", &[])]);
        let told = Dossier::Ballots(vec![used("1", &[Purpose::Mode])]);
        let missing = Dossier::Ballots(vec![used("1", &[Purpose::Hire]), used("2", &[])]);
        assert_eq!(all.beyond(&told), Some(missing));
        let other = Dossier::Ballots(vec![used("1", &[Purpose::Dismiss])]);
        assert_eq!(all.beyond(&other), None, "it served for something else here");
        assert_eq!(all.beyond(&Dossier::Ballots(vec![used("3", &[])])), None);
        assert_eq!(all.beyond(&Dossier::Contracts(Vec::new())), None);
    }
}
