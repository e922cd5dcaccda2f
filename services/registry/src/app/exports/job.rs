//! Writing a file: rows from the snapshot to a thread that writes, the look recorded, then the bytes away.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ids::{AreaId, BuildingId, OwnerId};
use rpc::CallContext;
use std::fs::File;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tracing::Instrument;

use super::pieces::{self, BUFFER, Pieces, internal};
use super::reader::{Owners, Reader, Sink, Source, Stop};
use super::{FileFormat, FileStream, Titles, writer};
use crate::app::App;
use crate::domain::export_look::{ExportLook, Shown};
use crate::domain::table::TableKind;
use crate::error::AppError;
use crate::store::Snapshot;

/// Batches of rows that wait for the thread that writes.
const BATCHES: usize = 4;

/// A file to write.
pub(super) struct Job {
    /// What is read.
    pub(super) snapshot: Snapshot,
    /// Given back when the file is written.
    pub(super) turn: OwnedSemaphorePermit,
    /// Where the rows come from.
    pub(super) source: Source,
    /// Which tables, in this order.
    pub(super) sheets: Vec<TableKind>,
    /// How owners are named.
    pub(super) owners: Owners,
    /// How it is written.
    pub(super) format: FileFormat,
    /// What the columns are called.
    pub(super) titles: Titles,
    /// The file's name without its extension.
    pub(super) stem: String,
    /// That owners are taken away in clear, to be recorded.
    pub(super) look: Option<Look>,
}

/// Owners of an area in clear, and why.
pub(super) struct Look {
    pub(super) area_id: AreaId,
    /// Only of this building.
    pub(super) building_id: Option<BuildingId>,
    pub(super) reason: String,
}

/// Whom a file names.
struct Named {
    /// Rows that name an owner.
    rows: i64,
    /// Whether every owner of its place is among them.
    names_owners: bool,
    people: BTreeMap<OwnerId, Shown>,
}

impl Named {
    /// Those of whom the ownerships alone do not say what is shown.
    fn beside_owners(self) -> BTreeMap<OwnerId, Shown> {
        let mut people = self.people;
        if self.names_owners {
            // A name beside the ownerships is that of somebody who acts for an owner.
            people.retain(|_, shown| shown.name || shown.mobile);
            for shown in people.values_mut() {
                *shown = shown.and(Shown::OWNER);
            }
        }
        people
    }
}

impl App {
    /// Writes the file and sends it. Ends with the stream: a reader that leaves stops the writing too.
    pub(super) fn send_file(&self, ctx: &CallContext, job: Job) -> FileStream {
        let (pieces, stream) = mpsc::channel(BUFFER);
        let (app, ctx, now) = (self.clone(), ctx.clone(), self.clock.now());
        let (name, content_type) = (job.format.name(&job.stem), job.format.content_type());
        let run = async move {
            match app.write_file(&ctx, job, now, &pieces).await {
                Ok(Some(file)) => pieces::send(file, name, content_type, &pieces).await,
                Ok(None) => tracing::debug!("a file was given up by its reader"),
                Err(error) => {
                    let _ = pieces.send(Err(error)).await; // a reader that left needs no error
                }
            }
        };
        tokio::spawn(run.in_current_span());
        ReceiverStream::new(stream)
    }

    /// The written file, at its beginning; none where the reader left.
    async fn write_file(
        &self,
        ctx: &CallContext,
        job: Job,
        now: DateTime<Utc>,
        pieces: &Pieces,
    ) -> Result<Option<File>, AppError> {
        let Job {
            snapshot,
            turn,
            source,
            sheets,
            owners,
            format,
            titles,
            stem: _,
            look,
        } = job;
        let (batches, receiver) = mpsc::channel(BATCHES);
        let kinds = sheets.clone();
        let writing = tokio::task::spawn_blocking(move || writer::write(&kinds, format, titles, receiver));
        let reader = Reader {
            snapshot: &snapshot,
            sealer: &self.sealer,
            source: &source,
            owners,
            today: self.today(),
            is_whole: sheets.len() > 1,
        };
        let mut sink = Sink::new(batches, pieces);
        let fed = reader.feed(&sheets, &mut sink).await;
        let (rows, people) = sink.named();
        let names_owners = sheets.contains(&TableKind::Ownerships);
        let written = writing.await.map_err(internal)?;
        drop(snapshot);
        drop(turn);
        let file = match (fed, written) {
            (Err(Stop::Failed(error)), _) | (_, Err(error)) => return Err(error),
            (Err(Stop::Closed), Ok(_)) => return Ok(None),
            (Ok(()), Ok(file)) => file,
        };
        if let Some(look) = look {
            let named = Named {
                rows,
                names_owners,
                people,
            };
            self.record_export(ctx, look, named, now).await?;
        }
        Ok(Some(file))
    }

    /// Records that owners are about to leave in clear.
    async fn record_export(
        &self,
        ctx: &CallContext,
        look: Look,
        named: Named,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let tx = self.store.begin_write().await?;
        let look = ExportLook {
            area_id: look.area_id,
            building_id: look.building_id,
            looked_at: now,
            subject: ctx.actor.subject.clone(),
            role: ctx.actor.acting_role().to_owned(),
            action: ctx.action.to_owned(),
            reason: look.reason,
            rows: named.rows,
            trace_parent: ctx.trace_parent.clone(),
            names_owners: named.names_owners,
            people: named.beside_owners(),
        };
        tx.insert_export_look(&look).await?;
        tx.commit().await?;
        Ok(())
    }
}
