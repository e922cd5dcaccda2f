//! Events of delineations.

use outbox::Message;
use proto::registry::v1 as pb;

use crate::domain::delineation::event::{DelineationEvent, Step};

/// What happened to a delineation, which is in the event whole.
pub(super) fn message(event: &DelineationEvent) -> Message {
    let after = &event.delineation;
    let delineation = Some(pb::Delineation::from(after.clone()));
    macro_rules! message {
        ($kind:ident) => {
            Message::of(
                &pb::$kind { delineation },
                after.id,
                after.version,
                &after.division,
            )
        };
    }
    match event.step {
        Step::Consulted => message!(DesignConsulted),
        Step::Answered => message!(DesignAnswered),
        Step::AppliedFor => message!(DelineationAppliedFor),
        Step::OpinionGiven => message!(DelineationOpinionGiven),
        Step::Overdue => message!(DelineationOverdue),
        Step::Approved => message!(DelineationApproved),
        Step::Refused => message!(DelineationRefused),
    }
}
