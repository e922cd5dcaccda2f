//! Administrative divisions (行政区划), from the statistical list, and what became of them since.

use ids::DivisionCode;
use serde::{Deserialize, Serialize};

pub mod boundary;
pub mod duty;
pub mod event;
pub mod feature;
pub mod record;
pub mod refusal;

/// Level of a division.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Level {
    /// City (市).
    City,
    /// Street, town or township (街道、镇、乡).
    Street,
    /// Community (社区居委会).
    Community,
    /// Village (村委会).
    Village,
}

/// A division as it stands on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Division {
    /// Statistical code: 6 digits for the city, 9 for a street, 12 for a community or village.
    pub code: DivisionCode,
    /// Official name.
    pub name: String,
    /// Its level.
    pub level: Level,
    /// The division above; none for the city.
    pub parent: Option<DivisionCode>,
}
