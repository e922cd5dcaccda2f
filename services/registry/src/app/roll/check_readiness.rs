//! What stands in the way of a roll, as a report: the gate before a ballot opens.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use ids::{BuildingId, HomeId};
use rpc::CallContext;
use strum::IntoEnumIterator;

use super::{Depth, Page};
use crate::app::App;
use crate::domain::refusal::Refusal;
use crate::domain::roll::readiness::Tally;
use crate::domain::roll::{NotReady, Scope};
use crate::error::AppError;
use crate::store::buildings;

/// Which roll to check.
#[derive(Debug, Clone)]
pub struct CheckReadiness {
    /// The homes concerned.
    pub scope: Scope,
    /// As of this time; now where absent.
    pub as_of: Option<DateTime<Utc>>,
    /// The page of items.
    pub page: rpc::Page,
}

/// What stands in the way of one home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The home.
    pub home_id: HomeId,
    /// Its building.
    pub building_id: BuildingId,
    /// Stairwell.
    pub stairwell: String,
    /// Room.
    pub room: String,
    /// What is the matter.
    pub cause: NotReady,
    /// Whether it blocks the roll.
    pub blocks: bool,
    /// Where it stands among the items.
    key: String,
}

/// What stands in the way of a roll.
#[derive(Debug, Clone)]
pub struct Readiness {
    /// The day as of which it was checked.
    pub day: NaiveDate,
    /// All homes of the scope.
    pub total: Tally,
    /// How many homes each cause concerns, and whether it blocks; only causes that occur, in their order.
    pub counts: Vec<(NotReady, bool, i64)>,
    /// By building, in the order of their numbers.
    pub buildings: Vec<(BuildingId, String, Tally)>,
    /// A page of what stands in the way of single homes.
    pub items: Vec<Item>,
    /// Numbers of the buildings of the items.
    pub numbers: HashMap<BuildingId, String>,
    /// Where the next page begins; empty at the end.
    pub next: String,
}

impl App {
    /// Checks a roll home by home, with everything that is worth a warning. It finds a blocker exactly where the roll is
    /// refused, because the same function decides both.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `NOT_ALLOWED`; an invalid scope.
    pub async fn check_readiness(
        &self,
        ctx: &CallContext,
        query: CheckReadiness,
    ) -> Result<Readiness, AppError> {
        let day = calendar::today(query.as_of.unwrap_or_else(|| self.clock.now()));
        let snapshot = self.store.begin_read().await?;
        let (area, resource) = self.area_for(&snapshot, ctx, query.scope.area_id).await?;
        ctx.permit(&self.access, &resource, || Refusal::AreaNotFound)?;
        let names_owners = self.may_name_owners(ctx, &resource);
        let mut book = self
            .open_book(&snapshot, area, query.scope, day, Depth::Everything)
            .await?;
        let strictness = book.strictness();
        let limit = usize::try_from(query.page.limit()).unwrap_or(usize::MAX);
        let mut total = Tally::default();
        let mut by_building: HashMap<BuildingId, Tally> = HashMap::new();
        let mut items = Vec::new();
        let mut after = None;
        while let Some(Page { findings, last }) = book.page(&snapshot, after.as_deref()).await? {
            for (home, finding) in findings {
                total.add(&finding, strictness);
                by_building
                    .entry(home.building_id)
                    .or_default()
                    .add(&finding, strictness);
                for cause in finding.causes {
                    let key = format!("{}/{}", home.unit_number, cause as u8);
                    let wanted = items.len() < limit
                        && query.page.after.as_ref().is_none_or(|after| key > *after)
                        && (names_owners || !cause.is_personal());
                    if wanted {
                        items.push(Item {
                            home_id: home.id,
                            building_id: home.building_id,
                            stairwell: home.stairwell.clone(),
                            room: home.room.clone(),
                            cause,
                            blocks: strictness.blocks(cause),
                            key,
                        });
                    }
                }
            }
            after = Some(last);
        }
        let ids: Vec<_> = by_building.keys().copied().collect();
        let numbers: HashMap<BuildingId, String> = buildings::find_many(&snapshot, &ids)
            .await?
            .into_values()
            .map(|building| (building.id, building.number))
            .collect();
        let mut buildings: Vec<_> = by_building
            .into_iter()
            .map(|(id, tally)| (id, numbers.get(&id).cloned().unwrap_or_default(), tally))
            .collect();
        buildings.sort_by(|one, other| one.1.cmp(&other.1));
        let counts = NotReady::iter()
            .filter_map(|cause| Some((cause, strictness.blocks(cause), *total.causes.get(&cause)?)))
            .collect();
        let next = query.page.next(&mut items, |item| item.key.clone());
        Ok(Readiness {
            day,
            total,
            counts,
            buildings,
            items,
            numbers,
            next,
        })
    }
}
