//! Money in fen (分): whole numbers only, every operation checked.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{AmountError, parse_hundredths};

/// An amount of money in fen, 1/100 yuan. Negative amounts exist in ledgers only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

impl Fen {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The number of fen, for a column or a message.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Reads yuan as a person writes them: `1234.56`, at most two decimals, no sign, no exponent, no grouping.
    pub fn parse_yuan(text: &str) -> Result<Self, AmountError> {
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

    /// The amount with its sign turned. Refuses `AMOUNT_TOO_LARGE` on overflow.
    pub fn checked_neg(self) -> Result<Self, AmountError> {
        let negated = self.0.checked_neg();
        negated.map(Self).ok_or(AmountError::AmountTooLarge)
    }

    /// The sum of all; zero for none. Refuses `AMOUNT_TOO_LARGE` on overflow, whatever the order.
    pub fn try_sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, AmountError> {
        // In 128 bits the partial sums cannot overflow, so the order does not decide.
        let sum: i128 = amounts.into_iter().map(|fen| i128::from(fen.0)).sum();
        let sum = i64::try_from(sum);
        sum.map(Self).map_err(|_| AmountError::AmountTooLarge)
    }

    /// More than nothing.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Less than nothing.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Exactly nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

/// Yuan with two decimals and grouped thousands, without a symbol: `-1,234.56`.
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fen = self.0.unsigned_abs();
        let yuan = (fen / 100).to_string();
        let mut text = String::with_capacity(yuan.len() + yuan.len() / 3 + 3);
        for (index, digit) in yuan.chars().enumerate() {
            if index > 0 && (yuan.len() - index).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        text.push_str(&format!(".{:02}", fen % 100));
        // Lets width and alignment work; precision is not meant.
        f.pad_integral(self.0 >= 0, "", &text)
    }
}
