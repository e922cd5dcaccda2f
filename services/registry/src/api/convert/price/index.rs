//! The comparison of prices as a message.

use proto::registry::v1 as pb;

use super::super::text;
use crate::app::price::get_price_index::Compared;
use crate::domain::price::{Comparable, PriceIndex, Reach, Standing};

impl From<Compared> for pb::PriceIndex {
    fn from(compared: Compared) -> Self {
        let PriceIndex {
            own,
            reach,
            comparables,
            median,
            per_mille,
            standing,
            corridor,
        } = compared.index;
        let grade = own.standard.grade;
        let reach = match reach {
            Reach::Street => pb::IndexReach::Street,
            Reach::City => pb::IndexReach::City,
        };
        let (standing, satisfaction_median) = match standing {
            Standing::Unknown => (pb::SatisfactionStanding::Unspecified, None),
            Standing::Below { median } => (pb::SatisfactionStanding::Below, Some(median)),
            Standing::AtLeast { median } => (pb::SatisfactionStanding::AtLeast, Some(median)),
        };
        let area = |other: Comparable, is_counted| pb::ComparableArea {
            area_id: other.area_id.to_string(),
            area_name: other.area_name,
            standard: Some(other.standard.into()),
            first_delivered_on: text(other.first_delivered_on),
            satisfaction_per_mille: other.satisfaction.map(Into::into),
            is_counted,
        };
        let comparables = comparables.into_iter().map(|other| {
            let is_counted = other.standard.grade == grade;
            area(other, is_counted)
        });
        pb::PriceIndex {
            comparables: comparables.collect(),
            own: Some(area(own, false)),
            reach: reach.into(),
            median_fen: median.map(|median| median.0),
            index_per_mille: per_mille,
            standing: standing.into(),
            satisfaction_median_per_mille: satisfaction_median.map(Into::into),
            satisfaction: compared.satisfaction.map(Into::into),
            corridor_lowest_fen: corridor.map(|corridor| corridor.lowest.0),
            corridor_highest_fen: corridor.map(|corridor| corridor.highest.0),
            age_years: i32::try_from(compared.rules.age_years).unwrap_or(i32::MAX),
            comparables_min: i32::try_from(compared.rules.comparables_min).unwrap_or(i32::MAX),
            as_of: compared.as_of.to_string(),
        }
    }
}
