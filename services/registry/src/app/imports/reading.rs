//! Reading a file into portions: what it is, and a CSV row by row.

use super::portion::{Portion, Portioner, too_large};
use super::workbook;
use crate::app::tables::{decode, line_of};
use crate::domain::import::{FILE_BYTES_MAX, Request, Staged, Target};
use crate::domain::refusal::Refusal;

/// Every XLSX is a ZIP, and begins so.
const ZIP: &[u8] = b"PK\x03\x04";
/// Documents of the spreadsheets of before 2007 begin so.
const OLD_DOCUMENT: &[u8] = b"\xD0\xCF\x11\xE0";

/// Reads a file and hands its portions to `give`, in order; stops at its first error.
///
/// # Errors
/// `TABLE_FORMAT_UNKNOWN`, `TABLE_FILE_BROKEN`, `TABLE_TOO_LARGE`, `TABLE_ENCODING_UNKNOWN`, `TABLE_EMPTY`,
/// `TABLE_SHEET_MISSING`, `TABLE_COLUMN_MISSING`, `TABLE_COLUMN_UNKNOWN`, and what `give` refuses.
pub(super) fn read(
    content: Vec<u8>,
    request: &Request,
    give: &mut dyn FnMut(Portion) -> Result<(), Refusal>,
) -> Result<Staged, Refusal> {
    if content.len() as u64 > FILE_BYTES_MAX {
        return Err(too_large());
    }
    let mut portioner = Portioner::new(&request.titles, request.header_line, give);
    if content.starts_with(ZIP) {
        workbook::read(content, request.target, &mut portioner)?;
        return portioner.end();
    }
    let Target::Table(kind) = request.target else {
        return Err(Refusal::TableFormatUnknown);
    };
    if content.starts_with(OLD_DOCUMENT) || content.contains(&0) {
        return Err(Refusal::TableFormatUnknown);
    }
    portioner.begin(kind)?;
    let text = decode(&content)?;
    let reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    for record in reader.into_records() {
        let record = record.map_err(|_| Refusal::TableEncodingUnknown)?;
        let line = line_of(&record, &text);
        portioner.row(line, record.iter().map(ToOwned::to_owned).collect())?;
    }
    portioner.end()
}

#[cfg(test)]
mod tests;
