//! What registry asks the owners to agree to: new prices of property service (调价), as text for a ballot.
//!
//! A price adjustment is decided by the whole area as one of the other major matters (Civil Code article 278, first
//! paragraph, item 9), after audit and plan were public (杭州市物业管理条例 article 53).

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use ids::{AreaId, BallotId, DivisionCode, PriceAdjustmentId};
use money::Fen;

use super::ballot::{AskedBy, Changed};
use super::{Ballot, Matter, Scope};

/// What every such ballot is called.
const TITLE: &str = "物业服务收费标准调整";

/// What homes are used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HomeUse {
    /// Dwellings.
    Residential,
    /// Shops and offices.
    Commercial,
    /// Parking spaces, priced each.
    Parking,
}

/// The type of a dwelling's building.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuildingType {
    /// Without lifts.
    MultiStorey,
    /// With lifts.
    HighRise,
}

/// The class of a dwelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HousingClass {
    /// Ordinary housing.
    Ordinary,
    /// Social housing.
    Social,
    /// Villas and the like.
    Upmarket,
}

/// A new price beside the one that stands; both a month, per m² of exclusive area or per parking space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceLine {
    /// What the homes are used for.
    pub home_use: HomeUse,
    /// The type of their buildings; for dwellings alone.
    pub building_type: Option<BuildingType>,
    /// Their class; for dwellings alone.
    pub housing_class: Option<HousingClass>,
    /// The price that stands.
    pub before: Fen,
    /// The price proposed.
    pub after: Fen,
    /// The grade of service that stands, 1 for the best.
    pub grade_before: i32,
    /// The grade proposed.
    pub grade_after: i32,
}

/// An adjustment whose publicity is over and which now needs the owners' decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceRequest {
    /// The adjustment.
    pub adjustment_id: PriceAdjustmentId,
    /// The area, all of which decides.
    pub area_id: AreaId,
    /// The community or village of the area.
    pub division: DivisionCode,
    /// The prices.
    pub lines: Vec<PriceLine>,
    /// The day from which they are to hold.
    pub effective_from: NaiveDate,
    /// Why.
    pub reason: String,
    /// Who audited what service cost.
    pub auditor_name: String,
    /// The year that was audited.
    pub audit_year: i32,
    /// First and last day on which audit and plan had to be public.
    pub publicity: (NaiveDate, NaiveDate),
    /// Objections that came in meanwhile; none where nobody counted.
    pub objections: Option<i32>,
}

impl PriceRequest {
    /// The id of the ballot of an adjustment: derived, so that asking twice cannot make two.
    pub fn ballot_id(adjustment_id: PriceAdjustmentId) -> BallotId {
        BallotId::derive(&adjustment_id.to_string())
    }

    /// The ballot on this adjustment: matter 9, by the whole area.
    pub fn prepare(&self, now: DateTime<Utc>) -> Changed {
        let scope = Scope {
            area_id: self.area_id,
            building_ids: Vec::new(),
            stairwells: Vec::new(),
        };
        Ballot::prepare(
            Self::ballot_id(self.adjustment_id),
            scope,
            self.division,
            Matter::Other,
            TITLE.to_owned(),
            self.ballot_text(),
            Some(AskedBy::Adjustment(self.adjustment_id)),
            now,
        )
    }

    /// The question put to the owners, with what they need to know to answer it.
    fn ballot_text(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(PriceLine::zh).collect();
        let (first, last) = self.publicity;
        let objections = match self.objections {
            Some(count) => format!("公示期间收到异议{count}件"),
            None => "公示期间的异议未作统计".to_owned(),
        };
        format!(
            "是否同意调整物业服务收费标准？\n{}\n计划执行日期：{}；表决结果登记较晚的，自登记次日起执行。\n\
             成本审计：{}，{}年度\n审计报告和调价方案已于{}至{}公示，{objections}。\n\n{}",
            lines.join("\n"),
            day_zh(self.effective_from),
            self.auditor_name,
            self.audit_year,
            day_zh(first),
            day_zh(last),
            self.reason,
        )
    }
}

impl PriceLine {
    fn zh(&self) -> String {
        let unit = match self.home_use {
            HomeUse::Residential | HomeUse::Commercial => "元/平方米·月",
            HomeUse::Parking => "元/车位·月",
        };
        let price = match self.before == self.after {
            true => format!("{}{unit}（不变）", self.after),
            false => format!("由{}{unit}调整为{}{unit}", self.before, self.after),
        };
        let grade = match self.grade_before == self.grade_after {
            true => format!("服务等级第{}级（不变）", self.grade_after),
            false => format!(
                "服务等级由第{}级调整为第{}级",
                self.grade_before, self.grade_after
            ),
        };
        format!("{}：{price}，{grade}", self.homes_zh())
    }

    fn homes_zh(&self) -> String {
        let home_use = match self.home_use {
            HomeUse::Residential => "住宅",
            HomeUse::Commercial => "非住宅",
            HomeUse::Parking => "车位",
        };
        let building = self.building_type.map(|it| match it {
            BuildingType::MultiStorey => "多层",
            BuildingType::HighRise => "高层",
        });
        let class = self.housing_class.map(|it| match it {
            HousingClass::Ordinary => "普通住宅",
            HousingClass::Social => "保障性住房",
            HousingClass::Upmarket => "非普通住宅",
        });
        let more: Vec<&str> = building.into_iter().chain(class).collect();
        match more.is_empty() {
            true => home_use.to_owned(),
            false => format!("{home_use}（{}）", more.join("，")),
        }
    }
}

fn day_zh(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn request() -> PriceRequest {
        let flats = PriceLine {
            home_use: HomeUse::Residential,
            building_type: Some(BuildingType::HighRise),
            housing_class: Some(HousingClass::Ordinary),
            before: Fen(140),
            after: Fen(165),
            grade_before: 2,
            grade_after: 2,
        };
        let parking = PriceLine {
            home_use: HomeUse::Parking,
            building_type: None,
            housing_class: None,
            before: Fen(6_000),
            after: Fen(6_000),
            grade_before: 2,
            grade_after: 1,
        };
        PriceRequest {
            adjustment_id: PriceAdjustmentId::derive("adjustment"),
            area_id: AreaId::derive("area"),
            division: "330783004015".parse().unwrap(),
            lines: vec![flats, parking],
            effective_from: day("2026-07-01"),
            reason: "人工成本上涨，上年度亏损。".into(),
            auditor_name: "东阳会计师事务所（演示）".into(),
            audit_year: 2025,
            publicity: (day("2026-03-05"), day("2026-04-04")),
            objections: Some(3),
        }
    }

    #[test]
    fn the_owners_read_old_and_new_prices_audit_publicity_and_reason() {
        let (ballot, _) = request().prepare(DateTime::UNIX_EPOCH);
        assert_eq!(
            ballot.text,
            "是否同意调整物业服务收费标准？\n\
             住宅（高层，普通住宅）：由1.40元/平方米·月调整为1.65元/平方米·月，服务等级第2级（不变）\n\
             车位：60.00元/车位·月（不变），服务等级由第2级调整为第1级\n\
             计划执行日期：2026年7月1日；表决结果登记较晚的，自登记次日起执行。\n\
             成本审计：东阳会计师事务所（演示），2025年度\n\
             审计报告和调价方案已于2026年3月5日至2026年4月4日公示，公示期间收到异议3件。\n\n\
             人工成本上涨，上年度亏损。"
        );
    }

    #[test]
    fn the_whole_area_decides_on_matter_nine_and_asking_twice_names_one_ballot() {
        let (once, _) = request().prepare(DateTime::UNIX_EPOCH);
        let (again, _) = request().prepare(DateTime::UNIX_EPOCH);
        assert_eq!((once.id, once.matter.item()), (again.id, 9));
        assert_eq!(
            (once.draw_id, once.adjustment_id),
            (None, Some(request().adjustment_id))
        );
        assert!(once.scope.building_ids.is_empty() && once.scope.stairwells.is_empty());
    }
}
