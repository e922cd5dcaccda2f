//! Going on with an import: one step of it, in a transaction of its own.

use ids::ImportId;
use rpc::{CallContext, General};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::portion::Portion;
use super::reading;
use crate::app::App;
use crate::app::tables::{Findings, Sheet, Table};
use crate::domain::import::{Counts, Failure, Import, Pass, Staged, State, Target};
use crate::domain::refusal::Refusal;
use crate::domain::row_fault::RowError;
use crate::error::AppError;
use crate::store::{Tx, imports};

/// Name of the deadline at which an import goes on.
pub const RUN_IMPORT: &str = "run_import";
/// Portions that wait to be written while the file is read.
const PORTIONS_AHEAD: usize = 2;
/// Most rows of a workbook: all of it is one transaction.
const WORKBOOK_ROWS_MAX: u32 = 50_000;

/// What became of some portions.
#[derive(Default)]
struct Outcome {
    portions: u32,
    rows: u32,
    counts: Counts,
    errors: Vec<RowError>,
}

impl App {
    /// The deadline of an import: takes its next step and sets the next deadline, until it has ended.
    ///
    /// # Errors
    /// Where the store does not answer or somebody else changed the same; the deadline is then tried again.
    pub async fn run_import(&self, ctx: &CallContext, import_id: ImportId) -> Result<(), AppError> {
        let Some(import) = imports::find(self.store.reader(), import_id).await? else {
            return Ok(());
        };
        match import.state {
            State::Reading => self.read_file(ctx, import).await,
            State::Running { pass, next, .. } => self.handle_portions(ctx, import, pass, next).await,
            State::Uploading { .. }
            | State::Finished
            | State::Refused
            | State::Failed(_)
            | State::Cancelled => {
                let tx = self.store.begin_write().await?;
                tx.first_time(ctx).await?;
                Ok(tx.commit().await?)
            }
        }
    }

    /// Reads the file into portions. They are written one by one as they come, so neither memory nor a transaction
    /// grows with the file; whoever reads it again after a crash writes the same ones.
    async fn read_file(&self, ctx: &CallContext, import: Import) -> Result<(), AppError> {
        let read = self.stage(&import).await?;
        let now = self.clock.now();
        let mut tx = self.store.begin_write().await?;
        if !tx.first_time(ctx).await? {
            return Ok(());
        }
        let too_many = import.request.target == Target::Workbook
            && read.as_ref().is_ok_and(|staged| staged.rows > WORKBOOK_ROWS_MAX);
        let read = if too_many {
            Err(super::portion::too_large())
        } else {
            read
        };
        let after = match read {
            Ok(staged) => import.staged(staged, now),
            Err(refusal) => {
                tx.delete_portions(import.id).await?;
                import.failed(failure(&refusal), now)
            }
        };
        tx.delete_parts(import.id).await?;
        self.save_import(&mut tx, ctx, &after).await?;
        if !after.is_ended() {
            tx.schedule(ctx, RUN_IMPORT, after.id, now).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn stage(&self, import: &Import) -> Result<Result<Staged, Refusal>, AppError> {
        let request = &import.request;
        let file = imports::file(self.store.reader(), &self.sealer, import.id, request.file_size).await?;
        let (give, mut portions) = mpsc::channel::<Portion>(PORTIONS_AHEAD);
        let request = request.clone();
        let reading = tokio::task::spawn_blocking(move || {
            if hex::encode(Sha256::digest(&file)) != request.sha256 {
                return Err(Refusal::FileDigestWrong);
            }
            reading::read(file, &request, &mut |portion| {
                // The other side left only because the store does not answer: it will say so.
                give.blocking_send(portion).map_err(|_| Refusal::TableFileBroken)
            })
        });
        let mut place = 0;
        while let Some(portion) = portions.recv().await {
            let content = serde_json::to_vec(&portion).map_err(db::StoreError::from)?;
            let tx = self.store.begin_write().await?;
            tx.put_portion(&self.sealer, import.id, place, &content).await?;
            tx.commit().await?;
            place += 1;
        }
        reading.await.map_err(internal)
    }

    /// Handles the next portion, or all of a workbook: its later sheets speak of what its earlier ones record.
    async fn handle_portions(
        &self,
        ctx: &CallContext,
        import: Import,
        pass: Pass,
        next: u32,
    ) -> Result<(), AppError> {
        let places = match import.request.target {
            Target::Table(_) => next..next + 1,
            Target::Workbook => 0..import.portions,
        };
        let mut tx = self.store.begin_write().await?;
        if !tx.first_time(ctx).await? {
            return Ok(());
        }
        let mut outcome = Outcome::default();
        for place in places {
            let content = imports::portion(tx.connection(), &self.sealer, import.id, place).await?;
            let records = pass == Pass::Recording || import.request.target == Target::Workbook;
            self.handle_portion(&mut tx, ctx, content, records, &mut outcome)
                .await?;
        }
        if pass == Pass::Checking {
            outcome.counts.recorded = 0;
            if import.request.target == Target::Workbook {
                // What was recorded only let the later sheets be checked.
                tx.roll_back().await?;
                tx = self.store.begin_write().await?;
                tx.first_time(ctx).await?;
            }
        }
        let now = self.clock.now();
        let after = import.handled(outcome.portions, outcome.rows, outcome.counts, now)?;
        tx.insert_errors(import.id, &outcome.errors).await?;
        self.save_import(&mut tx, ctx, &after).await?;
        if after.is_ended() {
            tx.delete_portions(import.id).await?;
            tx.count_registers(after.counts.recorded).await?;
        } else {
            tx.schedule(ctx, RUN_IMPORT, after.id, now).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn handle_portion(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        content: Vec<u8>,
        records: bool,
        outcome: &mut Outcome,
    ) -> Result<(), AppError> {
        let (today, sealer) = (self.today(), self.sealer.clone());
        // Thousands of check characters and dates: too long for the threads that answer calls.
        let read = tokio::task::spawn_blocking(move || {
            let portion: Portion = serde_json::from_slice(&content)?;
            let rows = portion.len();
            // Where errors are found while it records, the right rows are recorded beside them.
            let mut findings = Findings::of(portion.kind).leniently(records);
            let sheet = portion.into_sheet(&mut findings);
            let table = Table::read(&sheet, today, &sealer, &mut findings);
            Ok::<_, serde_json::Error>((rows, sheet, table, findings))
        });
        let (rows, sheet, table, mut findings): (u32, Sheet, Table, Findings) =
            read.await.map_err(internal)?.map_err(db::StoreError::from)?;
        let changes = table.compare(tx, self, &mut findings).await?;
        if records {
            outcome.counts.recorded += changes.rows();
            self.record_changes(tx, ctx, changes).await?;
        }
        outcome.portions += 1;
        outcome.rows += rows;
        outcome.counts.unchanged += findings.unchanged_rows();
        outcome.counts.wrong += findings.wrong_rows();
        outcome.errors.extend(findings.into_errors(&sheet));
        Ok(())
    }
}

fn internal(error: tokio::task::JoinError) -> AppError {
    General::Internal {
        source: Box::new(error),
    }
    .into()
}

fn failure(refusal: &Refusal) -> Failure {
    Failure {
        reason: refusal.reason().to_owned(),
        zh: refusal.zh(),
        en: refusal.to_string(),
    }
}
