//! A CSV as rows: its encoding found, its header checked, its size bounded.

use std::borrow::Cow;
use std::collections::HashMap;

use csv::StringRecord;
use encoding_rs::GB18030;
use ids::UnitNumber;
use sealing::{mask_document, mask_mobile, mask_name};

use super::cells::{Cells, is_mark};
use super::findings::Findings;
use crate::domain::refusal::Refusal;
use crate::domain::row_fault::RowFault;
use crate::domain::table::TableKind;

/// Most bytes of a table: what one message carries with room to spare.
const BYTES_MAX: usize = 8 * 1024 * 1024;
/// Most rows of a table: what one short transaction records.
const ROWS_MAX: usize = 20_000;
/// Unknown columns told in a refusal, and characters of each.
const COLUMNS_TOLD: usize = 10;
const COLUMN_LENGTH_TOLD: usize = 40;
/// Characters of a wrong cell that its error repeats.
const VALUE_LENGTH_TOLD: usize = 64;
/// The mark at the beginning of a UTF-8 file.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// The rows of a table.
pub(in crate::app) struct Sheet {
    kind: TableKind,
    places: HashMap<&'static str, usize>,
    rows: Vec<(u32, StringRecord)>,
    /// Unit numbers of rows that were left out, as far as they can be read.
    left_out: Vec<String>,
}

impl Sheet {
    /// Reads the rows of a CSV below a header that has exactly the columns of its kind, in any order.
    ///
    /// Rows with another number of cells are noted and left out.
    ///
    /// # Errors
    /// `TABLE_TOO_LARGE`, `TABLE_ENCODING_UNKNOWN`, `TABLE_EMPTY`, `TABLE_COLUMN_MISSING`, `TABLE_COLUMN_UNKNOWN`.
    pub(in crate::app) fn read(
        content: &[u8],
        kind: TableKind,
        findings: &mut Findings,
    ) -> Result<Sheet, Refusal> {
        let too_large = || Refusal::TableTooLarge {
            bytes_max: BYTES_MAX,
            rows_max: ROWS_MAX,
        };
        if content.len() > BYTES_MAX {
            return Err(too_large());
        }
        let text = decode(content)?;
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .has_headers(true)
            .from_reader(text.as_bytes());
        let header = reader
            .headers()
            .map_err(|_| Refusal::TableEncodingUnknown)?
            .clone();
        if header.iter().all(|cell| cell.trim().is_empty()) {
            return Err(Refusal::TableEmpty);
        }
        let places = places(&header, kind)?;
        let mut rows = Vec::new();
        for (index, record) in reader.into_records().enumerate() {
            if index == ROWS_MAX {
                return Err(too_large());
            }
            let record = record.map_err(|_| Refusal::TableEncodingUnknown)?;
            rows.push((line_of(&record, &text), record));
        }
        if rows.is_empty() {
            return Err(Refusal::TableEmpty);
        }
        Ok(Self::of(kind, places, header.len(), rows, findings))
    }

    /// Rows that were read elsewhere; those that have not `width` cells are noted and left out.
    pub(in crate::app) fn of(
        kind: TableKind,
        places: HashMap<&'static str, usize>,
        width: usize,
        mut rows: Vec<(u32, StringRecord)>,
        findings: &mut Findings,
    ) -> Sheet {
        let mut left_out = Vec::new();
        rows.retain(|(line, record)| {
            findings.row();
            let whole = record.len() == width;
            if !whole {
                let fault = RowFault::ColumnCountWrong {
                    found: record.len(),
                    expected: width,
                };
                findings.fault(*line, "", &fault);
                let place = places.get("unit_number");
                left_out.extend(place.and_then(|place| record.get(*place)).map(str::to_owned));
            }
            whole
        });
        Sheet {
            kind,
            places,
            rows,
            left_out,
        }
    }

    /// Remembers unit numbers of rows that were left out before.
    pub(in crate::app) fn leave_out(&mut self, unit_numbers: impl IntoIterator<Item = String>) {
        self.left_out.extend(unit_numbers);
    }

    /// Unit numbers of rows that were left out, as far as they can be read.
    pub(super) fn left_out(&self) -> impl Iterator<Item = UnitNumber> {
        self.left_out.iter().filter_map(|text| text.trim().parse().ok())
    }

    /// What it holds.
    pub(super) fn kind(&self) -> TableKind {
        self.kind
    }

    /// Whether it has this column.
    pub(super) fn has(&self, column: &str) -> bool {
        self.places.contains_key(column)
    }

    /// How many rows can be read.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// What a cell holds, as it may be shown: masked where personal, and cut where long.
    pub(in crate::app) fn shown(&self, line: u32, column: &str) -> String {
        let Some(column) = self.kind.column(column) else {
            return String::new();
        };
        let row = self.rows.binary_search_by_key(&line, |(line, _)| *line).ok();
        let cell = row
            .and_then(|row| self.rows.get(row))
            .zip(self.places.get(column.name))
            .and_then(|((_, record), place)| record.get(*place))
            .unwrap_or_default();
        let shown = match column.name {
            "owner_name" | "agent_name" => mask_name(cell.trim()),
            "mobile" => mask_mobile(cell.trim()),
            "owners" => masked_each(cell),
            _ if column.personal => mask_document(cell.trim()),
            _ => cell.trim().to_owned(),
        };
        shown
            .chars()
            .filter(|character| !character.is_control() && !is_mark(*character))
            .take(VALUE_LENGTH_TOLD)
            .collect()
    }

    /// Hands every row to `read`, with what notes errors.
    pub(super) fn each<T>(
        &self,
        findings: &mut Findings,
        mut read: impl FnMut(&mut Cells<'_>) -> Option<T>,
    ) -> Vec<T> {
        let mut read_rows = Vec::with_capacity(self.len());
        for (line, record) in &self.rows {
            let mut cells = Cells::new(*line, record, &self.places, findings);
            read_rows.extend(read(&mut cells));
        }
        read_rows
    }
}

/// Several document numbers, each masked.
fn masked_each(numbers: &str) -> String {
    let masked: Vec<String> = numbers.split(';').map(mask_document).collect();
    masked.join(";")
}

/// The line of the text on which a record begins: blank lines before it are not its own.
pub(in crate::app) fn line_of(record: &StringRecord, text: &str) -> u32 {
    let Some(position) = record.position() else {
        return 0;
    };
    let begins = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let before = text.as_bytes().get(begins..).unwrap_or_default();
    let blank = before
        .iter()
        .take_while(|byte| matches!(byte, b'\n' | b'\r'))
        .filter(|byte| **byte == b'\n')
        .count();
    u32::try_from(position.line() + blank as u64).unwrap_or(u32::MAX)
}

/// UTF-8 with or without mark, else GB18030 (and with it GBK and GB2312) without a single wrong character.
pub(in crate::app) fn decode(content: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    let body = content.strip_prefix(MARK).unwrap_or(content);
    if let Ok(text) = std::str::from_utf8(body) {
        return Ok(Cow::Borrowed(text));
    }
    GB18030
        .decode_without_bom_handling_and_without_replacement(content)
        .ok_or(Refusal::TableEncodingUnknown)
}

/// Where each column of the kind stands: every one once, and no other.
fn places(header: &StringRecord, kind: TableKind) -> Result<HashMap<&'static str, usize>, Refusal> {
    let mut places = HashMap::new();
    let mut unknown = Vec::new();
    for (index, cell) in header.iter().enumerate() {
        match kind.named(cell) {
            Some(column) if !places.contains_key(column.name) => {
                places.insert(column.name, index);
            }
            // Unknown, or there a second time.
            _ => unknown.push(told(cell)),
        }
    }
    require(kind, &places)?;
    if !unknown.is_empty() {
        unknown.truncate(COLUMNS_TOLD);
        return Err(Refusal::TableColumnUnknown { columns: unknown });
    }
    Ok(places)
}

/// Refuses where a column that must be there is not.
pub(in crate::app) fn require(kind: TableKind, places: &HashMap<&'static str, usize>) -> Result<(), Refusal> {
    let columns: Vec<String> = kind
        .columns()
        .iter()
        .filter(|column| column.required && !places.contains_key(column.name))
        .map(|column| column.name.to_owned())
        .collect();
    if columns.is_empty() {
        Ok(())
    } else {
        Err(Refusal::TableColumnMissing { columns })
    }
}

/// A column's title as a refusal repeats it.
pub(in crate::app) fn told(title: &str) -> String {
    title
        .trim()
        .chars()
        .take(COLUMN_LENGTH_TOLD)
        .filter(|character| !character.is_control())
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(content: &[u8]) -> Result<Vec<String>, &'static str> {
        let mut findings = Findings::of(TableKind::Firms);
        let sheet = Sheet::read(content, TableKind::Firms, &mut findings)
            .map_err(|refusal| <&str>::from(&refusal))?;
        Ok(sheet.each(&mut findings, |cells| cells.text("name", 100)))
    }

    #[test]
    fn utf8_with_and_without_mark_and_gb18030_read_the_same() {
        let text = "credit_code,name,kind\n1,湖畔物业,PROPERTY\n";
        let marked = [MARK, text.as_bytes()].concat();
        let (gb, _, _) = GB18030.encode(text);
        for content in [text.as_bytes(), &marked, &gb] {
            assert_eq!(read(content), Ok(vec!["湖畔物业".to_owned()]));
        }
    }

    #[test]
    fn columns_may_stand_in_any_order_and_cells_are_trimmed() {
        assert_eq!(
            read(b" name ,kind,credit_code\r\n  a , 1,2\r\n"),
            Ok(vec!["a".to_owned()])
        );
    }

    #[test]
    fn what_is_no_such_table_is_refused() {
        assert_eq!(read(b"credit_code\n1\n"), Err("TABLE_COLUMN_MISSING"));
        assert_eq!(
            read(b"credit_code,name,kind,colour\n1,a,b,red\n"),
            Err("TABLE_COLUMN_UNKNOWN")
        );
        assert_eq!(
            read(b"credit_code,name,name,kind\n1,a,b,c\n"),
            Err("TABLE_COLUMN_UNKNOWN")
        );
        assert_eq!(read(b"credit_code,name,kind\n"), Err("TABLE_EMPTY"));
        assert_eq!(read(b""), Err("TABLE_EMPTY"));
        assert_eq!(
            read(b"credit_code,name,kind\n1,\xFF\xFF,3\n"),
            Err("TABLE_ENCODING_UNKNOWN")
        );
        assert_eq!(read(&vec![b'x'; BYTES_MAX + 1]), Err("TABLE_TOO_LARGE"));
        let many = format!("credit_code,name,kind\n{}", "1,a,b\n".repeat(ROWS_MAX + 1));
        assert_eq!(read(many.as_bytes()), Err("TABLE_TOO_LARGE"));
    }
}
