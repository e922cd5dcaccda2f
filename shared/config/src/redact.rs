//! The effective configuration, fit to be printed.

use serde::Serialize;
use serde_json::Value;

use crate::HIDDEN;

/// Words in the name of a query parameter whose value is hidden.
const SECRET_PARAMETERS: [&str; 4] = ["password", "token", "secret", "key"];

/// The configuration as JSON with every [`crate::Secret`], and every password inside an address, hidden.
///
/// What cannot be written as JSON gives `null`.
pub fn redacted<T: Serialize>(config: &T) -> Value {
    let mut value = serde_json::to_value(config).unwrap_or_default();
    mask_all(&mut value);
    value
}

/// [`redacted`] as indented text.
pub fn redacted_text<T: Serialize>(config: &T) -> String {
    format!("{:#}", redacted(config))
}

fn mask_all(value: &mut Value) {
    match value {
        Value::String(text) => *text = mask(text),
        Value::Array(items) => items.iter_mut().for_each(mask_all),
        Value::Object(entries) => entries.values_mut().for_each(mask_all),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Hides the passwords of every address in `text`.
pub(crate) fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        masked.push_str(before);
        let end = after
            .char_indices()
            .find(|(at, c)| match c {
                // A password may hold a comma; only one before the next address ends this one.
                ',' => begins_address(&after[at + 1..]),
                c => c.is_whitespace() || matches!(c, '"' | '`'),
            })
            .map_or(after.len(), |(at, _)| at);
        let (address, tail) = after.split_at(end);
        masked.push_str(&mask_address(address));
        rest = tail;
    }
    masked.push_str(rest);
    masked
}

fn begins_address(text: &str) -> bool {
    text.trim_start().split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric() || c == '+')
    })
}

/// `user:password@host/path?password=x` without what is secret.
fn mask_address(address: &str) -> String {
    // The last `@` counts: a password may hold `@`, `/` and `?`, and must be hidden all the same.
    let (user, place) = match address.rsplit_once('@') {
        Some((user, place)) => (Some(user), place),
        None => (None, address),
    };
    let mut masked = match user.map(|user| user.split_once(':')) {
        Some(Some((name, _))) => format!("{name}:{HIDDEN}@"),
        // Without a colon the whole is a name or a token; NATS uses the latter.
        Some(None) => format!("{HIDDEN}@"),
        None => String::new(),
    };
    let Some((path, query)) = place.split_once('?') else {
        masked.push_str(place);
        return masked;
    };
    let parameters: Vec<_> = query
        .split('&')
        .map(|parameter| match parameter.split_once('=') {
            Some((name, _)) if is_secret(name) => format!("{name}={HIDDEN}"),
            _ => parameter.to_owned(),
        })
        .collect();
    masked.push_str(path);
    masked.push('?');
    masked.push_str(&parameters.join("&"));
    masked
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_PARAMETERS.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn passwords_in_addresses_are_hidden() {
        for (open, masked) in [
            (
                "postgres://heju:s3cret@db:5432/funds",
                "postgres://heju:***@db:5432/funds",
            ),
            ("postgres://heju:a@b/c?d@db/funds", "postgres://heju:***@db/funds"),
            ("postgres://heju@db/funds", "postgres://***@db/funds"),
            (
                "postgres://db/f?user=a&password=b",
                "postgres://db/f?user=a&password=***",
            ),
            (
                "nats://t0ken@a:4222,nats://u:p@b:4222",
                "nats://***@a:4222,nats://u:***@b:4222",
            ),
            (
                "found \"http://u:p@h\", expected",
                "found \"http://u:***@h\", expected",
            ),
            ("postgres://u:a,b@h1,h2/f", "postgres://u:***@h1,h2/f"),
            (
                "sqlite://data/funds.db?mode=rwc",
                "sqlite://data/funds.db?mode=rwc",
            ),
            ("http://127.0.0.1:4317", "http://127.0.0.1:4317"),
            ("someone@example.org", "someone@example.org"),
        ] {
            assert_eq!(mask(open), masked);
        }
    }
}
