//! Real-estate unit numbers (不动产单元号, GB/T 37346): the natural key of a home.

use std::fmt;
use std::str::FromStr;

use crate::code::{CodeError, CodeKind, Fault, checked_text, is_province, serde_as_text};

/// Place (from 0) of the letter that says what stands on the parcel.
const FEATURE: usize = 19;

/// A well-formed real-estate unit number, 28 characters, in capitals:
/// 6 county, 3 district, 3 sub-district, 2 kind of parcel, 5 parcel, 1 feature, 8 unit.
/// The standard has no check character.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitNumber(String);

impl UnitNumber {
    /// The number as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The county it was registered in, 6 digits.
    pub fn county(&self) -> &str {
        &self.0[..6]
    }

    /// The parcel (宗地), the first 19 characters: equal for every home on it.
    pub fn parcel(&self) -> &str {
        &self.0[..FEATURE]
    }

    /// Whether it names a building or part of one (feature letter `F`).
    pub fn is_building(&self) -> bool {
        self.0.as_bytes()[FEATURE] == b'F'
    }
}

impl FromStr for UnitNumber {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let refuse = |fault| CodeError::new(CodeKind::UnitNumber, fault);
        let number = checked_text(CodeKind::UnitNumber, text, 28, "28", |index, byte| {
            match index {
                12 | 13 => byte.is_ascii_uppercase(),
                // Building, forest, other, none.
                FEATURE => b"FLQW".contains(&byte),
                _ => byte.is_ascii_digit(),
            }
        })?;
        let bytes = number.as_bytes();
        let province = u32::from(bytes[0] - b'0') * 10 + u32::from(bytes[1] - b'0');
        if !is_province(province) {
            return Err(refuse(Fault::Province));
        }
        // A parcel with nothing on it has no units.
        let stray = bytes[FEATURE + 1..].iter().position(|&b| b != b'0');
        if let (b'W', Some(offset)) = (bytes[FEATURE], stray) {
            let position = FEATURE + 2 + offset;
            return Err(refuse(Fault::Character { position }));
        }
        Ok(Self(number))
    }
}

impl fmt::Display for UnitNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for UnitNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

serde_as_text!(UnitNumber);
