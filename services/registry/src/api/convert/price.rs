//! Prices: messages into commands, checked once; answers into messages.

use chrono::NaiveDate;
use money::Fen;
use proto::common::v1 as common;
use proto::registry::v1 as pb;
use rpc::Page;
use rpc::field::{self, Invalid};
use rules::BuildingType;

use super::optional_division;
use crate::app::price::decide_price_adjustment::DecidePriceAdjustment;
use crate::app::price::get_price_index::GetPriceIndex;
use crate::app::price::list_fee_standards::ListFeeStandards;
use crate::app::price::propose_price_adjustment::ProposePriceAdjustment;
use crate::app::price::publish_price_adjustment::PublishPriceAdjustment;
use crate::app::price::record_fee_standard::RecordFeeStandard;
use crate::app::price::record_satisfaction::RecordSatisfaction;
use crate::app::price::request_price_ballot::RequestPriceBallot;
use crate::app::price::withdraw_price_adjustment::WithdrawPriceAdjustment;
use crate::domain::price::{Audit, Charging, Homes, Housing, NewLine, Source};

mod answer;
mod index;

pub(in crate::api) use answer::price_rules;

/// Most lines of one adjustment: more than there are kinds of homes.
const LINES_MAX: usize = 20;
const REASON_LENGTH_MAX: usize = 1_000;
const NAME_LENGTH_MAX: usize = 100;
/// Hexadecimal digits of SHA-256.
const DIGEST_LENGTH: usize = 64;
/// A thousand per mille.
const PER_MILLE_MAX: u16 = 1_000;

impl TryFrom<pb::RecordFeeStandardRequest> for RecordFeeStandard {
    type Error = Invalid;

    fn try_from(request: pb::RecordFeeStandardRequest) -> Result<Self, Invalid> {
        let charging = match pb::FeeCharging::try_from(request.charging) {
            Ok(pb::FeeCharging::LumpSum) => Charging::LumpSum,
            Ok(pb::FeeCharging::Commission) => Charging::Commission,
            Ok(pb::FeeCharging::Unspecified) | Err(_) => {
                return Err(not_listed("charging", "CHARGE_MISSING"));
            }
        };
        Ok(RecordFeeStandard {
            area_id: field::id("areaId", &request.area_id)?,
            homes: homes(request.homes.unwrap_or_default())?,
            price: price("priceFen", request.price_fen)?,
            grade: grade("grade", request.grade)?,
            charging,
            effective_from: field::date("effectiveFrom", &request.effective_from)?,
        })
    }
}

impl TryFrom<pb::ListFeeStandardsRequest> for ListFeeStandards {
    type Error = Invalid;

    fn try_from(request: pb::ListFeeStandardsRequest) -> Result<Self, Invalid> {
        Ok(ListFeeStandards {
            area_id: field::optional_id("areaId", &request.area_id)?,
            division: optional_division("divisionCode", &request.division_code)?,
            as_of: optional_date("asOf", &request.as_of)?,
            history: request.history,
            page: Page::parse(request.page_size, &request.page_token)?,
        })
    }
}

impl TryFrom<pb::ProposePriceAdjustmentRequest> for ProposePriceAdjustment {
    type Error = Invalid;

    fn try_from(request: pb::ProposePriceAdjustmentRequest) -> Result<Self, Invalid> {
        if request.lines.is_empty() || request.lines.len() > LINES_MAX {
            return Err(Invalid::new(
                "lines",
                "LINES_INVALID",
                format!("must hold 1 to {LINES_MAX} prices"),
                format!("应填写 1 至 {LINES_MAX} 项价格"),
            ));
        }
        let line = |line: pb::ProposedPrice| {
            Ok(NewLine {
                homes: homes(line.homes.unwrap_or_default())?,
                price: price("lines.priceFen", line.price_fen)?,
                grade: grade("lines.grade", line.grade)?,
            })
        };
        Ok(ProposePriceAdjustment {
            area_id: field::id("areaId", &request.area_id)?,
            lines: request
                .lines
                .into_iter()
                .map(line)
                .collect::<Result<_, Invalid>>()?,
            effective_from: field::date("effectiveFrom", &request.effective_from)?,
            reason: field::text("reason", &request.reason, REASON_LENGTH_MAX, "REASON_MISSING")?,
            audit: audit(request.audit)?,
        })
    }
}

impl TryFrom<pb::PublishPriceAdjustmentRequest> for PublishPriceAdjustment {
    type Error = Invalid;

    fn try_from(request: pb::PublishPriceAdjustmentRequest) -> Result<Self, Invalid> {
        Ok(PublishPriceAdjustment {
            adjustment_id: field::id("adjustmentId", &request.adjustment_id)?,
            on: field::date("publishedOn", &request.published_on)?,
        })
    }
}

impl TryFrom<pb::RequestPriceBallotRequest> for RequestPriceBallot {
    type Error = Invalid;

    fn try_from(request: pb::RequestPriceBallotRequest) -> Result<Self, Invalid> {
        let objections = request.objections.map(u32::try_from).transpose();
        Ok(RequestPriceBallot {
            adjustment_id: field::id("adjustmentId", &request.adjustment_id)?,
            objections: objections.map_err(|_| {
                Invalid::new(
                    "objections",
                    "OBJECTIONS_INVALID",
                    "must be 0 or more, or left out",
                    "应为 0 或以上，未统计则不填",
                )
            })?,
        })
    }
}

impl TryFrom<pb::DecidePriceAdjustmentRequest> for DecidePriceAdjustment {
    type Error = Invalid;

    fn try_from(request: pb::DecidePriceAdjustmentRequest) -> Result<Self, Invalid> {
        Ok(DecidePriceAdjustment {
            adjustment_id: field::id("adjustmentId", &request.adjustment_id)?,
            ballot_id: field::id("ballotId", &request.ballot_id)?,
        })
    }
}

impl TryFrom<pb::WithdrawPriceAdjustmentRequest> for WithdrawPriceAdjustment {
    type Error = Invalid;

    fn try_from(request: pb::WithdrawPriceAdjustmentRequest) -> Result<Self, Invalid> {
        Ok(WithdrawPriceAdjustment {
            adjustment_id: field::id("adjustmentId", &request.adjustment_id)?,
            reason: field::text("reason", &request.reason, REASON_LENGTH_MAX, "REASON_MISSING")?,
        })
    }
}

impl TryFrom<pb::RecordSatisfactionRequest> for RecordSatisfaction {
    type Error = Invalid;

    fn try_from(request: pb::RecordSatisfactionRequest) -> Result<Self, Invalid> {
        let source = match pb::SatisfactionSource::try_from(request.source) {
            Ok(pb::SatisfactionSource::OwnerSurvey) => Source::OwnerSurvey,
            Ok(pb::SatisfactionSource::StreetAssessment) => Source::StreetAssessment,
            Ok(pb::SatisfactionSource::ThirdParty) => Source::ThirdParty,
            Ok(pb::SatisfactionSource::Unspecified) | Err(_) => {
                return Err(not_listed("source", "SOURCE_MISSING"));
            }
        };
        let per_mille = u16::try_from(request.per_mille).ok();
        Ok(RecordSatisfaction {
            area_id: field::id("areaId", &request.area_id)?,
            source,
            from_on: field::date("fromOn", &request.from_on)?,
            until_on: field::date("untilOn", &request.until_on)?,
            per_mille: per_mille.filter(|score| *score <= PER_MILLE_MAX).ok_or_else(|| {
                Invalid::new(
                    "perMille",
                    "SCORE_INVALID",
                    format!("must be 0 to {PER_MILLE_MAX}"),
                    format!("应为 0 至 {PER_MILLE_MAX}"),
                )
            })?,
        })
    }
}

impl TryFrom<pb::GetPriceIndexRequest> for GetPriceIndex {
    type Error = Invalid;

    fn try_from(request: pb::GetPriceIndexRequest) -> Result<Self, Invalid> {
        let given = pb::PricedHomes {
            r#use: request.r#use,
            building_type: request.building_type,
            housing_class: request.housing_class,
        };
        Ok(GetPriceIndex {
            area_id: field::id("areaId", &request.area_id)?,
            homes: homes(given)?,
            as_of: optional_date("asOf", &request.as_of)?,
        })
    }
}

/// Homes of one price: dwellings have a building type and a class, all others have neither.
fn homes(given: pb::PricedHomes) -> Result<Homes, Invalid> {
    let usage = common::HomeUse::try_from(given.r#use).ok();
    let usage = field::choice("use", usage, common::HomeUse::Unspecified, "HOME_USE_MISSING")?;
    let building = match pb::BuildingType::try_from(given.building_type) {
        Ok(pb::BuildingType::Unspecified) => None,
        Ok(pb::BuildingType::MultiStorey) => Some(BuildingType::MultiStorey),
        Ok(pb::BuildingType::HighRise) => Some(BuildingType::HighRise),
        Err(_) => return Err(wrong_building()),
    };
    let housing = match pb::HousingClass::try_from(given.housing_class) {
        Ok(pb::HousingClass::Unspecified) => None,
        Ok(pb::HousingClass::Ordinary) => Some(Housing::Ordinary),
        Ok(pb::HousingClass::Social) => Some(Housing::Social),
        Ok(pb::HousingClass::Upmarket) => Some(Housing::Upmarket),
        Err(_) => return Err(wrong_housing()),
    };
    let neither = |homes| match (building, housing) {
        (None, None) => Ok(homes),
        (Some(_), _) => Err(wrong_building()),
        (None, Some(_)) => Err(wrong_housing()),
    };
    match usage {
        common::HomeUse::Residential => Ok(Homes::Residential {
            building: building.ok_or_else(wrong_building)?,
            housing: housing.ok_or_else(wrong_housing)?,
        }),
        common::HomeUse::Commercial => neither(Homes::Commercial),
        common::HomeUse::Parking => neither(Homes::Parking),
        common::HomeUse::Unspecified => Err(not_listed("use", "HOME_USE_MISSING")),
    }
}

fn wrong_building() -> Invalid {
    Invalid::new(
        "buildingType",
        "BUILDING_TYPE_INVALID",
        "must be one of the listed values for dwellings, and is left out for all others",
        "住宅必须填写所列取值之一，非住宅和车位不填",
    )
}

fn wrong_housing() -> Invalid {
    Invalid::new(
        "housingClass",
        "HOUSING_CLASS_INVALID",
        "must be one of the listed values for dwellings, and is left out for all others",
        "住宅必须填写所列取值之一，非住宅和车位不填",
    )
}

fn price(name: &'static str, fen: i64) -> Result<Fen, Invalid> {
    let price = Fen(fen);
    if price.is_positive() {
        return Ok(price);
    }
    Err(Invalid::new(
        name,
        "PRICE_NOT_POSITIVE",
        "must be more than nothing",
        "单价须大于零",
    ))
}

/// A grade that can be one at all; which there are is a rule of the day.
fn grade(name: &'static str, grade: i32) -> Result<u8, Invalid> {
    let known = u8::try_from(grade).ok().filter(|grade| *grade > 0);
    known.ok_or_else(|| {
        Invalid::new(
            name,
            "GRADE_UNKNOWN",
            "must be the number of a grade, 1 being the best",
            "应为服务等级的序号，1 级最高",
        )
    })
}

fn audit(audit: Option<pb::PriceAudit>) -> Result<Audit, Invalid> {
    let audit =
        audit.ok_or_else(|| Invalid::new("audit", "AUDIT_MISSING", "must be given", "必须填写审计报告"))?;
    let report_digest = audit.report_digest.trim().to_ascii_lowercase();
    if report_digest.len() != DIGEST_LENGTH || !report_digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Invalid::new(
            "audit.reportDigest",
            "DIGEST_MALFORMED",
            "must be SHA-256 in 64 hexadecimal digits",
            "应为 64 位十六进制的 SHA-256 摘要",
        ));
    }
    let auditor = audit.auditor_credit_code.trim().parse();
    Ok(Audit {
        report_digest,
        auditor: auditor.map_err(|error: ids::CodeError| {
            Invalid::new(
                "audit.auditorCreditCode",
                error.reason(),
                error.to_string(),
                error.zh(),
            )
        })?,
        auditor_name: field::text(
            "audit.auditorName",
            &audit.auditor_name,
            NAME_LENGTH_MAX,
            "AUDITOR_MISSING",
        )?,
        year: audit.year,
    })
}

/// Reads a day that may be absent.
pub(in crate::api) fn optional_date(name: &'static str, value: &str) -> Result<Option<NaiveDate>, Invalid> {
    match value.trim() {
        "" => Ok(None),
        day => field::date(name, day).map(Some),
    }
}

fn not_listed(name: &'static str, reason: &'static str) -> Invalid {
    Invalid::new(
        name,
        reason,
        "must be one of the listed values",
        "必须是所列取值之一",
    )
}
