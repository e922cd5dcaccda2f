//! Loading a table: read and checked as a whole, then recorded as a whole or not at all.

mod areas;
mod buildings;
mod cells;
mod findings;
mod firms;
mod homes;
mod ownerships;
mod record;
mod sheet;

use chrono::NaiveDate;
use rpc::{CallContext, General};
use sealing::Sealer;
use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::App;
use super::examine_set_up::EXAMINE_SET_UP;
use crate::domain::refusal::Refusal;
use crate::domain::row_fault::RowError;
use crate::error::AppError;
use crate::store::Tx;
use findings::Findings;
use record::Changes;
use sheet::Sheet;

/// What a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum TableKind {
    /// Firms.
    Firms,
    /// Areas.
    Areas,
    /// Buildings.
    Buildings,
    /// Homes.
    Homes,
    /// Ownerships, a row per home and owner.
    Ownerships,
}

/// A table to load.
#[derive(Clone, Serialize)]
pub struct ImportTable {
    /// What it holds.
    pub kind: TableKind,
    /// The CSV; recognised again by its digest, and never kept, because it may hold personal data.
    #[serde(serialize_with = "digest")]
    pub content: Vec<u8>,
    /// True to check only and change nothing.
    pub dry_run: bool,
}

fn digest<S: Serializer>(content: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&hex::encode(Sha256::digest(content)))
}

/// What became of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// Rows read, the header not counted.
    pub rows: u32,
    /// Rows recorded now; none in a dry run or where there is an error.
    pub recorded: u32,
    /// Rows that stood already.
    pub unchanged: u32,
    /// What is wrong, the first 100 by line; where there is one, nothing was recorded.
    pub errors: Vec<RowError>,
    /// How many rows are wrong.
    pub error_count: u32,
}

impl App {
    /// Checks a table and, where every row holds, records those that do not stand already, in one transaction.
    ///
    /// A report with errors and a dry run change nothing and are not remembered: the same key may carry the mended
    /// table.
    ///
    /// # Errors
    /// `NOT_ALLOWED`, `TABLE_COLUMN_MISSING`, `TABLE_COLUMN_UNKNOWN`, `TABLE_ENCODING_UNKNOWN`, `TABLE_TOO_LARGE`,
    /// `TABLE_EMPTY`; `CONFLICT` where another import records the same at the same moment.
    pub async fn import_table(
        &self,
        ctx: &CallContext,
        command: ImportTable,
    ) -> Result<ImportReport, AppError> {
        self.permit_city(ctx)?;
        let today = self.today();
        let (read, sealer) = (command.clone(), self.sealer.clone());
        // Thousands of check characters and dates: too long for the threads that answer calls.
        let (table, mut findings) = tokio::task::spawn_blocking(move || Table::read(&read, today, &sealer))
            .await
            .map_err(|error| General::Internal {
                source: Box::new(error),
            })??;

        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let changes = table.compare(&tx, &self.sealer, &mut findings).await?;
        if findings.has_errors() || command.dry_run {
            return Ok(findings.report(0));
        }
        let recorded = changes.rows();
        let touched = changes.areas_with_new_homes();
        changes.record(&mut tx, ctx, &self.sealer).await?;
        // Tomorrow, when the whole city may be there: half an area loaded would look handed over too soon.
        for area_id in touched {
            tx.unschedule(EXAMINE_SET_UP, area_id).await?;
            let tomorrow = calendar::end_of_day(today);
            tx.schedule(ctx, EXAMINE_SET_UP, area_id, tomorrow).await?;
        }
        let report = findings.report(recorded);
        tx.remember(ctx, &command, <&str>::from(command.kind), &report)
            .await?;
        tx.commit().await?;
        Ok(report)
    }
}

/// A table whose rows were read.
enum Table {
    Firms(Vec<firms::Row>),
    Areas(Vec<areas::Row>),
    Buildings(Vec<buildings::Row>),
    Homes(Vec<homes::Row>),
    Ownerships(Vec<ownerships::Row>),
}

impl Table {
    /// Reads every row that can be read, and notes what is wrong with the others.
    fn read(command: &ImportTable, today: NaiveDate, sealer: &Sealer) -> Result<(Table, Findings), Refusal> {
        let columns = match command.kind {
            TableKind::Firms => firms::COLUMNS,
            TableKind::Areas => areas::COLUMNS,
            TableKind::Buildings => buildings::COLUMNS,
            TableKind::Homes => homes::COLUMNS,
            TableKind::Ownerships => ownerships::COLUMNS,
        };
        let mut findings = Findings::default();
        let sheet = Sheet::read(&command.content, columns, &mut findings)?;
        let table = match command.kind {
            TableKind::Firms => Table::Firms(firms::read(&sheet, &mut findings)),
            TableKind::Areas => Table::Areas(areas::read(&sheet, &mut findings)),
            TableKind::Buildings => Table::Buildings(buildings::read(&sheet, &mut findings)),
            TableKind::Homes => Table::Homes(homes::read(&sheet, today, &mut findings)),
            TableKind::Ownerships => {
                Table::Ownerships(ownerships::read(&sheet, today, sealer, &mut findings))
            }
        };
        Ok((table, findings))
    }

    /// Compares the rows with what stands: what is new comes back, the rest is counted or noted as wrong.
    async fn compare(self, tx: &Tx, sealer: &Sealer, findings: &mut Findings) -> Result<Changes, AppError> {
        Ok(match self {
            Table::Firms(rows) => firms::compare(tx, rows, findings).await?,
            Table::Areas(rows) => areas::compare(tx, rows, findings).await?,
            Table::Buildings(rows) => buildings::compare(tx, rows, findings).await?,
            Table::Homes(rows) => homes::compare(tx, rows, findings).await?,
            Table::Ownerships(rows) => ownerships::compare(tx, sealer, rows, findings).await?,
        })
    }
}
