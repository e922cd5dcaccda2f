//! Events of the rosters: enough to draw, choose and screen, and nobody's name or number.
//!
//! The conflict token is a keyed hash: without the platform's key nobody can try numbers, and with it only whoever
//! holds the number can find it again. It is still about a person (个人信息保护法 article 73: 去标识化), so it travels
//! in events between services and is in no answer.

use ids::DivisionCode;
use outbox::Message;
use proto::registry::v1 as pb;

use crate::domain::roster::{RosterEvent, RosterMember};

pub(super) fn message(event: &RosterEvent, version: i64, division: &DivisionCode) -> Message {
    let id = event.member().id;
    match event {
        RosterEvent::Enrolled(one) => {
            let message = pb::RosterMemberEnrolled { member: member(one) };
            Message::of(&message, id, version, division)
        }
        RosterEvent::Changed(one) => {
            let message = pb::RosterMemberChanged { member: member(one) };
            Message::of(&message, id, version, division)
        }
        RosterEvent::StandingChanged(one) => {
            let message = pb::RosterMemberStandingChanged { member: member(one) };
            Message::of(&message, id, version, division)
        }
        RosterEvent::StruckOff(one) => {
            let message = pb::RosterMemberStruckOff { member: member(one) };
            Message::of(&message, id, version, division)
        }
    }
}

fn member(member: &RosterMember) -> Option<pb::RosterMember> {
    Some(pb::RosterMember {
        name: String::new(),
        mobile: String::new(),
        conflict_token: member.conflict_token.clone(),
        ..member.clone().into()
    })
}
