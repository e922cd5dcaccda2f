//! Reading the bank's table of deposits: encoding, columns, rows. Nothing here knows of homes or of the store.

use std::collections::HashSet;

use calendar::today;
use chrono::{DateTime, NaiveDate, Utc};
use csv::StringRecord;
use ids::UnitNumber;
use money::Fen;
use rpc::{Invalid, Refusal as _, field};

use crate::domain::deposit::{DepositRow, RowError};
use crate::domain::refusal::Refusal;

/// Largest table.
const BYTES_MAX: usize = 8 * 1024 * 1024;
/// Most rows, the header not counted.
const ROWS_MAX: usize = 20_000;
/// Longest reference of a bank.
const REFERENCE_LENGTH_MAX: usize = 64;
/// The columns, in any order.
const COLUMNS: [&str; 4] = ["unit_number", "amount", "paid_on", "reference"];

/// A table that was read.
#[derive(Debug, Default)]
pub(super) struct DepositTable {
    /// Rows, right or wrong.
    pub rows: usize,
    /// Those that can be read.
    pub deposits: Vec<DepositRow>,
    /// What is wrong with the others.
    pub errors: Vec<RowError>,
}

/// What a row may hold.
pub(super) struct Limits {
    /// The largest amount that is believed.
    pub amount_max: Fen,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Reads a table in UTF-8, with or without mark, or in GB18030.
///
/// Refuses the whole with `TABLE_…`; a row in error is told with its line.
pub(super) fn read(content: &[u8], limits: &Limits) -> Result<DepositTable, Refusal> {
    if content.len() > BYTES_MAX {
        return Err(Refusal::TableTooLarge { rows_max: ROWS_MAX });
    }
    // The reader counts a line only after its line feed, so before a CR LF it would name the line above.
    let text = decode(content)?.replace("\r\n", "\n");
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header = reader
        .headers()
        .cloned()
        .map_err(|_| Refusal::TableEncodingUnknown)?;
    let places = places(&header)?;
    let mut table = DepositTable::default();
    let mut references: HashSet<String> = HashSet::new();
    for record in reader.records() {
        // The text is UTF-8 and rows may have any length: nothing is left that could fail.
        let record = record.map_err(|_| Refusal::TableEncodingUnknown)?;
        table.rows += 1;
        if table.rows > ROWS_MAX {
            return Err(Refusal::TableTooLarge { rows_max: ROWS_MAX });
        }
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != header.len() {
            table.errors.push(RowError {
                line,
                column: String::new(),
                reason: "ROW_MALFORMED".into(),
                zh: format!("该行有 {} 列，表头有 {} 列。", record.len(), header.len()),
                en: format!(
                    "The row has {} columns, the header {}.",
                    record.len(),
                    header.len()
                ),
            });
            continue;
        }
        match row(&record, &places, line, limits) {
            Ok(deposit) if !references.insert(deposit.reference.clone()) => table.errors.push(RowError {
                line,
                column: "reference".into(),
                reason: "REFERENCE_REPEATED".into(),
                zh: "该流水号在表中重复出现。".into(),
                en: "The reference stands in the table twice.".into(),
            }),
            Ok(deposit) => table.deposits.push(deposit),
            Err(errors) => table.errors.extend(errors),
        }
    }
    if table.rows == 0 {
        return Err(Refusal::TableEmpty);
    }
    Ok(table)
}

fn decode(content: &[u8]) -> Result<String, Refusal> {
    let unmarked = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content);
    if unmarked.contains(&0) {
        // UTF-16 and binary files; GB18030 would read them as something.
        return Err(Refusal::TableEncodingUnknown);
    }
    if let Ok(text) = std::str::from_utf8(unmarked) {
        return Ok(text.to_owned());
    }
    let decoded = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(unmarked);
    decoded
        .map(|text| text.into_owned())
        .ok_or(Refusal::TableEncodingUnknown)
}

/// Where each column stands.
fn places(header: &StringRecord) -> Result<[usize; 4], Refusal> {
    if header.iter().all(str::is_empty) {
        return Err(Refusal::TableEmpty);
    }
    let mut seen = HashSet::new();
    if let Some(stray) = header
        .iter()
        .find(|column| !COLUMNS.contains(column) || !seen.insert(*column))
    {
        return Err(Refusal::TableColumnUnknown {
            column: stray.chars().take(40).collect(),
        });
    }
    let mut places = [0; 4];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        let found = header.iter().position(|name| name == column);
        *place = found.ok_or(Refusal::TableColumnMissing { column })?;
    }
    Ok(places)
}

fn row(
    record: &StringRecord,
    places: &[usize; 4],
    line: u64,
    limits: &Limits,
) -> Result<DepositRow, Vec<RowError>> {
    let cell = |column: usize| record.get(places[column]).unwrap_or_default();
    let mut errors = Vec::new();
    let mut keep = |column: usize, error: (String, String, String)| {
        let (reason, zh, en) = error;
        errors.push(RowError {
            line,
            column: COLUMNS[column].into(),
            reason,
            zh,
            en,
        });
    };
    let unit_number = cell(0)
        .parse::<UnitNumber>()
        .map_err(|error| keep(0, (error.reason().into(), error.zh(), error.to_string())));
    let amount = amount(cell(1), limits).map_err(|error| keep(1, error));
    let paid_on = paid_on(cell(2), limits).map_err(|error| keep(2, error));
    let reference = field::text("reference", cell(3), REFERENCE_LENGTH_MAX, "REFERENCE_MISSING")
        .map_err(|error| keep(3, parts(error)));
    match (unit_number, amount, paid_on, reference) {
        (Ok(unit_number), Ok(amount), Ok(paid_on), Ok(reference)) => Ok(DepositRow {
            line,
            unit_number: unit_number.to_string(),
            amount,
            paid_on,
            reference,
        }),
        _ => Err(errors),
    }
}

fn parts(invalid: Invalid) -> (String, String, String) {
    (invalid.reason.to_owned(), invalid.zh, invalid.en)
}

fn refused(refusal: Refusal) -> (String, String, String) {
    (refusal.reason().to_owned(), refusal.zh(), refusal.to_string())
}

fn amount(text: &str, limits: &Limits) -> Result<Fen, (String, String, String)> {
    let fen = Fen::parse_yuan(text).map_err(|error| {
        (
            error.reason().to_owned(),
            format!("{}。", error.zh()),
            format!("{error}."),
        )
    })?;
    if !fen.is_positive() {
        return Err(refused(Refusal::AmountNotPositive));
    }
    if fen > limits.amount_max {
        return Err(refused(Refusal::AmountTooLarge {
            max: limits.amount_max,
        }));
    }
    Ok(fen)
}

fn paid_on(text: &str, limits: &Limits) -> Result<NaiveDate, (String, String, String)> {
    let day = field::date("paid_on", text).map_err(parts)?;
    if day > today(limits.now) {
        return Err(parts(Invalid::new(
            "paid_on",
            "DATE_IN_FUTURE",
            "must not lie in the future",
            "日期不得晚于今天",
        )));
    }
    Ok(day)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const HEADER: &str = "unit_number,amount,paid_on,reference\n";
    const UNIT: &str = "330783004015GB00001F00030012";

    fn limits() -> Limits {
        Limits {
            amount_max: Fen(10_000_000_000),
            now: "2026-11-22T01:00:00Z".parse().unwrap(),
        }
    }

    fn reasons(rows: &str) -> Vec<(u64, String)> {
        let table = read(format!("{HEADER}{rows}").as_bytes(), &limits()).unwrap();
        table
            .errors
            .into_iter()
            .map(|error| (error.line, error.reason))
            .collect()
    }

    #[test]
    fn columns_stand_in_any_order_and_a_mark_is_no_part_of_the_first() {
        let text =
            format!("\u{feff}reference,paid_on,amount,unit_number\r\nA-1,2019-06-30,5808.75,{UNIT}\r\n");
        let table = read(text.as_bytes(), &limits()).unwrap();
        assert_eq!(table.deposits[0].amount, Fen(580_875));
        assert_eq!(table.deposits[0].line, 2);
    }

    #[test]
    fn gb18030_is_read_and_other_encodings_are_refused() {
        let text = format!("{HEADER}{UNIT},1.00,2019-06-30,首期-1\n");
        let (gb, _, _) = encoding_rs::GB18030.encode(&text);
        assert_eq!(read(&gb, &limits()).unwrap().deposits[0].reference, "首期-1");
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(
            read(&utf16, &limits()).unwrap_err(),
            Refusal::TableEncodingUnknown
        );
        assert_eq!(
            read(b"\xff\xff\xff", &limits()).unwrap_err(),
            Refusal::TableEncodingUnknown
        );
    }

    #[test]
    fn the_table_as_a_whole_is_refused_with_its_reason() {
        let refused = |text: &str| read(text.as_bytes(), &limits()).unwrap_err().reason();
        assert_eq!(refused(""), "TABLE_EMPTY");
        assert_eq!(refused(HEADER), "TABLE_EMPTY");
        assert_eq!(refused("unit_number,amount,paid_on\n"), "TABLE_COLUMN_MISSING");
        assert_eq!(
            refused("unit_number,amount,paid_on,reference,note\n"),
            "TABLE_COLUMN_UNKNOWN"
        );
        assert_eq!(
            refused("amount,amount,paid_on,reference\n"),
            "TABLE_COLUMN_UNKNOWN"
        );
        let long = format!(
            "{HEADER}{}",
            format!("{UNIT},1,2019-06-30,x\n").repeat(ROWS_MAX + 1)
        );
        assert_eq!(refused(&long), "TABLE_TOO_LARGE");
    }

    #[test]
    fn each_wrong_cell_is_told_with_its_line() {
        let rows = format!(
            "{UNIT},0,2019-06-30,a\n{UNIT},-1,2019-06-30,b\n{UNIT},1.234,2019-06-30,c\n{UNIT},1,30.6.2019,d\n\
             {UNIT},1,2027-01-01,e\n{UNIT},1,2019-06-30,\n123,1,2019-06-30,f\n{UNIT},1\n{UNIT},1,2019-06-30,g\n\
             {UNIT},1,2019-06-30,g\n{UNIT},99999999999,2019-06-30,h\n"
        );
        let expected = [
            (2, "AMOUNT_NOT_POSITIVE"),
            (3, "AMOUNT_SIGNED"),
            (4, "AMOUNT_TOO_PRECISE"),
            (5, "DATE_MALFORMED"),
            (6, "DATE_IN_FUTURE"),
            (7, "REFERENCE_MISSING"),
        ];
        let found = reasons(&rows);
        assert_eq!(
            found[..6],
            expected.map(|(line, reason)| (line, reason.to_owned()))
        );
        let rest: Vec<&str> = found[7..].iter().map(|(_, reason)| reason.as_str()).collect();
        assert_eq!(found[6].0, 8);
        assert_eq!(rest, ["ROW_MALFORMED", "REFERENCE_REPEATED", "AMOUNT_TOO_LARGE"]);
    }
}
