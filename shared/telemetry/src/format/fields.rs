//! The fields of an event as JSON values, errors with their whole chain.

use std::error::Error;
use std::fmt::{self, Debug, Write};

use serde_json::{Map, Value};
use tracing::Event;
use tracing::field::{Field, Visit};

/// The message and the other fields, in the order of their names.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) message: Option<String>,
    pub(super) rest: Map<String, Value>,
}

/// Reads the fields of `event`.
pub(super) fn collect(event: &Event<'_>) -> Fields {
    let mut fields = Fields::default();
    event.record(&mut fields);
    fields
}

impl Fields {
    fn put(&mut self, field: &Field, value: Value) {
        if field.name() == "message" {
            self.message = Some(match value {
                Value::String(text) => text,
                other => other.to_string(),
            });
        } else {
            self.rest.insert(field.name().to_owned(), value);
        }
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.put(field, format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.put(field, crate::report(value).into());
    }
}

/// Text on one line: control characters are escaped, so that no input can forge a second line.
pub(super) struct OneLine<'a>(pub(super) &'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            if character.is_control() {
                write!(f, "{}", character.escape_default())?;
            } else {
                f.write_char(character)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_input_can_begin_a_second_line() {
        assert_eq!(
            OneLine("楼栋\n2026 ERROR\u{1b}[31m").to_string(),
            "楼栋\\n2026 ERROR\\u{1b}[31m"
        );
    }
}
