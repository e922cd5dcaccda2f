//! The roll (表决名册) of a scope as of a day, streamed from one snapshot of the database.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rpc::{CallContext, General};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tracing::Instrument;

use super::{Book, Depth, Page, Trouble};
use crate::app::App;
use crate::domain::refusal::Refusal;
use crate::domain::roll::{RollEntry, Scope};
use crate::error::AppError;
use crate::store::Snapshot;

/// Entries that wait for a slow reader; beyond them the database waits too.
const BUFFER: usize = 256;
/// Entries kept from the check: a roll of so many homes is read once only, a larger one again while it is sent.
const KEPT_MAX: usize = 20_000;
/// A reader that takes nothing for so long is gone: its snapshot is given back.
const STALLED_AFTER: Duration = Duration::from_secs(30);

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

type Entries = mpsc::Sender<Result<RollEntry, AppError>>;

impl App {
    /// The roll, an entry per home in the order of unit numbers. It is checked as a whole before the first entry, so a
    /// refusal never comes in the middle; what follows comes from the same snapshot.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `NOT_ALLOWED`, `ROLL_EMPTY`, `ROLL_NOT_READY`; a building of another area, a stairwell that the
    /// building has not or a home outside of both is an invalid scope.
    pub async fn stream_roll(&self, ctx: &CallContext, query: StreamRoll) -> Result<RollStream, AppError> {
        let day = calendar::today(query.as_of.unwrap_or_else(|| self.clock.now()));
        let snapshot = self.store.begin_read().await?;
        let (area, resource) = self.area_for(&snapshot, ctx, query.scope.area_id).await?;
        ctx.permit(&self.access, &resource, || Refusal::AreaNotFound)?;
        let mut book = self
            .open_book(&snapshot, area, query.scope, day, Depth::Blockers)
            .await?;
        let kept = check(&mut book, &snapshot).await?;
        let (entries, stream) = mpsc::channel(BUFFER);
        // Ends with the stream: a reader that leaves closes the channel, one that stalls is given up.
        let send = async move {
            match kept {
                Some(kept) => {
                    // The database is not kept waiting for the reader.
                    drop(snapshot);
                    send_all(&entries, kept).await;
                }
                None => send_pages(book, snapshot, &entries).await,
            }
        };
        tokio::spawn(send.in_current_span());
        Ok(ReceiverStream::new(stream))
    }
}

/// Refuses a roll on which nobody stands, or on which a home cannot be counted; keeps the entries of one that is not large.
async fn check(book: &mut Book, snapshot: &Snapshot) -> Result<Option<Vec<RollEntry>>, AppError> {
    let mut after = None;
    let mut trouble = Trouble::default();
    let (mut homes, mut kept) = (0, Some(Vec::new()));
    while let Some(Page { findings, last }) = book.page(snapshot, after.as_deref()).await? {
        homes += findings.len();
        for (home, finding) in findings {
            trouble.add(&home, &finding, book.strictness());
            if let (Some(kept), Some(entry)) = (&mut kept, finding.entry) {
                kept.push(entry);
            }
        }
        if homes > KEPT_MAX || trouble.is_some() {
            kept = None;
        }
        after = Some(last);
    }
    trouble.check(homes)?;
    Ok(kept)
}

/// Sends entries; false where nobody takes them any more.
async fn send_all(entries: &Entries, kept: Vec<RollEntry>) -> bool {
    for entry in kept {
        if entries.send_timeout(Ok(entry), STALLED_AFTER).await.is_err() {
            tracing::debug!("a roll was not read to its end");
            return false;
        }
    }
    true
}

async fn send_pages(mut book: Book, snapshot: Snapshot, entries: &Entries) {
    let mut after = None;
    loop {
        let page = match book.page(&snapshot, after.as_deref()).await {
            Ok(Some(page)) => page,
            Ok(None) => return,
            Err(error) => {
                let _ = entries.send(Err(error.into())).await; // a reader that left needs no error
                return;
            }
        };
        let found: Option<Vec<RollEntry>> = page
            .findings
            .into_iter()
            .map(|(_, finding)| finding.entry)
            .collect();
        let Some(found) = found else {
            let error = General::Internal {
                source: "the snapshot changed under the roll".into(),
            };
            let _ = entries.send(Err(error.into())).await; // a reader that left needs no error
            return;
        };
        if !send_all(entries, found).await {
            return;
        }
        after = Some(page.last);
    }
}
