//! Parking (车位) that is no exclusive part. A space with a title of its own is a home.

use ids::{AreaId, ParkingId};
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// Most spaces of a lot that are believed.
pub const SPACES_MAX: i32 = 100_000;

/// Kinds of parking that is no exclusive part.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
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
