//! The one adapter that turns an error and its sources into text for a log line.

use std::error::Error;

/// Longest chain that is printed; a longer one is cut, because a source that refers to itself would never end.
const SOURCES_MAX: usize = 16;

/// The error and all its sources, outermost first, joined by `: `.
///
/// A source whose text its parent already ends with is not printed twice.
/// The result is for logs; it never goes to a client.
///
/// ```
/// # use std::num::ParseIntError;
/// #[derive(Debug)]
/// struct Broken(ParseIntError);
/// impl std::fmt::Display for Broken {
///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         f.write_str("the row cannot be read")
///     }
/// }
/// impl std::error::Error for Broken {
///     fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
///         Some(&self.0)
///     }
/// }
/// let error = Broken("x".parse::<i64>().expect_err("x is not a number"));
/// assert_eq!(telemetry::report(&error), "the row cannot be read: invalid digit found in string");
/// ```
pub fn report(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut last = text.clone();
    let mut source = error.source();
    for _ in 0..SOURCES_MAX {
        let Some(inner) = source else { break };
        let line = inner.to_string();
        if !line.is_empty() && !last.ends_with(&line) {
            text.push_str(": ");
            text.push_str(&line);
        }
        last = line;
        source = inner.source();
    }
    text
}
