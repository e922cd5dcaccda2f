//! Division codes (统计用区划代码): where something lies, and whose territory that is.

use std::fmt;
use std::str::FromStr;

use crate::code::{CodeError, CodeKind, Fault, is_province, serde_as_text};

/// Level of a division that a code reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DivisionLevel {
    /// County-level city (市), 6 digits.
    City,
    /// Street, town or township (街道、镇、乡), 9 digits.
    Street,
    /// Community or village (社区、村), 12 digits.
    Community,
}

/// A division code: 6 digits of the city, 3 of the street, 3 of the community, the lower ones optional.
///
/// Orders as its text does: a division comes right before what lies in it.
/// Twelve-digit codes that end in `000`, as statistics prints streets and cities, are read as the shorter code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DivisionCode {
    city: u32,
    // Never `Some(0)`, and a community only below a street.
    street: Option<u16>,
    community: Option<u16>,
}

impl DivisionCode {
    /// The level the code reaches.
    pub const fn level(&self) -> DivisionLevel {
        match (self.street, self.community) {
            (None, _) => DivisionLevel::City,
            (Some(_), None) => DivisionLevel::Street,
            (Some(_), Some(_)) => DivisionLevel::Community,
        }
    }

    /// The city it lies in (itself for a city).
    pub const fn city(&self) -> Self {
        Self {
            city: self.city,
            street: None,
            community: None,
        }
    }

    /// The street it lies in (itself for a street); none for a city.
    pub const fn street(&self) -> Option<Self> {
        match self.street {
            None => None,
            street => Some(Self {
                city: self.city,
                street,
                community: None,
            }),
        }
    }

    /// Itself for a community or village; none above.
    pub const fn community(&self) -> Option<Self> {
        match self.community {
            None => None,
            Some(_) => Some(*self),
        }
    }

    /// The division directly above; none for a city.
    pub const fn parent(&self) -> Option<Self> {
        match self.level() {
            DivisionLevel::City => None,
            DivisionLevel::Street => Some(self.city()),
            DivisionLevel::Community => self.street(),
        }
    }

    /// Itself and every division above it, upwards.
    pub fn parents(&self) -> impl Iterator<Item = Self> + use<> {
        std::iter::successors(Some(*self), Self::parent)
    }

    /// Whether `other` is this division or lies in it: the code is a prefix of the other's.
    pub fn contains(&self, other: &Self) -> bool {
        other.parents().any(|division| division == *self)
    }

    /// The last three tokens of an event's subject: `330783.004.015`, `000` where a level is absent.
    pub fn subject_tokens(&self) -> String {
        format!(
            "{:06}.{:03}.{:03}",
            self.city,
            self.street.unwrap_or(0),
            self.community.unwrap_or(0)
        )
    }
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.city)?;
        if let Some(street) = self.street {
            write!(f, "{street:03}")?;
        }
        if let Some(community) = self.community {
            write!(f, "{community:03}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for DivisionCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let refuse = |fault| CodeError::new(CodeKind::DivisionCode, fault);
        if let Some(index) = text.chars().position(|c| !c.is_ascii_digit()) {
            return Err(refuse(Fault::Character { position: index + 1 }));
        }
        if !matches!(text.len(), 6 | 9 | 12) {
            return Err(refuse(Fault::Length {
                expected: "6, 9 or 12",
            }));
        }
        // Digits only and at most six at a time: the sum cannot overflow.
        let number = |digits: &str| {
            digits
                .bytes()
                .fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0'))
        };
        let group = |start: usize| {
            text.get(start..start + 3)
                .and_then(|digits| u16::try_from(number(digits)).ok())
                .filter(|&group| group != 0)
        };
        let city = number(&text[..6]);
        if !is_province(city / 10_000) {
            return Err(refuse(Fault::Province));
        }
        let (street, community) = (group(6), group(9));
        if street.is_none() && community.is_some() {
            return Err(refuse(Fault::Level));
        }
        Ok(Self {
            city,
            street,
            community,
        })
    }
}

serde_as_text!(DivisionCode);
