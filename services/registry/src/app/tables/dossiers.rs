//! Tables of dossiers: what was decided about areas, in pieces of text that our own exports write.

use std::collections::{BTreeMap, HashMap};

use ids::AreaId;
use sealing::Sealer;

use super::cells::{distinct, without_duplicates};
use super::findings::Findings;
use super::record::Changes;
use super::sheet::Sheet;
use crate::domain::area::Area;
use crate::domain::dossier::{Dossier, sealed_text};
use crate::domain::row_fault::RowFault;
use crate::error::AppError;
use crate::store::{Tx, dossiers, firms};

/// Characters after which a piece ends, and most that it has where blanks stand there: a cell holds 32,767.
const PIECE_LENGTH: usize = 12_000;
const PIECE_LENGTH_MAX: usize = 16_000;
/// More pieces than any dossier has.
const PIECES_MAX: i32 = 100_000;
const NAME_LENGTH_MAX: usize = 128;
const SEAL_LENGTH: usize = 64;
/// Under this name dossiers are hashed.
const SEALED_AS: &str = "registry.dossier";

/// A piece of a dossier, and its line.
pub(in crate::app) struct Row {
    line: u32,
    /// `<area number>/<subject>`
    dossier: String,
    piece: i32,
    content: String,
    seal: String,
}

/// Dossiers of areas that have nothing of their subjects.
pub(in crate::app) struct New {
    pub(in crate::app) dossiers: Vec<(Area, Dossier)>,
    rows: usize,
}

impl New {
    /// How many rows of the table it is.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }
}

/// The keyed hash that a dossier carries, 64 hexadecimal digits.
pub(in crate::app) fn seal(sealer: &Sealer, area_id: AreaId, content: &str) -> String {
    hex::encode(sealer.blind_index(SEALED_AS, &sealed_text(area_id, content)))
}

/// A dossier's text in pieces that cells hold. None begins or ends with a blank, which a file may lose.
pub(in crate::app) fn pieces(content: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let (mut length, mut last) = (0, ' ');
    for character in content.chars() {
        let is_full = length >= PIECE_LENGTH;
        if is_full && !last.is_whitespace() && !character.is_whitespace() {
            pieces.push(String::new());
            length = 0;
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(character);
        }
        (length, last) = (length + 1, character);
    }
    pieces
}

pub(super) fn read(sheet: &Sheet, findings: &mut Findings) -> Vec<Row> {
    let rows = sheet.each(findings, |cells| {
        let dossier = cells.text("dossier", NAME_LENGTH_MAX);
        let piece = cells.integer("piece", 1, PIECES_MAX);
        let content = cells.piece("content", PIECE_LENGTH_MAX);
        let seal = cells.text("seal", SEAL_LENGTH);
        Some(Row {
            line: cells.line(),
            dossier: dossier?,
            piece: piece?,
            content: content?,
            seal: seal?,
        })
    });
    without_duplicates(rows, "piece", findings, |row| {
        (row.line, (row.dossier.clone(), row.piece))
    })
}

pub(super) async fn compare(
    tx: &Tx,
    sealer: &Sealer,
    rows: Vec<Row>,
    findings: &mut Findings,
) -> Result<Changes, AppError> {
    let mut by_name: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in rows {
        by_name.entry(row.dossier.clone()).or_default().push(row);
    }
    let area_of = |name: &str| Area::id_of(name.split_once('/').map_or(name, |(number, _)| number));
    let area_ids = distinct(by_name.keys().map(|name| area_of(name)));
    let areas = tx.hold_areas(area_ids.iter().copied()).await?;
    let mut standing: HashMap<AreaId, Vec<Dossier>> = HashMap::new();
    for area in areas.values() {
        standing.insert(area.id, dossiers::of_area(tx.connection(), area).await?);
    }
    let mut new = New {
        dossiers: Vec::new(),
        rows: 0,
    };
    for (name, mut rows) in by_name {
        rows.sort_by_key(|row| row.piece);
        let Some(area) = areas.get(&area_of(&name)).filter(|area| area.ended.is_none()) else {
            let cure = ("请先导入区域表", "import the table of areas first");
            fault_all(&rows, "dossier", &RowFault::ReferenceUnknown { cure }, findings);
            continue;
        };
        let dossier = match put_together(sealer, area.id, &name, &rows) {
            Ok(dossier) => dossier,
            Err((line, column, fault)) => {
                findings.fault(line, column, &fault);
                let others: Vec<Row> = rows.into_iter().filter(|row| row.line != line).collect();
                fault_all(&others, "dossier", &RowFault::RowsIncomplete, findings);
                continue;
            }
        };
        let named = distinct(dossier.firm_ids());
        let known = firms::find_many(tx.connection(), &named).await?;
        if known.len() < named.len() {
            let cure = ("请先导入企业表", "import the table of firms first");
            fault_all(&rows, "content", &RowFault::ReferenceUnknown { cure }, findings);
            continue;
        }
        let own = standing.get(&area.id).map(Vec::as_slice).unwrap_or_default();
        match own.iter().find(|own| own.subject() == dossier.subject()) {
            None if !fits(area, &dossier) => fault_all(&rows, "content", &RowFault::DossierDiffers, findings),
            None => {
                new.rows += rows.len();
                new.dossiers.push((area.clone(), dossier));
            }
            Some(known) if *known == dossier => {
                findings.unchanged(u32::try_from(rows.len()).unwrap_or(u32::MAX));
            }
            Some(known) => match dossier.beyond(known) {
                Some(missing) => {
                    new.rows += rows.len();
                    new.dossiers.push((area.clone(), missing));
                }
                None => fault_all(&rows, "content", &RowFault::DossierDiffers, findings),
            },
        }
    }
    Ok(Changes::Dossiers(new))
}

/// Whether an area that has nothing of the subject can take the dossier: managers one after the other make its first
/// versions, and the last of them is the one that it has.
fn fits(area: &Area, dossier: &Dossier) -> bool {
    match dossier {
        Dossier::Managers(terms) => {
            let last = terms.last().and_then(|term| term.manager_id);
            area.version == 1 && last == area.manager_id
        }
        _ => true,
    }
}

fn fault_all(rows: &[Row], column: &str, fault: &RowFault, findings: &mut Findings) {
    for row in rows {
        findings.fault(row.line, column, fault);
    }
}

/// The dossier of these pieces, in their order.
fn put_together(
    sealer: &Sealer,
    area_id: AreaId,
    name: &str,
    rows: &[Row],
) -> Result<Dossier, (u32, &'static str, RowFault)> {
    for (row, piece) in rows.iter().zip(1..) {
        if row.piece != piece {
            return Err((row.line, "piece", RowFault::PieceMissing { piece }));
        }
    }
    let content: String = rows.iter().map(|row| row.content.as_str()).collect();
    let seal = seal(sealer, area_id, &content);
    if let Some(row) = rows.iter().find(|row| row.seal != seal) {
        return Err((row.line, "seal", RowFault::DossierAltered));
    }
    let line = rows.first().map_or(0, |row| row.line);
    let altered = |_| (line, "content", RowFault::DossierAltered);
    let dossier: Dossier = serde_json::from_str(&content).map_err(altered)?;
    if name.split_once('/').map(|(_, subject)| subject) != Some(dossier.subject()) {
        return Err((line, "dossier", RowFault::DossierAltered));
    }
    Ok(dossier)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_no_blank_is_lost() {
        assert_eq!(pieces("{}"), ["{}"]);
        let text = format!(
            "{}  \u{3000}-{}",
            "x".repeat(PIECE_LENGTH),
            "y".repeat(PIECE_LENGTH + 1)
        );
        let cut = pieces(&text);
        assert_eq!(cut.len(), 3);
        assert_eq!(cut.concat(), text);
        assert!(
            cut.iter()
                .all(|piece| piece.trim() == piece && piece.chars().count() <= PIECE_LENGTH_MAX)
        );
    }
}
