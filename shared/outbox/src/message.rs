//! An event on its way into the outbox.

use std::fmt::Display;

use ids::DivisionCode;

/// An event with everything that its subject and headers need. Made from the message of the contract.
#[derive(Debug)]
pub struct Message {
    pub(crate) kind: &'static str,
    pub(crate) address: String,
    pub(crate) aggregate: String,
    pub(crate) version: i64,
    pub(crate) body: Result<String, serde_json::Error>,
}

impl Message {
    /// The event of the aggregate `aggregate` (its id in text form), which has `version` after it and lies in `division`.
    pub fn of<E: proto::Event>(
        event: &E,
        aggregate: impl Display,
        version: i64,
        division: &DivisionCode,
    ) -> Self {
        Message {
            kind: E::TYPE,
            address: events::subject::of(E::SERVICE, E::AGGREGATE, E::NAME, division),
            aggregate: aggregate.to_string(),
            version,
            body: serde_json::to_string(event),
        }
    }
}
