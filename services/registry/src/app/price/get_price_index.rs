//! Comparing the price of an area with those of areas like it (质价相符).

use std::collections::HashMap;

use chrono::NaiveDate;
use ids::{AreaId, DivisionCode};
use rpc::{CallContext, General};

use super::App;
use crate::domain::price::{
    self, Comparable, FeeStandard, Homes, IndexRules, PriceIndex, Satisfaction, compare,
};
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::{Readable, areas, fee_standards, satisfactions};

/// What to compare.
#[derive(Debug, Clone)]
pub struct GetPriceIndex {
    /// The area.
    pub area_id: AreaId,
    /// For which homes.
    pub homes: Homes,
    /// With the prices that hold on this day; none for today.
    pub as_of: Option<NaiveDate>,
}

/// The comparison with what it was asked by.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The comparison.
    pub index: PriceIndex,
    /// The own score that others were matched with; none where none is recorded.
    pub satisfaction: Option<Satisfaction>,
    /// How alike areas had to be.
    pub rules: IndexRules,
    /// The day whose prices were compared.
    pub as_of: NaiveDate,
}

impl App {
    /// Compares an area with all areas of its city that have a price of such homes on that day.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `NOT_ALLOWED`, `STANDARD_NOT_FOUND` where the area has no such price on that day.
    pub async fn get_price_index(
        &self,
        ctx: &CallContext,
        query: GetPriceIndex,
    ) -> Result<Compared, AppError> {
        // What others record meanwhile must not part the inputs.
        let snapshot = self.store.begin_read().await?;
        let (area, resource) = self.area_for(&snapshot, ctx, query.area_id).await?;
        ctx.permit(&self.access, &resource, || Refusal::AreaNotFound)?;
        let as_of = query.as_of.unwrap_or_else(|| self.today());
        let standards = fee_standards::of_area_on(&snapshot, area.id, as_of).await?;
        let own = standards
            .into_iter()
            .find(|standard| standard.homes == query.homes);
        let own = own.ok_or(price::Refusal::StandardNotFound)?;

        let (city, street) = (area.division.city(), area.division.street());
        let grades = (own.grade.saturating_sub(1), own.grade.saturating_add(1));
        let standards = fee_standards::of_homes_on(&snapshot, own.homes, &city, as_of, grades).await?;
        let satisfaction = satisfactions::last_by(&snapshot, area.id, as_of).await?;
        let mut found = self
            .comparables(&snapshot, standards, street, satisfaction.as_ref())
            .await?;
        let place = found.iter().position(|found| found.area_id == area.id);
        let place = place.ok_or_else(|| General::Internal {
            source: format!("the price of {} is not among those of its city", area.id).into(),
        })?;
        let own = found.swap_remove(place);
        let rules = self.index_rules()?;
        Ok(Compared {
            index: compare(own, found, &rules),
            satisfaction,
            rules,
            as_of,
        })
    }

    /// Standards with what else is known of their areas.
    async fn comparables(
        &self,
        connection: &impl Readable,
        standards: Vec<FeeStandard>,
        street: Option<DivisionCode>,
        satisfaction: Option<&Satisfaction>,
    ) -> Result<Vec<Comparable>, AppError> {
        let ids: Vec<AreaId> = standards.iter().map(|standard| standard.area_id).collect();
        let named = areas::find_many(connection, &ids).await?;
        let delivered = satisfactions::first_deliveries(connection, &ids).await?;
        let scores = match satisfaction {
            Some(own) => satisfactions::alike(connection, own, &ids).await?,
            None => HashMap::new(),
        };
        let comparable = |standard: FeeStandard| {
            let area_id = standard.area_id;
            Comparable {
                area_id,
                area_name: named
                    .get(&area_id)
                    .map(|area| area.name.clone())
                    .unwrap_or_default(),
                in_street: street.is_some_and(|street| street.contains(&standard.division)),
                first_delivered_on: delivered.get(&area_id).copied(),
                satisfaction: scores.get(&area_id).copied(),
                standard,
            }
        };
        Ok(standards.into_iter().map(comparable).collect())
    }

    /// The numbers of today.
    fn index_rules(&self) -> Result<IndexRules, AppError> {
        let read = || {
            let rules = self.rules.at(self.today())?;
            let years = rules.parameter("price_index_age_years")?.value;
            let least = rules.parameter("price_index_comparables_min")?.value;
            Ok::<_, rules::RuleError>(IndexRules {
                age_years: u32::try_from(years).unwrap_or(u32::MAX),
                comparables_min: usize::try_from(least).unwrap_or(usize::MAX),
            })
        };
        read().map_err(|error| {
            General::Internal {
                source: Box::new(error),
            }
            .into()
        })
    }
}
