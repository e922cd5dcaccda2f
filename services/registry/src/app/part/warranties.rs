//! For how long the builder answers for each part of a building, by the rules of the day on which it began.

use chrono::NaiveDate;
use ids::BuildingId;
use rpc::{CallContext, General};
use rules::RuleError;
use strum::IntoEnumIterator;

use crate::app::App;
use crate::domain::part::facts::BuildingFacts;
use crate::domain::part::warranty::{Length, Start, Term, Warranty, WarrantyPart, warranty};
use crate::error::AppError;
use crate::store::{building_facts, homes};

/// The warranties of a building.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warranties {
    /// What its documents say.
    pub facts: BuildingFacts,
    /// Last hand-over of a home.
    pub last_delivered_on: Option<NaiveDate>,
    /// One a part.
    pub warranties: Vec<Warranty>,
}

impl App {
    /// The warranties of a building as they stand today. Of several hand-overs the last counts: the fund counts the same.
    ///
    /// # Errors
    /// `BUILDING_NOT_FOUND`, `NOT_ALLOWED`.
    pub async fn get_warranties(&self, ctx: &CallContext, id: BuildingId) -> Result<Warranties, AppError> {
        let snapshot = self.store.begin_read().await?;
        let (building, _) = self.building_for(&snapshot, ctx, id).await?;
        let facts = building_facts::find(&snapshot, building.id).await?;
        let (_, last_delivered_on) = homes::deliveries(&snapshot, building.id).await?;
        let today = self.today();
        let one = |part: WarrantyPart| {
            let begins_on = match part.start() {
                Start::Completion => facts.completed_on,
                Start::Handover => last_delivered_on,
            };
            match self.length(part, begins_on.unwrap_or(today), &facts) {
                Ok((length, article)) => Ok(Some(warranty(part, begins_on, length, article, today))),
                // The law did not know this warranty yet.
                Err(RuleError::Missing { .. }) => Ok(None),
                Err(error) => Err(error),
            }
        };
        let warranties = WarrantyPart::iter()
            .filter_map(|part| one(part).transpose())
            .collect::<Result<Vec<_>, RuleError>>()
            .map_err(|error| General::Internal {
                source: Box::new(error),
            })?;
        Ok(Warranties {
            facts,
            last_delivered_on,
            warranties,
        })
    }

    /// How long the warranty of a part is that began on a day. The structure's is the design life where it is known.
    fn length(
        &self,
        part: WarrantyPart,
        on: NaiveDate,
        facts: &BuildingFacts,
    ) -> Result<(Length, String), RuleError> {
        let parameter = |name: &str| {
            let ruled = self.rules.parameter_at(on, name)?;
            let value = u32::try_from(ruled.value).unwrap_or(u32::MAX);
            Ok::<_, RuleError>((value, ruled.article))
        };
        match part.term() {
            Term::Shared(shared) => {
                let terms = self.rules.warranty_at(on)?;
                let ruled = terms.months(shared);
                let design_life = facts
                    .design_life_years
                    .and_then(|years| u32::try_from(years).ok())
                    .filter(|_| part == WarrantyPart::Structure);
                let months = design_life.map_or(ruled.value, |years| years * 12);
                Ok((Length::Months(months), ruled.article.clone()))
            }
            Term::Months(name) => {
                let (months, article) = parameter(name)?;
                Ok((Length::Months(months), article))
            }
            Term::Seasons(name) => {
                let (seasons, article) = parameter(name)?;
                Ok((Length::Seasons(seasons), article))
            }
        }
    }
}
