//! The roll (表决名册): who counts as one person, and with how much area.
//!
//! Civil Code article 278 counts heads and area; the Supreme Court's interpretation 法释〔2009〕7号, articles 8 and 9,
//! says how: the registered area, one exclusive part one person, but one person for all that is not sold or not handed
//! over, and one person for a buyer of several parts.

use chrono::NaiveDate;
use ids::{AreaId, BuildingId, FirmId, HomeId, Id, OwnerId};

use super::area::Area;
use super::home::{Home, HomeUse};
use super::ownership::Ownership;

/// The homes that a roll concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The area.
    pub area_id: AreaId,
    /// Only these buildings; all where empty.
    pub building_ids: Vec<BuildingId>,
    /// Only these stairwells of the one building; all where empty.
    pub stairwells: Vec<String>,
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
    /// One of the owners, for all of them.
    Owners(Vec<OwnerId>),
    /// The developer.
    Developer(FirmId),
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

/// Why a home cannot be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotReady {
    /// Handed over, and nobody is recorded as its owner on that day.
    NoOwner,
    /// Its area is not above zero.
    NoArea,
    /// Not sold or not handed over, and the area's developer is not known.
    NoDeveloper,
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
        }
    }

    /// The same in Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            NotReady::NoOwner => "房屋已交付但当日无业主登记，请导入产权表。",
            NotReady::NoArea => "专有面积不大于 0，请在不动产登记中更正。",
            NotReady::NoDeveloper => "房屋未售或未交付，而该区域未登记建设单位，请登记建设单位。",
        }
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
        (head_of_owners(&owners), Voter::Owners(owners))
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
            version: 1,
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
        assert_eq!(after.voter, Voter::Owners(vec![OwnerId::derive("A")]));
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
