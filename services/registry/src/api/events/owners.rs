//! What happened to the records of owners, as the contract's events.

use ids::DivisionCode;
use outbox::Message;
use proto::registry::v1 as pb;

use crate::api::convert::owners::verification;
use crate::domain::owner::event::OwnerEvent;

/// The event of the owner, the holding or the representation.
pub(super) fn message(event: &OwnerEvent, version: i64, division: &DivisionCode) -> Message {
    match event {
        OwnerEvent::LookedAt {
            owner_id,
            look_id,
            kind,
            role,
            fields,
        } => {
            let message = pb::OwnerLookedAt {
                owner_id: owner_id.to_string(),
                look_id: look_id.to_string(),
                kind: pb::LookKind::from(*kind).into(),
                role: role.clone(),
                fields: fields.clone(),
            };
            Message::of(&message, owner_id, version, division)
        }
        OwnerEvent::MobileSet { owner_id, recorded } => {
            let message = pb::MobileSet {
                owner_id: owner_id.to_string(),
                recorded: *recorded,
            };
            Message::of(&message, owner_id, version, division)
        }
        OwnerEvent::Verified {
            owner_id,
            verification: found,
        } => {
            let message = pb::OwnerVerified {
                owner_id: owner_id.to_string(),
                verification: verification(*found).0.into(),
                verified_on: found.on().map(|on| on.to_string()).unwrap_or_default(),
            };
            Message::of(&message, owner_id, version, division)
        }
        OwnerEvent::AgentNamed { owner_id, agent } => {
            let message = pb::AgentNamed {
                owner_id: owner_id.to_string(),
                agent_id: agent.agent_id.to_string(),
                ground: pb::AgentGround::from(agent.ground).into(),
                from_on: agent.from_on.to_string(),
                until_on: agent.until_on.map(|on| on.to_string()).unwrap_or_default(),
            };
            Message::of(&message, owner_id, version, division)
        }
        OwnerEvent::AgentEnded {
            owner_id,
            agent_id,
            until,
        } => {
            let message = pb::AgentEnded {
                owner_id: owner_id.to_string(),
                agent_id: agent_id.to_string(),
                until_on: until.to_string(),
            };
            Message::of(&message, owner_id, version, division)
        }
        OwnerEvent::HoldingRecorded(held) => {
            let message = pb::HoldingRecorded {
                holding: Some(held.clone().into()),
            };
            Message::of(&message, held.id, version, division)
        }
        OwnerEvent::RepresentativeChosen {
            representation,
            owner_ids,
        } => {
            let message = pb::RepresentativeChosen {
                representation: Some(representation.clone().into()),
                owner_ids: owner_ids.iter().map(ToString::to_string).collect(),
            };
            Message::of(&message, representation.id, version, division)
        }
    }
}
