//! How large a city to generate.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Result, SeedsError};

/// Most estates of a custom size: what one file of areas holds.
const ESTATES_MAX: u32 = 5_000;
/// Fewest homes per estate on average, so that every estate has at least one building.
const HOMES_PER_ESTATE_MIN: u32 = 20;
/// Most homes per estate on average, so that the largest estate still fits into one chunk.
const HOMES_PER_ESTATE_MAX: u32 = 1_200;

/// How large a city to generate.
///
/// The text form is `small`, `city` or `custom:<estates>:<homes>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Size {
    /// Three estates in three streets, about 600 homes: for a first look and for tests.
    Small,
    /// 520 estates and about 180,000 homes, as in a Chinese county-level city.
    City,
    /// As `City`, with other numbers.
    Custom {
        /// Number of estates, 1 to 5,000.
        estates: u32,
        /// Homes aimed at, 20 to 1,200 per estate.
        homes: u32,
    },
}

impl Size {
    /// Number of estates, exact.
    pub fn estates(self) -> u32 {
        match self {
            Size::Small => 3,
            Size::City => 520,
            Size::Custom { estates, .. } => estates,
        }
    }

    /// Number of homes aimed at; the city comes out within 2 % of it.
    pub fn homes(self) -> u32 {
        match self {
            Size::Small => 600,
            Size::City => 180_000,
            Size::Custom { homes, .. } => homes,
        }
    }

    /// The same size, or a refusal where a custom size is out of bounds.
    pub(crate) fn checked(self) -> Result<Size> {
        let Size::Custom { estates, homes } = self else {
            return Ok(self);
        };
        let within = (1..=ESTATES_MAX).contains(&estates)
            && homes >= estates * HOMES_PER_ESTATE_MIN
            && homes <= estates * HOMES_PER_ESTATE_MAX;
        if within {
            Ok(self)
        } else {
            Err(SeedsError::SizeUnknown(self.to_string()))
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Size::Small => f.write_str("small"),
            Size::City => f.write_str("city"),
            Size::Custom { estates, homes } => write!(f, "custom:{estates}:{homes}"),
        }
    }
}

impl FromStr for Size {
    type Err = SeedsError;

    fn from_str(text: &str) -> Result<Size> {
        let unknown = || SeedsError::SizeUnknown(text.to_owned());
        match text {
            "small" => Ok(Size::Small),
            "city" => Ok(Size::City),
            _ => {
                let (estates, homes) = text
                    .strip_prefix("custom:")
                    .and_then(|numbers| numbers.split_once(':'))
                    .ok_or_else(unknown)?;
                Size::Custom {
                    estates: estates.parse().map_err(|_| unknown())?,
                    homes: homes.parse().map_err(|_| unknown())?,
                }
                .checked()
            }
        }
    }
}

impl TryFrom<String> for Size {
    type Error = SeedsError;

    fn try_from(text: String) -> Result<Size> {
        text.parse()
    }
}

impl From<Size> for String {
    fn from(size: Size) -> String {
        size.to_string()
    }
}
