//! Finding something by what people type.

use std::collections::HashMap;

use ids::{AreaId, HomeId};
use rpc::field::Invalid;
use rpc::{CallContext, Page};

use super::tables::distinct;
use super::{App, home_resource};
use crate::domain::area::Area;
use crate::domain::firm::Firm;
use crate::domain::home::Home;
use crate::domain::search::Search;
use crate::error::AppError;
use crate::store::{Snapshot, areas, buildings, divisions, firms, homes, ownerships};

/// The action under which somebody reads a home.
const READ_HOME: &str = "registry.GetHome";
/// Areas in which an address is looked for: a name that fits more is no address.
const AREAS_OF_ADDRESS: u64 = 20;
/// Portions of homes that are looked at for one page: what the caller may not see is passed over.
const PORTIONS_MAX: usize = 8;

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HitKind {
    /// An area.
    Area,
    /// A firm.
    Firm,
    /// A home.
    Home,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hit {
    /// An area.
    Area(Area),
    /// A firm.
    Firm(Firm),
    /// A home, with its area and the number of its building.
    Home(Home, Area, String),
}

impl Hit {
    /// Where it stands among all hits, as a page's token tells it.
    fn place(&self) -> String {
        match self {
            Hit::Area(area) => format!("a{}", area.number),
            Hit::Firm(firm) => format!("f{}", firm.credit_code),
            Hit::Home(home, ..) => format!("h{}", home.unit_number),
        }
    }
}

/// What to find.
#[derive(Debug, Clone)]
pub struct Find {
    /// What was typed.
    pub query: String,
    /// Only this kind.
    pub kind: Option<HitKind>,
    /// The page.
    pub page: Page,
}

/// Where a page goes on: after this key of this kind.
struct Cursor {
    kind: HitKind,
    after: Option<String>,
}

impl App {
    /// A page of what was found, and the token of the next.
    ///
    /// # Errors
    /// `NOT_ALLOWED` without a token of a person, `PAGE_TOKEN_INVALID`.
    pub async fn search(&self, ctx: &CallContext, find: Find) -> Result<(Vec<Hit>, String), AppError> {
        self.permit_city(ctx)?;
        let search = Search::understand(&find.query);
        let cursor = cursor(&find.page)?;
        let snapshot = self.store.begin_read().await?;
        let limit = find.page.limit();
        let names_register = search.place.is_none() && !search.means_home;
        let mut hits = Vec::new();
        for kind in [HitKind::Area, HitKind::Firm, HitKind::Home] {
            let left = limit.saturating_sub(hits.len() as u64);
            if left == 0 || kind < cursor.kind || find.kind.is_some_and(|only| only != kind) {
                continue;
            }
            let after = cursor.after.as_deref().filter(|_| kind == cursor.kind);
            match kind {
                HitKind::Area if names_register => {
                    let found = self.search_areas(&snapshot, ctx, &search, after, left).await?;
                    hits.extend(found.into_iter().map(Hit::Area));
                }
                HitKind::Firm if names_register => {
                    let words = search.words.join(" ");
                    let found = firms::list(&snapshot, None, &words, after, left).await?;
                    hits.extend(found.into_iter().map(Hit::Firm));
                }
                // An address and a unit number are of a home.
                HitKind::Area | HitKind::Firm => {}
                HitKind::Home => {
                    hits.extend(self.search_homes(&snapshot, ctx, &search, after, left).await?);
                }
            }
        }
        let next = find.page.next(&mut hits, Hit::place);
        Ok((hits, next))
    }

    async fn search_areas(
        &self,
        snapshot: &Snapshot,
        ctx: &CallContext,
        search: &Search,
        after: Option<&str>,
        limit: u64,
    ) -> Result<Vec<Area>, AppError> {
        let filter = areas::Filter {
            divisions: Vec::new(),
            query: search.words.join(" "),
            include_ended: false,
            sight: self.sight(snapshot, &ctx.actor).await?,
            as_of: None,
        };
        Ok(areas::list(snapshot, &filter, after, limit).await?)
    }

    /// Homes by address or by the beginning of their unit number, which the caller may read.
    async fn search_homes(
        &self,
        snapshot: &Snapshot,
        ctx: &CallContext,
        search: &Search,
        after: Option<&str>,
        limit: u64,
    ) -> Result<Vec<Hit>, AppError> {
        let mut after = after.map(ToOwned::to_owned);
        let building_ids = match (&search.place, &search.unit_prefix) {
            (Some(place), _) if !search.words.is_empty() => {
                let mut words = search.clone();
                words.place = None;
                let found = self
                    .search_areas(snapshot, ctx, &words, None, AREAS_OF_ADDRESS)
                    .await?;
                let area_ids: Vec<AreaId> = found.iter().map(|area| area.id).collect();
                buildings::numbered(snapshot, &area_ids, &place.building).await?
            }
            (_, Some(_)) => Vec::new(),
            _ => return Ok(Vec::new()),
        };
        let query = match (&search.place, &search.unit_prefix) {
            (Some(place), _) if !building_ids.is_empty() => homes::Query::Doors {
                building_ids,
                stairwell: place.stairwell.clone(),
                room: place.room.clone(),
            },
            (None, Some(prefix)) => homes::Query::UnitPrefix(prefix.clone()),
            _ => return Ok(Vec::new()),
        };
        let mut hits = Vec::new();
        for _ in 0..PORTIONS_MAX {
            let found = homes::search(snapshot, &query, after.as_deref(), limit).await?;
            let is_last = (found.len() as u64) < limit;
            after = found.last().map(|home| home.unit_number.to_string());
            let left = usize::try_from(limit).unwrap_or(usize::MAX) - hits.len();
            let readable = self.readable(snapshot, ctx, found).await?;
            hits.extend(readable.into_iter().take(left));
            if is_last || hits.len() as u64 >= limit {
                break;
            }
        }
        Ok(hits)
    }

    /// Those of the homes that the caller may read.
    async fn readable(
        &self,
        snapshot: &Snapshot,
        ctx: &CallContext,
        found: Vec<Home>,
    ) -> Result<Vec<Hit>, AppError> {
        let area_ids = distinct(found.iter().map(|home| home.area_id));
        let known_areas = areas::find_many(snapshot, &area_ids).await?;
        let building_ids = distinct(found.iter().map(|home| home.building_id));
        let known_buildings = buildings::find_many(snapshot, &building_ids).await?;
        // Who owns them matters to an owner only, who may read the own ones.
        let held = match ctx.actor.owner_id {
            Some(_) => {
                let ids: Vec<HomeId> = found.iter().map(|home| home.id).collect();
                ownerships::current(snapshot, &ids).await?
            }
            None => HashMap::new(),
        };
        let (mergers, today) = (divisions::mergers(snapshot).await?, self.today());
        // What the policies look at in a home is where it lies and whether it is the caller's own: a page of homes of one
        // area needs no more than two decisions.
        let mut decided: HashMap<(AreaId, bool), bool> = HashMap::new();
        let readable = found.into_iter().filter_map(|home| {
            let area = known_areas.get(&home.area_id)?;
            let building = known_buildings.get(&home.building_id)?;
            let held = held.get(&home.id);
            let own = ctx
                .actor
                .owner_id
                .is_some_and(|owner_id| held.is_some_and(|held| held.owner_ids.contains(&owner_id)));
            let may = *decided.entry((area.id, own)).or_insert_with(|| {
                let resource = home_resource(&home, area, held).placed(&mergers, today);
                self.access.allows(&ctx.actor, READ_HOME, &resource)
            });
            may.then(|| Hit::Home(home, area.clone(), building.number.clone()))
        });
        Ok(readable.collect())
    }
}

fn cursor(page: &Page) -> Result<Cursor, Invalid> {
    let Some(token) = page.after.as_deref() else {
        return Ok(Cursor {
            kind: HitKind::Area,
            after: None,
        });
    };
    let foreign = || {
        Invalid::new(
            "pageToken",
            "PAGE_TOKEN_INVALID",
            "is not one that we sent",
            "不是本系统返回的分页标记",
        )
    };
    let (kind, after) = token.split_at_checked(1).ok_or_else(foreign)?;
    let kind = match kind {
        "a" => HitKind::Area,
        "f" => HitKind::Firm,
        "h" => HitKind::Home,
        _ => return Err(foreign()),
    };
    Ok(Cursor {
        kind,
        after: Some(after.to_owned()),
    })
}
