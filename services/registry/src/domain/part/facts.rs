//! What a building's documents say: completion acceptance (竣工验收) and design life (设计使用年限).

use chrono::NaiveDate;
use ids::BuildingId;
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// Shortest and longest design life that is believed, in years (GB 55001: 5 years for a temporary structure).
pub const DESIGN_LIFE_YEARS: std::ops::RangeInclusive<i32> = 5..=200;

/// What a building's documents say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildingFacts {
    /// The building.
    pub building_id: BuildingId,
    /// Day of the completion acceptance; none where unknown.
    pub completed_on: Option<NaiveDate>,
    /// Design life in years; none where the documents do not say.
    pub design_life_years: Option<i32>,
}

/// Decides what is known from now on. `first_delivered_on` is the first hand-over of a home; a building is accepted
/// before anybody moves in.
///
/// # Errors
/// `FACTS_UNCHANGED`, `DESIGN_LIFE_OUT_OF_RANGE`, `DAY_IN_THE_FUTURE`, `COMPLETION_AFTER_DELIVERY`.
pub fn decide(
    present: &BuildingFacts,
    next: BuildingFacts,
    first_delivered_on: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<BuildingFacts, Refusal> {
    if next
        .design_life_years
        .is_some_and(|years| !DESIGN_LIFE_YEARS.contains(&years))
    {
        return Err(Refusal::DesignLifeOutOfRange);
    }
    if let Some(on) = next.completed_on {
        if on > today {
            return Err(Refusal::DayInTheFuture { on, today });
        }
        if let Some(delivered_on) = first_delivered_on.filter(|delivered_on| *delivered_on < on) {
            return Err(Refusal::CompletionAfterDelivery { delivered_on });
        }
    }
    if *present == next {
        return Err(Refusal::FactsUnchanged);
    }
    Ok(next)
}
