//! Special services given to others (专项服务外包): parts, never the whole, not even in pieces (Civil Code article 941).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use ids::CreditCode;
use serde::{Deserialize, Serialize};

use super::Service;

/// A subcontract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subcontract {
    /// What is given, at least one.
    pub services: BTreeSet<Service>,
    /// To whom, by credit code.
    pub contractor: CreditCode,
    /// The contractor's name.
    pub contractor_name: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub until_on: NaiveDate,
}

impl Subcontract {
    fn runs_on(&self, day: NaiveDate) -> bool {
        (self.from_on..=self.until_on).contains(&day)
    }

    fn overlaps(&self, other: &Subcontract) -> bool {
        self.from_on <= other.until_on && other.from_on <= self.until_on
    }
}

/// What would be given away together with `new` on the day on which most is, within its time.
///
/// What is given away changes only on a first day, so it is enough to look at those.
pub(super) fn most_given_away(standing: &[Subcontract], new: &Subcontract) -> BTreeSet<Service> {
    let beside: Vec<&Subcontract> = standing.iter().filter(|other| other.overlaps(new)).collect();
    let days = beside.iter().map(|other| other.from_on.max(new.from_on));
    days.chain([new.from_on])
        .map(|day| {
            let running = beside.iter().filter(|other| other.runs_on(day));
            let given = running.flat_map(|other| other.services.iter().copied());
            given.chain(new.services.iter().copied()).collect()
        })
        .max_by_key(BTreeSet::len)
        .unwrap_or_default()
}

/// A service of `new` that another subcontract covers at the same time.
pub(super) fn given_twice(standing: &[Subcontract], new: &Subcontract) -> Option<Service> {
    let beside = standing.iter().filter(|other| other.overlaps(new));
    beside
        .flat_map(|other| other.services.intersection(&new.services))
        .next()
        .copied()
}
