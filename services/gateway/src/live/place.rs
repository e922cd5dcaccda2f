//! The place reached in every stream: `COMMITTEES:9,FUNDS:5,REGISTRY:12`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::LazyLock;

use tonic::Code;

use crate::problem::Problem;

/// Services that publish events, in alphabetical order.
pub(super) fn services() -> impl Iterator<Item = &'static str> {
    static SERVICES: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
        proto::catalog::events()
            .iter()
            .map(|event| event.service.as_str())
            .collect()
    });
    SERVICES.iter().copied()
}

/// The last event told of each service; zero before the first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Place(BTreeMap<&'static str, u64>);

impl Place {
    /// Reads what a client was told; refuses anything else with `LAST_EVENT_ID_MALFORMED`.
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        let mut place = Place::default();
        for part in text.trim().split(',') {
            let (name, sequence) = part.split_once(':').ok_or_else(invalid)?;
            let service = services()
                .find(|service| service.eq_ignore_ascii_case(name))
                .ok_or_else(invalid)?;
            let sequence = sequence.parse().map_err(|_| invalid())?;
            if place.0.insert(service, sequence).is_some() {
                return Err(invalid());
            }
        }
        Ok(place)
    }

    /// How far the stream of a service was told.
    pub(super) fn reached(&self, service: &str) -> u64 {
        self.0.get(service).copied().unwrap_or_default()
    }

    /// Notes that it was told so far.
    pub(super) fn reach(&mut self, service: &'static str, sequence: u64) {
        self.0.insert(service, sequence);
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (service, sequence)) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{}:{sequence}", service.to_uppercase())?;
        }
        Ok(())
    }
}

/// What was sent is no place in the streams as they are.
pub(super) fn invalid() -> Problem {
    Problem::new(
        Code::InvalidArgument,
        "LAST_EVENT_ID_MALFORMED",
        "Last-Event-ID is not a place in these streams; connect without it and read the present state by the other calls.",
        "Last-Event-ID 不是有效的位置；请不带该请求头重新连接，并通过其他接口读取当前状态。",
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_place_is_read_back_as_it_was_told() {
        let mut place = Place::default();
        for (service, sequence) in services().zip([9, 5, 12]) {
            place.reach(service, sequence);
        }
        assert_eq!(place.to_string(), "COMMITTEES:9,FUNDS:5,REGISTRY:12");
        assert_eq!(Place::parse(&place.to_string()).unwrap(), place);
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "12",
            "FUNDS",
            "FUNDS:x",
            "FUNDS:-1",
            "KING:1",
            "FUNDS:1,FUNDS:2",
            "FUNDS:1,",
        ] {
            assert_eq!(
                Place::parse(text).unwrap_err().reason(),
                "LAST_EVENT_ID_MALFORMED",
                "{text}"
            );
        }
    }
}
