//! What is wrong in the file of an import, as a file: a row an error, so that whoever mends the table has it beside it.

use std::fs::File;

use ids::ImportId;
use rpc::CallContext;
use rust_xlsxwriter::{RowNum, Workbook};

use super::pieces::{self, internal};
use super::reader::Row;
use super::writer::{CsvTable, as_text, numbered, save};
use super::{FileFormat, FileStream, Titles};
use crate::app::App;
use crate::domain::import::refusal::Refusal;
use crate::domain::row_fault::RowError;
use crate::error::AppError;
use crate::store::imports;

/// Name of the sheet.
const SHEET: &str = "导入错误";
/// The columns, for people and for programs.
const COLUMNS: [(&str, &str); 7] = [
    ("工作表", "sheet"),
    ("行号", "line"),
    ("列", "column"),
    ("单元格内容", "value"),
    ("原因代码", "reason"),
    ("问题与处理办法", "message_zh"),
    ("Problem and cure", "message_en"),
];
/// How wide they are.
const WIDTHS: [u32; 7] = [110, 60, 130, 200, 200, 460, 460];
/// Errors read at one time.
const PER_PAGE: u64 = 1_000;

/// Which report to write.
#[derive(Debug, Clone, Copy)]
pub struct DownloadImportReport {
    /// Of which import.
    pub import_id: ImportId,
    /// How it is written.
    pub format: FileFormat,
    /// What the columns are called.
    pub titles: Titles,
}

impl App {
    /// All errors that are kept of an import, in the order in which they were found; with the first row only where there
    /// are none.
    ///
    /// # Errors
    /// `NOT_ALLOWED`, `IMPORT_NOT_FOUND`.
    pub async fn download_import_report(
        &self,
        ctx: &CallContext,
        query: DownloadImportReport,
    ) -> Result<FileStream, AppError> {
        self.permit_city(ctx)?;
        let DownloadImportReport {
            import_id,
            format,
            titles,
        } = query;
        let turn = self.turn().await?;
        let snapshot = self.store.begin_read().await?;
        let import = imports::find(&snapshot, import_id).await?;
        import.ok_or(Refusal::ImportNotFound)?;
        // No more than `imports::ERRORS_KEPT` small rows.
        let mut rows = Vec::new();
        let mut after = Some(0);
        while let Some(place) = after {
            let page = imports::errors(&snapshot, import_id, place, PER_PAGE).await?;
            after = page.last().map(|(place, _)| *place);
            rows.extend(page.into_iter().map(|(_, error)| row(error, titles)));
        }
        drop(snapshot);
        let made = tokio::task::spawn_blocking(move || write(rows, format, titles)).await;
        let file = made.map_err(internal)??;
        drop(turn);
        let stem = format!("{SHEET}-{import_id}");
        Ok(pieces::stream_of(file, format.name(&stem), format.content_type()))
    }
}

fn row(error: RowError, titles: Titles) -> Row {
    let (sheet, column) = match titles {
        Titles::Chinese => {
            let column = error.sheet.column(&error.column);
            let column = column.map_or(error.column, |column| column.zh.to_owned());
            (error.sheet.zh(), column)
        }
        Titles::Names => (error.sheet.into(), error.column),
    };
    vec![
        sheet.to_owned(),
        error.line.to_string(),
        column,
        error.value,
        error.reason,
        error.zh,
        error.en,
    ]
}

fn write(mut rows: Vec<Row>, format: FileFormat, titles: Titles) -> Result<File, AppError> {
    let header: Row = COLUMNS
        .iter()
        .map(|(zh, name)| match titles {
            Titles::Chinese => *zh,
            Titles::Names => *name,
        })
        .map(str::to_owned)
        .collect();
    match format {
        FileFormat::Xlsx => workbook(&header, &rows),
        FileFormat::CsvUtf8 | FileFormat::CsvGb18030 => {
            for cell in rows.iter_mut().flatten() {
                disarm(cell);
            }
            let mut table = CsvTable::with_header(header, format == FileFormat::CsvGb18030)?;
            table.rows(&rows)?;
            table.end()
        }
    }
}

/// Keeps a spreadsheet from running what a wrong cell holds: it takes a CSV's cell that begins so as a formula.
fn disarm(cell: &mut String) {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        cell.insert(0, '\'');
    }
}

fn workbook(header: &Row, rows: &[Row]) -> Result<File, AppError> {
    let mut workbook = Workbook::new();
    let (text, bold) = (as_text(), as_text().set_bold());
    let sheet = workbook
        .add_worksheet_with_constant_memory()
        .and_then(|sheet| sheet.set_name(SHEET))
        .and_then(|sheet| sheet.set_freeze_panes(1, 0))
        .map_err(internal)?;
    for ((at, title), width) in numbered(header).zip(WIDTHS) {
        sheet
            .set_column_width_pixels(at, width)
            .and_then(|sheet| sheet.set_column_format(at, &text))
            .and_then(|sheet| sheet.write_string_with_format(0, at, title, &bold))
            .map_err(internal)?;
    }
    for (line, row) in (1..).zip(rows) {
        for (at, cell) in numbered(row) {
            let line: RowNum = line;
            sheet
                .write_string_with_format(line, at, cell, &text)
                .map_err(internal)?;
        }
    }
    save(workbook)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_cell_that_is_a_formula_stays_a_text_in_a_csv() {
        let mut cells = ["=HYPERLINK(\"x\")", "@SUM(A1)", "-1", "3-1502", ""].map(str::to_owned);
        cells.iter_mut().for_each(disarm);
        assert_eq!(cells, ["'=HYPERLINK(\"x\")", "'@SUM(A1)", "'-1", "3-1502", ""]);
    }
}
