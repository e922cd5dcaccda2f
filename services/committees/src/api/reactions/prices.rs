//! Price adjustments of registry: their ballots come and go with them.

use money::Fen;
use outbox::{Reaction, Received};
use proto::common::v1 as common;
use proto::registry::v1 as pb;
use rpc::{CallContext, Invalid, field};

use super::division;
use crate::app::App;
use crate::domain::PriceRequest;
use crate::domain::price::{BuildingType, HomeUse, HousingClass, PriceLine};
use crate::error::AppError;

/// Why the ballot of an adjustment that was decided without it is withdrawn.
const DECIDED_ELSEWHERE: &str = "该调价方案已由其他表决决定，本次表决不再进行。";

/// A ballot is asked for.
pub(super) fn on_price_ballot_requested(app: App) -> Reaction {
    Reaction::new("on_price_ballot_requested", "registry").on(
        move |ctx: CallContext, received: Received<pb::PriceBallotRequested>| {
            let app = app.clone();
            async move {
                let request = request(received.event.adjustment.unwrap_or_default())?;
                app.on_price_ballot_requested(&ctx, request).await
            }
        },
    )
}

/// Nothing is left to decide.
pub(super) fn on_price_adjustment_over(app: App) -> Reaction {
    /// One way in which an adjustment ends, with why its ballot is withdrawn.
    macro_rules! end {
        ($event:ident, $reason:expr) => {{
            let app = app.clone();
            move |ctx: CallContext, received: Received<pb::$event>| {
                let app = app.clone();
                async move {
                    let adjustment = received.event.adjustment.unwrap_or_default();
                    let id = field::id("adjustmentId", &adjustment.adjustment_id)?;
                    app.on_price_adjustment_over(&ctx, id, $reason(adjustment)).await
                }
            }
        }};
    }
    let given_up = |adjustment: pb::PriceAdjustment| adjustment.withdrawal_reason;
    let decided = |_: pb::PriceAdjustment| DECIDED_ELSEWHERE.to_owned();
    Reaction::new("on_price_adjustment_over", "registry")
        .on(end!(PriceAdjustmentWithdrawn, given_up))
        .on(end!(PriceAdjustmentDecided, decided))
        .on(end!(PriceAdjustmentRejected, decided))
}

fn request(adjustment: pb::PriceAdjustment) -> Result<PriceRequest, AppError> {
    let audit = adjustment.audit.unwrap_or_default();
    let published_on = field::date("publishedOn", &adjustment.published_on)?;
    let public_until = field::date("publicUntil", &adjustment.public_until)?;
    Ok(PriceRequest {
        adjustment_id: field::id("adjustmentId", &adjustment.adjustment_id)?,
        area_id: field::id("areaId", &adjustment.area_id)?,
        division: division(&adjustment.division_code)?,
        lines: adjustment.lines.iter().map(line).collect::<Result<_, _>>()?,
        effective_from: field::date("effectiveFrom", &adjustment.effective_from)?,
        reason: adjustment.reason,
        auditor_name: audit.auditor_name,
        audit_year: audit.year,
        publicity: (published_on, public_until),
        objections: adjustment.objections,
    })
}

fn line(line: &pb::AdjustmentLine) -> Result<PriceLine, Invalid> {
    let lacking = |field| Invalid::new(field, "EVENT_MALFORMED", "is missing", "缺失");
    let proposed = line.proposed.as_ref().ok_or_else(|| lacking("lines.proposed"))?;
    let homes = proposed.homes.as_ref().ok_or_else(|| lacking("lines.homes"))?;
    Ok(PriceLine {
        home_use: match homes.r#use() {
            common::HomeUse::Residential => HomeUse::Residential,
            common::HomeUse::Commercial => HomeUse::Commercial,
            common::HomeUse::Parking => HomeUse::Parking,
            common::HomeUse::Unspecified => return Err(lacking("lines.homes.use")),
        },
        building_type: match homes.building_type() {
            pb::BuildingType::MultiStorey => Some(BuildingType::MultiStorey),
            pb::BuildingType::HighRise => Some(BuildingType::HighRise),
            pb::BuildingType::Unspecified => None,
        },
        housing_class: match homes.housing_class() {
            pb::HousingClass::Ordinary => Some(HousingClass::Ordinary),
            pb::HousingClass::Social => Some(HousingClass::Social),
            pb::HousingClass::Upmarket => Some(HousingClass::Upmarket),
            pb::HousingClass::Unspecified => None,
        },
        before: Fen(line.price_before_fen),
        after: Fen(proposed.price_fen),
        grade_before: line.grade_before,
        grade_after: proposed.grade,
    })
}
