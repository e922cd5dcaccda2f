//! Regroupings: requests into commands, and back as messages.

use proto::registry::v1 as pb;
use rpc::field::{self, Invalid};

use super::delineation::{facilities, number, place};
use crate::app::regrouping::decide_regrouping::DecideRegrouping;
use crate::app::regrouping::give_opinion::GiveRegroupingOpinion;
use crate::app::regrouping::propose_regrouping::ProposeRegrouping;
use crate::app::regrouping::record_consent::RecordRegroupingConsent;
use crate::app::regrouping::withdraw_regrouping::WithdrawRegrouping;
use crate::domain::delineation::application::OpinionGiver;
use crate::domain::regrouping::plan::{NewArea, Numbering, Plan};
use crate::domain::regrouping::{Consent, ConsentBy, Opinion, Proposal, Regrouping, Stage};

/// Longest name of an area.
const NAME_LENGTH_MAX: usize = 100;
/// Longest number of a building.
const BUILDING_NUMBER_LENGTH_MAX: usize = 32;
/// Longest reason, opinion or remarks.
const TEXT_LENGTH_MAX: usize = 2_000;
/// Most areas that end in one merger.
const AREAS_MAX: usize = 50;
/// Most buildings of one plan that are named.
const BUILDINGS_MAX: usize = 500;

impl TryFrom<pb::ProposeRegroupingRequest> for ProposeRegrouping {
    type Error = Invalid;

    fn try_from(request: pb::ProposeRegroupingRequest) -> Result<Self, Invalid> {
        use pb::propose_regrouping_request::Plan as Wire;
        let plan = match request.plan {
            Some(Wire::Adjust(adjust)) => Plan::Adjust {
                from: field::id("adjust.fromAreaId", &adjust.from_area_id)?,
                to: field::id("adjust.toAreaId", &adjust.to_area_id)?,
                building_ids: field::id_list("adjust.buildingIds", &adjust.building_ids, BUILDINGS_MAX)?,
            },
            Some(Wire::Merge(merge)) => Plan::Merge {
                ended: field::id_list("merge.endedAreaIds", &merge.ended_area_ids, AREAS_MAX)?,
                survivor: field::id("merge.survivingAreaId", &merge.surviving_area_id)?,
            },
            Some(Wire::Split(split)) => Plan::Split {
                from: field::id("split.fromAreaId", &split.from_area_id)?,
                building_ids: field::id_list("split.buildingIds", &split.building_ids, BUILDINGS_MAX)?,
                new: NewArea {
                    number: number(&split.number)?.ok_or_else(|| {
                        Invalid::new(
                            "split.number",
                            "AREA_NUMBER_MISSING",
                            "must not be empty",
                            "不能为空",
                        )
                    })?,
                    name: field::text("split.name", &split.name, NAME_LENGTH_MAX, "AREA_NAME_MISSING")?,
                    division: place(&split.division_code)?,
                },
            },
            None => {
                return Err(Invalid::new(
                    "plan",
                    "REGROUPING_PLAN_MISSING",
                    "one of adjust, merge and split must be set",
                    "请填写调整、合并、分立之一",
                ));
            }
        };
        Ok(ProposeRegrouping {
            proposal: Proposal {
                plan,
                numbers: numbers(request.numbers)?,
                reason: field::text("reason", &request.reason, TEXT_LENGTH_MAX, "REASON_MISSING")?,
                shared_facilities: facilities(&request.shared_facilities)?,
            },
        })
    }
}

fn numbers(numbers: Vec<pb::BuildingNumber>) -> Result<Vec<Numbering>, Invalid> {
    if numbers.len() > BUILDINGS_MAX {
        return Err(Invalid::new(
            "numbers",
            "TOO_MANY_IDS",
            format!("at most {BUILDINGS_MAX} are taken"),
            format!("最多 {BUILDINGS_MAX} 幢"),
        ));
    }
    let numbering = |one: pb::BuildingNumber| {
        Ok(Numbering {
            building_id: field::id("numbers.buildingId", &one.building_id)?,
            number: field::text(
                "numbers.number",
                &one.number,
                BUILDING_NUMBER_LENGTH_MAX,
                "BUILDING_NUMBER_MISSING",
            )?,
        })
    };
    numbers.into_iter().map(numbering).collect()
}

impl TryFrom<pb::RecordRegroupingConsentRequest> for RecordRegroupingConsent {
    type Error = Invalid;

    fn try_from(request: pb::RecordRegroupingConsentRequest) -> Result<Self, Invalid> {
        Ok(RecordRegroupingConsent {
            regrouping_id: field::id("regroupingId", &request.regrouping_id)?,
            area_id: field::id("areaId", &request.area_id)?,
            ballot_id: field::optional_id("ballotId", &request.ballot_id)?,
        })
    }
}

impl TryFrom<pb::GiveRegroupingOpinionRequest> for GiveRegroupingOpinion {
    type Error = Invalid;

    fn try_from(request: pb::GiveRegroupingOpinionRequest) -> Result<Self, Invalid> {
        Ok(GiveRegroupingOpinion {
            regrouping_id: field::id("regroupingId", &request.regrouping_id)?,
            agrees: request.agrees,
            text: field::text("text", &request.text, TEXT_LENGTH_MAX, "OPINION_MISSING")?,
        })
    }
}

impl TryFrom<pb::DecideRegroupingRequest> for DecideRegrouping {
    type Error = Invalid;

    fn try_from(request: pb::DecideRegroupingRequest) -> Result<Self, Invalid> {
        let effective_on = match request.effective_on.as_str() {
            "" => None,
            day => Some(field::date("effectiveOn", day)?),
        };
        Ok(DecideRegrouping {
            regrouping_id: field::id("regroupingId", &request.regrouping_id)?,
            approve: request.approve,
            reasons: field::optional_text("reasons", &request.reasons, TEXT_LENGTH_MAX)?,
            effective_on,
        })
    }
}

impl TryFrom<pb::WithdrawRegroupingRequest> for WithdrawRegrouping {
    type Error = Invalid;

    fn try_from(request: pb::WithdrawRegroupingRequest) -> Result<Self, Invalid> {
        Ok(WithdrawRegrouping {
            regrouping_id: field::id("regroupingId", &request.regrouping_id)?,
            reason: field::text("reason", &request.reason, TEXT_LENGTH_MAX, "REASON_MISSING")?,
        })
    }
}

/// Reads a state that may be absent, as columns have it; refuses an unknown number with `REGROUPING_STATE_UNKNOWN`.
pub(in crate::api) fn optional_state(value: i32) -> Result<Option<&'static str>, Invalid> {
    match pb::RegroupingState::try_from(value) {
        Ok(pb::RegroupingState::Unspecified) => Ok(None),
        Ok(pb::RegroupingState::Consenting) => Ok(Some("consenting")),
        Ok(pb::RegroupingState::Submitted) => Ok(Some("submitted")),
        Ok(pb::RegroupingState::Approved) => Ok(Some("approved")),
        Ok(pb::RegroupingState::Refused) => Ok(Some("refused")),
        Ok(pb::RegroupingState::Withdrawn) => Ok(Some("withdrawn")),
        Err(_) => Err(Invalid::new(
            "state",
            "REGROUPING_STATE_UNKNOWN",
            "must be one of the listed values",
            "必须是所列取值之一",
        )),
    }
}

impl From<Regrouping> for pb::Regrouping {
    fn from(regrouping: Regrouping) -> Self {
        let missing = regrouping.missing();
        let mut message = pb::Regrouping {
            regrouping_id: regrouping.id.to_string(),
            plan: Some(plan(regrouping.plan)),
            numbers: regrouping.numbers.into_iter().map(Into::into).collect(),
            reason: regrouping.reason,
            shared_facilities: regrouping.shared_facilities,
            proposed_for_area_id: regrouping.proposed_for.to_string(),
            proposed_on: regrouping.proposed_on.to_string(),
            consents: regrouping.consents.into_iter().map(Into::into).collect(),
            missing_area_ids: missing.iter().map(ToString::to_string).collect(),
            opinions: regrouping.opinions.into_iter().map(Into::into).collect(),
            article: regrouping.article,
            version: regrouping.version,
            ..pb::Regrouping::default()
        };
        let state = match regrouping.stage {
            Stage::Consenting => pb::RegroupingState::Consenting,
            Stage::Submitted { decide_by, overdue } => {
                message.decide_by_on = decide_by.to_string();
                message.overdue = overdue;
                pb::RegroupingState::Submitted
            }
            Stage::Approved {
                on,
                effective_on,
                remarks,
                area_id,
            } => {
                message.decision = Some(pb::RegroupingDecision {
                    approved: true,
                    decided_on: on.to_string(),
                    effective_on: effective_on.to_string(),
                    reasons: remarks,
                    area_id: area_id.map(|id| id.to_string()).unwrap_or_default(),
                });
                pb::RegroupingState::Approved
            }
            Stage::Refused { on, reasons } => {
                message.decision = Some(pb::RegroupingDecision {
                    approved: false,
                    decided_on: on.to_string(),
                    effective_on: String::new(),
                    reasons,
                    area_id: String::new(),
                });
                pb::RegroupingState::Refused
            }
            Stage::Withdrawn { reason } => {
                message.withdrawal_reason = reason;
                pb::RegroupingState::Withdrawn
            }
        };
        message.set_state(state);
        message
    }
}

fn plan(plan: Plan) -> pb::regrouping::Plan {
    use pb::regrouping::Plan as Wire;
    let texts = |ids: Vec<ids::BuildingId>| ids.iter().map(ToString::to_string).collect();
    match plan {
        Plan::Adjust {
            from,
            to,
            building_ids,
        } => Wire::Adjust(pb::AreaAdjustment {
            from_area_id: from.to_string(),
            to_area_id: to.to_string(),
            building_ids: texts(building_ids),
        }),
        Plan::Merge { ended, survivor } => Wire::Merge(pb::AreaMerger {
            ended_area_ids: ended.iter().map(ToString::to_string).collect(),
            surviving_area_id: survivor.to_string(),
        }),
        Plan::Split {
            from,
            building_ids,
            new,
        } => Wire::Split(pb::AreaSplit {
            from_area_id: from.to_string(),
            building_ids: texts(building_ids),
            number: new.number,
            name: new.name,
            division_code: new.division.to_string(),
        }),
    }
}

impl From<Numbering> for pb::BuildingNumber {
    fn from(numbering: Numbering) -> Self {
        pb::BuildingNumber {
            building_id: numbering.building_id.to_string(),
            number: numbering.number,
        }
    }
}

impl From<Consent> for pb::RegroupingConsent {
    fn from(consent: Consent) -> Self {
        let (ballot_id, developer_id) = match consent.by {
            ConsentBy::Owners(ballot_id) => (ballot_id.to_string(), String::new()),
            ConsentBy::Developer(developer_id) => (String::new(), developer_id.to_string()),
        };
        pb::RegroupingConsent {
            area_id: consent.area_id.to_string(),
            ballot_id,
            developer_id,
            recorded_on: consent.on.to_string(),
        }
    }
}

impl From<Opinion> for pb::RegroupingOpinion {
    fn from(opinion: Opinion) -> Self {
        let giver = match opinion.giver {
            OpinionGiver::Street => pb::OpinionGiver::Street,
            OpinionGiver::Community => pb::OpinionGiver::Community,
        };
        pb::RegroupingOpinion {
            giver: giver.into(),
            division_code: opinion.division.to_string(),
            agrees: opinion.agrees,
            text: opinion.text,
            given_on: opinion.on.to_string(),
        }
    }
}
