//! Which of several owners casts their one vote (业主大会和业主委员会指导规则 article 25).

use chrono::NaiveDate;
use ids::{AreaId, OwnerId, RepresentationId};
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use crate::domain::ownership::Ownership;
use crate::domain::roll::{HeadKey, head_of_owners};

/// A choice, from its first day until the next one begins. It is one for all homes of the area that exactly these owners
/// own, because they are one head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Representation {
    /// Derived from the area and the head.
    pub id: RepresentationId,
    /// The area.
    pub area_id: AreaId,
    /// The set of owners.
    pub head_key: HeadKey,
    /// Who casts the vote.
    pub owner_id: OwnerId,
    /// First day.
    pub from_on: NaiveDate,
    /// SHA-256 of the paper, in hexadecimal; empty where none was filed.
    pub document_digest: String,
    /// One higher with every choice.
    pub version: i64,
}

impl Representation {
    /// The id of the choices of a head in an area.
    pub fn id_of(area_id: AreaId, head_key: HeadKey) -> RepresentationId {
        RepresentationId::derive(&format!("{area_id}/{head_key}"))
    }

    /// Decides that `owner_id` casts the vote of the owners of `ownership` from the day `from`; `last` is the last choice.
    ///
    /// # Errors
    /// `OWNER_ALONE`, `REPRESENTATIVE_NOT_OWNER`, `REPRESENTATIVE_BEFORE_LAST`.
    pub fn choose(
        area_id: AreaId,
        ownership: &Ownership,
        owner_id: OwnerId,
        from: NaiveDate,
        document_digest: String,
        last: Option<&Representation>,
    ) -> Result<Self, Refusal> {
        if ownership.owner_ids.len() < 2 {
            return Err(Refusal::OwnerAlone);
        }
        if !ownership.owner_ids.contains(&owner_id) {
            return Err(Refusal::RepresentativeNotOwner);
        }
        if let Some(last) = last.filter(|last| from <= last.from_on) {
            return Err(Refusal::RepresentativeBeforeLast { last: last.from_on });
        }
        let head_key = head_of_owners(&ownership.owner_ids);
        Ok(Representation {
            id: Self::id_of(area_id, head_key),
            area_id,
            head_key,
            owner_id,
            from_on: from,
            document_digest,
            version: last.map_or(0, |last| last.version) + 1,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use ids::HomeId;

    use super::*;

    #[test]
    fn one_of_several_owners_is_chosen_and_a_later_choice_follows() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let (a, b, c) = (OwnerId::derive("A"), OwnerId::derive("B"), OwnerId::derive("C"));
        let couple = Ownership::since(HomeId::derive("h"), vec![a, b], day("2020-05-01"));
        let area = AreaId::derive("area");
        let choose = |who, from: &str, last: Option<&Representation>| {
            Representation::choose(area, &couple, who, day(from), String::new(), last)
        };
        let first = choose(a, "2026-01-01", None).unwrap();
        let second = choose(b, "2026-01-02", Some(&first)).unwrap();
        assert_eq!((second.id, second.version), (first.id, 2));
        assert_eq!(
            choose(b, "2026-01-01", Some(&first)).unwrap_err(),
            Refusal::RepresentativeBeforeLast {
                last: day("2026-01-01")
            }
        );
        assert_eq!(
            choose(c, "2026-01-01", None).unwrap_err(),
            Refusal::RepresentativeNotOwner
        );
        let alone = Ownership::since(HomeId::derive("h"), vec![a], day("2020-05-01"));
        let refused = Representation::choose(area, &alone, a, day("2026-01-01"), String::new(), None);
        assert_eq!(refused.unwrap_err(), Refusal::OwnerAlone);
    }
}
