//! What the official codes (division, credit, citizen, unit) have in common: how they are refused.

use std::fmt;

/// Which official code a text should have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    /// Citizen identity number (公民身份号码).
    CitizenId,
    /// Unified social credit code (统一社会信用代码).
    CreditCode,
    /// Statistical division code (统计用区划代码).
    DivisionCode,
    /// Real-estate unit number (不动产单元号).
    UnitNumber,
}

impl CodeKind {
    const fn en(self) -> &'static str {
        match self {
            Self::CitizenId => "citizen identity number",
            Self::CreditCode => "unified social credit code",
            Self::DivisionCode => "division code",
            Self::UnitNumber => "real-estate unit number",
        }
    }

    const fn zh(self) -> &'static str {
        match self {
            Self::CitizenId => "公民身份号码",
            Self::CreditCode => "统一社会信用代码",
            Self::DivisionCode => "区划代码",
            Self::UnitNumber => "不动产单元号",
        }
    }
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The number of characters.
    Length {
        /// What would be right.
        expected: &'static str,
    },
    /// A character that may not stand there, counted from 1.
    Character {
        /// Place of the first one.
        position: usize,
    },
    /// The last character does not follow from the others: mistyped or invented.
    Check,
    /// The date of birth does not exist or lies outside 1900 to 2099.
    BirthDate,
    /// The first two digits name no province.
    Province,
    /// A lower level is given where the level above is `000`.
    Level,
}

/// Why a text is not the official code it should be.
/// The text itself is never in the message: it may be personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeError {
    /// Which code was expected.
    pub kind: CodeKind,
    /// What is wrong.
    pub fault: Fault,
}

impl CodeError {
    pub(crate) const fn new(kind: CodeKind, fault: Fault) -> Self {
        Self { kind, fault }
    }

    /// Stable reason for clients: `<CODE>_CHECK_FAILED` for a wrong check character, else `<CODE>_MALFORMED`.
    pub fn reason(&self) -> &'static str {
        match (self.kind, matches!(self.fault, Fault::Check)) {
            (CodeKind::CitizenId, true) => "CITIZEN_ID_CHECK_FAILED",
            (CodeKind::CitizenId, false) => "CITIZEN_ID_MALFORMED",
            (CodeKind::CreditCode, true) => "CREDIT_CODE_CHECK_FAILED",
            (CodeKind::CreditCode, false) => "CREDIT_CODE_MALFORMED",
            // These two have no check character.
            (CodeKind::DivisionCode, _) => "DIVISION_CODE_MALFORMED",
            (CodeKind::UnitNumber, _) => "UNIT_NUMBER_MALFORMED",
        }
    }

    /// The message in Chinese.
    pub fn zh(&self) -> String {
        let code = self.kind.zh();
        match self.fault {
            Fault::Length { expected } => format!("{code}长度不正确，应为 {expected} 位"),
            Fault::Character { position } => format!("{code}第 {position} 位字符不正确"),
            Fault::Check => format!("{code}校验位不正确"),
            Fault::BirthDate => format!("{code}中的出生日期不正确"),
            Fault::Province => format!("{code}中的省级代码不存在"),
            Fault::Level => format!("{code}缺少上一级代码"),
        }
    }
}

impl fmt::Display for CodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.kind.en();
        match self.fault {
            Fault::Length { expected } => write!(f, "a {code} has {expected} characters"),
            Fault::Character { position } => {
                write!(f, "character {position} of the {code} may not stand there")
            }
            Fault::Check => write!(f, "the check character of the {code} is wrong"),
            Fault::BirthDate => write!(f, "the date of birth in the {code} does not exist"),
            Fault::Province => write!(f, "the {code} begins with no known province"),
            Fault::Level => write!(f, "the {code} leaves out a level above a given one"),
        }
    }
}

impl std::error::Error for CodeError {}

/// Upper-case text of exactly `length` ASCII characters, each allowed at its place.
/// Full-width digits and letters are refused: they look right and break every comparison.
pub(crate) fn checked_text(
    kind: CodeKind,
    text: &str,
    length: usize,
    expected: &'static str,
    allowed: impl Fn(usize, u8) -> bool,
) -> Result<String, CodeError> {
    if text.chars().count() != length {
        return Err(CodeError::new(kind, Fault::Length { expected }));
    }
    let upper = text.to_ascii_uppercase();
    for (index, character) in upper.chars().enumerate() {
        let fits = u8::try_from(character).is_ok_and(|byte| byte.is_ascii() && allowed(index, byte));
        if !fits {
            let position = index + 1;
            return Err(CodeError::new(kind, Fault::Character { position }));
        }
    }
    Ok(upper)
}

/// Whether the first two digits of a code name a province-level division (GB/T 2260).
pub(crate) fn is_province(code: u32) -> bool {
    matches!(
        code,
        11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83
    )
}

/// Serde as text for a type with `FromStr` and `Display`.
macro_rules! serde_as_text {
    ($type:ty) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use serde_as_text;
