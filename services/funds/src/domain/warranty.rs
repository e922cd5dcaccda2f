//! The builder's warranty (保修期): while it runs the fund may not pay (165号令 articles 18 and 25).
//!
//! The State's terms count from the completion acceptance (建设工程质量管理条例 article 40); Zhejiang's for waterproofing
//! count from the hand-over to the buyer (浙江省实施消费者权益保护法办法 article 19).

use std::collections::BTreeMap;
use std::fmt;

use calendar::{Holidays, Period, Roll, deadline};
use chrono::NaiveDate;
use ids::BuildingId;

use crate::domain::draw::SharedPart;
use crate::domain::home::Home;
use crate::domain::refusal::Refusal;

/// What a building's documents say, as the registry recorded it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BuildingFacts {
    /// Day of the completion acceptance (竣工验收); none where nobody recorded it.
    pub completed_on: Option<NaiveDate>,
    /// Design life in years; none where nobody recorded it.
    pub design_life_years: Option<u32>,
}

/// From what a warranty counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// The completion acceptance of the building.
    Completion,
    /// The last hand-over of a home of the scope in the building.
    Handover,
}

impl Start {
    /// In Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Start::Completion => "竣工验收合格之日",
            Start::Handover => "最近一次交付之日",
        }
    }
}

impl fmt::Display for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Start::Completion => "the completion acceptance",
            Start::Handover => "the last hand-over",
        })
    }
}

/// What of a building of a scope its warranties depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Site {
    /// What its documents say.
    pub facts: BuildingFacts,
    /// The last hand-over among its homes of the scope; none before the first.
    pub delivered_on: Option<NaiveDate>,
}

impl Site {
    /// The buildings in which the homes are.
    pub fn all(homes: &[Home], facts: &BTreeMap<BuildingId, BuildingFacts>) -> Vec<Site> {
        let mut sites: BTreeMap<BuildingId, Site> = BTreeMap::new();
        for home in homes {
            let site = sites.entry(home.building_id).or_insert_with(|| Site {
                facts: facts.get(&home.building_id).copied().unwrap_or_default(),
                delivered_on: None,
            });
            site.delivered_on = site.delivered_on.max(home.delivered_on);
        }
        sites.into_values().collect()
    }

    /// From what day, and from what, the warranty of a part may count, the right one first.
    ///
    /// Where the completion acceptance is not recorded, or the law of its day did not know the warranty, it counts from
    /// the last hand-over. That is never the earlier day, so the warranty ends later and the owners' money is kept.
    pub fn starts(&self, part: SharedPart) -> Vec<(Start, NaiveDate)> {
        let completed = self.facts.completed_on.map(|on| (Start::Completion, on));
        let delivered = self.delivered_on.map(|on| (Start::Handover, on));
        match part {
            SharedPart::RoofWaterproofing => delivered.into_iter().collect(),
            SharedPart::Structure
            | SharedPart::Lift
            | SharedPart::WiringAndPipes
            | SharedPart::FireEquipment
            | SharedPart::Other => completed.into_iter().chain(delivered).collect(),
        }
    }

    /// The months of a part's warranty: of the structure the design life where it is recorded, else as the rules say.
    pub fn months(&self, part: SharedPart, ruled: u32) -> u32 {
        let design_life = self.facts.design_life_years.map(|years| years.saturating_mul(12));
        match part {
            SharedPart::Structure => design_life.unwrap_or(ruled),
            SharedPart::RoofWaterproofing
            | SharedPart::Lift
            | SharedPart::WiringAndPipes
            | SharedPart::FireEquipment
            | SharedPart::Other => ruled,
        }
    }
}

/// For how long the builder answers for a part of one building, and where the law says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warranty {
    /// From what it counts.
    pub start: Start,
    /// That day.
    pub begins_on: NaiveDate,
    /// Its months.
    pub months: u32,
    /// The article.
    pub article: String,
}

impl Warranty {
    /// Its last day. The first day does not count, and months end on the same day of the month (Civil Code 201 and 202).
    pub fn until(&self) -> NaiveDate {
        let period = Period::Months(self.months);
        // A warranty runs, nobody has to act on its last day: holidays do not move it.
        deadline(self.begins_on, period, Roll::Keep, &Holidays::none())
    }
}

/// Refuses with `WARRANTY_STILL_RUNS` on the last day of the longest of these and before it: while the builder still
/// answers for one building of the scope, the whole proposal waits.
pub fn check(warranties: impl IntoIterator<Item = Warranty>, today: NaiveDate) -> Result<(), Refusal> {
    let last = warranties.into_iter().max_by_key(Warranty::until);
    match last.filter(|warranty| today <= warranty.until()) {
        Some(warranty) => Err(Refusal::WarrantyStillRuns {
            start: warranty.start,
            begins_on: warranty.begins_on,
            until: warranty.until(),
            article: warranty.article,
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn warranty(start: Start, begins_on: &str, months: u32) -> Warranty {
        Warranty {
            start,
            begins_on: day(begins_on),
            months,
            article: "第40条".into(),
        }
    }

    fn site(completed_on: Option<&str>, delivered_on: Option<&str>) -> Site {
        Site {
            facts: BuildingFacts {
                completed_on: completed_on.map(day),
                design_life_years: None,
            },
            delivered_on: delivered_on.map(day),
        }
    }

    /// E10: a roof that leaks in the sixth year after the hand-over is the builder's for eight years in Zhejiang.
    #[test]
    fn a_leaking_roof_in_the_sixth_year_is_not_the_funds() {
        let roof = |months| warranty(Start::Handover, "2018-06-30", months);
        let refusal = check([roof(96)], day("2024-08-01")).unwrap_err();
        assert!(matches!(refusal, Refusal::WarrantyStillRuns { until, .. } if until == day("2026-06-30")));
        // By the national five years the fund would have paid.
        assert!(check([roof(60)], day("2024-08-01")).is_ok());
    }

    /// WD-13: accepted on 30 May 2018 and handed over on 30 June, the lift's two years end on 30 May 2020.
    #[test]
    fn the_states_terms_count_from_the_acceptance_and_waterproofing_from_the_hand_over() {
        let site = site(Some("2018-05-30"), Some("2018-06-30"));
        let acceptance = (Start::Completion, day("2018-05-30"));
        let hand_over = (Start::Handover, day("2018-06-30"));
        for part in [
            SharedPart::Structure,
            SharedPart::Lift,
            SharedPart::WiringAndPipes,
            SharedPart::FireEquipment,
            SharedPart::Other,
        ] {
            assert_eq!(site.starts(part), [acceptance, hand_over]);
        }
        assert_eq!(site.starts(SharedPart::RoofWaterproofing), [hand_over]);
        let lift = || [warranty(Start::Completion, "2018-05-30", 24)];
        assert!(check(lift(), day("2020-05-30")).is_err());
        assert!(check(lift(), day("2020-05-31")).is_ok());
    }

    #[test]
    fn without_a_recorded_acceptance_the_later_hand_over_keeps_the_owners_money() {
        let hand_over = (Start::Handover, day("2018-06-30"));
        let starts = |site: Site| site.starts(SharedPart::Lift);
        assert_eq!(starts(site(None, Some("2018-06-30"))), [hand_over]);
        assert_eq!(starts(site(None, None)), []);
        let accepted = (Start::Completion, day("2026-01-30"));
        assert_eq!(starts(site(Some("2026-01-30"), None)), [accepted]);
    }

    #[test]
    fn the_structure_is_the_builders_for_the_design_life() {
        let facts = BuildingFacts {
            completed_on: None,
            design_life_years: Some(70),
        };
        let site = Site {
            facts,
            delivered_on: None,
        };
        assert_eq!(site.months(SharedPart::Structure, 600), 840);
        assert_eq!(site.months(SharedPart::Lift, 24), 24);
        let unknown = Site {
            facts: BuildingFacts::default(),
            ..site
        };
        assert_eq!(unknown.months(SharedPart::Structure, 600), 600);
    }

    #[test]
    fn of_several_buildings_the_longest_warranty_decides() {
        let old = warranty(Start::Completion, "2012-05-30", 24);
        let young = warranty(Start::Handover, "2025-06-30", 24);
        let refusal = check([young.clone(), old.clone()], day("2026-03-02")).unwrap_err();
        let until = day("2027-06-30");
        assert!(matches!(refusal, Refusal::WarrantyStillRuns { until: last, .. } if last == until));
        assert!(check([old], day("2026-03-02")).is_ok());
        assert!(check([], day("2026-03-02")).is_ok());
    }

    #[test]
    fn the_last_day_of_the_warranty_still_belongs_to_it() {
        let lift = || [warranty(Start::Completion, "2020-02-29", 24)];
        assert!(check(lift(), day("2022-02-28")).is_err());
        assert!(check(lift(), day("2022-03-01")).is_ok());
    }
}
