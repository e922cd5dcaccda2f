//! What happened to published rolls, as the contract's events.

use ids::DivisionCode;
use outbox::Message;
use proto::registry::v1 as pb;

use crate::domain::roll::event::RollEvent;

/// The event of the roll.
pub(super) fn message(event: &RollEvent, version: i64, division: &DivisionCode) -> Message {
    match event {
        RollEvent::Published(roll) => {
            let message = pb::RollPublished {
                roll: Some(roll.clone().into()),
            };
            Message::of(&message, roll.id, version, division)
        }
        RollEvent::TakenDown(roll) => {
            let message = pb::RollTakenDown {
                roll_id: roll.id.to_string(),
                area_id: roll.area_id.to_string(),
                state: pb::RollState::from(roll.state).into(),
            };
            Message::of(&message, roll.id, version, division)
        }
        RollEvent::ObjectionRaised { roll, objection_id } => {
            let message = pb::ObjectionRaised {
                roll_id: roll.id.to_string(),
                area_id: roll.area_id.to_string(),
                objection_id: objection_id.to_string(),
            };
            Message::of(&message, roll.id, version, division)
        }
        RollEvent::ObjectionAnswered {
            roll,
            objection_id,
            upheld,
        } => {
            let message = pb::ObjectionAnswered {
                roll_id: roll.id.to_string(),
                area_id: roll.area_id.to_string(),
                objection_id: objection_id.to_string(),
                upheld: *upheld,
            };
            Message::of(&message, roll.id, version, division)
        }
    }
}
