//! Whether a price fits what is given for it (质价相符): one area beside those like it.
//!
//! Every figure is a price or score that somebody recorded: medians and quartiles are taken by nearest rank, never
//! between two values, so that each can be shown with the area it stands for.

use chrono::{Months, NaiveDate};
use ids::AreaId;
use money::Fen;
use serde::{Deserialize, Serialize};

use super::FeeStandard;

/// How alike areas must be, and how many there must be; dated parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexRules {
    /// Years that may lie between the first hand-overs of two areas.
    pub age_years: u32,
    /// Fewest areas of the same grade that are compared with.
    pub comparables_min: usize,
}

/// An area with its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparable {
    /// The area.
    pub area_id: AreaId,
    /// Its name.
    pub area_name: String,
    /// Whether it lies in the street of the area that is looked at.
    pub in_street: bool,
    /// Its price of such homes.
    pub standard: FeeStandard,
    /// When its first home was handed over; none where unknown.
    pub first_delivered_on: Option<NaiveDate>,
    /// Its score, 0 to 1,000 per mille, of the same source and time as that of the area that is looked at.
    pub satisfaction: Option<u16>,
}

/// Where it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reach {
    /// In its street.
    Street,
    /// In its city: the street has too few.
    City,
}

/// How its owners' satisfaction stands beside the others'.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Too few scores of the same source and time are recorded.
    Unknown,
    /// Below the median of the others.
    Below {
        /// The median, per mille.
        median: u16,
    },
    /// At the median or above it.
    AtLeast {
        /// The median, per mille.
        median: u16,
    },
}

/// Between which prices an adjustment would fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Corridor {
    /// The lowest.
    pub lowest: Fen,
    /// The highest.
    pub highest: Fen,
}

/// The comparison, with all that it was computed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceIndex {
    /// The area that is looked at.
    pub own: Comparable,
    /// Where the others lie.
    pub reach: Reach,
    /// Areas like it, of the same grade and of the next ones, by price.
    pub comparables: Vec<Comparable>,
    /// Median price of those of the same grade; none where they are too few.
    pub median: Option<Fen>,
    /// The own price in thousandths of that median.
    pub per_mille: Option<i64>,
    /// How satisfaction stands.
    pub standing: Standing,
    /// Between which prices an adjustment would fit; none where there is no median.
    pub corridor: Option<Corridor>,
}

impl PriceIndex {
    /// Those of the same grade, which median and corridor are taken from.
    pub fn of_same_grade(&self) -> impl Iterator<Item = &Comparable> {
        let grade = self.own.standard.grade;
        self.comparables
            .iter()
            .filter(move |other| other.standard.grade == grade)
    }
}

/// Compares an area with `candidates`, the areas of its city that have a price of the same homes on the same day.
///
/// Alike is whose grade is the same or the next one, and whose first hand-over lies within some years; where the own is
/// unknown, age does not part them. The corridor runs from the lower to the upper quartile of the same grade. Where
/// the owners are less satisfied than the median it ends at the median price, otherwise it begins there: who gives more
/// may ask more. A guided price stays in its range.
pub fn compare(own: Comparable, candidates: Vec<Comparable>, rules: &IndexRules) -> PriceIndex {
    let mut alike: Vec<Comparable> = candidates
        .into_iter()
        .filter(|other| other.area_id != own.area_id && is_alike(&own, other, rules))
        .collect();
    alike.sort_by_key(|other| (other.standard.price, other.area_id));
    let is_same = |other: &Comparable| other.standard.grade == own.standard.grade;
    let in_street = alike.iter().filter(|other| other.in_street && is_same(other));
    let reach = if in_street.count() >= rules.comparables_min {
        alike.retain(|other| other.in_street);
        Reach::Street
    } else {
        Reach::City
    };
    let same: Vec<&Comparable> = alike.iter().filter(|other| is_same(other)).collect();
    let prices: Vec<Fen> = same.iter().map(|other| other.standard.price).collect();
    let standing = standing(&own, &same, rules);
    let is_enough = prices.len() >= rules.comparables_min.max(1);
    let median = quartile(&prices, 2).filter(|_| is_enough);
    let per_mille = median.and_then(|median| per_mille(own.standard.price, median));
    let corridor = median.and_then(|median| {
        let (lower, upper) = (quartile(&prices, 1)?, quartile(&prices, 3)?);
        let (lowest, highest) = match standing {
            Standing::Unknown => (lower, upper),
            Standing::Below { .. } => (lower, median),
            Standing::AtLeast { .. } => (median, upper),
        };
        Some(within_band(Corridor { lowest, highest }, &own))
    });
    PriceIndex {
        reach,
        median,
        per_mille,
        standing,
        corridor,
        comparables: alike,
        own,
    }
}

fn is_alike(own: &Comparable, other: &Comparable, rules: &IndexRules) -> bool {
    if own.standard.homes != other.standard.homes || own.standard.grade.abs_diff(other.standard.grade) > 1 {
        return false;
    }
    match (own.first_delivered_on, other.first_delivered_on) {
        (None, _) => true,
        // An age that nobody knows is not a similar one.
        (Some(_), None) => false,
        (Some(one), Some(two)) => {
            let years = Months::new(rules.age_years.saturating_mul(12));
            let latest = one.min(two).checked_add_months(years);
            one.max(two) <= latest.unwrap_or(NaiveDate::MAX)
        }
    }
}

fn standing(own: &Comparable, same: &[&Comparable], rules: &IndexRules) -> Standing {
    let mut scores: Vec<u16> = same.iter().filter_map(|other| other.satisfaction).collect();
    scores.sort_unstable();
    let median = quartile(&scores, 2).filter(|_| scores.len() >= rules.comparables_min.max(1));
    match (own.satisfaction, median) {
        (Some(score), Some(median)) if score < median => Standing::Below { median },
        (Some(_), Some(median)) => Standing::AtLeast { median },
        (None, _) | (_, None) => Standing::Unknown,
    }
}

/// The quartile of sorted values by nearest rank: the least value that a quarter, a half, three quarters do not exceed.
fn quartile<T: Copy>(sorted: &[T], quarters: usize) -> Option<T> {
    let rank = (sorted.len() * quarters).div_ceil(4);
    sorted.get(rank.checked_sub(1)?).copied()
}

/// Thousandths, half a thousandth upwards.
fn per_mille(part: Fen, whole: Fen) -> Option<i64> {
    let (part, whole) = (i128::from(part.0), i128::from(whole.0));
    if whole <= 0 {
        return None;
    }
    i64::try_from((part * 2_000 + whole) / (whole * 2)).ok()
}

fn within_band(corridor: Corridor, own: &Comparable) -> Corridor {
    match &own.standard.band {
        None => corridor,
        Some(band) => Corridor {
            lowest: corridor.lowest.clamp(band.lowest, band.highest),
            highest: corridor.highest.clamp(band.lowest, band.highest),
        },
    }
}

#[cfg(test)]
mod tests;
