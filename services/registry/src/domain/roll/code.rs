//! The code by which an owner finds the own lines of a published roll: ten characters of Crockford's base 32, which has no
//! letters that are mistaken for digits.

use std::fmt;

/// The alphabet: no I, L, O and U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code: 50 bits, so that trying codes finds nothing.
pub const LENGTH: usize = 10;

/// A code. `Debug` hides it: whoever holds it finds a line.
#[derive(Clone, PartialEq, Eq)]
pub struct RollCode(String);

impl RollCode {
    /// The code that these bytes of a keyed hash give.
    pub fn from_hash(hash: &[u8; 32]) -> Self {
        // Each character takes five bits of its own byte: 256 is a multiple of 32, so none is more likely.
        let text = hash
            .iter()
            .take(LENGTH)
            .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
        RollCode(text.collect())
    }

    /// Reads what somebody typed: small letters, blanks and hyphens do not matter, O is 0, I and L are 1. None where it
    /// cannot be a code.
    pub fn read(text: &str) -> Option<Self> {
        let mut code = String::with_capacity(LENGTH);
        for character in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let character = match character.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let known = u8::try_from(character).is_ok_and(|byte| ALPHABET.contains(&byte));
            if !known || code.len() == LENGTH {
                return None;
            }
            code.push(character);
        }
        (code.len() == LENGTH).then_some(RollCode(code))
    }

    /// The ten characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In two groups, as it is printed: `7K3MQ-X9RTA`.
    pub fn printed(&self) -> String {
        let (one, other) = self.0.split_at(LENGTH / 2);
        format!("{one}-{other}")
    }
}

impl fmt::Debug for RollCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RollCode(hidden)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = RollCode::from_hash(&[31, 32, 1, 200, 255, 7, 8, 9, 10, 11].map_into());
        assert_eq!(code.as_str().len(), LENGTH);
        assert_eq!(RollCode::read(&code.printed()), Some(code.clone()));
        assert_eq!(RollCode::read(&code.as_str().to_lowercase()), Some(code));
        let typed = RollCode::read(" o1i l0 -abcde").unwrap();
        assert_eq!(typed.as_str(), "01110ABCDE");
        for wrong in ["", "7K3MQX9RT", "7K3MQX9RTAA", "7K3MQ-X9RTU", "张三"] {
            assert_eq!(RollCode::read(wrong), None, "{wrong}");
        }
    }

    trait MapInto {
        fn map_into(self) -> [u8; 32];
    }

    impl MapInto for [u8; 10] {
        fn map_into(self) -> [u8; 32] {
            let mut bytes = [0; 32];
            bytes[..10].copy_from_slice(&self);
            bytes
        }
    }
}
