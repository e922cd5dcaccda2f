//! Standards, adjustments and rules as messages.

use proto::common::v1 as common;
use proto::registry::v1 as pb;
use rules::{BuildingType, GuideBand, PriceRules, PricedUse, Ruled};

use super::super::text;
use crate::domain::price::{
    Adjustment, Asked, Audit, Band, Basis, Charging, FeeStandard, Homes, Housing, NewLine, Outcome, Pricing,
    Publicity, Satisfaction, Source, State,
};

impl From<FeeStandard> for pb::FeeStandard {
    fn from(standard: FeeStandard) -> Self {
        let (basis, contract_id, adjustment_id, ballot_id) = match standard.basis {
            Basis::First => (pb::FeeBasis::First, None, None, None),
            Basis::Contract(contract_id) => (pb::FeeBasis::Contract, Some(contract_id), None, None),
            Basis::Adjustment { id, ballot_id } => {
                (pb::FeeBasis::Adjustment, None, Some(id), Some(ballot_id))
            }
        };
        let charging = match standard.charging {
            Charging::LumpSum => pb::FeeCharging::LumpSum,
            Charging::Commission => pb::FeeCharging::Commission,
        };
        let pricing = match standard.pricing {
            Pricing::Guide => pb::PricingKind::Guide,
            Pricing::Market => pb::PricingKind::Market,
        };
        pb::FeeStandard {
            standard_id: standard.id.to_string(),
            area_id: standard.area_id.to_string(),
            division_code: standard.division.to_string(),
            homes: Some(standard.homes.into()),
            price_fen: standard.price.0,
            grade: standard.grade.into(),
            charging: charging.into(),
            pricing: pricing.into(),
            band: standard.band.map(Into::into),
            basis: basis.into(),
            contract_id: text(contract_id),
            adjustment_id: text(adjustment_id),
            ballot_id: text(ballot_id),
            effective_from: standard.effective_from.to_string(),
            effective_until: text(standard.effective_until),
            version: standard.version,
        }
    }
}

impl From<Homes> for pb::PricedHomes {
    fn from(homes: Homes) -> Self {
        let housing_class = match homes {
            Homes::Residential { housing, .. } => match housing {
                Housing::Ordinary => pb::HousingClass::Ordinary,
                Housing::Social => pb::HousingClass::Social,
                Housing::Upmarket => pb::HousingClass::Upmarket,
            },
            Homes::Commercial | Homes::Parking => pb::HousingClass::Unspecified,
        };
        pb::PricedHomes {
            r#use: usage(homes.usage()).into(),
            building_type: building(homes.building()).into(),
            housing_class: housing_class.into(),
        }
    }
}

fn usage(usage: PricedUse) -> common::HomeUse {
    match usage {
        PricedUse::Residential => common::HomeUse::Residential,
        PricedUse::Commercial => common::HomeUse::Commercial,
        PricedUse::Parking => common::HomeUse::Parking,
    }
}

fn building(building: Option<BuildingType>) -> pb::BuildingType {
    match building {
        None => pb::BuildingType::Unspecified,
        Some(BuildingType::MultiStorey) => pb::BuildingType::MultiStorey,
        Some(BuildingType::HighRise) => pb::BuildingType::HighRise,
    }
}

impl From<Band> for pb::PriceBand {
    fn from(band: Band) -> Self {
        pb::PriceBand {
            lowest_fen: band.lowest.0,
            highest_fen: band.highest.0,
            article: band.article,
        }
    }
}

/// The rules of a day as a message.
pub(in crate::api) fn price_rules(rules: PriceRules) -> pb::PriceRules {
    let (grades, grades_article) = rules
        .grades
        .map(|grades| (grades.value, grades.article))
        .unwrap_or_default();
    let guide_prices = match rules.guide {
        None => Vec::new(),
        Some(Ruled { value, article }) => value
            .into_iter()
            .map(|band| guide_price(band, &article))
            .collect(),
    };
    pb::PriceRules {
        grades,
        grades_article,
        guide_prices,
    }
}

fn guide_price(line: GuideBand, article: &str) -> pb::GuidePrice {
    let (lowest, highest) = line.bounds();
    pb::GuidePrice {
        r#use: usage(line.r#use).into(),
        building_type: building(line.building).into(),
        grade: line.grade.into(),
        base_fen: line.base_fen.0,
        range_percent: line.range_percent.into(),
        band: Some(pb::PriceBand {
            lowest_fen: lowest.0,
            highest_fen: highest.0,
            article: article.to_owned(),
        }),
    }
}

impl From<NewLine> for pb::ProposedPrice {
    fn from(line: NewLine) -> Self {
        pb::ProposedPrice {
            homes: Some(line.homes.into()),
            price_fen: line.price.0,
            grade: line.grade.into(),
        }
    }
}

impl From<Audit> for pb::PriceAudit {
    fn from(audit: Audit) -> Self {
        pb::PriceAudit {
            report_digest: audit.report_digest,
            auditor_credit_code: audit.auditor.to_string(),
            auditor_name: audit.auditor_name,
            year: audit.year,
        }
    }
}

impl From<Adjustment> for pb::PriceAdjustment {
    fn from(adjustment: Adjustment) -> Self {
        let standard_ids = match &adjustment.state {
            State::Decided { standard_ids, .. } | State::Effective { standard_ids, .. } => {
                standard_ids.clone()
            }
            State::Proposed
            | State::Published(_)
            | State::BallotRequested(_)
            | State::Rejected(_)
            | State::Withdrawn { .. } => Vec::new(),
        };
        let lines = adjustment.lines.iter().zip(0_usize..);
        let lines = lines.map(|(line, place)| pb::AdjustmentLine {
            proposed: Some(line.new.into()),
            standard_id: line.standard_id.to_string(),
            price_before_fen: line.price_before.0,
            grade_before: line.grade_before.into(),
            new_standard_id: text(standard_ids.get(place)),
        });
        let message = pb::PriceAdjustment {
            adjustment_id: adjustment.id.to_string(),
            area_id: adjustment.area_id.to_string(),
            division_code: adjustment.division.to_string(),
            firm_id: adjustment.firm_id.to_string(),
            lines: lines.collect(),
            effective_from: adjustment.effective_from.to_string(),
            reason: adjustment.reason,
            audit: Some(adjustment.audit.into()),
            proposed_on: adjustment.proposed_on.to_string(),
            version: adjustment.version,
            ..Default::default()
        };
        with_state(message, adjustment.state)
    }
}

fn with_state(message: pb::PriceAdjustment, state: State) -> pb::PriceAdjustment {
    let of = |state: pb::AdjustmentState, message: pb::PriceAdjustment| pb::PriceAdjustment {
        state: state.into(),
        ..message
    };
    match state {
        State::Proposed => of(pb::AdjustmentState::Proposed, message),
        State::Published(publicity) => of(pb::AdjustmentState::Published, with_publicity(message, publicity)),
        State::BallotRequested(asked) => of(pb::AdjustmentState::BallotRequested, with_asked(message, asked)),
        State::Decided {
            outcome,
            effective_on,
            ..
        } => pb::PriceAdjustment {
            effective_on: effective_on.to_string(),
            ..of(pb::AdjustmentState::Decided, with_outcome(message, outcome))
        },
        State::Effective {
            outcome,
            effective_on,
            ..
        } => pb::PriceAdjustment {
            effective_on: effective_on.to_string(),
            ..of(pb::AdjustmentState::Effective, with_outcome(message, outcome))
        },
        State::Rejected(outcome) => of(pb::AdjustmentState::Rejected, with_outcome(message, outcome)),
        State::Withdrawn { on, reason } => pb::PriceAdjustment {
            withdrawn_on: on.to_string(),
            withdrawal_reason: reason,
            ..of(pb::AdjustmentState::Withdrawn, message)
        },
    }
}

fn with_publicity(message: pb::PriceAdjustment, publicity: Publicity) -> pb::PriceAdjustment {
    pb::PriceAdjustment {
        published_on: publicity.on.to_string(),
        public_until: publicity.until_on.to_string(),
        ..message
    }
}

fn with_asked(message: pb::PriceAdjustment, asked: Asked) -> pb::PriceAdjustment {
    pb::PriceAdjustment {
        ballot_requested_on: asked.on.to_string(),
        // What was sent is no more than fits.
        objections: asked
            .objections
            .map(|count| i32::try_from(count).unwrap_or(i32::MAX)),
        ..with_publicity(message, asked.publicity)
    }
}

fn with_outcome(message: pb::PriceAdjustment, outcome: Outcome) -> pb::PriceAdjustment {
    pb::PriceAdjustment {
        ballot_id: outcome.ballot_id.to_string(),
        decided_on: outcome.decided_on.to_string(),
        ..with_asked(message, outcome.asked)
    }
}

impl From<Satisfaction> for pb::Satisfaction {
    fn from(score: Satisfaction) -> Self {
        let source = match score.source {
            Source::OwnerSurvey => pb::SatisfactionSource::OwnerSurvey,
            Source::StreetAssessment => pb::SatisfactionSource::StreetAssessment,
            Source::ThirdParty => pb::SatisfactionSource::ThirdParty,
        };
        pb::Satisfaction {
            satisfaction_id: score.id.to_string(),
            area_id: score.area_id.to_string(),
            source: source.into(),
            from_on: score.from_on.to_string(),
            until_on: score.until_on.to_string(),
            per_mille: score.per_mille.into(),
            version: score.version,
        }
    }
}
