//! What was found in a table: rows counted, errors collected with their line and column.

use std::collections::HashSet;

use super::Sheet;
use crate::app::import_table::ImportReport;
use crate::domain::row_fault::{RowError, RowFault};
use crate::domain::table::TableKind;

/// Errors told in a report; the rest is only counted.
const ERRORS_TOLD: usize = 100;

/// What was found so far.
#[derive(Debug)]
pub(in crate::app) struct Findings {
    kind: TableKind,
    rows: u32,
    unchanged: u32,
    errors: Vec<RowError>,
    wrong_lines: HashSet<u32>,
    /// Rows that are right are recorded beside others that are not.
    is_lenient: bool,
}

impl Findings {
    /// Nothing yet, in a table of this kind.
    pub(in crate::app) fn of(kind: TableKind) -> Self {
        Findings {
            kind,
            rows: 0,
            unchanged: 0,
            errors: Vec::new(),
            wrong_lines: HashSet::new(),
            is_lenient: false,
        }
    }

    /// The same, of rows of which the right ones are recorded whatever becomes of the others.
    pub(in crate::app) fn leniently(mut self, is_lenient: bool) -> Self {
        self.is_lenient = is_lenient;
        self
    }

    /// Whether rows that are right are recorded beside others that are not.
    pub(super) fn is_lenient(&self) -> bool {
        self.is_lenient
    }

    /// Counts a row that was read.
    pub(in crate::app) fn row(&mut self) {
        self.rows += 1;
    }

    /// Counts rows that stand already.
    pub(super) fn unchanged(&mut self, rows: u32) {
        self.unchanged += rows;
    }

    /// Notes an error in a column; an empty column means the whole row.
    pub(in crate::app) fn fault(&mut self, line: u32, column: &str, fault: &RowFault) {
        let label = self.kind.column(column);
        let (zh, en) = label.map_or(("该行", "row"), |column| (column.zh, column.en));
        self.wrong_lines.insert(line);
        self.errors.push(RowError {
            sheet: self.kind,
            line,
            column: column.to_owned(),
            value: String::new(),
            reason: fault.reason().to_owned(),
            zh: fault.zh(zh),
            en: fault.en(en),
        });
    }

    /// Whether something is wrong with the row on this line.
    pub(super) fn is_wrong(&self, line: u32) -> bool {
        self.wrong_lines.contains(&line)
    }

    /// True where something is wrong.
    pub(in crate::app) fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// How many rows stand already.
    pub(in crate::app) fn unchanged_rows(&self) -> u32 {
        self.unchanged
    }

    /// How many rows are wrong.
    pub(in crate::app) fn wrong_rows(&self) -> u32 {
        u32::try_from(self.wrong_lines.len()).unwrap_or(u32::MAX)
    }

    /// Everything that is wrong, by line, with what the cells hold.
    pub(in crate::app) fn into_errors(mut self, sheet: &Sheet) -> Vec<RowError> {
        // Stable: within a line the order of the columns stays.
        self.errors.sort_by_key(|error| error.line);
        for error in &mut self.errors {
            error.value = sheet.shown(error.line, &error.column);
        }
        self.errors
    }

    /// The report of a small table.
    pub(in crate::app) fn report(self, recorded: u32, sheet: &Sheet) -> ImportReport {
        let (rows, unchanged, error_count) = (self.rows, self.unchanged, self.wrong_rows());
        let mut errors = self.into_errors(sheet);
        errors.truncate(ERRORS_TOLD);
        ImportReport {
            rows,
            recorded,
            unchanged,
            errors,
            error_count,
        }
    }
}
