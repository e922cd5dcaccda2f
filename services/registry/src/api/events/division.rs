//! Events of divisions; the code is the aggregate's id.

use outbox::Message;
use proto::registry::v1 as pb;

use crate::domain::division::event::DivisionEvent;

/// What happened to a division.
pub(super) fn message(event: &DivisionEvent, version: i64) -> Message {
    match event {
        DivisionEvent::Renamed {
            code,
            before,
            name,
            on,
        } => {
            let message = pb::DivisionRenamed {
                code: code.to_string(),
                name_before: before.clone(),
                name: name.clone(),
                effective_on: on.to_string(),
            };
            Message::of(&message, code, version, code)
        }
        DivisionEvent::Merged { into, from, on } => {
            let message = pb::DivisionsMerged {
                into_code: into.to_string(),
                from_codes: from.iter().map(ToString::to_string).collect(),
                effective_on: on.to_string(),
            };
            Message::of(&message, into, version, into)
        }
    }
}
