//! Which columns each table has, and by which of them a row is known.

use super::{Column, TableKind};

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
    optional("registered_on", "登记日期", "day of the registration"),
];

const BUILDINGS: &[Column] = &[
    column("area_number", "区域备案号", "area's number"),
    column("number", "幢号", "number"),
    column("floors", "层数", "number of floors"),
    optional("building_id", "系统标识", "building's id"),
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
    optional("sold_on", "销售日期", "day of the sale"),
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

const BUILDING_FACTS: &[Column] = &[
    column("area_number", "区域备案号", "area's number"),
    column("building_number", "幢号", "building's number"),
    column("completed_on", "竣工验收日期", "day of the completion acceptance"),
    column("design_life_years", "设计使用年限", "design life"),
];

const EQUIPMENT: &[Column] = &[
    column("area_number", "区域备案号", "area's number"),
    column("kind", "设备类别", "kind"),
    column("code", "设备编号", "number of the equipment"),
    column("building_number", "幢号", "building's number"),
    column("location", "位置", "location"),
    column("installed_on", "安装日期", "day of the installation"),
    column("retired_on", "停用日期", "day of the retirement"),
];

const INSPECTIONS: &[Column] = &[
    column("area_number", "区域备案号", "area's number"),
    column("equipment_kind", "设备类别", "kind of equipment"),
    column("equipment_code", "设备编号", "number of the equipment"),
    column("inspected_on", "检验日期", "day of the inspection"),
    column("inspector", "检验机构", "inspector"),
    column("result", "检验结论", "result"),
    column("valid_until", "有效期至", "end of the validity"),
    optional("turn", "同日次序", "turn within the day"),
];

const PARKING: &[Column] = &[
    column("area_number", "区域备案号", "area's number"),
    column("kind", "车位类别", "kind"),
    column("name", "名称", "name"),
    column("since", "起始日期", "first day"),
    column("spaces", "车位数", "number of spaces"),
    column("leased", "出租数", "number of spaces that are let"),
    column("numbers", "车位编号", "numbers of the spaces"),
    optional("turn", "同日次序", "turn within the day"),
];

const HOLDINGS: &[Column] = &[
    column("unit_number", "不动产单元号", "unit number"),
    column("owned_since", "产权起始日", "first day of ownership"),
    column("document_kind", "证件类型", "kind of document"),
    personal("document_number", "证件号码", "document number"),
    column("share", "份额", "share"),
    column("title", "权属状态", "title"),
    column("registered_on", "登记日期", "day of the registration"),
];

const OWNER_RECORDS: &[Column] = &[
    column("document_kind", "证件类型", "kind of document"),
    personal("document_number", "证件号码", "document number"),
    personal("mobile", "手机号码", "mobile number"),
    column("verification", "核验结果", "result of the comparison"),
    column("verified_on", "核验日期", "day of the comparison"),
    column("mismatch", "不一致项", "what differs"),
];

const AGENTS: &[Column] = &[
    column("document_kind", "业主证件类型", "owner's kind of document"),
    personal("document_number", "业主证件号码", "owner's document number"),
    column("from_on", "起始日", "first day"),
    personal("agent_name", "代理人姓名", "agent's name"),
    column(
        "agent_document_kind",
        "代理人证件类型",
        "agent's kind of document",
    ),
    personal(
        "agent_document_number",
        "代理人证件号码",
        "agent's document number",
    ),
    column("ground", "事由", "ground"),
    column("until_on", "终止日", "end"),
    column("document_digest", "文件摘要", "digest of the paper"),
];

const REPRESENTATIVES: &[Column] = &[
    column("area_number", "区域备案号", "area's number"),
    personal("owners", "全体共有人证件号码", "document numbers of all owners"),
    column("from_on", "起始日", "first day"),
    column(
        "document_kind",
        "代表证件类型",
        "representative's kind of document",
    ),
    personal(
        "document_number",
        "代表证件号码",
        "representative's document number",
    ),
    column("document_digest", "文件摘要", "digest of the paper"),
];

const EXCLUSIVE_AREAS: &[Column] = &[
    column("unit_number", "不动产单元号", "unit number"),
    column("area_turn", "次序", "turn of the area"),
    column("exclusive_area", "专有面积", "exclusive area"),
    column("source", "面积来源", "source"),
    column("counts_since", "起计日期", "first day on which it counts"),
    column("document_digest", "文件摘要", "digest of the document"),
    column("reason", "更正理由", "reason"),
];

const DOSSIERS: &[Column] = &[
    column("dossier", "案卷号", "dossier"),
    column("piece", "段次", "piece"),
    column("content", "内容", "content"),
    column("seal", "校验码", "seal"),
];

/// The columns of a kind, in the order of our own files.
pub(super) fn of(kind: TableKind) -> &'static [Column] {
    match kind {
        TableKind::Firms => FIRMS,
        TableKind::Areas => AREAS,
        TableKind::Buildings => BUILDINGS,
        TableKind::Homes => HOMES,
        TableKind::Ownerships => OWNERSHIPS,
        TableKind::BuildingFacts => BUILDING_FACTS,
        TableKind::Equipment => EQUIPMENT,
        TableKind::Inspections => INSPECTIONS,
        TableKind::Parking => PARKING,
        TableKind::Holdings => HOLDINGS,
        TableKind::OwnerRecords => OWNER_RECORDS,
        TableKind::Agents => AGENTS,
        TableKind::Representatives => REPRESENTATIVES,
        TableKind::ExclusiveAreas => EXCLUSIVE_AREAS,
        TableKind::Dossiers => DOSSIERS,
    }
}

/// The columns that tell one row of a kind from another.
pub(super) fn key_of(kind: TableKind) -> &'static [&'static str] {
    match kind {
        TableKind::Firms => &["credit_code"],
        TableKind::Areas => &["number"],
        TableKind::Buildings => &["area_number", "number"],
        TableKind::Homes => &["unit_number"],
        // Of what tells its rows apart, the document is what is mistyped when one stands twice.
        TableKind::Ownerships => &[
            "unit_number",
            "owned_since",
            "owned_until",
            "owned_turn",
            "document_number",
        ],
        TableKind::BuildingFacts => &["area_number", "building_number"],
        TableKind::Equipment => &["area_number", "kind", "code"],
        // Calls may record the same result twice on one day: the turn tells those apart.
        TableKind::Inspections => &[
            "area_number",
            "equipment_kind",
            "equipment_code",
            "turn",
            "result",
            "inspected_on",
        ],
        TableKind::Parking => &["area_number", "kind", "name", "turn", "since"],
        TableKind::Holdings => &["unit_number", "owned_since", "document_number"],
        TableKind::OwnerRecords => &["document_kind", "document_number"],
        TableKind::Agents => &["document_kind", "document_number", "from_on"],
        TableKind::Representatives => &["area_number", "owners", "from_on"],
        TableKind::ExclusiveAreas => &["unit_number", "area_turn"],
        TableKind::Dossiers => &["dossier", "piece"],
    }
}

/// The columns that say whose history a row tells, and that of its day.
pub(super) fn history_of(kind: TableKind) -> Option<(&'static [&'static str], &'static str)> {
    match kind {
        TableKind::Inspections => Some((
            &["area_number", "equipment_kind", "equipment_code"],
            "inspected_on",
        )),
        TableKind::Parking => Some((&["area_number", "kind", "name"], "since")),
        TableKind::Representatives => Some((&["area_number", "owners"], "from_on")),
        // Rows that stand together are recorded at once or not at all: see `ROWS_SCATTERED`.
        _ => None,
    }
}

/// The columns in which the rows of one home, or of one owner, agree.
pub(super) fn together_in(kind: TableKind) -> &'static [&'static str] {
    match kind {
        TableKind::Ownerships | TableKind::Holdings | TableKind::ExclusiveAreas => &["unit_number"],
        TableKind::Dossiers => &["dossier"],
        // Who acts next ends who acted before.
        TableKind::Agents => &["document_kind", "document_number"],
        TableKind::Firms
        | TableKind::Areas
        | TableKind::Buildings
        | TableKind::Homes
        | TableKind::BuildingFacts
        | TableKind::Equipment
        | TableKind::Inspections
        | TableKind::Parking
        | TableKind::OwnerRecords
        | TableKind::Representatives => &[],
    }
}
