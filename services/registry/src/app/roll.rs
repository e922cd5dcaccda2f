//! Rolls: reading one page by page with what stands in its way, and the use cases around it.

use std::collections::HashSet;

use chrono::NaiveDate;
use db::StoreError;
use ids::OwnerId;
use rpc::General;
use rpc::field::Invalid;
use sealing::Sealer;

use super::App;
use crate::domain::area::Area;
use crate::domain::home::Home;
use crate::domain::owner::agent::{Ground, full_age_on};
use crate::domain::refusal::Refusal;
use crate::domain::roll::readiness::{Finding, Signs, Strictness, examine};
use crate::domain::roll::{NotReady, Scope};
use crate::error::AppError;
use crate::store::building_areas::Estate;
use crate::store::{Readable, Snapshot, buildings, holdings, homes, owner_records, owners, rolls};

pub mod check_readiness;
pub mod end_roll;
pub mod find_own_line;
pub mod get_published_roll;
pub mod get_roll_code;
pub mod objections;
pub mod publish_roll;
pub mod stream_roll;

/// Homes read at a time.
const HOMES_PER_PAGE: u64 = 1_000;
/// Rooms named in a refusal.
const ROOMS_NAMED: usize = 5;

/// How much is asked about each home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Only what may block the roll.
    Blockers,
    /// Everything that is worth a warning.
    Everything,
}

/// One scope on one day, examined home by home.
pub(super) struct Book {
    area: Area,
    scope: Scope,
    estate: Estate,
    day: NaiveDate,
    strictness: Strictness,
    signs: Signs,
    depth: Depth,
    full_age_years: i32,
    sealer: Sealer,
}

/// Some homes of a book, in the order of unit numbers.
pub(super) struct Page {
    /// Each with what was found.
    pub(super) findings: Vec<(Home, Finding)>,
    /// The last unit number.
    pub(super) last: String,
}

impl App {
    /// Opens the book of a scope that the area has. What concerns the area as a whole is read here, in a few statements.
    ///
    /// # Errors
    /// An invalid scope; as the statements.
    pub(super) async fn open_book(
        &self,
        connection: &Snapshot,
        area: Area,
        scope: Scope,
        day: NaiveDate,
        depth: Depth,
    ) -> Result<Book, AppError> {
        let estate = Estate::on_day(connection, area.id, day).await?;
        check_scope(connection, &scope, &estate).await?;
        let flag = |name| self.parameter(name).map(|(value, _)| value != 0);
        let strictness = Strictness {
            unverified_blocks: flag("roll_unverified_blocks")?,
            no_guardian_blocks: flag("roll_no_guardian_blocks")?,
        };
        let full_age_years = self.full_age_years()?;
        let mut signs = Signs {
            doors_twice: rolls::doors_twice(connection, &scope, &estate).await?,
            shares_not_whole: holdings::shares_not_whole(connection, &estate, day).await?,
            owners_twice: rolls::owners_twice(connection, &estate, day).await?,
            ..Signs::default()
        };
        for chosen in holdings::choices(connection, area.id, Some(day)).await? {
            // A later choice takes the place of an earlier one.
            signs
                .voting
                .representatives
                .insert(chosen.head_key, chosen.owner_id);
        }
        let agents = rolls::agents(connection, &estate, day).await?;
        let of_minors: Vec<OwnerId> = agents
            .iter()
            .filter(|(_, (_, ground))| *ground == Ground::Minor)
            .map(|(owner_id, _)| *owner_id)
            .collect();
        let born = owners::born_on(connection, &self.sealer, &of_minors).await?;
        for (owner_id, (agent_id, ground)) in agents {
            let grown = born
                .get(&owner_id)
                .is_some_and(|born_on| full_age_on(*born_on, full_age_years) <= day);
            // A guardian of a minor votes until the minor is of full age, whatever was recorded.
            if ground != Ground::Minor || !grown {
                signs.voting.agents.insert(owner_id, (agent_id, ground));
            }
        }
        Ok(Book {
            area,
            scope,
            estate,
            day,
            strictness,
            signs,
            depth,
            full_age_years,
            sealer: self.sealer.clone(),
        })
    }

    /// Years at which somebody is of full age, as the rules of today have it.
    pub(super) fn full_age_years(&self) -> Result<i32, AppError> {
        let (years, _) = self.parameter("owner_full_age_years")?;
        Ok(i32::try_from(years).unwrap_or(i32::MAX))
    }

    /// A number of the rules of today, and its article.
    pub(super) fn parameter(&self, name: &str) -> Result<(i64, String), AppError> {
        let read = || {
            let rules = self.rules.at(self.today())?;
            let ruled = rules.parameter(name)?;
            Ok::<_, rules::RuleError>((ruled.value, ruled.article.clone()))
        };
        read().map_err(|error| {
            General::Internal {
                source: Box::new(error),
            }
            .into()
        })
    }
}

impl Book {
    /// Which causes block.
    pub(super) fn strictness(&self) -> Strictness {
        self.strictness
    }

    /// The next homes with what is found about each; none at the end.
    ///
    /// # Errors
    /// As the statements.
    pub(super) async fn page(
        &mut self,
        connection: &Snapshot,
        after: Option<&str>,
    ) -> Result<Option<Page>, StoreError> {
        let found = rolls::page(
            connection,
            &self.scope,
            &self.estate,
            self.day,
            after,
            HOMES_PER_PAGE,
        )
        .await?;
        let Some(last) = found.last().map(|(home, _)| home.unit_number.to_string()) else {
            return Ok(None);
        };
        let everything = self.depth == Depth::Everything;
        let (unverified, under_age) = (
            everything || self.strictness.unverified_blocks,
            everything || self.strictness.no_guardian_blocks,
        );
        if unverified || under_age {
            let ids: HashSet<OwnerId> = found
                .iter()
                .filter_map(|(_, held)| held.as_ref())
                .flat_map(|held| held.owner_ids.iter().copied())
                .collect();
            let ids: Vec<_> = ids.into_iter().collect();
            if unverified {
                self.signs.unverified = owner_records::unverified(connection, &ids).await?;
            }
            if under_age {
                self.signs.under_age = self.under_age(connection, &ids).await?;
            }
        }
        let findings = found
            .into_iter()
            .map(|(home, held)| {
                let finding = examine(&home, held.as_ref(), &self.area, &self.signs, self.day);
                (home, finding)
            })
            .collect();
        Ok(Some(Page { findings, last }))
    }

    async fn under_age(
        &self,
        connection: &Snapshot,
        ids: &[OwnerId],
    ) -> Result<HashSet<OwnerId>, StoreError> {
        let born = owners::born_on(connection, &self.sealer, ids).await?;
        let minors = born
            .into_iter()
            .filter(|(_, born_on)| full_age_on(*born_on, self.full_age_years) > self.day)
            .map(|(id, _)| id);
        Ok(minors.collect())
    }
}

/// What blocks a roll, collected while it is read: one cause at a time, the cure of the next is told when this one is done.
#[derive(Default)]
pub(super) struct Trouble(Option<(NotReady, usize, Vec<String>)>);

impl Trouble {
    /// Notes what blocks a home.
    pub(super) fn add(&mut self, home: &Home, finding: &Finding, strictness: Strictness) {
        for cause in finding.causes.iter().filter(|cause| strictness.blocks(**cause)) {
            let (first, homes, rooms) = self.0.get_or_insert((*cause, 0, Vec::new()));
            if first == cause {
                *homes += 1;
                // That somebody behind this door is a minor is not for everybody who may ask for a roll.
                if rooms.len() < ROOMS_NAMED && !cause.is_personal() {
                    rooms.push(home.door());
                }
            }
        }
    }

    /// Refuses where anything was noted, or where nobody is on the roll.
    ///
    /// # Errors
    /// `ROLL_NOT_READY`, `ROLL_EMPTY`.
    pub(super) fn check(self, homes: usize) -> Result<(), Refusal> {
        if let Some((cause, homes, rooms)) = self.0 {
            return Err(Refusal::RollNotReady { cause, homes, rooms });
        }
        if homes == 0 {
            return Err(Refusal::RollEmpty);
        }
        Ok(())
    }

    /// Whether anything was noted.
    pub(super) fn is_some(&self) -> bool {
        self.0.is_some()
    }
}

/// Refuses a scope that names what the area does not have: a roll of fewer homes than meant would count wrongly.
async fn check_scope(connection: &impl Readable, scope: &Scope, estate: &Estate) -> Result<(), AppError> {
    let known = buildings::find_many(connection, &scope.building_ids).await?;
    let all_here = scope
        .building_ids
        .iter()
        .all(|id| known.get(id).is_some_and(|building| estate.holds(building)));
    if !all_here {
        return Err(Invalid::new(
            "scope.buildingIds",
            "BUILDING_NOT_IN_AREA",
            "names a building that the area does not have",
            "含有不属于该区域的幢",
        )
        .into());
    }
    check_stairwells(connection, scope).await?;
    if !scope.home_ids.is_empty()
        && rolls::count_in_scope(connection, scope, estate).await? != scope.home_ids.len()
    {
        return Err(Invalid::new(
            "homeIds",
            "HOME_NOT_IN_SCOPE",
            "names a home that the scope does not have, or that does not count",
            "含有不属于该范围或不计入名册的房屋",
        )
        .into());
    }
    Ok(())
}

async fn check_stairwells(connection: &impl Readable, scope: &Scope) -> Result<(), AppError> {
    if scope.stairwells.is_empty() {
        return Ok(());
    }
    let [building_id] = scope.building_ids[..] else {
        return Err(Invalid::new(
            "scope.stairwells",
            "STAIRWELLS_WITHOUT_BUILDING",
            "may be given with exactly one building",
            "仅可与一幢同时指定",
        )
        .into());
    };
    let stairwells = homes::stairwells_of(connection, building_id).await?;
    if scope
        .stairwells
        .iter()
        .all(|stairwell| stairwells.contains(stairwell))
    {
        return Ok(());
    }
    Err(Invalid::new(
        "scope.stairwells",
        "STAIRWELL_NOT_IN_BUILDING",
        "names a stairwell that the building does not have",
        "含有该幢没有的单元",
    )
    .into())
}

/// The id after which a page begins.
///
/// # Errors
/// `PAGE_TOKEN_INVALID`.
pub(super) fn after_id<K: ids::Kind>(
    page: &rpc::Page,
    field: &'static str,
) -> Result<Option<ids::Id<K>>, Invalid> {
    let parsed = page.after.as_deref().map(|text| rpc::field::id(field, text));
    parsed.transpose().map_err(|_| token_invalid())
}

/// A token that we did not send.
pub(super) fn token_invalid() -> Invalid {
    Invalid::new(
        "pageToken",
        "PAGE_TOKEN_INVALID",
        "is not one that we sent",
        "不是本系统返回的分页标记",
    )
}
