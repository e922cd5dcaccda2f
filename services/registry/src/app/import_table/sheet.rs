//! A CSV as rows: its encoding found, its header checked, its size bounded.

use std::borrow::Cow;
use std::collections::HashMap;

use csv::StringRecord;
use encoding_rs::GB18030;

use super::cells::Cells;
use super::findings::Findings;
use crate::domain::refusal::Refusal;
use crate::domain::row_fault::RowFault;

/// Most bytes of a table: what one message carries with room to spare.
const BYTES_MAX: usize = 8 * 1024 * 1024;
/// Most rows of a table: what one short transaction records.
const ROWS_MAX: usize = 20_000;
/// Unknown columns told in a refusal, and characters of each.
const COLUMNS_TOLD: usize = 10;
const COLUMN_LENGTH_TOLD: usize = 40;
/// The mark at the beginning of a UTF-8 file.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// The rows of a table.
pub(super) struct Sheet {
    places: HashMap<&'static str, usize>,
    rows: Vec<(u32, StringRecord)>,
}

impl Sheet {
    /// Reads the rows below a header that has exactly these columns, in any order.
    ///
    /// Rows with another number of cells are noted and left out.
    pub(super) fn read(
        content: &[u8],
        columns: &'static [&'static str],
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
        let places = places(&header, columns)?;
        let mut rows = Vec::new();
        for (index, record) in reader.into_records().enumerate() {
            if index == ROWS_MAX {
                return Err(too_large());
            }
            let record = record.map_err(|_| Refusal::TableEncodingUnknown)?;
            let line = record
                .position()
                .map_or(0, |position| u32::try_from(position.line()).unwrap_or(u32::MAX));
            findings.row();
            if record.len() == header.len() {
                rows.push((line, record));
            } else {
                let fault = RowFault::ColumnCountWrong {
                    found: record.len(),
                    expected: header.len(),
                };
                findings.fault(line, "", &fault);
            }
        }
        if rows.is_empty() && !findings.has_errors() {
            return Err(Refusal::TableEmpty);
        }
        Ok(Sheet { places, rows })
    }

    /// How many rows can be read.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
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

/// UTF-8 with or without mark, else GB18030 (and with it GBK and GB2312) without a single wrong character.
fn decode(content: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    let body = content.strip_prefix(MARK).unwrap_or(content);
    if let Ok(text) = std::str::from_utf8(body) {
        return Ok(Cow::Borrowed(text));
    }
    GB18030
        .decode_without_bom_handling_and_without_replacement(content)
        .ok_or(Refusal::TableEncodingUnknown)
}

fn places(
    header: &StringRecord,
    columns: &'static [&'static str],
) -> Result<HashMap<&'static str, usize>, Refusal> {
    let mut places = HashMap::new();
    let mut unknown = Vec::new();
    for (index, cell) in header.iter().enumerate() {
        match columns.iter().find(|column| **column == cell.trim()) {
            Some(column) if !places.contains_key(column) => {
                places.insert(*column, index);
            }
            // Unknown, or there a second time.
            _ => unknown.push(
                cell.trim()
                    .chars()
                    .take(COLUMN_LENGTH_TOLD)
                    .filter(|c| !c.is_control())
                    .collect(),
            ),
        }
    }
    let missing: Vec<String> = columns
        .iter()
        .filter(|column| !places.contains_key(*column))
        .map(ToString::to_string)
        .collect();
    if !missing.is_empty() {
        return Err(Refusal::TableColumnMissing { columns: missing });
    }
    if !unknown.is_empty() {
        unknown.truncate(COLUMNS_TOLD);
        return Err(Refusal::TableColumnUnknown { columns: unknown });
    }
    Ok(places)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(content: &[u8]) -> Result<Vec<String>, &'static str> {
        let mut findings = Findings::default();
        let sheet = Sheet::read(content, &["number", "name"], &mut findings)
            .map_err(|refusal| <&str>::from(&refusal))?;
        Ok(sheet.each(&mut findings, |cells| cells.text("name", 100)))
    }

    #[test]
    fn utf8_with_and_without_mark_and_gb18030_read_the_same() {
        let text = "number,name\n1,湖畔花园\n";
        let marked = [MARK, text.as_bytes()].concat();
        let (gb, _, _) = GB18030.encode(text);
        for content in [text.as_bytes(), &marked, &gb] {
            assert_eq!(read(content), Ok(vec!["湖畔花园".to_owned()]));
        }
    }

    #[test]
    fn columns_may_stand_in_any_order_and_cells_are_trimmed() {
        assert_eq!(read(b" name ,number\r\n  a , 1\r\n"), Ok(vec!["a".to_owned()]));
    }

    #[test]
    fn what_is_no_such_table_is_refused() {
        assert_eq!(read(b"number\n1\n"), Err("TABLE_COLUMN_MISSING"));
        assert_eq!(
            read(b"number,name,colour\n1,a,red\n"),
            Err("TABLE_COLUMN_UNKNOWN")
        );
        assert_eq!(read(b"number,name,name\n1,a,b\n"), Err("TABLE_COLUMN_UNKNOWN"));
        assert_eq!(read(b"number,name\n"), Err("TABLE_EMPTY"));
        assert_eq!(read(b""), Err("TABLE_EMPTY"));
        assert_eq!(read(b"number,name\n1,\xFF\xFF\n"), Err("TABLE_ENCODING_UNKNOWN"));
        assert_eq!(read(&vec![b'x'; BYTES_MAX + 1]), Err("TABLE_TOO_LARGE"));
        let many = format!("number,name\n{}", "1,a\n".repeat(ROWS_MAX + 1));
        assert_eq!(read(many.as_bytes()), Err("TABLE_TOO_LARGE"));
    }
}
