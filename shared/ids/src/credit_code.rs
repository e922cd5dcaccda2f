//! Unified social credit codes (统一社会信用代码, GB 32100-2015): the natural key of a firm.

use std::fmt;
use std::str::FromStr;

use crate::code::{CodeError, CodeKind, Fault, checked_text, serde_as_text};

/// The 31 characters, in the order of their values: no I, O, S, V, Z.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// 3^(i-1) mod 31 for the 17 characters before the check character.
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// A valid unified social credit code, in capitals.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode(String);

impl CreditCode {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The check character that belongs to these 17 characters.
    /// Refuses `CREDIT_CODE_MALFORMED` where they are not 17 of the alphabet with a division code in places 3 to 8.
    pub fn check_char(body: &str) -> Result<char, CodeError> {
        let body = checked_text(CodeKind::CreditCode, body, 17, "17", may_stand)?;
        Ok(char::from(check_of(body.as_bytes())))
    }
}

/// Whether the character may stand at this place (from 0).
fn may_stand(index: usize, byte: u8) -> bool {
    match index {
        // Places 3 to 8 are the division code of the registering authority.
        2..=7 => byte.is_ascii_digit(),
        _ => ALPHABET.contains(&byte),
    }
}

fn value(byte: u8) -> usize {
    // Every caller has checked the characters; a stranger would only make the check fail.
    ALPHABET.iter().position(|&c| c == byte).unwrap_or(0)
}

fn check_of(body: &[u8]) -> u8 {
    let sum: usize = body.iter().zip(WEIGHTS).map(|(&b, w)| value(b) * w).sum();
    // The outer remainder matters: 31 - 0 must give the character 0.
    ALPHABET[(31 - sum % 31) % 31]
}

impl FromStr for CreditCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let code = checked_text(CodeKind::CreditCode, text, 18, "18", may_stand)?;
        let (body, check) = code.as_bytes().split_at(17);
        if check != [check_of(body)] {
            return Err(CodeError::new(CodeKind::CreditCode, Fault::Check));
        }
        Ok(Self(code))
    }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

serde_as_text!(CreditCode);
