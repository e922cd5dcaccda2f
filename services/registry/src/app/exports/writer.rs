//! The thread that writes a file: rows into a temporary file without a name, which is gone with its last handle.

use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};

use encoding_rs::GB18030;
use rpc::General;
use rpc::field::Invalid;
use rust_xlsxwriter::{ColNum, Format, RowNum, Workbook};
use tokio::sync::mpsc;

use super::pieces::internal;
use super::reader::{Batch, Row};
use super::{FileFormat, Titles};
use crate::domain::table::{Column, TableKind};
use crate::error::AppError;

/// Most rows of a sheet below its first: what the format holds.
const SHEET_ROWS_MAX: RowNum = 1_048_575;
/// How wide the columns of a sheet are.
const COLUMN_PIXELS: u32 = 170;
/// The mark at the beginning of a UTF-8 file, by which spreadsheets recognise it.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Writes the rows that come, one sheet or file for each kind; answers the file at its beginning.
///
/// # Errors
/// `EXPORT_TOO_LARGE` where a sheet cannot hold the rows; `INTERNAL` where the disk does not.
pub(super) fn write(
    kinds: &[TableKind],
    format: FileFormat,
    titles: Titles,
    mut batches: mpsc::Receiver<Batch>,
) -> Result<File, AppError> {
    match (format, kinds) {
        (FileFormat::CsvUtf8 | FileFormat::CsvGb18030, [kind, ..]) => {
            let mut table = CsvTable::begin(*kind, format == FileFormat::CsvGb18030, titles)?;
            while let Some(batch) = batches.blocking_recv() {
                table.rows(&batch.rows)?;
            }
            table.end()
        }
        _ => {
            let mut book = Book::begin(kinds, titles)?;
            while let Some(batch) = batches.blocking_recv() {
                book.rows(&batch)?;
            }
            book.end()
        }
    }
}

/// What a column is called.
pub(super) fn title(column: &Column, titles: Titles) -> &'static str {
    match titles {
        Titles::Chinese => column.zh,
        Titles::Names => column.name,
    }
}

/// An empty file without a name.
pub(super) fn unnamed() -> Result<File, AppError> {
    tempfile::tempfile().map_err(internal)
}

/// Saves a workbook into a file without a name.
pub(super) fn save(mut workbook: Workbook) -> Result<File, AppError> {
    let mut file = unnamed()?;
    workbook.save_to_writer(BufWriter::new(&file)).map_err(internal)?;
    file.rewind().map_err(internal)?;
    Ok(file)
}

/// Text: a number in a cell of another format would lose digits, and a cell that looks like a formula would be one.
pub(super) fn as_text() -> Format {
    Format::new().set_num_format("@")
}

/// A table as CSV, rows ended as spreadsheets end them.
pub(super) struct CsvTable {
    out: BufWriter<File>,
    is_gb18030: bool,
}

impl CsvTable {
    pub(super) fn begin(kind: TableKind, is_gb18030: bool, titles: Titles) -> Result<Self, AppError> {
        let header = kind
            .columns()
            .iter()
            .map(|column| title(column, titles).to_owned());
        Self::with_header(header.collect(), is_gb18030)
    }

    pub(super) fn with_header(header: Row, is_gb18030: bool) -> Result<Self, AppError> {
        let mut table = CsvTable {
            out: BufWriter::new(unnamed()?),
            is_gb18030,
        };
        if !is_gb18030 {
            table.out.write_all(MARK).map_err(internal)?;
        }
        table.rows(&[header])?;
        Ok(table)
    }

    pub(super) fn rows(&mut self, rows: &[Row]) -> Result<(), AppError> {
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        for row in rows {
            writer.write_record(row).map_err(internal)?;
        }
        let text = writer
            .into_inner()
            .map_err(|error| internal(error.into_error()))?;
        if !self.is_gb18030 {
            return self.out.write_all(&text).map_err(internal);
        }
        let text = std::str::from_utf8(&text).map_err(internal)?;
        // GB18030 has a code for every character; a lone exception would be written as a number, silently.
        let (bytes, _, lost) = GB18030.encode(text);
        if lost {
            return Err(internal(io::Error::other("a character that GB18030 has not")));
        }
        self.out.write_all(&bytes).map_err(internal)
    }

    pub(super) fn end(self) -> Result<File, AppError> {
        let mut file = self
            .out
            .into_inner()
            .map_err(|error| internal(error.into_error()))?;
        file.rewind().map_err(internal)?;
        Ok(file)
    }
}

/// A workbook with a sheet for each kind, whose rows go to files without a name as they come.
struct Book {
    workbook: Workbook,
    kinds: Vec<TableKind>,
    /// Where the next row of each sheet goes.
    next: Vec<RowNum>,
    text: Format,
}

impl Book {
    fn begin(kinds: &[TableKind], titles: Titles) -> Result<Self, AppError> {
        let mut workbook = Workbook::new();
        let text = as_text();
        let bold = as_text().set_bold();
        for kind in kinds {
            let sheet = workbook
                .add_worksheet_with_constant_memory()
                .and_then(|sheet| sheet.set_name(kind.zh()))
                .and_then(|sheet| sheet.set_freeze_panes(1, 0))
                .map_err(internal)?;
            for (at, column) in numbered(kind.columns()) {
                sheet
                    .set_column_width_pixels(at, COLUMN_PIXELS)
                    .and_then(|sheet| sheet.set_column_format(at, &text))
                    .and_then(|sheet| sheet.write_string_with_format(0, at, title(column, titles), &bold))
                    .map_err(internal)?;
            }
        }
        Ok(Book {
            workbook,
            kinds: kinds.to_vec(),
            next: vec![1; kinds.len()],
            text,
        })
    }

    fn rows(&mut self, batch: &Batch) -> Result<(), AppError> {
        let at = self.kinds.iter().position(|kind| *kind == batch.kind);
        let Some((index, next)) = at.and_then(|at| Some((at, self.next.get_mut(at)?))) else {
            return Err(internal(io::Error::other(
                "rows of a table that the file has not",
            )));
        };
        let sheet = self.workbook.worksheet_from_index(index).map_err(internal)?;
        for row in &batch.rows {
            if *next > SHEET_ROWS_MAX {
                return Err(too_large());
            }
            for (column, cell) in numbered(row) {
                if !cell.is_empty() {
                    sheet
                        .write_string_with_format(*next, column, cell, &self.text)
                        .map_err(internal)?;
                }
            }
            *next += 1;
        }
        Ok(())
    }

    fn end(self) -> Result<File, AppError> {
        save(self.workbook)
    }
}

/// With their column numbers, of which a table has a handful.
pub(super) fn numbered<T>(items: &[T]) -> impl Iterator<Item = (ColNum, &T)> {
    (0..).zip(items)
}

fn too_large() -> AppError {
    AppError::General(General::Invalid(Invalid::new(
        "format",
        "EXPORT_TOO_LARGE",
        format!("a sheet holds at most {SHEET_ROWS_MAX} rows; take CSV, or one area or division at a time"),
        format!("一个工作表最多 {SHEET_ROWS_MAX} 行，请改用 CSV，或按区域、区划分别导出"),
    )))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use rpc::Refusal;

    use super::*;

    #[test]
    fn a_sheet_that_is_full_is_refused_and_not_cut() {
        let mut book = Book::begin(&[TableKind::Firms], Titles::Names).unwrap();
        book.next = vec![SHEET_ROWS_MAX];
        let mut batch = Batch {
            kind: TableKind::Firms,
            rows: vec![vec!["1".into(), "a".into(), "PROPERTY".into()]],
        };
        book.rows(&batch).unwrap();
        let Err(AppError::General(refused)) = book.rows(&batch) else {
            panic!("a row more than a sheet holds");
        };
        assert_eq!(refused.reason(), "EXPORT_TOO_LARGE");
        batch.kind = TableKind::Homes;
        assert!(book.rows(&batch).is_err(), "a table that the file has not");
    }

    #[test]
    fn what_looks_like_a_formula_or_a_number_stays_a_text() {
        use std::io::{Cursor, Read};

        let mut book = Book::begin(&[TableKind::Firms], Titles::Names).unwrap();
        let batch = Batch {
            kind: TableKind::Firms,
            rows: vec![vec![
                "00123456789012345678".into(),
                "=HYPERLINK(\"http://x\")".into(),
                "<&>".into(),
            ]],
        };
        book.rows(&batch).unwrap();
        let mut bytes = Vec::new();
        book.end().unwrap().read_to_end(&mut bytes).unwrap();
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut sheet = String::new();
        let mut file = archive.by_name("xl/worksheets/sheet1.xml").unwrap();
        file.read_to_string(&mut sheet).unwrap();
        assert!(!sheet.contains("<f>"), "{sheet}");
        assert_eq!(sheet.matches("t=\"inlineStr\"").count(), 6, "{sheet}");
        assert!(sheet.contains("<t>00123456789012345678</t>") && sheet.contains("<t>&lt;&amp;&gt;</t>"));
    }
}
