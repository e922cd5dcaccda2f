//! Imports of files: requests read once, answers written.

use std::collections::BTreeMap;

use proto::registry::v1 as pb;
use rpc::field::{self, Invalid};

use super::table_kinds::{pb_table_kind, table_kind};
use crate::app::imports::{BeginImport, UploadPart};
use crate::domain::import::{FILE_BYTES_MAX, Import, Mode, PART_BYTES_MAX, Pass, Request, State, Target};
use crate::domain::row_fault::RowError;

/// Longest name of a file, and longest title of a column.
const NAME_LENGTH_MAX: usize = 200;
/// The last row that may hold the titles.
const HEADER_LINE_MAX: i32 = 100;
/// Digits of a SHA-256.
const DIGEST_LENGTH: usize = 64;

impl TryFrom<pb::BeginImportRequest> for BeginImport {
    type Error = Invalid;

    fn try_from(request: pb::BeginImportRequest) -> Result<Self, Invalid> {
        let target = if request.workbook {
            Target::Workbook
        } else {
            Target::Table(table_kind(request.kind)?)
        };
        let mode = mode(request.mode)?;
        let file_size = u64::try_from(request.file_size)
            .ok()
            .filter(|size| (1..=FILE_BYTES_MAX).contains(size));
        let file_size = file_size.ok_or_else(|| {
            Invalid::new(
                "fileSize",
                "FILE_SIZE_INVALID",
                format!("must be 1 to {FILE_BYTES_MAX} bytes; split a larger file"),
                format!("应为 1 至 {FILE_BYTES_MAX} 字节，更大的文件请拆分"),
            )
        })?;
        Ok(BeginImport {
            request: Request {
                target,
                mode,
                file_name: field::text(
                    "fileName",
                    &request.file_name,
                    NAME_LENGTH_MAX,
                    "FILE_NAME_MISSING",
                )?,
                file_size,
                sha256: digest(&request.sha256)?,
                titles: titles(&request.columns, target)?,
                header_line: header_line(request.header_line)?,
            },
        })
    }
}

/// Reads what is to be done with the rows; refuses with `IMPORT_MODE_MISSING`.
pub(super) fn mode(value: i32) -> Result<Mode, Invalid> {
    match pb::ImportMode::try_from(value) {
        Ok(pb::ImportMode::Check) => Ok(Mode::Check),
        Ok(pb::ImportMode::Strict) => Ok(Mode::Strict),
        Ok(pb::ImportMode::Lenient) => Ok(Mode::Lenient),
        Ok(pb::ImportMode::Unspecified) | Err(_) => Err(Invalid::new(
            "mode",
            "IMPORT_MODE_MISSING",
            "must be one of the listed values",
            "必须是所列取值之一",
        )),
    }
}

fn digest(text: &str) -> Result<String, Invalid> {
    let text = text.trim().to_ascii_lowercase();
    if text.len() == DIGEST_LENGTH && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(text);
    }
    Err(Invalid::new(
        "sha256",
        "DIGEST_MALFORMED",
        format!("must be the file's SHA-256 as {DIGEST_LENGTH} hexadecimal digits"),
        format!("应为文件 SHA-256 的 {DIGEST_LENGTH} 位十六进制数"),
    ))
}

fn header_line(line: i32) -> Result<u32, Invalid> {
    match u32::try_from(line) {
        Ok(0) => Ok(1),
        Ok(read) if line <= HEADER_LINE_MAX => Ok(read),
        _ => Err(Invalid::new(
            "headerLine",
            "HEADER_LINE_INVALID",
            format!("must be 1 to {HEADER_LINE_MAX}, or 0 for the first row"),
            format!("应为 1 至 {HEADER_LINE_MAX}，0 表示首行"),
        )),
    }
}

/// Each of our columns once, with a title of its own.
fn titles(columns: &[pb::ColumnMapping], target: Target) -> Result<BTreeMap<String, String>, Invalid> {
    let wrong = |en: String, zh: String| Invalid::new("columns", "COLUMN_MAPPING_INVALID", en, zh);
    let kind = match target {
        Target::Table(kind) => kind,
        Target::Workbook if columns.is_empty() => return Ok(BTreeMap::new()),
        Target::Workbook => {
            return Err(wrong(
                "is only for single tables; the sheets of a workbook carry our names".into(),
                "仅用于单张表；工作簿的各工作表使用系统列名".into(),
            ));
        }
    };
    let mut titles = BTreeMap::new();
    for mapping in columns {
        let name = mapping.column.trim();
        let title = field::text(
            "columns.title",
            &mapping.title,
            NAME_LENGTH_MAX,
            "COLUMN_MAPPING_INVALID",
        )?;
        if kind.column(name).is_none() {
            let names: Vec<_> = kind.columns().iter().map(|column| column.name).collect();
            return Err(wrong(
                format!("names no column of the table; there are {}", names.join(", ")),
                format!("含有该表没有的列；可用的列有 {}", names.join("、")),
            ));
        }
        if titles.values().any(|other| *other == title) || titles.insert(name.to_owned(), title).is_some() {
            return Err(wrong(
                "names a column or a title twice".into(),
                "同一列或同一标题出现了两次".into(),
            ));
        }
    }
    Ok(titles)
}

impl TryFrom<pb::UploadPartRequest> for UploadPart {
    type Error = Invalid;

    fn try_from(request: pb::UploadPartRequest) -> Result<Self, Invalid> {
        let out_of_place = |_| {
            Invalid::new(
                "offset",
                "PART_OUT_OF_PLACE",
                "must not be negative",
                "不能为负数",
            )
        };
        let length = request.content.len();
        if length == 0 || length > PART_BYTES_MAX {
            return Err(Invalid::new(
                "content",
                "PART_SIZE_INVALID",
                format!("has {length} bytes; a part has 1 to {PART_BYTES_MAX}"),
                format!("有 {length} 字节；每个分片应为 1 至 {PART_BYTES_MAX} 字节"),
            ));
        }
        Ok(UploadPart {
            import_id: field::id("importId", &request.import_id)?,
            offset: u64::try_from(request.offset).map_err(out_of_place)?,
            content: request.content,
        })
    }
}

impl From<Import> for pb::Import {
    fn from(import: Import) -> Self {
        let number = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
        let size = i64::try_from(import.request.file_size).unwrap_or(i64::MAX);
        let (state, received, rows_done) = match &import.state {
            State::Uploading { received } => {
                let received = i64::try_from(*received).unwrap_or(i64::MAX);
                (pb::ImportState::Uploading, received, 0)
            }
            State::Reading => (pb::ImportState::Reading, size, 0),
            State::Running {
                pass: Pass::Checking,
                rows_done,
                ..
            } => (pb::ImportState::Checking, size, *rows_done),
            State::Running {
                pass: Pass::Recording,
                rows_done,
                ..
            } => (pb::ImportState::Recording, size, *rows_done),
            State::Finished => (pb::ImportState::Finished, size, import.rows),
            State::Refused => (pb::ImportState::Refused, size, import.rows),
            State::Failed(_) => (pb::ImportState::Failed, size, 0),
            State::Cancelled => (pb::ImportState::Cancelled, size, 0),
        };
        let failure = match import.state {
            State::Failed(failure) => Some(pb::ImportFailure {
                reason: failure.reason,
                message_zh: failure.zh,
                message_en: failure.en,
            }),
            State::Uploading { .. }
            | State::Reading
            | State::Running { .. }
            | State::Finished
            | State::Refused
            | State::Cancelled => None,
        };
        let kind = match import.request.target {
            Target::Table(kind) => pb_table_kind(kind),
            Target::Workbook => pb::TableKind::Unspecified,
        };
        let mode = match import.request.mode {
            Mode::Check => pb::ImportMode::Check,
            Mode::Strict => pb::ImportMode::Strict,
            Mode::Lenient => pb::ImportMode::Lenient,
        };
        pb::Import {
            import_id: import.id.to_string(),
            kind: kind.into(),
            workbook: import.request.target == Target::Workbook,
            mode: mode.into(),
            file_name: import.request.file_name,
            file_size: size,
            sha256: import.request.sha256,
            state: state.into(),
            received,
            rows: number(import.rows),
            rows_done: number(rows_done),
            recorded: number(import.counts.recorded),
            unchanged: number(import.counts.unchanged),
            wrong: number(import.counts.wrong),
            ignored_columns: import.ignored_columns,
            failure,
            created_at: Some(import.created_at.into()),
            changed_at: Some(import.changed_at.into()),
            version: import.version,
        }
    }
}

impl From<RowError> for pb::RowError {
    fn from(error: RowError) -> Self {
        pb::RowError {
            line: i32::try_from(error.line).unwrap_or(i32::MAX),
            column: error.column,
            reason: error.reason,
            message_zh: error.zh,
            message_en: error.en,
            sheet: <&str>::from(error.sheet).to_owned(),
            value: error.value,
        }
    }
}
