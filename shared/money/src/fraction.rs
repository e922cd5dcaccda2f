//! Fractions of the law (two thirds, three quarters), compared exactly by cross-multiplication.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::error::AmountError;

/// A fraction from 0 to any number, with a positive denominator. Kept as written, not reduced.
///
/// Two spellings of one number (`1/2`, `2/4`) are different values for `==`; compare parts with the methods.
/// Serde writes and reads the text `2/3`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fraction {
    numerator: i64,
    denominator: i64,
}

impl Fraction {
    /// The fraction. Refuses a negative numerator and a denominator below one (`FRACTION_MALFORMED`).
    pub const fn new(numerator: i64, denominator: i64) -> Result<Self, FractionError> {
        if numerator < 0 || denominator < 1 {
            return Err(FractionError::FractionMalformed);
        }
        Ok(Self {
            numerator,
            denominator,
        })
    }

    /// Above the line.
    pub const fn numerator(self) -> i64 {
        self.numerator
    }

    /// Below the line, at least one.
    pub const fn denominator(self) -> i64 {
        self.denominator
    }

    /// Whether `part` is this fraction of `whole` or more (以上, which includes equality: Civil Code 1259).
    pub fn is_reached_by(self, part: i64, whole: i64) -> bool {
        let (part, line) = self.crossed(part, whole);
        part >= line
    }

    /// Whether `part` is strictly more than this fraction of `whole` (超过, 过半数).
    /// Exactly the fraction is not enough.
    pub fn is_exceeded_by(self, part: i64, whole: i64) -> bool {
        let (part, line) = self.crossed(part, whole);
        part > line
    }

    /// Both sides of the comparison over a common denominator. 128 bits hold any product of two 64-bit numbers.
    fn crossed(self, part: i64, whole: i64) -> (i128, i128) {
        (
            i128::from(part) * i128::from(self.denominator),
            i128::from(whole) * i128::from(self.numerator),
        )
    }

    /// This fraction of the amount, rounded down (towards minus infinity). Refuses `AMOUNT_TOO_LARGE`.
    pub fn of_floor(self, amount: i64) -> Result<i64, AmountError> {
        let product = i128::from(amount) * i128::from(self.numerator);
        // The denominator is positive, so the Euclidean quotient is the floor.
        let floor = product.div_euclid(i128::from(self.denominator));
        i64::try_from(floor).map_err(|_| AmountError::AmountTooLarge)
    }

    /// This fraction of the amount, rounded up. Refuses `AMOUNT_TOO_LARGE`.
    pub fn of_ceil(self, amount: i64) -> Result<i64, AmountError> {
        let product = i128::from(amount) * i128::from(self.numerator);
        let ceil = -(-product).div_euclid(i128::from(self.denominator));
        i64::try_from(ceil).map_err(|_| AmountError::AmountTooLarge)
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

impl fmt::Debug for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Fraction {
    type Err = FractionError;

    /// Reads `2/3`: digits, a stroke, digits, nothing else.
    fn from_str(text: &str) -> Result<Self, FractionError> {
        let number = |digits: &str| {
            let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            let number = digits.parse().ok().filter(|_| is_plain);
            number.ok_or(FractionError::FractionMalformed)
        };
        let (above, below) = text.split_once('/').ok_or(FractionError::FractionMalformed)?;
        Self::new(number(above)?, number(below)?)
    }
}

impl Serialize for Fraction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fraction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// Why something is no fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FractionError {
    /// Not of the form `2/3`, negative, or over zero.
    #[error("a fraction is two whole numbers such as 2/3, the lower one not zero")]
    FractionMalformed,
}

impl FractionError {
    /// Stable reason for clients.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::FractionMalformed => "FRACTION_MALFORMED",
        }
    }

    /// The message in Chinese.
    pub fn zh(&self) -> &'static str {
        match self {
            Self::FractionMalformed => "分数格式不正确，应如 2/3，且分母不为零",
        }
    }
}
