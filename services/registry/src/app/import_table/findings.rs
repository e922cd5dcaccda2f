//! What was found in a table: rows counted, errors collected with their line and column.

use std::collections::HashSet;

use super::ImportReport;
use crate::domain::row_fault::{RowError, RowFault};

/// Errors told in a report; the rest is only counted.
const ERRORS_TOLD: usize = 100;

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Findings {
    rows: u32,
    unchanged: u32,
    errors: Vec<RowError>,
    wrong_lines: HashSet<u32>,
}

impl Findings {
    /// Counts a row that was read.
    pub(super) fn row(&mut self) {
        self.rows += 1;
    }

    /// Counts rows that stand already.
    pub(super) fn unchanged(&mut self, rows: u32) {
        self.unchanged += rows;
    }

    /// Notes an error in a column; an empty column means the whole row.
    pub(super) fn fault(&mut self, line: u32, column: &str, fault: &RowFault) {
        let (zh, en) = label(column);
        self.wrong_lines.insert(line);
        self.errors.push(RowError {
            line,
            column: column.to_owned(),
            reason: fault.reason().to_owned(),
            zh: fault.zh(zh),
            en: fault.en(en),
        });
    }

    /// True where nothing may be recorded.
    pub(super) fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// The report.
    pub(super) fn report(mut self, recorded: u32) -> ImportReport {
        // Stable: within a line the order of the columns stays.
        self.errors.sort_by_key(|error| error.line);
        self.errors.truncate(ERRORS_TOLD);
        ImportReport {
            rows: self.rows,
            recorded,
            unchanged: self.unchanged,
            errors: self.errors,
            error_count: u32::try_from(self.wrong_lines.len()).unwrap_or(u32::MAX),
        }
    }
}

/// What people call a column, in Chinese and in English.
fn label(column: &str) -> (&'static str, &'static str) {
    match column {
        "credit_code" => ("统一社会信用代码", "credit code"),
        "name" => ("名称", "name"),
        "kind" => ("企业类型", "kind"),
        "number" => ("编号", "number"),
        "division_code" => ("区划代码", "division code"),
        "developer_credit_code" => ("建设单位", "developer"),
        "manager_credit_code" => ("物业服务企业", "property firm"),
        "area_number" => ("区域备案号", "area's number"),
        "floors" => ("层数", "number of floors"),
        "building_number" => ("幢号", "building's number"),
        "stairwell" => ("单元", "stairwell"),
        "room" => ("室号", "room"),
        "unit_number" => ("不动产单元号", "unit number"),
        "exclusive_area" => ("专有面积", "exclusive area"),
        "use" => ("用途", "use"),
        "sale_state" => ("销售状态", "sale state"),
        "delivered_on" => ("交付日期", "day of the hand-over"),
        "owner_name" => ("业主姓名", "owner's name"),
        "document_kind" => ("证件类型", "kind of document"),
        "document_number" => ("证件号码", "document number"),
        "owned_since" => ("产权起始日", "first day of ownership"),
        _ => ("该行", "row"),
    }
}
