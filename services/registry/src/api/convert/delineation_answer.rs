//! Delineations and service rooms as messages.

use proto::registry::v1 as pb;
use rpc::field::Invalid;

use crate::domain::delineation::application::{Application, Opinion, OpinionGiver, Phase};
use crate::domain::delineation::{Consultation, Delineation, Stage};
use crate::domain::service_rooms::ServiceRooms;

/// Reads a state that may be absent, as columns have it; refuses an unknown number with `DELINEATION_STATE_UNKNOWN`.
pub(in crate::api) fn optional_state(value: i32) -> Result<Option<&'static str>, Invalid> {
    match pb::DelineationState::try_from(value) {
        Ok(pb::DelineationState::Unspecified) => Ok(None),
        Ok(pb::DelineationState::Consulting) => Ok(Some("consulting")),
        Ok(pb::DelineationState::Advised) => Ok(Some("advised")),
        Ok(pb::DelineationState::Applied) => Ok(Some("applied")),
        Ok(pb::DelineationState::Approved) => Ok(Some("approved")),
        Ok(pb::DelineationState::Refused) => Ok(Some("refused")),
        Err(_) => Err(Invalid::new(
            "state",
            "DELINEATION_STATE_UNKNOWN",
            "must be one of the listed values",
            "必须是所列取值之一",
        )),
    }
}

impl From<Delineation> for pb::Delineation {
    fn from(delineation: Delineation) -> Self {
        let (state, application, opinions, decision) = match delineation.stage {
            Stage::Consulting => (pb::DelineationState::Consulting, None, Vec::new(), None),
            Stage::Advised => (pb::DelineationState::Advised, None, Vec::new(), None),
            Stage::Applied {
                application,
                opinions,
            } => (pb::DelineationState::Applied, Some(application), opinions, None),
            Stage::Approved {
                application,
                opinions,
                on,
                remarks,
                area_id,
                number,
            } => {
                let decision = pb::DelineationDecision {
                    approved: true,
                    decided_on: on.to_string(),
                    reasons: remarks,
                    area_id: area_id.to_string(),
                    number,
                };
                let state = pb::DelineationState::Approved;
                (state, Some(application), opinions, Some(decision))
            }
            Stage::Refused {
                application,
                opinions,
                on,
                reasons,
            } => {
                let decision = pb::DelineationDecision {
                    approved: false,
                    decided_on: on.to_string(),
                    reasons,
                    area_id: String::new(),
                    number: String::new(),
                };
                let state = pb::DelineationState::Refused;
                (state, Some(application), opinions, Some(decision))
            }
        };
        pb::Delineation {
            delineation_id: delineation.id.to_string(),
            project: delineation.project,
            division_code: delineation.division.to_string(),
            developer_id: delineation.developer_id.to_string(),
            state: state.into(),
            consultation: delineation.consultation.map(Into::into),
            application: application.map(Into::into),
            opinions: opinions.into_iter().map(Into::into).collect(),
            decision,
            version: delineation.version,
        }
    }
}

impl From<Consultation> for pb::DesignConsultation {
    fn from(asked: Consultation) -> Self {
        let (answered_on, answer) = match asked.answer {
            Some(answer) => (answer.on.to_string(), answer.text),
            None => (String::new(), String::new()),
        };
        pb::DesignConsultation {
            asked_on: asked.asked_on.to_string(),
            above_ground_area: asked.above_ground.get(),
            all_non_residential: asked.all_non_residential,
            rooms_required: asked.rooms_required.get(),
            text: asked.text,
            answer_by_on: asked.answer_by.to_string(),
            overdue: asked.overdue,
            answered_on,
            answer,
            article: asked.article,
        }
    }
}

impl From<Application> for pb::DelineationApplication {
    fn from(application: Application) -> Self {
        pb::DelineationApplication {
            applied_on: application.applied_on.to_string(),
            number: application.number,
            name: application.name,
            permit_number: application.permit_number,
            permitted_on: application.permitted_on.to_string(),
            apply_by_on: application.apply_by.to_string(),
            late: application.late,
            above_ground_area: application.above_ground.get(),
            all_non_residential: application.all_non_residential,
            rooms_required: application.rooms_required.get(),
            phases: application.phases.into_iter().map(Into::into).collect(),
            shared_facilities: application.shared_facilities,
            decide_by_on: application.decide_by.to_string(),
            overdue: application.overdue,
        }
    }
}

impl From<Phase> for pb::ProjectPhase {
    fn from(phase: Phase) -> Self {
        pb::ProjectPhase {
            name: phase.name,
            above_ground_area: phase.above_ground.get(),
        }
    }
}

impl From<Opinion> for pb::DelineationOpinion {
    fn from(opinion: Opinion) -> Self {
        let giver = match opinion.giver {
            OpinionGiver::Street => pb::OpinionGiver::Street,
            OpinionGiver::Community => pb::OpinionGiver::Community,
        };
        pb::DelineationOpinion {
            giver: giver.into(),
            agrees: opinion.agrees,
            text: opinion.text,
            given_on: opinion.on.to_string(),
        }
    }
}

impl From<ServiceRooms> for pb::ServiceRooms {
    fn from(rooms: ServiceRooms) -> Self {
        pb::ServiceRooms {
            area_id: rooms.area_id.to_string(),
            checked_on: rooms.checked_on.to_string(),
            permit_area: rooms.built.permit_area.get(),
            all_non_residential: rooms.built.all_non_residential,
            measured_area: rooms.built.measured_area.get(),
            built_rooms: rooms.built.built_rooms.get(),
            required_by_permit: rooms.required_by_permit.get(),
            required_by_survey: rooms.required_by_survey.get(),
            to_build: rooms.to_build.get(),
            to_top_up_or_pay: rooms.to_top_up_or_pay.get(),
            payment_fen: rooms.payment.get(),
            average_price_fen: rooms.built.average_price.map_or(0, money::Fen::get),
            article: rooms.article,
            version: rooms.version,
        }
    }
}
