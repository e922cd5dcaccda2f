//! What stands in the way of a roll. One function decides it for the report and for the roll itself, so that a ballot opens
//! exactly where the report finds no blocker.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use ids::{BuildingId, HomeId, OwnerId};

use super::{RollEntry, Voter, Voting, entry, head_of_owners};
use crate::domain::area::Area;
use crate::domain::home::Home;
use crate::domain::ownership::Ownership;

/// Why a home cannot be counted, or should not be yet.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    strum::EnumIter,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "snake_case")]
pub enum NotReady {
    /// Handed over, and nobody is recorded as its owner on that day.
    NoOwner,
    /// Its area is not above zero.
    NoArea,
    /// Not sold or not handed over, and the area's developer is not known.
    NoDeveloper,
    /// Another home has the same door.
    DoorTwice,
    /// The shares of its owners do not sum to one.
    SharesNotWhole,
    /// An owner is recorded under two documents.
    OwnerTwice,
    /// An owner is not verified against the register.
    OwnerUnverified,
    /// An owner is under age, and no guardian is recorded.
    NoGuardian,
    /// Several owners have not chosen who casts their vote.
    NoRepresentative,
}

impl NotReady {
    /// What is the matter and what cures it, in English.
    pub fn en(self) -> &'static str {
        match self {
            NotReady::NoOwner => {
                "they are handed over and have no owner on that day; import their ownerships."
            }
            NotReady::NoArea => {
                "their exclusive area is not above zero; correct it in the real-estate register."
            }
            NotReady::NoDeveloper => {
                "they are not sold or not handed over and the area has no developer; register the area's developer."
            }
            NotReady::DoorTwice => {
                "another home of the same building has the same stairwell and room; one of them is recorded wrongly."
            }
            NotReady::SharesNotWhole => "the shares of their owners do not sum to one; record them anew.",
            NotReady::OwnerTwice => {
                "an owner is recorded twice, with the same name and mobile number under two documents; correct one of them."
            }
            NotReady::OwnerUnverified => {
                "an owner is not verified against the real-estate register, or differs from it; verify the owner."
            }
            NotReady::NoGuardian => {
                "an owner cannot vote without a guardian, and none is recorded; name the guardian."
            }
            NotReady::NoRepresentative => {
                "several owners have not chosen who casts their vote; each of them may then cast it, and the first vote counts."
            }
        }
    }

    /// The same in Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            NotReady::NoOwner => "房屋已交付但当日无业主登记，请导入产权表。",
            NotReady::NoArea => "专有面积不大于 0，请在不动产登记中更正。",
            NotReady::NoDeveloper => "房屋未售或未交付，而该区域未登记建设单位，请登记建设单位。",
            NotReady::DoorTwice => "同一幢内另有房屋的单元和室号相同，请更正其中一套。",
            NotReady::SharesNotWhole => "共有人份额合计不等于 1，请重新登记份额。",
            NotReady::OwnerTwice => "有业主以两个证件号码重复登记（姓名与手机号码相同），请更正其一。",
            NotReady::OwnerUnverified => "有业主尚未与不动产登记核验，或核验不一致，请先核验。",
            NotReady::NoGuardian => "有业主须由监护人投票而未登记监护人，请登记监护人。",
            NotReady::NoRepresentative => "共有人尚未推选投票人，此时任一共有人均可投票，以先投者为准。",
        }
    }

    /// Whether it tells something about a person, which not everybody may know who sees the homes.
    pub fn is_personal(self) -> bool {
        match self {
            NotReady::NoOwner
            | NotReady::NoArea
            | NotReady::NoDeveloper
            | NotReady::DoorTwice
            | NotReady::SharesNotWhole
            | NotReady::NoRepresentative => false,
            NotReady::OwnerTwice | NotReady::OwnerUnverified | NotReady::NoGuardian => true,
        }
    }
}

/// Which causes that could be warnings block the roll, as the rules of the day say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strictness {
    /// Owners who are not verified.
    pub unverified_blocks: bool,
    /// Minors without a guardian.
    pub no_guardian_blocks: bool,
}

impl Strictness {
    /// Whether a cause blocks the roll.
    pub fn blocks(self, cause: NotReady) -> bool {
        match cause {
            NotReady::NoOwner
            | NotReady::NoArea
            | NotReady::NoDeveloper
            | NotReady::DoorTwice
            | NotReady::SharesNotWhole
            | NotReady::OwnerTwice => true,
            NotReady::OwnerUnverified => self.unverified_blocks,
            NotReady::NoGuardian => self.no_guardian_blocks,
            // Until one is chosen any of them casts the one vote of the head: nothing is counted wrongly.
            NotReady::NoRepresentative => false,
        }
    }
}

/// What is known beside the homes and their owners, of the day of the roll.
#[derive(Debug, Clone, Default)]
pub struct Signs {
    /// Doors that occur more than once in a building: building, stairwell, room.
    pub doors_twice: HashSet<(BuildingId, String, String)>,
    /// Homes whose shares do not sum to one.
    pub shares_not_whole: HashSet<HomeId>,
    /// Owners who are recorded twice.
    pub owners_twice: HashSet<OwnerId>,
    /// Owners who are not verified; only of the homes that are looked at.
    pub unverified: HashSet<OwnerId>,
    /// Owners under age; only of the homes that are looked at.
    pub under_age: HashSet<OwnerId>,
    /// Who acts for whom.
    pub voting: Voting,
}

/// What was found about one home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its entry, where it can be counted at all.
    pub entry: Option<RollEntry>,
    /// What is the matter with it, in the order of the causes.
    pub causes: Vec<NotReady>,
}

/// Examines a home for the roll of `day`; `ownership` is who owns it on that day.
pub fn examine(
    home: &Home,
    ownership: Option<&Ownership>,
    area: &Area,
    signs: &Signs,
    day: NaiveDate,
) -> Finding {
    let mut causes = Vec::new();
    let entry = match entry(home, ownership, area, &signs.voting, day) {
        Ok(entry) => Some(entry),
        Err(cause) => {
            causes.push(cause);
            None
        }
    };
    if !signs.doors_twice.is_empty() {
        let door = (home.building_id, home.stairwell.clone(), home.room.clone());
        if signs.doors_twice.contains(&door) {
            causes.push(NotReady::DoorTwice);
        }
    }
    // What is not handed over counts with the developer, whoever bought it.
    if let Some(Voter::Owners { owner_ids, .. }) = entry.as_ref().map(|entry| &entry.voter) {
        let any = |set: &HashSet<OwnerId>| owner_ids.iter().any(|id| set.contains(id));
        if signs.shares_not_whole.contains(&home.id) {
            causes.push(NotReady::SharesNotWhole);
        }
        if any(&signs.owners_twice) {
            causes.push(NotReady::OwnerTwice);
        }
        if any(&signs.unverified) {
            causes.push(NotReady::OwnerUnverified);
        }
        let unguarded = |id: &OwnerId| signs.under_age.contains(id) && !signs.voting.agents.contains_key(id);
        if owner_ids.iter().any(unguarded) {
            causes.push(NotReady::NoGuardian);
        }
        let head_key = head_of_owners(owner_ids);
        if owner_ids.len() > 1 && !signs.voting.representatives.contains_key(&head_key) {
            causes.push(NotReady::NoRepresentative);
        }
    }
    causes.sort_unstable();
    Finding { entry, causes }
}

/// Totals of a scope or a building.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Homes looked at.
    pub homes: i64,
    /// Heads that could be counted.
    heads: HashSet<super::HeadKey>,
    /// Exclusive area that could be counted.
    pub area: money::Area,
    /// Homes with a blocker.
    pub blocked: i64,
    /// Homes with warnings only.
    pub warned: i64,
    /// Homes by cause.
    pub causes: HashMap<NotReady, i64>,
}

impl Tally {
    /// Counts a home.
    pub fn add(&mut self, finding: &Finding, strictness: Strictness) {
        self.homes += 1;
        if let Some(entry) = &finding.entry {
            self.heads.insert(entry.head_key);
            self.area = money::Area(self.area.get() + entry.exclusive_area.get());
        }
        if finding.causes.iter().any(|cause| strictness.blocks(*cause)) {
            self.blocked += 1;
        } else if !finding.causes.is_empty() {
            self.warned += 1;
        }
        for cause in &finding.causes {
            *self.causes.entry(*cause).or_default() += 1;
        }
    }

    /// Heads that could be counted.
    pub fn heads(&self) -> i64 {
        i64::try_from(self.heads.len()).unwrap_or(i64::MAX)
    }

    /// Whether a roll of it can be frozen.
    pub fn is_ready(&self) -> bool {
        self.homes > 0 && self.blocked == 0
    }
}

#[cfg(test)]
mod tests;
