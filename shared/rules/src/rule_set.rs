//! A jurisdiction's rules through time, read from TOML and checked as a whole.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use money::{Fen, Fraction};

use crate::error::RuleError;
use crate::file::{self, File};
use crate::names::PARAMETERS;
use crate::prices::{PriceRules, Prices};
use crate::timeline::{Entry, Ruled, Timeline};
use crate::typed::{FundRules, Rules, VoteRules, WarrantyRules};

/// The rule sets that ship with the program, by division code.
const EMBEDDED: &[(&str, &str)] = &[(
    "330783",
    include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../seeds/rules/330783.toml"
    )),
)];

/// Longest period in days or months that is believed: a hundred years of months, three of days.
const PERIOD_MAX: u32 = 1200;

/// The rules of one jurisdiction through time.
#[derive(Clone, Debug)]
pub struct RuleSet {
    jurisdiction: String,
    name: String,
    vote: Vote,
    fund: Fund,
    warranty: Warranty,
    prices: Prices,
    parameters: BTreeMap<String, Timeline<i64>>,
}

#[derive(Clone, Debug)]
struct Vote {
    participation: Timeline<Fraction>,
    approval_ordinary: Timeline<Fraction>,
    approval_special: Timeline<Fraction>,
    special_matters: Timeline<Vec<u8>>,
    notice_days: Timeline<u32>,
    window_days_min: Timeline<u32>,
    window_days_max: Timeline<u32>,
    count_parking: Timeline<bool>,
}

#[derive(Clone, Debug)]
struct Fund {
    replenish_below: Timeline<Fraction>,
    draw_max_fen: Timeline<Fen>,
}

#[derive(Clone, Debug)]
struct Warranty {
    roof_waterproofing_months: Timeline<u32>,
    structure_months: Timeline<u32>,
    lift_months: Timeline<u32>,
    wiring_and_pipes_months: Timeline<u32>,
    fire_equipment_months: Timeline<u32>,
    other_months: Timeline<u32>,
}

impl RuleSet {
    /// Reads a rule set from TOML, the form of `seeds/rules/330783.toml`.
    /// Refuses `RULE_SET_INVALID`: unknown keys, values without date or article, overlapping dates, impossible values.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let file: File = toml::from_str(text).map_err(|source| RuleError::Form {
            source: Box::new(source),
        })?;
        let mut parameters = BTreeMap::new();
        for (name, entries) in file.parameter {
            if !PARAMETERS.contains(&name.as_str()) {
                return Err(RuleError::UnknownParameter { name });
            }
            let key = format!("parameter.{name}");
            let values = Timeline::new(key, entries, "zero or more", |value| *value >= 0)?;
            parameters.insert(name, values);
        }
        Ok(Self {
            jurisdiction: file.jurisdiction,
            name: file.name,
            vote: Vote::new(file.vote)?,
            fund: Fund::new(file.fund)?,
            warranty: Warranty::new(file.warranty)?,
            prices: Prices::new(file.price)?,
            parameters,
        })
    }

    /// The rule set of a jurisdiction that ships with the program, by its six-digit division code.
    /// Refuses `RULE_JURISDICTION_UNKNOWN` for any other.
    pub fn embedded(jurisdiction: &str) -> Result<Self, RuleError> {
        let found = EMBEDDED.iter().find(|(code, _)| *code == jurisdiction);
        let (_, text) = found.ok_or_else(|| RuleError::UnknownJurisdiction {
            jurisdiction: jurisdiction.to_owned(),
        })?;
        Self::parse(text)
    }

    /// Division code of the jurisdiction.
    pub fn jurisdiction(&self) -> &str {
        &self.jurisdiction
    }

    /// Name of the jurisdiction.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The rules that hold on this day in China.
    /// Refuses `RULE_MISSING` where a typed rule has no value on it; law that is superseded is not kept.
    pub fn at(&self, date: NaiveDate) -> Result<Rules, RuleError> {
        let mut parameters = BTreeMap::new();
        for (name, values) in &self.parameters {
            // Asking for one that does not hold on the day is refused when it is asked for.
            if let Ok(value) = values.at(date) {
                parameters.insert(name.clone(), value);
            }
        }
        Ok(Rules {
            vote: self.vote.at(date)?,
            fund: self.fund.at(date)?,
            warranty: self.warranty_at(date)?,
            parameters,
            on: date,
        })
    }

    /// A plain number as it holds on this day alone, which may lie before the other rules begin.
    /// Refuses `RULE_PARAMETER_UNKNOWN` for a name nobody knows, `RULE_MISSING` where it has no value on the day.
    pub fn parameter_at(&self, date: NaiveDate, name: &str) -> Result<Ruled<i64>, RuleError> {
        let values = self.parameters.get(name);
        let values = values.ok_or_else(|| RuleError::UnknownParameter {
            name: name.to_owned(),
        })?;
        values.at(date)
    }

    /// The grades of service and the guide prices of this day: a price may begin before the other rules do, and a place
    /// may have published neither.
    pub fn prices_at(&self, date: NaiveDate) -> PriceRules {
        self.prices.at(date)
    }

    /// The warranty terms that hold on this day alone: a hand-over may lie before the other rules begin.
    pub fn warranty_at(&self, date: NaiveDate) -> Result<WarrantyRules, RuleError> {
        let warranty = &self.warranty;
        Ok(WarrantyRules {
            roof_waterproofing_months: warranty.roof_waterproofing_months.at(date)?,
            structure_months: warranty.structure_months.at(date)?,
            lift_months: warranty.lift_months.at(date)?,
            wiring_and_pipes_months: warranty.wiring_and_pipes_months.at(date)?,
            fire_equipment_months: warranty.fire_equipment_months.at(date)?,
            other_months: warranty.other_months.at(date)?,
        })
    }
}

impl Vote {
    fn new(file: file::Vote) -> Result<Self, RuleError> {
        let is_item_list = |items: &Vec<u8>| items.iter().all(|item| (1..=9).contains(item));
        Ok(Self {
            participation: share("vote.participation", file.participation)?,
            approval_ordinary: share("vote.approval_ordinary", file.approval_ordinary)?,
            approval_special: share("vote.approval_special", file.approval_special)?,
            special_matters: Timeline::new(
                "vote.special_matters",
                file.special_matters,
                "items from 1 to 9",
                is_item_list,
            )?,
            notice_days: period("vote.notice_days", file.notice_days)?,
            window_days_min: period("vote.window_days_min", file.window_days_min)?,
            window_days_max: period("vote.window_days_max", file.window_days_max)?,
            count_parking: Timeline::new("vote.count_parking", file.count_parking, "true or false", |_| {
                true
            })?,
        })
    }

    fn at(&self, date: NaiveDate) -> Result<VoteRules, RuleError> {
        let rules = VoteRules {
            participation: self.participation.at(date)?,
            approval_ordinary: self.approval_ordinary.at(date)?,
            approval_special: self.approval_special.at(date)?,
            special_matters: self.special_matters.at(date)?,
            notice_days: self.notice_days.at(date)?,
            window_days_min: self.window_days_min.at(date)?,
            window_days_max: self.window_days_max.at(date)?,
            count_parking: self.count_parking.at(date)?,
        };
        // Two rules with dates of their own: only together, on a day, can they contradict each other.
        if rules.window_days_min.value > rules.window_days_max.value {
            return Err(RuleError::Value {
                key: "vote.window_days_min".to_owned(),
                must_be: "at most vote.window_days_max",
            });
        }
        Ok(rules)
    }
}

impl Fund {
    fn new(file: file::Fund) -> Result<Self, RuleError> {
        Ok(Self {
            replenish_below: share("fund.replenish_below", file.replenish_below)?,
            draw_max_fen: Timeline::new("fund.draw_max_fen", file.draw_max_fen, "more than zero", |fen| {
                fen.is_positive()
            })?,
        })
    }

    fn at(&self, date: NaiveDate) -> Result<FundRules, RuleError> {
        Ok(FundRules {
            replenish_below: self.replenish_below.at(date)?,
            draw_max_fen: self.draw_max_fen.at(date)?,
        })
    }
}

impl Warranty {
    fn new(file: file::Warranty) -> Result<Self, RuleError> {
        Ok(Self {
            roof_waterproofing_months: period(
                "warranty.roof_waterproofing_months",
                file.roof_waterproofing_months,
            )?,
            structure_months: period("warranty.structure_months", file.structure_months)?,
            lift_months: period("warranty.lift_months", file.lift_months)?,
            wiring_and_pipes_months: period(
                "warranty.wiring_and_pipes_months",
                file.wiring_and_pipes_months,
            )?,
            fire_equipment_months: period("warranty.fire_equipment_months", file.fire_equipment_months)?,
            other_months: period("warranty.other_months", file.other_months)?,
        })
    }
}

/// A share of a whole: above zero, at most one.
fn share(key: &str, entries: Vec<Entry<Fraction>>) -> Result<Timeline<Fraction>, RuleError> {
    Timeline::new(key, entries, "above zero and at most one", |fraction| {
        (1..=fraction.denominator()).contains(&fraction.numerator())
    })
}

/// A number of days or months.
fn period(key: &str, entries: Vec<Entry<u32>>) -> Result<Timeline<u32>, RuleError> {
    Timeline::new(key, entries, "from 1 to 1200", |length| {
        (1..=PERIOD_MAX).contains(length)
    })
}
