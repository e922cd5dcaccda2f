//! Empty tables: the first row, and in a workbook what each column takes.

use std::fs::File;

use rust_xlsxwriter::{DataValidation, Format, FormatAlign, RowNum, Workbook, Worksheet, XlsxError};

use super::guide::{Guide, guide};
use super::pieces::internal;
use super::writer::{CsvTable, as_text, numbered, save, title};
use super::{FileFormat, Titles};
use crate::app::tables::words_of;
use crate::domain::table::{Column, TableKind};
use crate::error::AppError;

/// The sheet that explains the columns.
const EXPLANATION: &str = "说明";
/// Its own columns.
const HEADINGS: [&str; 8] = [
    "列名",
    "Column",
    "必填 Required",
    "可选值 Allowed",
    "示例 Example",
    "说明",
    "Explanation",
    "English",
];
/// How wide they are.
const WIDTHS: [u32; 8] = [130, 170, 100, 230, 260, 420, 420, 170];
/// Rows of an empty table that are prepared: as many as one import of a table takes.
const PREPARED_ROWS: RowNum = 20_000;
/// How wide the columns of the empty table are.
const COLUMN_PIXELS: u32 = 170;

/// Writes the empty table; answers the file at its beginning.
///
/// # Errors
/// `INTERNAL` where the disk does not take it.
pub(super) fn write(kind: TableKind, format: FileFormat, titles: Titles) -> Result<File, AppError> {
    match format {
        FileFormat::CsvUtf8 => CsvTable::begin(kind, false, titles)?.end(),
        FileFormat::CsvGb18030 => CsvTable::begin(kind, true, titles)?.end(),
        FileFormat::Xlsx => save(workbook(kind, titles).map_err(internal)?),
    }
}

fn workbook(kind: TableKind, titles: Titles) -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name(kind.zh())?;
    sheet.set_freeze_panes(1, 0)?;
    let (text, bold) = (as_text(), as_text().set_bold());
    for (at, column) in numbered(kind.columns()) {
        sheet
            .set_column_width_pixels(at, COLUMN_PIXELS)?
            // Every cell is text before anything is typed: a unit number or a document number keeps all its digits.
            .set_column_format(at, &text)?
            .write_string_with_format(0, at, title(column, titles), &bold)?;
        let words = words_of(kind, column.name);
        if !words.is_empty() {
            let list = DataValidation::new()
                .allow_list_strings(words)?
                .set_error_title("请从列表中选择")?
                .set_error_message(format!("{}应为 {} 之一。", column.zh, words.join("、")))?;
            sheet.add_data_validation(1, at, PREPARED_ROWS, at, &list)?;
        }
    }
    explain(
        workbook.add_worksheet().set_name(EXPLANATION)?,
        kind,
        &text,
        &bold,
    )?;
    Ok(workbook)
}

fn explain(sheet: &mut Worksheet, kind: TableKind, text: &Format, bold: &Format) -> Result<(), XlsxError> {
    let wrapped = text.clone().set_text_wrap().set_align(FormatAlign::Top);
    for ((at, heading), width) in numbered(&HEADINGS).zip(WIDTHS) {
        sheet
            .set_column_width_pixels(at, width)?
            .write_string_with_format(0, at, *heading, bold)?;
    }
    for (row, column) in (1..).zip(kind.columns()) {
        let cells = explanation(kind, column);
        for (at, cell) in numbered(&cells) {
            sheet.write_string_with_format(row, at, cell, &wrapped)?;
        }
    }
    Ok(())
}

fn explanation(kind: TableKind, column: &Column) -> [String; 8] {
    let Guide {
        filled,
        example,
        zh,
        en,
    } = guide(kind, column.name);
    let required = match (column.required, filled) {
        (true, true) => "必填 yes",
        (true, false) => "列必备，可空 column yes, cell no",
        (false, _) => "可无此列 no",
    };
    [
        column.zh.to_owned(),
        column.name.to_owned(),
        required.to_owned(),
        words_of(kind, column.name).join("、"),
        example.to_owned(),
        zh.to_owned(),
        en.to_owned(),
        column.en.to_owned(),
    ]
}
