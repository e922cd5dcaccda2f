//! Tables of areas.

use std::collections::HashMap;

use chrono::NaiveDate;
use db::StoreError;
use ids::{CreditCode, DivisionCode, DivisionLevel, FirmId};

use super::cells::{agrees, distinct, shown, without_duplicates};
use super::findings::Findings;
use super::record::Changes;
use super::sheet::Sheet;
use crate::domain::area::Area;
use crate::domain::firm::{Firm, FirmKind};
use crate::domain::row_fault::RowFault;
use crate::store::{Tx, areas, divisions, firms};

/// Longest filing number.
pub(super) const NUMBER_LENGTH_MAX: usize = 64;
const NAME_LENGTH_MAX: usize = 100;

/// An area and its line.
pub(in crate::app) struct Row {
    line: u32,
    number: String,
    name: String,
    division: DivisionCode,
    developer: Option<CreditCode>,
    manager: Option<CreditCode>,
    registered_on: Option<NaiveDate>,
}

pub(super) fn read(sheet: &Sheet, today: NaiveDate, findings: &mut Findings) -> Vec<Row> {
    let rows = sheet.each(findings, |cells| {
        let number = cells.text("number", NUMBER_LENGTH_MAX).filter(|number| {
            // A stroke parts it from a building's number where ids are derived.
            let fits = !number.contains('/');
            if !fits {
                cells.fault("number", &RowFault::TextMalformed);
            }
            fits
        });
        let name = cells.text("name", NAME_LENGTH_MAX);
        let division = cells.division("division_code");
        let developer = cells.optional_credit_code("developer_credit_code");
        let manager = cells.optional_credit_code("manager_credit_code");
        let registered_on = cells.optional_past_day("registered_on", today);
        Some(Row {
            line: cells.line(),
            number: number?,
            name: name?,
            division: division?,
            developer: developer?,
            manager: manager?,
            registered_on: registered_on?,
        })
    });
    without_duplicates(rows, "number", findings, |row| (row.line, row.number.clone()))
}

pub(super) async fn compare(tx: &Tx, rows: Vec<Row>, findings: &mut Findings) -> Result<Changes, StoreError> {
    let places = distinct(rows.iter().map(|row| row.division));
    let places = divisions::find_many(tx.connection(), &places).await?;
    let named = rows
        .iter()
        .flat_map(|row| row.developer.iter().chain(&row.manager))
        .map(Firm::id_of);
    let known_firms = firms::find_many(tx.connection(), &distinct(named)).await?;
    let ids: Vec<_> = rows.iter().map(|row| Area::id_of(&row.number)).collect();
    let standing = areas::find_many(tx.connection(), &ids).await?;
    let mut new = Vec::new();
    for row in rows {
        let line = row.line;
        let lies_in_community =
            row.division.level() == DivisionLevel::Community && places.contains_key(&row.division);
        if !lies_in_community {
            let cure = (
                "请填写本市社区或村的 12 位代码",
                "use the 12-digit code of a community or village of this city",
            );
            findings.fault(line, "division_code", &RowFault::ReferenceUnknown { cure });
        }
        let developer_id = firm_of(
            &known_firms,
            &row.developer,
            FirmKind::Developer,
            "developer_credit_code",
            line,
            findings,
        );
        let manager_id = firm_of(
            &known_firms,
            &row.manager,
            FirmKind::Property,
            "manager_credit_code",
            line,
            findings,
        );
        let (true, Ok(developer_id), Ok(manager_id)) = (lies_in_community, developer_id, manager_id) else {
            continue;
        };
        let area = Area {
            id: Area::id_of(&row.number),
            number: row.number,
            name: row.name,
            division: row.division,
            developer_id,
            manager_id,
            ended: None,
            version: 1,
            registered_on: row.registered_on,
        };
        let Some(known) = standing.get(&area.id) else {
            new.push(area);
            continue;
        };
        let firm = |id: Option<FirmId>| id.map(|id| id.to_string()).unwrap_or_default();
        let columns = [
            ("name", known.name == area.name, known.name.clone()),
            (
                "division_code",
                known.division == area.division,
                known.division.to_string(),
            ),
            (
                "developer_credit_code",
                known.developer_id == area.developer_id,
                firm(known.developer_id),
            ),
            (
                "manager_credit_code",
                known.manager_id == area.manager_id,
                firm(known.manager_id),
            ),
            (
                "registered_on",
                // A table that does not tell it says nothing against it.
                area.registered_on.is_none() || known.registered_on == area.registered_on,
                shown(known.registered_on),
            ),
        ];
        if agrees(findings, line, &columns) {
            findings.unchanged(1);
        }
    }
    Ok(Changes::Areas(new))
}

/// The firm that a cell names; an error where it is not registered or does something else.
fn firm_of(
    known: &HashMap<FirmId, Firm>,
    credit_code: &Option<CreditCode>,
    kind: FirmKind,
    column: &str,
    line: u32,
    findings: &mut Findings,
) -> Result<Option<FirmId>, ()> {
    let Some(credit_code) = credit_code else {
        return Ok(None);
    };
    let fault = match known.get(&Firm::id_of(credit_code)) {
        Some(firm) if firm.kind == kind => return Ok(Some(firm.id)),
        Some(_) => RowFault::FirmOfOtherKind,
        None => RowFault::ReferenceUnknown {
            cure: ("请先导入企业表", "import the table of firms first"),
        },
    };
    findings.fault(line, column, &fault);
    Err(())
}
