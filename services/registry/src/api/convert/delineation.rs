//! Delineations: requests into commands, each field checked once.

use ids::DivisionCode;
use money::{Area, Fen};
use proto::registry::v1 as pb;
use rpc::field::{self, Invalid};

use super::division::division;
use crate::app::delineation::answer_design::AnswerDesign;
use crate::app::delineation::apply_for_delineation::ApplyForDelineation;
use crate::app::delineation::consult_on_design::ConsultOnDesign;
use crate::app::delineation::decide_delineation::DecideDelineation;
use crate::app::delineation::give_opinion::GiveDelineationOpinion;
use crate::app::service_rooms::CheckServiceRooms;
use crate::domain::delineation::application::{Phase, Proposal};
use crate::domain::service_rooms::PRICE_MAX;

/// Longest name of a project, an area, a phase or a facility.
const NAME_LENGTH_MAX: usize = 100;
/// Longest number of an area or a permit.
const NUMBER_LENGTH_MAX: usize = 64;
/// Longest question, answer, opinion or reasons.
const TEXT_LENGTH_MAX: usize = 2_000;
/// Most phases of a project.
const PHASES_MAX: usize = 20;
/// Most shared facilities.
const FACILITIES_MAX: usize = 50;

impl TryFrom<pb::ConsultOnDesignRequest> for ConsultOnDesign {
    type Error = Invalid;

    fn try_from(request: pb::ConsultOnDesignRequest) -> Result<Self, Invalid> {
        Ok(ConsultOnDesign {
            project: field::text("project", &request.project, NAME_LENGTH_MAX, "PROJECT_MISSING")?,
            division: place(&request.division_code)?,
            developer_id: field::id("developerId", &request.developer_id)?,
            above_ground: Area(request.above_ground_area),
            all_non_residential: request.all_non_residential,
            text: field::optional_text("text", &request.text, TEXT_LENGTH_MAX)?,
        })
    }
}

impl TryFrom<pb::AnswerDesignRequest> for AnswerDesign {
    type Error = Invalid;

    fn try_from(request: pb::AnswerDesignRequest) -> Result<Self, Invalid> {
        Ok(AnswerDesign {
            delineation_id: field::id("delineationId", &request.delineation_id)?,
            answer: field::text("answer", &request.answer, TEXT_LENGTH_MAX, "ANSWER_MISSING")?,
        })
    }
}

impl TryFrom<pb::ApplyForDelineationRequest> for ApplyForDelineation {
    type Error = Invalid;

    fn try_from(request: pb::ApplyForDelineationRequest) -> Result<Self, Invalid> {
        let delineation_id = field::optional_id("delineationId", &request.delineation_id)?;
        let project = if delineation_id.is_none() {
            field::text("project", &request.project, NAME_LENGTH_MAX, "PROJECT_MISSING")?
        } else {
            field::optional_text("project", &request.project, NAME_LENGTH_MAX)?
        };
        Ok(ApplyForDelineation {
            delineation_id,
            developer_id: field::id("developerId", &request.developer_id)?,
            project: Some(project).filter(|project| !project.is_empty()),
            division: place(&request.division_code)?,
            proposal: Proposal {
                number: number(&request.number)?.ok_or_else(|| {
                    Invalid::new("number", "AREA_NUMBER_MISSING", "must not be empty", "不能为空")
                })?,
                name: field::text("name", &request.name, NAME_LENGTH_MAX, "AREA_NAME_MISSING")?,
                permit_number: field::text(
                    "permitNumber",
                    &request.permit_number,
                    NUMBER_LENGTH_MAX,
                    "PERMIT_NUMBER_MISSING",
                )?,
                permitted_on: field::date("permittedOn", &request.permitted_on)?,
                above_ground: Area(request.above_ground_area),
                all_non_residential: request.all_non_residential,
                phases: phases(request.phases)?,
                shared_facilities: facilities(&request.shared_facilities)?,
            },
        })
    }
}

impl TryFrom<pb::GiveDelineationOpinionRequest> for GiveDelineationOpinion {
    type Error = Invalid;

    fn try_from(request: pb::GiveDelineationOpinionRequest) -> Result<Self, Invalid> {
        Ok(GiveDelineationOpinion {
            delineation_id: field::id("delineationId", &request.delineation_id)?,
            agrees: request.agrees,
            text: field::text("text", &request.text, TEXT_LENGTH_MAX, "OPINION_MISSING")?,
        })
    }
}

impl TryFrom<pb::DecideDelineationRequest> for DecideDelineation {
    type Error = Invalid;

    fn try_from(request: pb::DecideDelineationRequest) -> Result<Self, Invalid> {
        Ok(DecideDelineation {
            delineation_id: field::id("delineationId", &request.delineation_id)?,
            approve: request.approve,
            reasons: field::optional_text("reasons", &request.reasons, TEXT_LENGTH_MAX)?,
            number: number(&request.number)?,
        })
    }
}

impl TryFrom<pb::CheckServiceRoomsRequest> for CheckServiceRooms {
    type Error = Invalid;

    fn try_from(request: pb::CheckServiceRoomsRequest) -> Result<Self, Invalid> {
        if !(0..=PRICE_MAX).contains(&request.average_price_fen) {
            return Err(Invalid::new(
                "averagePriceFen",
                "SALE_PRICE_INVALID",
                format!("must be 0 to {PRICE_MAX} fen per m²"),
                format!("应为 0 至 {PRICE_MAX} 分/平方米"),
            ));
        }
        let permit = (Area(request.permit_area), request.all_non_residential);
        let price = Fen(request.average_price_fen);
        Ok(CheckServiceRooms {
            area_id: field::id("areaId", &request.area_id)?,
            permit: Some(permit).filter(|(area, _)| *area != Area::ZERO),
            measured_area: Area(request.measured_area),
            built_rooms: Area(request.built_rooms),
            average_price: Some(price).filter(|price| price.is_positive()),
        })
    }
}

/// The community or village of a project.
pub(super) fn place(code: &str) -> Result<DivisionCode, Invalid> {
    division("divisionCode", code)
}

/// The filing number of an area, where one is said.
pub(super) fn number(text: &str) -> Result<Option<String>, Invalid> {
    let number = field::optional_text("number", text, NUMBER_LENGTH_MAX)?;
    // A stroke parts it from a building's number where ids are derived.
    if number.contains('/') {
        return Err(Invalid::new(
            "number",
            "AREA_NUMBER_MALFORMED",
            "must hold no stroke (/)",
            "不能含有斜杠（/）",
        ));
    }
    Ok(Some(number).filter(|number| !number.is_empty()))
}

fn phases(phases: Vec<pb::ProjectPhase>) -> Result<Vec<Phase>, Invalid> {
    if phases.len() > PHASES_MAX {
        return Err(Invalid::new(
            "phases",
            "TOO_MANY_PHASES",
            format!("at most {PHASES_MAX} are taken"),
            format!("最多 {PHASES_MAX} 期"),
        ));
    }
    let phase = |phase: pb::ProjectPhase| {
        if phase.above_ground_area <= 0 {
            return Err(Invalid::new(
                "phases.aboveGroundArea",
                "AREA_SIZE_INVALID",
                "must be more than 0, in 0.01 m²",
                "应大于 0，单位为 0.01 平方米",
            ));
        }
        Ok(Phase {
            name: field::text("phases.name", &phase.name, NAME_LENGTH_MAX, "PHASE_NAME_MISSING")?,
            above_ground: Area(phase.above_ground_area),
        })
    };
    phases.into_iter().map(phase).collect()
}

pub(super) fn facilities(facilities: &[String]) -> Result<Vec<String>, Invalid> {
    if facilities.len() > FACILITIES_MAX {
        return Err(Invalid::new(
            "sharedFacilities",
            "TOO_MANY_FACILITIES",
            format!("at most {FACILITIES_MAX} are taken"),
            format!("最多 {FACILITIES_MAX} 项"),
        ));
    }
    facilities
        .iter()
        .map(|facility| field::text("sharedFacilities", facility, NAME_LENGTH_MAX, "FACILITY_MISSING"))
        .collect()
}
