//! What happened to imports.

use ids::DivisionCode;
use outbox::Message;
use proto::registry::v1 as pb;

use crate::domain::import::{Import, ImportEvent};

/// The event's message.
pub(super) fn message(event: &ImportEvent, version: i64, division: &DivisionCode) -> Message {
    let told = |import: &Import| Some(pb::Import::from(import.clone()));
    match event {
        ImportEvent::Begun(import) => {
            let message = pb::ImportBegun { import: told(import) };
            Message::of(&message, import.id, version, division)
        }
        ImportEvent::Progressed(import) => {
            let message = pb::ImportProgressed { import: told(import) };
            Message::of(&message, import.id, version, division)
        }
        ImportEvent::Ended(import) => {
            let message = pb::ImportEnded { import: told(import) };
            Message::of(&message, import.id, version, division)
        }
    }
}
