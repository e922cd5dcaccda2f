//! The tables that people load and take away: what they are called, and which columns they have.

mod columns;
pub mod free_text;

use serde::{Deserialize, Serialize};

/// What a table holds. In the order in which tables build on each other: a workbook is loaded in it.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::EnumIter,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum TableKind {
    /// Firms.
    Firms,
    /// Areas.
    Areas,
    /// Buildings.
    Buildings,
    /// Homes.
    Homes,
    /// Ownerships, a row per home and owner.
    Ownerships,
    /// What buildings' documents say.
    BuildingFacts,
    /// Shared equipment.
    Equipment,
    /// Inspections of shared equipment.
    Inspections,
    /// Parking that is no exclusive part, a row per version.
    Parking,
    /// How the owners of a time hold a home, a row per home, first day and owner.
    Holdings,
    /// Mobile numbers of owners, and how they stand beside the real-estate register.
    OwnerRecords,
    /// Who acts for owners.
    Agents,
    /// Whom several owners chose to cast their vote.
    Representatives,
    /// Exclusive areas of homes through time.
    ExclusiveAreas,
    /// What was decided about areas, as our own exports write it.
    Dossiers,
}

/// A column: its name in files for machines and its title in files for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Name: `unit_number`.
    pub name: &'static str,
    /// Title in Chinese: `不动产单元号`.
    pub zh: &'static str,
    /// Title in English, as it stands in a sentence: `unit number`.
    pub en: &'static str,
    /// Whether a table must have it.
    pub required: bool,
    /// True where the cells hold personal data: they are shown masked only.
    pub personal: bool,
}

impl TableKind {
    /// Its columns, in the order of our own files.
    pub fn columns(self) -> &'static [Column] {
        columns::of(self)
    }

    /// The columns that tell one row from another, the last the one that is told where a row stands twice.
    pub fn key(self) -> &'static [&'static str] {
        columns::key_of(self)
    }

    /// The columns in which rows agree that are recorded together or not at all; none where every row stands for itself.
    pub fn together(self) -> &'static [&'static str] {
        columns::together_in(self)
    }

    /// By which columns rows belong to one thing whose history they tell, and the column of their day; none where a row
    /// stands for itself.
    pub fn history(self) -> Option<(&'static [&'static str], &'static str)> {
        columns::history_of(self)
    }

    /// Whether its rows name people: such rows are shown masked, and in clear only for a reason that is recorded.
    pub fn names_people(self) -> bool {
        self.columns().iter().any(|column| column.personal)
    }

    /// The column of this name.
    pub fn column(self, name: &str) -> Option<&'static Column> {
        self.columns().iter().find(|column| column.name == name)
    }

    /// The column that a file calls so, by its name or by its Chinese title.
    pub fn named(self, title: &str) -> Option<&'static Column> {
        let title = title.trim();
        self.columns()
            .iter()
            .find(|column| column.name == title || column.zh == title)
    }

    /// Title of its sheet in a workbook.
    pub fn zh(self) -> &'static str {
        match self {
            TableKind::Firms => "企业",
            TableKind::Areas => "物业管理区域",
            TableKind::Buildings => "幢",
            TableKind::Homes => "房屋",
            TableKind::Ownerships => "产权",
            TableKind::BuildingFacts => "幢资料",
            TableKind::Equipment => "设施设备",
            TableKind::Inspections => "检验记录",
            TableKind::Parking => "公共车位",
            TableKind::Holdings => "共有与登记",
            TableKind::OwnerRecords => "业主核实",
            TableKind::Agents => "监护人与代理人",
            TableKind::Representatives => "推举代表",
            TableKind::ExclusiveAreas => "专有面积沿革",
            TableKind::Dossiers => "案卷",
        }
    }
}
