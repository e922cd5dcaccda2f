//! The form of a rule file. Unknown keys are refused, so that a misspelt rule cannot be silently ignored.

use std::collections::BTreeMap;

use money::{Fen, Fraction};
use serde::Deserialize;

use crate::prices::GuideBand;
use crate::timeline::Entry;

type Values<T> = Vec<Entry<T>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    pub jurisdiction: String,
    pub name: String,
    pub vote: Vote,
    pub fund: Fund,
    pub warranty: Warranty,
    #[serde(default)]
    pub price: Price,
    #[serde(default)]
    pub parameter: BTreeMap<String, Values<i64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vote {
    pub participation: Values<Fraction>,
    pub approval_ordinary: Values<Fraction>,
    pub approval_special: Values<Fraction>,
    pub special_matters: Values<Vec<u8>>,
    pub notice_days: Values<u32>,
    pub window_days_min: Values<u32>,
    pub window_days_max: Values<u32>,
    pub count_parking: Values<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fund {
    pub replenish_below: Values<Fraction>,
    pub draw_max_fen: Values<Fen>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Warranty {
    pub roof_waterproofing_months: Values<u32>,
    pub structure_months: Values<u32>,
    pub lift_months: Values<u32>,
    pub wiring_and_pipes_months: Values<u32>,
    pub fire_equipment_months: Values<u32>,
    pub other_months: Values<u32>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Price {
    #[serde(default)]
    pub grades: Values<Vec<String>>,
    #[serde(default)]
    pub guide: Values<Vec<GuideBand>>,
}
