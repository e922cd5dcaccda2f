//! Files of the registers (导出): lists, whole areas, and empty tables to fill in.
//!
//! A file is written as a whole from one snapshot before its first byte leaves: so a refusal never comes in the middle,
//! a slow reader holds no snapshot, and who took owners in clear stands recorded before anybody has them.

pub mod export_area;
pub mod export_boundaries;
pub mod export_table;
pub mod get_template;
mod guide;
pub mod import_report;
mod job;
mod pieces;
mod reader;
mod template;
mod writer;

use std::time::Duration;

use rpc::field::Invalid;
use rpc::{CallContext, General};
use tokio::sync::OwnedSemaphorePermit;
use tokio_stream::wrappers::ReceiverStream;

use super::App;
use crate::error::AppError;

/// Files written at one time: each holds a snapshot of the database and a thread, and there may be no more than four
/// connections.
pub(super) const AT_ONCE: usize = 2;
/// How long a caller waits for a turn: shorter than any caller's patience.
const TURN_WITHIN: Duration = Duration::from_secs(5);
/// Under this action owners may be taken away in clear.
const OWNERS_IN_CLEAR: &str = "registry.ExportArea";

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// A workbook.
    Xlsx,
    /// CSV in UTF-8 with mark.
    CsvUtf8,
    /// CSV in GB18030.
    CsvGb18030,
}

impl FileFormat {
    /// Media type.
    fn content_type(self) -> &'static str {
        match self {
            FileFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            FileFormat::CsvUtf8 => "text/csv; charset=utf-8",
            FileFormat::CsvGb18030 => "text/csv; charset=gb18030",
        }
    }

    /// A file name with its extension.
    fn name(self, stem: &str) -> String {
        match self {
            FileFormat::Xlsx => format!("{stem}.xlsx"),
            FileFormat::CsvUtf8 | FileFormat::CsvGb18030 => format!("{stem}.csv"),
        }
    }
}

/// What columns are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Titles {
    /// `不动产单元号`.
    Chinese,
    /// `unit_number`.
    Names,
}

/// A piece of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePiece {
    /// Name to save it under; in the first piece only.
    pub file_name: String,
    /// Media type; in the first piece only.
    pub content_type: &'static str,
    /// The bytes.
    pub content: Vec<u8>,
}

/// The pieces of a file.
pub type FileStream = ReceiverStream<Result<FilePiece, AppError>>;

impl App {
    /// A turn to write a file; `UNAVAILABLE` where too many are written just now.
    async fn turn(&self) -> Result<OwnedSemaphorePermit, AppError> {
        let turn = self.exports.clone().acquire_owned();
        let busy = |source: Box<dyn std::error::Error + Send + Sync>| General::Unavailable {
            what: "exports",
            source,
        };
        let turn = tokio::time::timeout(TURN_WITHIN, turn).await;
        Ok(turn
            .map_err(|elapsed| busy(Box::new(elapsed)))?
            .map_err(|closed| busy(Box::new(closed)))?)
    }
}

/// The caller's reason; refuses with `REASON_MISSING`.
fn reason_of(ctx: &CallContext) -> Result<String, Invalid> {
    let reason = ctx.reason.as_deref().unwrap_or_default().trim();
    if reason.is_empty() {
        return Err(Invalid::new(
            "call-reason",
            "REASON_MISSING",
            "say in this header why the owners are taken away in clear",
            "请在该请求头中说明导出业主明文信息的事由",
        ));
    }
    Ok(reason.to_owned())
}
