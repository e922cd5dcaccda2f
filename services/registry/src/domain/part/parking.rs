//! Parking (车位) that is no exclusive part. A space with a title of its own is a home.

use chrono::NaiveDate;
use ids::{AreaId, ParkingId};
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// Most spaces of a lot that are believed.
pub const SPACES_MAX: i32 = 100_000;

/// Kinds of parking that is no exclusive part.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ParkingKind {
    /// Planned spaces (规划车位): belong by sale, gift or lease, owners first (Civil Code articles 275, 276).
    Planned,
    /// On roads or ground that all own together (Civil Code article 275, second paragraph).
    CommonGround,
}

impl ParkingKind {
    /// Whether all owners own it together.
    pub fn is_common(self) -> bool {
        match self {
            ParkingKind::Planned => false,
            ParkingKind::CommonGround => true,
        }
    }
}

/// A parking lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parking {
    /// Made when recorded.
    pub id: ParkingId,
    /// The area.
    pub area_id: AreaId,
    /// What kind it is.
    pub kind: ParkingKind,
    /// What it is called.
    pub name: String,
    /// Spaces.
    pub spaces: i32,
    /// Spaces that are let now.
    pub leased: i32,
    /// Numbers of the spaces; may be empty.
    pub numbers: String,
    /// One higher each time it is recorded anew.
    pub version: i64,
}

/// Decides that a lot is from now on as `next` says; `present` is what is recorded of it.
///
/// # Errors
/// `SPACES_OUT_OF_RANGE`, `LEASED_MORE_THAN_SPACES`, `PARKING_UNCHANGED`.
pub fn decide(present: Option<&Parking>, mut next: Parking) -> Result<Parking, Refusal> {
    if !(1..=SPACES_MAX).contains(&next.spaces) {
        return Err(Refusal::SpacesOutOfRange);
    }
    if !(0..=next.spaces).contains(&next.leased) {
        return Err(Refusal::LeasedMoreThanSpaces);
    }
    if let Some(present) = present {
        next.version = present.version;
        if *present == next {
            return Err(Refusal::ParkingUnchanged);
        }
        next.version += 1;
    }
    Ok(next)
}

/// A version of a lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Day from which it counts; none for as long as anything is known.
    pub since: Option<NaiveDate>,
    /// The lot as it was then.
    pub parking: Parking,
}

/// Decides that a lot was since a day as a register says; `last` is what is recorded of it last. Versions are told in the
/// order of time, and those of one day in the order in which they were recorded.
///
/// # Errors
/// `PARKING_TOO_EARLY`, and as [`decide`].
pub fn recall(last: Option<&Version>, next: Version) -> Result<Version, Refusal> {
    let Version { since, parking } = next;
    if let Some(earliest) = last.and_then(|last| last.since)
        && since < Some(earliest)
    {
        return Err(Refusal::ParkingTooEarly { earliest });
    }
    let parking = decide(last.map(|last| &last.parking), parking)?;
    Ok(Version { since, parking })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn lot(since: &str, leased: i32) -> Version {
        Version {
            since: since.parse().ok(),
            parking: Parking {
                id: ParkingId::derive("p"),
                area_id: AreaId::derive("a"),
                kind: ParkingKind::Planned,
                name: "地下一层".into(),
                spaces: 10,
                leased,
                numbers: String::new(),
                version: 1,
            },
        }
    }

    #[test]
    fn versions_are_told_in_the_order_of_time() {
        let reason = |last: &Version, next| <&str>::from(&recall(Some(last), next).unwrap_err());
        let first = recall(None, lot("", 1)).unwrap();
        let second = recall(Some(&first), lot("2024-01-01", 2)).unwrap();
        assert_eq!((first.parking.version, second.parking.version), (1, 2));
        assert_eq!(reason(&second, lot("2023-12-31", 3)), "PARKING_TOO_EARLY");
        assert_eq!(reason(&second, lot("", 3)), "PARKING_TOO_EARLY");
        assert_eq!(reason(&second, lot("2025-01-01", 2)), "PARKING_UNCHANGED");
        assert_eq!(reason(&second, lot("2025-01-01", 11)), "LEASED_MORE_THAN_SPACES");
        let back = recall(Some(&second), lot("2024-01-01", 1)).unwrap();
        assert_eq!(
            back.parking.version, 3,
            "of one day in the order in which they come"
        );
    }
}
