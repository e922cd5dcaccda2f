//! Tables of firms.

use db::StoreError;

use super::cells::{agrees, without_duplicates};
use super::findings::Findings;
use super::record::Changes;
use super::sheet::Sheet;
use crate::domain::firm::{Firm, FirmKind};
use crate::store::{Tx, divisions, firms};

pub(super) const KINDS: &[&str] = &["PROPERTY", "DEVELOPER", "BANK", "AUDITOR", "CONTRACTOR"];
const NAME_LENGTH_MAX: usize = 100;

/// A firm and its line.
pub(in crate::app) struct Row {
    line: u32,
    firm: Firm,
}

pub(super) fn read(sheet: &Sheet, findings: &mut Findings) -> Vec<Row> {
    let rows = sheet.each(findings, |cells| {
        let credit_code = cells.credit_code("credit_code");
        let name = cells.text("name", NAME_LENGTH_MAX);
        let kind = cells.word(
            "kind",
            KINDS,
            &[
                FirmKind::Property,
                FirmKind::Developer,
                FirmKind::Bank,
                FirmKind::Auditor,
                FirmKind::Contractor,
            ],
        );
        let credit_code = credit_code?;
        let firm = Firm {
            id: Firm::id_of(&credit_code),
            credit_code,
            name: name?,
            kind: kind?,
        };
        Some(Row {
            line: cells.line(),
            firm,
        })
    });
    without_duplicates(rows, "credit_code", findings, |row| (row.line, row.firm.id))
}

pub(super) async fn compare(tx: &Tx, rows: Vec<Row>, findings: &mut Findings) -> Result<Changes, StoreError> {
    let ids: Vec<_> = rows.iter().map(|row| row.firm.id).collect();
    let standing = firms::find_many(tx.connection(), &ids).await?;
    let mut new = Vec::new();
    for Row { line, firm } in rows {
        let Some(known) = standing.get(&firm.id) else {
            new.push(firm);
            continue;
        };
        let columns = [
            ("name", known.name == firm.name, known.name.clone()),
            (
                "kind",
                known.kind == firm.kind,
                <&str>::from(known.kind).to_uppercase(),
            ),
        ];
        if agrees(findings, line, &columns) {
            findings.unchanged(1);
        }
    }
    Ok(Changes::Firms {
        city: divisions::city(tx.connection()).await?,
        firms: new,
    })
}
