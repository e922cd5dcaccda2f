//! Reading an XLSX: opened only after its true size is known, then cell by cell.

use std::io::{Cursor, Read};

use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType, Reader, Xlsx, open_workbook_from_rs};
use strum::IntoEnumIterator;

use super::portion::{Portioner, too_large};
use crate::app::tables::{CELL_ERROR, DIGITS_LOST};
use crate::domain::import::Target;
use crate::domain::refusal::Refusal;
use crate::domain::table::TableKind;

/// Most bytes of a workbook, unpacked: sheets of a city are a tenth of it.
const UNPACKED_MAX: u64 = 512 * 1024 * 1024;
/// Most bytes of its table of texts, unpacked: this one is held in memory.
const TEXTS_MAX: u64 = 64 * 1024 * 1024;
/// Most files in it.
const FILES_MAX: usize = 1_000;
/// Cells of a row that are looked at.
const WIDTH_MAX: usize = 512;
/// Name of the table of texts.
const TEXTS: &str = "sharedStrings.xml";
/// Digits that a spreadsheet keeps of a number.
const DIGITS_KEPT: f64 = 1e15;
/// Days of a date that was kept as a plain number: from 1920 to 2119.
const PLAIN_DAYS: std::ops::RangeInclusive<i64> = 7_306..=80_353;

/// Reads the sheets of a workbook: the one that holds the table, or all that our workbooks have.
pub(super) fn read(content: Vec<u8>, target: Target, portioner: &mut Portioner<'_>) -> Result<(), Refusal> {
    check_size(&content)?;
    let mut workbook: Xlsx<_> =
        open_workbook_from_rs(Cursor::new(content)).map_err(|_| Refusal::TableFileBroken)?;
    let names = workbook.sheet_names();
    let named = |kind: TableKind| {
        let names = names.iter();
        names
            .clone()
            .find(|name| name.trim() == kind.zh() || name.trim() == <&str>::from(kind))
    };
    let sheets: Vec<(TableKind, String)> = match target {
        // A table of its own need not carry our name: it is the first sheet then.
        Target::Table(kind) => named(kind)
            .or(names.first())
            .map(|name| (kind, name.clone()))
            .into_iter()
            .collect(),
        Target::Workbook => TableKind::iter()
            .filter_map(|kind| Some((kind, named(kind)?.clone())))
            .collect(),
    };
    if sheets.is_empty() {
        return Err(Refusal::TableSheetMissing {
            sheets: TableKind::iter().map(|kind| kind.zh().to_owned()).collect(),
        });
    }
    for (kind, name) in sheets {
        portioner.begin(kind)?;
        read_sheet(&mut workbook, &name, portioner)?;
    }
    Ok(())
}

fn read_sheet(
    workbook: &mut Xlsx<Cursor<Vec<u8>>>,
    name: &str,
    portioner: &mut Portioner<'_>,
) -> Result<(), Refusal> {
    let is_1904 = workbook.has_1904_epoch();
    let mut cells = workbook
        .worksheet_cells_reader(name)
        .map_err(|_| Refusal::TableFileBroken)?;
    let mut line = 0;
    let mut row: Vec<String> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|_| Refusal::TableFileBroken)? {
        let (at, column) = cell.get_position();
        let at = at.saturating_add(1);
        if at != line {
            give_row(portioner, line, std::mem::take(&mut row))?;
            line = at;
        }
        let place = column as usize;
        if place >= WIDTH_MAX {
            continue;
        }
        if row.len() <= place {
            row.resize(place + 1, String::new());
        }
        let text = text(cell.get_value(), portioner.is_day(place), is_1904);
        if let Some(own) = row.get_mut(place) {
            *own = text;
        }
    }
    give_row(portioner, line, row)
}

fn give_row(portioner: &mut Portioner<'_>, line: u32, mut row: Vec<String>) -> Result<(), Refusal> {
    // Empty cells at the end of a row are not in the file.
    if row.len() < portioner.width() {
        row.resize(portioner.width(), String::new());
    }
    portioner.row(line, row)
}

/// A cell as a CSV would hold it.
fn text(value: &DataRef<'_>, is_day: bool, is_1904: bool) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::Int(number) => day_or(*number, is_day, is_1904),
        // A float is what the file format has; it becomes decimal text here and is a whole number ever after.
        DataRef::Float(number) if number.abs() >= DIGITS_KEPT => format!("{DIGITS_LOST}{number}"),
        DataRef::Float(number) if number.fract() == 0.0 => day_or(*number as i64, is_day, is_1904),
        DataRef::Float(number) => decimal(*number),
        DataRef::DateTime(moment) => moment_text(*moment),
        DataRef::Error(error) => format!("{CELL_ERROR}{error}"),
    }
}

/// A whole number, or the day that it is in a column of days.
fn day_or(number: i64, is_day: bool, is_1904: bool) -> String {
    if is_day && PLAIN_DAYS.contains(&number) {
        moment_text(ExcelDateTime::new(
            number as f64,
            ExcelDateTimeType::DateTime,
            is_1904,
        ))
    } else {
        number.to_string()
    }
}

/// What a spreadsheet shows of a fraction: what arithmetic in binary leaves behind the tenth decimal is not shown.
fn decimal(number: f64) -> String {
    let text = format!("{number:.10}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn moment_text(moment: ExcelDateTime) -> String {
    let Some(moment) = moment.as_datetime() else {
        return CELL_ERROR.to_string();
    };
    if moment.time() == chrono::NaiveTime::MIN {
        moment.date().to_string()
    } else {
        moment.to_string()
    }
}

/// Unpacks everything once without keeping it: what a file says of its own size may be a lie.
fn check_size(content: &[u8]) -> Result<(), Refusal> {
    let mut archive = zip::ZipArchive::new(Cursor::new(content)).map_err(|_| Refusal::TableFileBroken)?;
    if archive.len() > FILES_MAX {
        return Err(too_large());
    }
    let mut left = UNPACKED_MAX;
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|_| Refusal::TableFileBroken)?;
        let is_texts = file
            .name()
            .map_err(|_| Refusal::TableFileBroken)?
            .ends_with(TEXTS);
        let most = if is_texts { TEXTS_MAX.min(left) } else { left };
        let mut limited = file.take(most + 1);
        let mut head = [0_u8; 512];
        let begun = fill(&mut limited, &mut head)?;
        // The reader makes room for as many texts as the table says that it has.
        if is_texts && !is_modest(head.get(..begun).unwrap_or_default()) {
            return Err(too_large());
        }
        let rest = std::io::copy(&mut limited, &mut std::io::sink()).map_err(|_| Refusal::TableFileBroken)?;
        let size = rest + begun as u64;
        if size > most {
            return Err(too_large());
        }
        left -= size;
    }
    Ok(())
}

/// Reads until the buffer is full or the file ends.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> Result<usize, Refusal> {
    let mut filled = 0;
    while let Some(free) = buffer.get_mut(filled..).filter(|free| !free.is_empty()) {
        match file.read(free).map_err(|_| Refusal::TableFileBroken)? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

/// Whether the number of texts that the head of the table tells is one that the table can have.
fn is_modest(head: &[u8]) -> bool {
    let head = String::from_utf8_lossy(head);
    let Some((_, told)) = head.split_once("uniqueCount=") else {
        return true;
    };
    let digits: String = told
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    // The shortest entry is `<si><t/></si>`.
    digits.parse::<u64>().is_ok_and(|count| count <= TEXTS_MAX / 13)
}
