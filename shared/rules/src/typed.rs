//! The rules of one day, typed: what committees and funds read.

use std::collections::BTreeMap;

use money::{Fen, Fraction};

use crate::error::RuleError;
use crate::names::PARAMETERS;
use crate::timeline::Ruled;

/// The rules that hold on one day.
#[derive(Clone, Debug)]
pub struct Rules {
    /// How owners decide jointly.
    pub vote: VoteRules,
    /// The maintenance fund.
    pub fund: FundRules,
    /// For how long the builder answers.
    pub warranty: WarrantyRules,
    pub(crate) parameters: BTreeMap<String, Ruled<i64>>,
    pub(crate) on: chrono::NaiveDate,
}

impl Rules {
    /// A plain number by its name, the unit last in the name: `committee_filing_days`.
    /// Refuses `RULE_PARAMETER_UNKNOWN` for a name nobody knows, `RULE_MISSING` where it has no value on the day.
    pub fn parameter(&self, name: &str) -> Result<&Ruled<i64>, RuleError> {
        if !PARAMETERS.contains(&name) {
            return Err(RuleError::UnknownParameter {
                name: name.to_owned(),
            });
        }
        let found = self.parameters.get(name);
        found.ok_or_else(|| RuleError::Missing {
            key: format!("parameter.{name}"),
            date: self.on,
        })
    }
}

/// How owners decide jointly (Civil Code 278). Every share holds by heads and by area.
#[derive(Clone, Debug)]
pub struct VoteRules {
    /// Share of the roll that must take part; reaching it is enough.
    pub participation: Ruled<Fraction>,
    /// Share of those taking part that must be for on ordinary matters; it must be exceeded.
    pub approval_ordinary: Ruled<Fraction>,
    /// Share of those taking part that must be for on special matters; reaching it is enough.
    pub approval_special: Ruled<Fraction>,
    /// Items of article 278, first paragraph, that are special.
    pub special_matters: Ruled<Vec<u8>>,
    /// Days from the announcement to the first vote, at least.
    pub notice_days: Ruled<u32>,
    /// Days for which votes are taken, at least.
    pub window_days_min: Ruled<u32>,
    /// Days for which votes are taken, at most.
    pub window_days_max: Ruled<u32>,
    /// Whether parking spaces count where the assembly has not said.
    pub count_parking: Ruled<bool>,
}

impl VoteRules {
    /// The share that must be for, on this item (1 to 9) of article 278, first paragraph.
    pub fn approval_for(&self, item: u8) -> Approval {
        let is_special = self.special_matters.value.contains(&item);
        let rule = if is_special {
            &self.approval_special
        } else {
            &self.approval_ordinary
        };
        Approval {
            fraction: rule.value,
            // "过半数" excludes the half, "四分之三以上" includes the three quarters (Civil Code 1259).
            is_strict: !is_special,
            article: rule.article.clone(),
        }
    }
}

/// What share of those taking part must be for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// The share.
    pub fraction: Fraction,
    /// True where it must be exceeded, false where reaching it is enough.
    pub is_strict: bool,
    /// Where the law says so.
    pub article: String,
}

impl Approval {
    /// Whether `part` of `whole` is enough: one axis, heads or area.
    pub fn is_met_by(&self, part: i64, whole: i64) -> bool {
        if self.is_strict {
            self.fraction.is_exceeded_by(part, whole)
        } else {
            self.fraction.is_reached_by(part, whole)
        }
    }
}

/// The maintenance fund (住宅专项维修资金).
#[derive(Clone, Debug)]
pub struct FundRules {
    /// A balance strictly below this share of the home's first deposit must be replenished (165号令 article 17).
    pub replenish_below: Ruled<Fraction>,
    /// Largest cost of one draw; a guard against slips of the pen, not law.
    pub draw_max_fen: Ruled<Fen>,
}

impl FundRules {
    /// Whether a home with this first deposit and this balance must be replenished. Exactly on the line is not below it.
    pub fn must_replenish(&self, balance: Fen, first_deposit: Fen) -> bool {
        !self
            .replenish_below
            .value
            .is_reached_by(balance.0, first_deposit.0)
    }
}

/// A shared part or equipment, as the warranty tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SharedPart {
    /// Waterproofing of roof and outer walls (屋面防水、外墙面防渗漏).
    RoofWaterproofing,
    /// Load-bearing structure (主体结构).
    Structure,
    /// Lifts (电梯).
    Lift,
    /// Wiring, pipes and drains (电气管线、给排水管道).
    WiringAndPipes,
    /// Fire equipment (消防设施).
    FireEquipment,
    /// Whatever else is shared (其他共用部位).
    Other,
}

/// For how long the builder answers for each shared part (保修期), in months.
#[derive(Clone, Debug)]
pub struct WarrantyRules {
    /// Waterproofing, from the hand-over to the buyer.
    pub roof_waterproofing_months: Ruled<u32>,
    /// Structure.
    pub structure_months: Ruled<u32>,
    /// Lifts.
    pub lift_months: Ruled<u32>,
    /// Wiring, pipes and drains.
    pub wiring_and_pipes_months: Ruled<u32>,
    /// Fire equipment.
    pub fire_equipment_months: Ruled<u32>,
    /// Whatever else is shared.
    pub other_months: Ruled<u32>,
}

impl WarrantyRules {
    /// Months of warranty for this part.
    pub const fn months(&self, part: SharedPart) -> &Ruled<u32> {
        match part {
            SharedPart::RoofWaterproofing => &self.roof_waterproofing_months,
            SharedPart::Structure => &self.structure_months,
            SharedPart::Lift => &self.lift_months,
            SharedPart::WiringAndPipes => &self.wiring_and_pipes_months,
            SharedPart::FireEquipment => &self.fire_equipment_months,
            SharedPart::Other => &self.other_months,
        }
    }
}
