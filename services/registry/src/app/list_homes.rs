//! Listing homes: all of an area, or an owner's own.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use ids::{AreaId, BuildingId};
use rpc::{CallContext, General, Page};

use super::{App, as_of};
use crate::domain::home::{Home, OwnedHome};
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::building_areas::Estate;
use crate::store::{Readable, homes, ownerships};

/// What homes to list.
#[derive(Debug, Clone)]
pub struct ListHomes {
    /// Those of this area; an owner's own where absent.
    pub area_id: Option<AreaId>,
    /// Only those in this building.
    pub building_id: Option<BuildingId>,
    /// As of the end of this day; none for now.
    pub as_of: Option<NaiveDate>,
    /// The page.
    pub page: Page,
}

impl App {
    /// A page of homes, by unit number, and the token of the next; with owners where the caller may be told them.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, also where it was not registered on that day yet; `NOT_ALLOWED` where the caller is no owner and
    /// names no area; `DAY_IN_THE_FUTURE`.
    pub async fn list_homes(
        &self,
        ctx: &CallContext,
        query: ListHomes,
    ) -> Result<(Vec<OwnedHome>, String), AppError> {
        let day = self.past_day(query.as_of)?;
        let snapshot = self.store.begin_read().await?;
        let (filter, names_owners) = match query.area_id {
            Some(area_id) => {
                let (area, resource) = self.area_for(&snapshot, ctx, area_id).await?;
                ctx.permit(&self.access, &resource, || Refusal::AreaNotFound)?;
                if day.is_some_and(|day| !area.is_registered_by(day)) {
                    return Err(Refusal::AreaNotFound.into());
                }
                let filter = match day {
                    Some(day) => {
                        let estate = Estate::on_day(&snapshot, area.id, day).await?;
                        homes::Filter::AreaOn(estate, query.building_id)
                    }
                    None => homes::Filter::Area(area.id, query.building_id),
                };
                (filter, self.may_name_owners(ctx, &resource))
            }
            None => {
                self.permit_city(ctx)?;
                let refused = || General::NotAllowed {
                    action: ctx.action.to_owned(),
                };
                let owner_id = ctx.actor.owner_id.ok_or_else(refused)?;
                // Co-owners know each other from the title.
                let filter = match day {
                    Some(day) => homes::Filter::OwnerOn(owner_id, query.building_id, day),
                    None => homes::Filter::Owner(owner_id, query.building_id),
                };
                (filter, true)
            }
        };
        let page = query.page;
        let mut found = homes::list(&snapshot, &filter, page.after.as_deref(), page.limit()).await?;
        let next = page.next(&mut found, |home| home.unit_number.to_string());
        if let Some(day) = day {
            // Buildings may lie in another area by now, and it is that one that decides who is told of their owners.
            let untold = self
                .untold(&snapshot, ctx, &found, query.area_id, names_owners)
                .await?;
            let mut then = as_of::homes_on(&snapshot, found, day).await?;
            for owned in then
                .iter_mut()
                .filter(|owned| untold.contains(&owned.home.building_id))
            {
                owned.ownership = None;
            }
            if query.area_id.is_none() {
                then = as_of::in_registered_areas(&snapshot, then, day).await?;
            }
            return Ok((then, next));
        }
        let ids: Vec<_> = found
            .iter()
            .map(|home| home.id)
            .filter(|_| names_owners)
            .collect();
        let mut held = ownerships::current(&snapshot, &ids).await?;
        let owned = found
            .into_iter()
            .map(|home| OwnedHome {
                ownership: held.remove(&home.id),
                home,
            })
            .collect();
        Ok((owned, next))
    }

    /// Buildings of which the caller is not told who owns the homes, of these homes of an area of a past day.
    async fn untold(
        &self,
        connection: &impl Readable,
        ctx: &CallContext,
        homes: &[Home],
        area_id: Option<AreaId>,
        names_owners: bool,
    ) -> Result<HashSet<BuildingId>, AppError> {
        let Some(area_id) = area_id else {
            return Ok(HashSet::new());
        };
        let mut may_name = HashMap::from([(area_id, names_owners)]);
        let mut untold = HashSet::new();
        for home in homes {
            let may = match may_name.get(&home.area_id) {
                Some(may) => *may,
                None => {
                    let (_, resource) = self.area_for(connection, ctx, home.area_id).await?;
                    let may = self.may_name_owners(ctx, &resource);
                    may_name.insert(home.area_id, may);
                    may
                }
            };
            if !may {
                untold.insert(home.building_id);
            }
        }
        Ok(untold)
    }
}
