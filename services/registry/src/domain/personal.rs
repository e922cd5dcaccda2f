//! Personal data in clear, on its way into the seal.

use std::fmt;

/// A name or a number in clear. It cannot be serialised, and `Debug` hides it, so it ends in no log, event or answer.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Personal(String);

impl Personal {
    /// Takes a text that was checked at the edge.
    pub fn new(text: String) -> Self {
        Personal(text)
    }

    /// The text in clear: to be sealed or masked, never logged.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// True where nothing was said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Personal(…)")
    }
}
