//! Loading a table: read and checked as a whole, then recorded as a whole or not at all.

use rpc::{CallContext, General};
use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::App;
use super::tables::{Findings, Sheet, Table};
use crate::domain::refusal::Refusal;
use crate::domain::row_fault::RowError;
use crate::domain::table::TableKind;
use crate::error::AppError;

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

/// What is remembered of a file: its digest.
pub(super) fn digest<S: Serializer>(content: impl AsRef<[u8]>, serializer: S) -> Result<S::Ok, S::Error> {
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
        let (kind, content, sealer) = (command.kind, command.content.clone(), self.sealer.clone());
        // Thousands of check characters and dates: too long for the threads that answer calls.
        let read = tokio::task::spawn_blocking(move || {
            let mut findings = Findings::of(kind);
            let sheet = Sheet::read(&content, kind, &mut findings)?;
            let table = Table::read(&sheet, today, &sealer, &mut findings);
            Ok::<_, Refusal>((sheet, table, findings))
        });
        let (sheet, table, mut findings) = read.await.map_err(|error| General::Internal {
            source: Box::new(error),
        })??;

        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let changes = table.compare(&tx, self, &mut findings).await?;
        if findings.has_errors() || command.dry_run {
            return Ok(findings.report(0, &sheet));
        }
        let recorded = changes.rows();
        self.record_changes(&mut tx, ctx, changes).await?;
        let report = findings.report(recorded, &sheet);
        tx.remember(ctx, &command, <&str>::from(command.kind), &report)
            .await?;
        tx.count_registers(recorded).await?;
        tx.commit().await?;
        Ok(report)
    }
}
