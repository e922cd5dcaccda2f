//! What each column of a table takes, in words for those who fill it in.

mod dossiers;
mod parts;
mod people;
mod registers;

use crate::domain::table::TableKind;

/// What a column takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Guide {
    /// Whether every cell must be filled.
    pub(super) filled: bool,
    /// A cell that holds; those of one table belong to one row. Numbers of documents belong to nobody.
    pub(super) example: &'static str,
    /// In Chinese.
    pub(super) zh: &'static str,
    /// In English.
    pub(super) en: &'static str,
}

const fn filled(example: &'static str, zh: &'static str, en: &'static str) -> Guide {
    Guide {
        filled: true,
        example,
        zh,
        en,
    }
}

const fn empty_too(example: &'static str, zh: &'static str, en: &'static str) -> Guide {
    Guide {
        filled: false,
        ..filled(example, zh, en)
    }
}

const NOTHING: Guide = empty_too("", "", "");

/// What a column of a table takes; nothing is said of a column that the table has not.
pub(super) fn guide(kind: TableKind, column: &str) -> Guide {
    match kind {
        TableKind::Firms => registers::of_firms(column),
        TableKind::Areas => registers::of_areas(column),
        TableKind::Buildings => registers::of_buildings(column),
        TableKind::Homes => registers::of_homes(column),
        TableKind::Ownerships => registers::of_ownerships(column),
        TableKind::BuildingFacts => parts::of_building_facts(column),
        TableKind::Equipment => parts::of_equipment(column),
        TableKind::Inspections => parts::of_inspections(column),
        TableKind::Parking => parts::of_parking(column),
        TableKind::Holdings => people::of_holdings(column),
        TableKind::OwnerRecords => people::of_owner_records(column),
        TableKind::Agents => people::of_agents(column),
        TableKind::Representatives => people::of_representatives(column),
        TableKind::ExclusiveAreas => parts::of_exclusive_areas(column),
        TableKind::Dossiers => dossiers::of_dossiers(column),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use strum::IntoEnumIterator;

    use super::*;
    use crate::app::tables::{Findings, Sheet, Table};

    #[test]
    fn every_column_is_explained_and_no_other() {
        for kind in TableKind::iter() {
            for column in kind.columns() {
                let guide = guide(kind, column.name);
                assert!(
                    !guide.zh.is_empty() && !guide.en.is_empty(),
                    "{kind:?} {}",
                    column.name
                );
                assert!(
                    !guide.filled || (column.required && !guide.example.is_empty()),
                    "{kind:?} {}",
                    column.name
                );
            }
            assert_eq!(guide(kind, "colour"), NOTHING);
        }
    }

    #[test]
    fn the_examples_of_a_table_are_a_row_that_can_be_read() {
        let keys = sealing::Keys::from_hex([("t", "11".repeat(32).as_str())], "t", &"22".repeat(32)).unwrap();
        let sealer = sealing::Sealer::new(keys);
        for kind in TableKind::iter() {
            let columns = kind.columns().iter();
            let (names, cells): (Vec<_>, Vec<_>) = columns
                .map(|column| (column.name, guide(kind, column.name).example))
                .unzip();
            let csv = format!("{}\n{}\n", names.join(","), cells.join(","));
            let mut findings = Findings::of(kind);
            let sheet = Sheet::read(csv.as_bytes(), kind, &mut findings).unwrap();
            let today = "2026-03-02".parse().unwrap();
            Table::read(&sheet, today, &sealer, &mut findings);
            assert!(!findings.has_errors(), "{kind:?}: {findings:?}");
        }
    }
}
