//! Exclusive areas through time: the register counts before the survey, and the survey before the contract
//! (法释〔2009〕7号, article 8).

use chrono::NaiveDate;
use ids::{AreaId, BuildingId, HomeId};
use money::Area;
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// Largest exclusive area of a home that is believed: 1,000,000 m², as in tables of homes.
pub const EXCLUSIVE_AREA_MAX: Area = Area(100_000_000);

/// Where an exclusive area comes from, the better the higher.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AreaSource {
    /// The contract of sale (买卖合同).
    Contract,
    /// The survey (实测).
    Survey,
    /// The real-estate register (不动产登记簿).
    Register,
}

/// An exclusive area that a home had from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeArea {
    /// In 0.01 m².
    pub area: Area,
    /// Where it comes from.
    pub source: AreaSource,
    /// First day on which it counts; none for the one the home was recorded with.
    pub since: Option<NaiveDate>,
    /// SHA-256 of the document, in hexadecimal; none for the one the home was recorded with.
    pub document_digest: Option<String>,
}

impl HomeArea {
    /// The area a home was recorded with: tables of homes come from the register.
    pub fn recorded(area: Area) -> Self {
        HomeArea {
            area,
            source: AreaSource::Register,
            since: None,
            document_digest: None,
        }
    }
}

/// An exclusive area, and why it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reasoned {
    /// The area.
    pub area: HomeArea,
    /// Why; empty where nothing was said.
    pub reason: String,
}

/// What is known of a home through time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeFacts {
    /// The home.
    pub home_id: HomeId,
    /// Its exclusive areas, the oldest first.
    pub areas: Vec<HomeArea>,
    /// Day of its sale; none where it was never recorded.
    pub sold_on: Option<NaiveDate>,
}

/// A correction that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The building.
    pub building_id: BuildingId,
    /// Its area.
    pub area_id: AreaId,
    /// The home.
    pub home_id: HomeId,
    /// Its area until then.
    pub before: Area,
    /// Its area from now on.
    pub after: HomeArea,
}

/// Decides a correction; `present` is what counts now, `has_reason` whether one was given, `today` is in China.
/// It counts from today: what was counted before stays counted.
///
/// # Errors
/// `EXCLUSIVE_AREA_OUT_OF_RANGE`; `EXCLUSIVE_AREA_UNCHANGED` where neither area nor source is another;
/// `AREA_SOURCE_NOT_BETTER` where the source is not better than the present one and no reason is given.
pub fn decide(
    present: &HomeArea,
    area: Area,
    source: AreaSource,
    document_digest: String,
    has_reason: bool,
    today: NaiveDate,
) -> Result<HomeArea, Refusal> {
    if !(1..=EXCLUSIVE_AREA_MAX.0).contains(&area.0) {
        return Err(Refusal::ExclusiveAreaOutOfRange);
    }
    if area == present.area && source == present.source {
        return Err(Refusal::ExclusiveAreaUnchanged);
    }
    if source <= present.source && !has_reason {
        return Err(Refusal::AreaSourceNotBetter);
    }
    Ok(HomeArea {
        area,
        source,
        since: Some(today),
        document_digest: Some(document_digest),
    })
}

/// Whether an area of a home's history can have followed this one.
///
/// # Errors
/// As [`decide`] on the day on which it came to count; `EXCLUSIVE_AREA_UNCHANGED` where it has none.
pub fn follows(before: &HomeArea, next: &Reasoned) -> Result<(), Refusal> {
    let Some(on) = next.area.since else {
        return Err(Refusal::ExclusiveAreaUnchanged);
    };
    let digest = next.area.document_digest.clone().unwrap_or_default();
    let has_reason = !next.reason.is_empty();
    decide(before, next.area.area, next.area.source, digest, has_reason, on).map(|_| ())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn from(source: AreaSource) -> HomeArea {
        HomeArea {
            source,
            ..HomeArea::recorded(Area(10_000))
        }
    }

    fn to(present: &HomeArea, area: i64, source: AreaSource, has_reason: bool) -> &'static str {
        let today = "2026-03-02".parse().unwrap();
        match decide(present, Area(area), source, "d".into(), has_reason, today) {
            Ok(_) => "accepted",
            Err(refusal) => refusal.into(),
        }
    }

    /// CT-1: contract, then survey, then register; the other way only with a reason.
    #[test]
    fn the_source_only_gets_better_unless_there_is_a_reason() {
        use AreaSource::{Contract, Register, Survey};
        for (present, next, alone) in [
            (Contract, Contract, "AREA_SOURCE_NOT_BETTER"),
            (Contract, Survey, "accepted"),
            (Contract, Register, "accepted"),
            (Survey, Contract, "AREA_SOURCE_NOT_BETTER"),
            (Survey, Survey, "AREA_SOURCE_NOT_BETTER"),
            (Survey, Register, "accepted"),
            (Register, Contract, "AREA_SOURCE_NOT_BETTER"),
            (Register, Survey, "AREA_SOURCE_NOT_BETTER"),
            (Register, Register, "AREA_SOURCE_NOT_BETTER"),
        ] {
            assert_eq!(
                to(&from(present), 10_001, next, false),
                alone,
                "{present:?} {next:?}"
            );
            assert_eq!(to(&from(present), 10_001, next, true), "accepted");
        }
        assert_eq!(
            to(&from(Survey), 10_000, Survey, true),
            "EXCLUSIVE_AREA_UNCHANGED"
        );
        assert_eq!(
            to(&from(Survey), 10_000, Register, false),
            "accepted",
            "the same, better known"
        );
        for area in [0, -1, EXCLUSIVE_AREA_MAX.0 + 1] {
            assert_eq!(
                to(&from(Survey), area, Register, true),
                "EXCLUSIVE_AREA_OUT_OF_RANGE"
            );
        }
    }
}
