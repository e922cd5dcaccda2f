//! Floor area in 0.01 m² (平方米的百分之一), as the real-estate register states it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{AmountError, parse_hundredths};

/// An area in 0.01 m².
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Area(pub i64);

impl Area {
    /// No area.
    pub const ZERO: Self = Self(0);

    /// The number of 0.01 m², for a column or a message.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Reads square metres as a person writes them: `89.37`, at most two decimals, no sign, no exponent.
    pub fn parse_m2(text: &str) -> Result<Self, AmountError> {
        parse_hundredths(text).map(Self)
    }

    /// The sum. Refuses `AMOUNT_TOO_LARGE` on overflow.
    pub fn checked_add(self, other: Self) -> Result<Self, AmountError> {
        let sum = self.0.checked_add(other.0);
        sum.map(Self).ok_or(AmountError::AmountTooLarge)
    }

    /// The difference, negative where `other` is larger. Refuses `AMOUNT_TOO_LARGE` on overflow.
    pub fn checked_sub(self, other: Self) -> Result<Self, AmountError> {
        let difference = self.0.checked_sub(other.0);
        difference.map(Self).ok_or(AmountError::AmountTooLarge)
    }

    /// The sum of all; zero for none. Refuses `AMOUNT_TOO_LARGE` on overflow, whatever the order.
    pub fn try_sum(areas: impl IntoIterator<Item = Self>) -> Result<Self, AmountError> {
        let sum: i128 = areas.into_iter().map(|area| i128::from(area.0)).sum();
        let sum = i64::try_from(sum);
        sum.map(Self).map_err(|_| AmountError::AmountTooLarge)
    }

    /// More than none.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }
}

/// Square metres with two decimals, without a unit: `89.37`.
impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = self.0.unsigned_abs();
        let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
        f.pad_integral(self.0 >= 0, "", &text)
    }
}
