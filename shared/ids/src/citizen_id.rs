//! Citizen identity numbers (公民身份号码, GB 11643-1999).
//! Personal data: the type has no `Display` and no `Serialize`, and its `Debug` hides the number.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};

use crate::code::{CodeError, CodeKind, Fault, checked_text, is_province};

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// Check characters for the remainders 0 to 10.
const CHECKS: &[u8; 11] = b"10X98765432";

/// Years of birth that make sense in a register of living owners and the next generations.
const BIRTH_YEARS: std::ops::RangeInclusive<i32> = 1900..=2099;

/// A valid citizen identity number, 18 characters, its `X` in capitals.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CitizenId {
    text: String,
    born_on: NaiveDate,
}

impl CitizenId {
    /// The number in clear: to be sealed, never logged.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The date of birth in it. Whether that day has come is for the caller, who has a clock.
    pub const fn born_on(&self) -> NaiveDate {
        self.born_on
    }

    /// The check character that belongs to these 17 digits.
    /// Refuses `CITIZEN_ID_MALFORMED` where they are not 17 digits.
    pub fn check_char(body: &str) -> Result<char, CodeError> {
        let body = checked_text(CodeKind::CitizenId, body, 17, "17", |_, b| b.is_ascii_digit())?;
        Ok(char::from(check_of(body.as_bytes())))
    }
}

fn check_of(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(&digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    CHECKS[(sum % 11) as usize]
}

impl FromStr for CitizenId {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let refuse = |fault| CodeError::new(CodeKind::CitizenId, fault);
        let text = checked_text(CodeKind::CitizenId, text, 18, "18", |index, byte| {
            byte.is_ascii_digit() || (index == 17 && byte == b'X')
        })?;
        let (digits, check) = text.as_bytes().split_at(17);
        if check != [check_of(digits)] {
            return Err(refuse(Fault::Check));
        }
        let province = u32::from(digits[0] - b'0') * 10 + u32::from(digits[1] - b'0');
        if !is_province(province) {
            return Err(refuse(Fault::Province));
        }
        let born_on = NaiveDate::parse_from_str(&text[6..14], "%Y%m%d")
            .ok()
            .filter(|date| BIRTH_YEARS.contains(&date.year()))
            .ok_or(refuse(Fault::BirthDate))?;
        Ok(Self { text, born_on })
    }
}

impl fmt::Debug for CitizenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CitizenId(hidden)")
    }
}
