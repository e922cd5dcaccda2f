//! For how long the builder answers for each part of a building (保修期).
//!
//! The State's terms count from the completion acceptance (建设工程质量管理条例 article 40); Zhejiang's for consumers
//! count from the hand-over to the buyer (浙江省实施消费者权益保护法办法 articles 19 and 20).

use calendar::{Holidays, Period, Roll, deadline};
use chrono::NaiveDate;
use rules::SharedPart;

/// What a warranty is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumIter)]
pub enum WarrantyPart {
    /// Waterproofing.
    Waterproofing,
    /// Load-bearing structure and foundation.
    Structure,
    /// Lifts.
    Lift,
    /// Wiring, pipes and drains.
    WiringAndPipes,
    /// Fire equipment.
    FireEquipment,
    /// Decoration and whatever else is shared.
    Other,
    /// Heating and cooling, counted in seasons.
    HeatingAndCooling,
    /// Hidden wiring and pipes in homes that are sold fully decorated.
    HiddenLines,
}

/// From what day a warranty counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// The completion acceptance.
    Completion,
    /// The hand-over to the buyer.
    Handover,
}

/// Where the length of a warranty stands in the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// Months of a shared part.
    Shared(SharedPart),
    /// Months, by the name of a parameter.
    Months(&'static str),
    /// Seasons, by the name of a parameter.
    Seasons(&'static str),
}

impl WarrantyPart {
    /// From what day it counts.
    pub fn start(self) -> Start {
        match self {
            WarrantyPart::Waterproofing | WarrantyPart::HiddenLines => Start::Handover,
            WarrantyPart::Structure
            | WarrantyPart::Lift
            | WarrantyPart::WiringAndPipes
            | WarrantyPart::FireEquipment
            | WarrantyPart::Other
            | WarrantyPart::HeatingAndCooling => Start::Completion,
        }
    }

    /// Where its length stands in the rules.
    pub fn term(self) -> Term {
        match self {
            WarrantyPart::Waterproofing => Term::Shared(SharedPart::RoofWaterproofing),
            WarrantyPart::Structure => Term::Shared(SharedPart::Structure),
            WarrantyPart::Lift => Term::Shared(SharedPart::Lift),
            WarrantyPart::WiringAndPipes => Term::Shared(SharedPart::WiringAndPipes),
            WarrantyPart::FireEquipment => Term::Shared(SharedPart::FireEquipment),
            WarrantyPart::Other => Term::Shared(SharedPart::Other),
            WarrantyPart::HeatingAndCooling => Term::Seasons("warranty_heating_seasons"),
            WarrantyPart::HiddenLines => Term::Months("warranty_hidden_lines_months"),
        }
    }
}

/// How long a warranty is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// In months.
    Months(u32),
    /// In seasons of heating or cooling; when the last one ends is no matter of the calendar.
    Seasons(u32),
}

/// The warranty of one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warranty {
    /// The part.
    pub part: WarrantyPart,
    /// The day from which it counts; none where it is not known.
    pub begins_on: Option<NaiveDate>,
    /// Its last day; none where it is not known.
    pub ends_on: Option<NaiveDate>,
    /// How long it is.
    pub length: Length,
    /// Whether it runs today.
    pub runs: bool,
    /// Where it is written.
    pub article: String,
}

/// The warranty of a part that counts from `begins_on`; `today` is in China.
///
/// The first day does not count, and months end on the same day of the month (Civil Code articles 201 and 202); the
/// last day belongs to it. Nobody has to act on it, so holidays do not move it.
pub fn warranty(
    part: WarrantyPart,
    begins_on: Option<NaiveDate>,
    length: Length,
    article: String,
    today: NaiveDate,
) -> Warranty {
    let ends_on = match (begins_on, length) {
        (Some(begins_on), Length::Months(months)) => Some(deadline(
            begins_on,
            Period::Months(months),
            Roll::Keep,
            &Holidays::none(),
        )),
        (None, Length::Months(_)) | (_, Length::Seasons(_)) => None,
    };
    let runs = begins_on.is_some_and(|from| from <= today) && ends_on.is_some_and(|until| today <= until);
    Warranty {
        part,
        begins_on,
        ends_on,
        length,
        runs,
        article,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// E10: a roof leaks in the sixth year after the hand-over; Zhejiang's eight years still run, the State's five do not.
    #[test]
    fn e10_a_leaking_roof_in_the_sixth_year_is_the_builders() {
        let roof = |months, today| {
            let begins_on = Some(day("2018-06-30"));
            warranty(
                WarrantyPart::Waterproofing,
                begins_on,
                Length::Months(months),
                String::new(),
                day(today),
            )
        };
        assert_eq!(roof(96, "2024-08-01").ends_on, Some(day("2026-06-30")));
        assert!(roof(96, "2024-08-01").runs);
        assert!(roof(96, "2026-06-30").runs, "the last day belongs to it");
        assert!(!roof(96, "2026-07-01").runs);
        assert!(!roof(60, "2024-08-01").runs);
    }

    #[test]
    fn what_is_not_known_does_not_run() {
        let unknown = warranty(
            WarrantyPart::Lift,
            None,
            Length::Months(24),
            String::new(),
            day("2026-03-02"),
        );
        assert_eq!((unknown.ends_on, unknown.runs), (None, false));
        let seasons = warranty(
            WarrantyPart::HeatingAndCooling,
            Some(day("2026-01-01")),
            Length::Seasons(2),
            String::new(),
            day("2026-03-02"),
        );
        assert_eq!(seasons.ends_on, None);
    }
}
