//! The roll (表决名册) of a scope as of a day, streamed from one snapshot of the database.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use db::StoreError;
use rpc::field::Invalid;
use rpc::{CallContext, General};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tracing::Instrument;

use super::App;
use crate::domain::area::Area;
use crate::domain::refusal::Refusal;
use crate::domain::roll::{self, NotReady, RollEntry, Scope};
use crate::error::AppError;
use crate::store::{Readable, Snapshot, buildings, home_areas, homes, ownerships};

/// Homes read at a time.
const HOMES_PER_PAGE: u64 = 500;
/// Entries that wait for a slow reader; beyond them the database waits too.
const BUFFER: usize = 64;
/// A reader that takes nothing for so long is gone: its snapshot is given back.
const STALLED_AFTER: Duration = Duration::from_secs(30);
/// Rooms named in a refusal.
const ROOMS_NAMED: usize = 5;

/// Which roll to stream.
#[derive(Debug, Clone)]
pub struct StreamRoll {
    /// The homes concerned.
    pub scope: Scope,
    /// As of this time; now where absent.
    pub as_of: Option<DateTime<Utc>>,
}

/// Entries of a roll, as they are read.
pub type RollStream = ReceiverStream<Result<RollEntry, AppError>>;

impl App {
    /// The roll, an entry per home in the order of unit numbers. It is checked as a whole before the first entry, so a
    /// refusal never comes in the middle; what follows comes from the same snapshot.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `NOT_ALLOWED`, `ROLL_EMPTY`, `ROLL_NOT_READY`; a building of another area or a stairwell that
    /// the building has not is an invalid scope.
    pub async fn stream_roll(&self, ctx: &CallContext, query: StreamRoll) -> Result<RollStream, AppError> {
        let day = calendar::today(query.as_of.unwrap_or_else(|| self.clock.now()));
        let snapshot = self.store.begin_read().await?;
        let (area, resource) = self.area_for(&snapshot, ctx, query.scope.area_id).await?;
        ctx.permit(&self.access, &resource, || Refusal::AreaNotFound)?;
        check_scope(&snapshot, &query.scope).await?;
        let reader = Reader {
            snapshot,
            area,
            scope: query.scope,
            day,
        };
        reader.check().await?;
        let (entries, stream) = mpsc::channel(BUFFER);
        // Ends with the stream: a reader that leaves closes the channel, one that stalls is given up.
        tokio::spawn(async move { reader.send(entries).await }.in_current_span());
        Ok(ReceiverStream::new(stream))
    }
}

/// Refuses a scope that names what the area does not have: a roll of fewer homes than meant would count wrongly.
async fn check_scope(connection: &impl Readable, scope: &Scope) -> Result<(), AppError> {
    let known = buildings::find_many(connection, &scope.building_ids).await?;
    let all_here = scope
        .building_ids
        .iter()
        .all(|id| known.get(id).is_some_and(|b| b.area_id == scope.area_id));
    if !all_here {
        return Err(Invalid::new(
            "scope.buildingIds",
            "BUILDING_NOT_IN_AREA",
            "names a building that the area does not have",
            "含有不属于该区域的幢",
        )
        .into());
    }
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

/// One snapshot, read home by home.
struct Reader {
    snapshot: Snapshot,
    area: Area,
    scope: Scope,
    day: NaiveDate,
}

impl Reader {
    /// The entries of the next homes with their doors, and the last unit number; `None` at the end.
    async fn page(&self, after: Option<&str>) -> Result<Option<Page>, StoreError> {
        let mut found = homes::list_in_scope(&self.snapshot, &self.scope, after, HOMES_PER_PAGE).await?;
        let Some(last) = found.last().map(|home| home.unit_number.to_string()) else {
            return Ok(None);
        };
        let ids: Vec<_> = found.iter().map(|home| home.id).collect();
        let held = ownerships::on_day(&self.snapshot, &ids, self.day).await?;
        // A correction counts from its day on: before it the area stands as it was then.
        let corrected = home_areas::on_day(&self.snapshot, &ids, self.day).await?;
        for home in &mut found {
            if let Some(area) = corrected.get(&home.id) {
                home.exclusive_area = *area;
            }
        }
        let entries = found
            .iter()
            .map(|home| {
                (
                    home.door(),
                    roll::entry(home, held.get(&home.id), &self.area, self.day),
                )
            })
            .collect();
        Ok(Some(Page { entries, last }))
    }

    /// Refuses a roll on which nobody stands, or on which a home cannot be counted.
    async fn check(&self) -> Result<(), AppError> {
        let mut after = None;
        let mut trouble: Option<(NotReady, usize, Vec<String>)> = None;
        while let Some(page) = self.page(after.as_deref()).await? {
            for (door, entry) in page.entries {
                let Err(cause) = entry else { continue };
                let (first, homes, rooms) = trouble.get_or_insert((cause, 0, Vec::new()));
                // One cause at a time: the cure of the next is told when this one is done.
                if *first == cause {
                    *homes += 1;
                    if rooms.len() < ROOMS_NAMED {
                        rooms.push(door);
                    }
                }
            }
            after = Some(page.last);
        }
        if let Some((cause, homes, rooms)) = trouble {
            return Err(Refusal::RollNotReady { cause, homes, rooms }.into());
        }
        if after.is_none() {
            return Err(Refusal::RollEmpty.into());
        }
        Ok(())
    }

    async fn send(self, entries: mpsc::Sender<Result<RollEntry, AppError>>) {
        let mut after = None;
        loop {
            let page = match self.page(after.as_deref()).await {
                Ok(Some(page)) => page,
                Ok(None) => return,
                Err(error) => {
                    let _ = entries.send(Err(error.into())).await; // a reader that left needs no error
                    return;
                }
            };
            for (_, entry) in page.entries {
                let entry = entry.map_err(|_| {
                    AppError::General(General::Internal {
                        source: "the snapshot changed under the roll".into(),
                    })
                });
                if entries.send_timeout(entry, STALLED_AFTER).await.is_err() {
                    tracing::debug!("a roll was not read to its end");
                    return;
                }
            }
            after = Some(page.last);
        }
    }
}

struct Page {
    entries: Vec<(String, Result<RollEntry, NotReady>)>,
    last: String,
}
