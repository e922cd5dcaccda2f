//! The tables that people load and take away: what they are called, and which columns they have.

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

const fn column(name: &'static str, zh: &'static str, en: &'static str) -> Column {
    Column {
        name,
        zh,
        en,
        required: true,
        personal: false,
    }
}

const fn personal(name: &'static str, zh: &'static str, en: &'static str) -> Column {
    Column {
        personal: true,
        ..column(name, zh, en)
    }
}

const fn optional(name: &'static str, zh: &'static str, en: &'static str) -> Column {
    Column {
        required: false,
        ..column(name, zh, en)
    }
}

const FIRMS: &[Column] = &[
    column("credit_code", "统一社会信用代码", "credit code"),
    column("name", "名称", "name"),
    column("kind", "企业类型", "kind"),
];

const AREAS: &[Column] = &[
    column("number", "备案号", "filing number"),
    column("name", "名称", "name"),
    column("division_code", "区划代码", "division code"),
    column("developer_credit_code", "建设单位", "developer"),
    column("manager_credit_code", "物业服务企业", "property firm"),
];

const BUILDINGS: &[Column] = &[
    column("area_number", "区域备案号", "area's number"),
    column("number", "幢号", "number"),
    column("floors", "层数", "number of floors"),
];

const HOMES: &[Column] = &[
    column("area_number", "区域备案号", "area's number"),
    column("building_number", "幢号", "building's number"),
    column("stairwell", "单元", "stairwell"),
    column("room", "室号", "room"),
    column("unit_number", "不动产单元号", "unit number"),
    column("exclusive_area", "专有面积", "exclusive area"),
    column("use", "用途", "use"),
    column("sale_state", "销售状态", "sale state"),
    column("delivered_on", "交付日期", "day of the hand-over"),
];

const OWNERSHIPS: &[Column] = &[
    column("unit_number", "不动产单元号", "unit number"),
    personal("owner_name", "业主姓名", "owner's name"),
    column("document_kind", "证件类型", "kind of document"),
    personal("document_number", "证件号码", "document number"),
    column("owned_since", "产权起始日", "first day of ownership"),
    optional("owned_until", "产权终止日", "end of ownership"),
    optional("owned_turn", "产权次序", "turn of the ownership"),
    optional("owner_count", "共有人数", "number of co-owners"),
];

impl TableKind {
    /// Its columns, in the order of our own files.
    pub fn columns(self) -> &'static [Column] {
        match self {
            TableKind::Firms => FIRMS,
            TableKind::Areas => AREAS,
            TableKind::Buildings => BUILDINGS,
            TableKind::Homes => HOMES,
            TableKind::Ownerships => OWNERSHIPS,
        }
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
        }
    }
}
