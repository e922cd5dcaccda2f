//! Events of regroupings, and of the buildings and areas that they change.

use ids::DivisionCode;
use outbox::Message;
use proto::Timestamp;
use proto::registry::v1 as pb;

use crate::domain::regrouping::event::{BuildingMoved, Event, RegroupingEvent, Step};

/// What happened, as a message.
pub(super) fn message(event: &Event, version: i64, division: &DivisionCode) -> Message {
    match event {
        Event::Regrouping(event) => of_regrouping(event),
        Event::BuildingMoved(moved) => {
            let BuildingMoved {
                building,
                from_area_id,
                home_ids,
                on,
                at,
                regrouping_id,
            } = moved;
            let message = pb::BuildingMoved {
                building: Some(building.clone().into()),
                from_area_id: from_area_id.to_string(),
                home_ids: home_ids.iter().map(ToString::to_string).collect(),
                moved_on: on.to_string(),
                moved_at: Some(Timestamp::from(*at)),
                regrouping_id: regrouping_id.to_string(),
            };
            Message::of(&message, building.id, version, division)
        }
        Event::AreaEnded { area, regrouping_id } => {
            let message = pb::AreaEnded {
                area: Some(area.clone().into()),
                regrouping_id: regrouping_id.to_string(),
            };
            Message::of(&message, area.id, version, division)
        }
    }
}

/// What happened to a regrouping, which is in the event whole.
fn of_regrouping(event: &RegroupingEvent) -> Message {
    let after = &event.regrouping;
    let regrouping = Some(pb::Regrouping::from(after.clone()));
    macro_rules! message {
        ($kind:ident) => {
            Message::of(
                &pb::$kind { regrouping },
                after.id,
                after.version,
                &after.division,
            )
        };
    }
    match event.step {
        Step::Proposed => message!(RegroupingProposed),
        Step::ConsentRecorded => message!(RegroupingConsentRecorded),
        Step::OpinionGiven => message!(RegroupingOpinionGiven),
        Step::Overdue => message!(RegroupingOverdue),
        Step::Approved => message!(RegroupingApproved),
        Step::Refused => message!(RegroupingRefused),
        Step::Withdrawn => message!(RegroupingWithdrawn),
    }
}
