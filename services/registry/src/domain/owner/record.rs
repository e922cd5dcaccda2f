//! What is recorded of an owner beside name and document: mobile number, and how it stands beside the register.

use std::fmt;

use chrono::NaiveDate;
use ids::OwnerId;
use serde::{Deserialize, Serialize};

use super::agent::Agent;
use super::refusal::Refusal;

/// What of an owner differs from the register. A word of a list: a free text would hold names.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Mismatch {
    /// The register does not name the owner for the home.
    NotRegistered,
    /// The name.
    Name,
    /// The document.
    Document,
    /// Who owns the home with the owner, or by which shares.
    CoOwners,
    /// The home: its number or area.
    Home,
}

/// How an owner stands beside the real-estate register (杭州市物业管理条例 article 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    /// Not compared yet.
    Open,
    /// Agrees.
    Verified {
        /// Day of the comparison.
        on: NaiveDate,
    },
    /// Differs.
    Mismatch {
        /// Day of the comparison.
        on: NaiveDate,
        /// What differs.
        what: Mismatch,
    },
}

impl Verification {
    /// Day of the comparison; none before.
    pub fn on(&self) -> Option<NaiveDate> {
        match self {
            Verification::Open => None,
            Verification::Verified { on } | Verification::Mismatch { on, .. } => Some(*on),
        }
    }

    /// Whether it agrees.
    pub fn is_verified(&self) -> bool {
        match self {
            Verification::Open | Verification::Mismatch { .. } => false,
            Verification::Verified { .. } => true,
        }
    }
}

/// What is recorded of an owner, masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerRecord {
    /// Whose.
    pub owner_id: OwnerId,
    /// Mobile number, masked; none where none is recorded.
    pub mobile: Option<String>,
    /// How it stands beside the register.
    pub verification: Verification,
    /// Who acts for the owner, by first day; ended ones too.
    pub agents: Vec<Agent>,
    /// One higher with every change; 0 before the first.
    pub version: i64,
}

impl OwnerRecord {
    /// Of an owner of whom nothing is recorded.
    pub fn empty(owner_id: OwnerId) -> Self {
        OwnerRecord {
            owner_id,
            mobile: None,
            verification: Verification::Open,
            agents: Vec::new(),
            version: 0,
        }
    }

    /// Records a comparison; `today` is in China.
    ///
    /// # Errors
    /// `VERIFIED_IN_THE_FUTURE` after today; `VERIFIED_BEFORE_LAST` before the recorded one.
    pub fn verify(mut self, found: Verification, today: NaiveDate) -> Result<Self, Refusal> {
        if let Some(on) = found.on() {
            if on > today {
                return Err(Refusal::VerifiedInTheFuture { on, today });
            }
            if let Some(last) = self.verification.on().filter(|last| on < *last) {
                return Err(Refusal::VerifiedBeforeLast { last });
            }
        }
        self.verification = found;
        self.version += 1;
        Ok(self)
    }
}

/// A mobile number of mainland China in clear. Personal data: `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Mobile(String);

impl Mobile {
    /// Reads a number, blanks, hyphens and the country's prefix left out; none where it is not 11 digits that begin with 13 to 19.
    pub fn read(text: &str) -> Option<Self> {
        let digits: String = text.trim().chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let digits = digits.strip_prefix("+86").unwrap_or(&digits);
        let bytes = digits.as_bytes();
        let fits =
            bytes.len() == 11 && bytes.iter().all(u8::is_ascii_digit) && bytes[0] == b'1' && bytes[1] >= b'3';
        fits.then(|| Mobile(digits.to_owned()))
    }

    /// The number in clear: to be sealed, never logged.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Mobile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mobile(hidden)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_mobile_number_is_read_with_blanks_and_prefix_and_never_shown() {
        let mobile = Mobile::read(" +86 138-0000 5678").unwrap();
        assert_eq!(mobile.as_str(), "13800005678");
        assert_eq!(format!("{mobile:?}"), "Mobile(hidden)");
        for wrong in [
            "",
            "1380000567",
            "138000056789",
            "12800005678",
            "1380000567X",
            "23800005678",
        ] {
            assert_eq!(Mobile::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_comparison_follows_the_last_one_and_has_come() {
        let record = OwnerRecord::empty(OwnerId::derive("o"));
        let today = day("2026-03-02");
        let mismatch = Verification::Mismatch {
            on: day("2026-03-01"),
            what: Mismatch::Home,
        };
        let record = record.verify(mismatch, today).unwrap();
        assert!(!record.verification.is_verified());
        let earlier = Verification::Verified {
            on: day("2026-02-28"),
        };
        let refused = record.clone().verify(earlier, today).unwrap_err();
        assert_eq!(<&str>::from(&refused), "VERIFIED_BEFORE_LAST");
        let later = Verification::Verified {
            on: day("2026-03-03"),
        };
        let refused = record.clone().verify(later, today).unwrap_err();
        assert_eq!(<&str>::from(&refused), "VERIFIED_IN_THE_FUTURE");
        let record = record
            .verify(Verification::Verified { on: today }, today)
            .unwrap();
        assert!(record.verification.is_verified());
        assert_eq!(record.version, 2);
    }
}
