//! The grammar of subjects: `heju.v1.<service>.<aggregate>.<event>.<city>.<street>.<community>`.

use ids::DivisionCode;

/// First tokens of every subject.
pub const ROOT: &str = "heju.v1";

/// The subject of one event, at the place its aggregate lies in.
///
/// ```
/// let place = "330783004015".parse().unwrap();
/// assert_eq!(events::subject::of("funds", "draw", "proposed", &place), "heju.v1.funds.draw.proposed.330783.004.015");
/// ```
pub fn of(service: &str, aggregate: &str, name: &str, division: &DivisionCode) -> String {
    format!(
        "{ROOT}.{service}.{aggregate}.{name}.{}",
        division.subject_tokens()
    )
}

/// Every event of one type, wherever it happens.
pub fn everywhere(service: &str, aggregate: &str, name: &str) -> String {
    format!("{ROOT}.{service}.{aggregate}.{name}.>")
}

/// Every event within a division: the city's, a street's or a community's.
///
/// ```
/// let street = "330783004".parse().unwrap();
/// assert_eq!(events::subject::within(&street), "heju.v1.*.*.*.330783.004.>");
/// ```
pub fn within(division: &DivisionCode) -> String {
    let place = division.subject_tokens();
    let tokens: Vec<&str> = place.split('.').take_while(|token| *token != "000").collect();
    if tokens.len() < 3 {
        format!("{ROOT}.*.*.*.{}.>", tokens.join("."))
    } else {
        format!("{ROOT}.*.*.*.{}", tokens.join("."))
    }
}

/// The stream that holds a service's events.
pub fn stream_name(service: &str) -> String {
    format!("HEJU_{}", service.to_uppercase())
}

/// All subjects of a service's stream.
pub fn stream_subjects(service: &str) -> String {
    format!("{ROOT}.{service}.>")
}
