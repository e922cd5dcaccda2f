//! What happened, as the contract publishes it.

use outbox::Message;
use proto::funds::v1 as pb;

use crate::domain::event::{DepositsPosted, DrawEvent};
use crate::domain::moves::BankTransferPosted;

impl From<&DrawEvent> for Message {
    fn from(event: &DrawEvent) -> Self {
        match event {
            DrawEvent::Proposed(draw) => {
                let message = pb::DrawProposed {
                    draw: Some(draw.into()),
                };
                Message::of(&message, draw.id, draw.version, &draw.division)
            }
            DrawEvent::VoteRequested(draw) => {
                let message = pb::DrawVoteRequested {
                    draw: Some(draw.into()),
                };
                Message::of(&message, draw.id, draw.version, &draw.division)
            }
            DrawEvent::Reserved(draw) => {
                let message = pb::DrawReserved {
                    draw: Some(draw.into()),
                };
                Message::of(&message, draw.id, draw.version, &draw.division)
            }
            DrawEvent::Rejected(draw) => {
                let message = pb::DrawRejected {
                    draw: Some(draw.into()),
                };
                Message::of(&message, draw.id, draw.version, &draw.division)
            }
            DrawEvent::Accepted(draw) => {
                let message = pb::DrawAccepted {
                    draw: Some(draw.into()),
                };
                Message::of(&message, draw.id, draw.version, &draw.division)
            }
            DrawEvent::Paid(draw) => {
                let message = pb::DrawPaid {
                    draw: Some(draw.into()),
                };
                Message::of(&message, draw.id, draw.version, &draw.division)
            }
            DrawEvent::Withdrawn(draw) => {
                let message = pb::DrawWithdrawn {
                    draw: Some(draw.into()),
                };
                Message::of(&message, draw.id, draw.version, &draw.division)
            }
        }
    }
}

impl From<&BankTransferPosted> for Message {
    fn from(event: &BankTransferPosted) -> Self {
        let message = pb::BankTransferPosted {
            from_area_id: event.from_area_id.to_string(),
            to_area_id: event.to_area_id.to_string(),
            building_id: event.building_id.to_string(),
            amount_fen: event.amount.0,
            homes_count: i64::try_from(event.homes).unwrap_or(i64::MAX),
        };
        Message::of(&message, event.posting_id, 1, &event.division)
    }
}

impl From<&DepositsPosted> for Message {
    fn from(event: &DepositsPosted) -> Self {
        let deposits = event
            .deposits
            .iter()
            .map(|(home_id, amount, paid_on)| pb::Deposit {
                home_id: home_id.to_string(),
                amount_fen: amount.0,
                paid_on: paid_on.to_string(),
            });
        let message = pb::DepositsPosted {
            area_id: event.area_id.to_string(),
            deposits: deposits.collect(),
        };
        Message::of(&message, event.posting_id, 1, &event.division)
    }
}
