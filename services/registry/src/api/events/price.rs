//! What happens to prices, as the contract's events.

use ids::DivisionCode;
use outbox::Message;
use proto::registry::v1 as pb;

use crate::domain::price::{Adjustment, Event, What};

/// The event with its aggregate, in the version that it has after it.
pub(super) fn message(event: &Event, version: i64, division: &DivisionCode) -> Message {
    match event {
        Event::StandardRecorded(standard) => {
            let message = pb::FeeStandardRecorded {
                standard: Some(standard.clone().into()),
            };
            Message::of(&message, standard.id, version, division)
        }
        Event::StandardEnded(standard) => {
            let message = pb::FeeStandardEnded {
                standard: Some(standard.clone().into()),
            };
            Message::of(&message, standard.id, version, division)
        }
        Event::Adjustment(what, adjustment) => of_adjustment(*what, adjustment, version, division),
        Event::SatisfactionRecorded(score) => {
            let message = pb::SatisfactionRecorded {
                satisfaction: Some(score.clone().into()),
            };
            Message::of(&message, score.id, version, division)
        }
    }
}

fn of_adjustment(what: What, adjustment: &Adjustment, version: i64, division: &DivisionCode) -> Message {
    let id = adjustment.id;
    let adjustment = Some(adjustment.clone().into());
    macro_rules! told {
        ($kind:ident) => {
            Message::of(&pb::$kind { adjustment }, id, version, division)
        };
    }
    match what {
        What::Proposed => told!(PriceAdjustmentProposed),
        What::Published => told!(PriceAdjustmentPublished),
        What::PublicityEnded => told!(PricePublicityEnded),
        What::BallotRequested => told!(PriceBallotRequested),
        What::Decided => told!(PriceAdjustmentDecided),
        What::Rejected => told!(PriceAdjustmentRejected),
        What::Withdrawn => told!(PriceAdjustmentWithdrawn),
        What::TookEffect => told!(PriceAdjustmentTookEffect),
    }
}
