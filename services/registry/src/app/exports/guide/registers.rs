//! Firms, areas, buildings, homes, ownerships.

use super::{Guide, NOTHING, empty_too, filled};

pub(super) fn of_firms(column: &str) -> Guide {
    match column {
        "credit_code" => filled(
            "91330783MA2E400290",
            "18 位统一社会信用代码，末位为校验码；每家企业一行。",
            "18 characters, the last a check character; a row per firm.",
        ),
        "name" => filled(
            "和居物业服务有限公司",
            "登记的全称，最多 100 字。",
            "The registered name, at most 100 characters.",
        ),
        "kind" => filled(
            "PROPERTY",
            "PROPERTY 为物业服务企业，DEVELOPER 为建设单位。",
            "PROPERTY is a property firm, DEVELOPER a developer.",
        ),
        _ => NOTHING,
    }
}

pub(super) fn of_areas(column: &str) -> Guide {
    match column {
        "number" => filled(
            "330783004015-0001",
            "备案号，全市唯一，不含“/”；每个物业管理区域一行。",
            "The filing number, unique in the city, without `/`; a row per area.",
        ),
        "name" => filled(
            "湖畔花园",
            "区域（小区）名称，最多 100 字。",
            "The estate's name, at most 100 characters.",
        ),
        "division_code" => filled(
            "330783004015",
            "所在社区或村的 12 位统计用区划代码。",
            "The 12-digit statistical code of its community or village.",
        ),
        "developer_credit_code" => empty_too(
            "",
            "建设单位的统一社会信用代码，须已在企业表中；不详时留空。",
            "The developer's credit code, from the table of firms; empty where unknown.",
        ),
        "manager_credit_code" => empty_too(
            "91330783MA2E400290",
            "物业服务企业的统一社会信用代码，须已在企业表中；无物业服务企业时留空。",
            "The property firm's credit code, from the table of firms; empty where none manages it.",
        ),
        "registered_on" => empty_too(
            "",
            "划分批准并登记的日期；不详时留空，视为自始登记。",
            "The day on which its delineation was approved; empty where unknown, then it counts as registered at any time.",
        ),
        _ => NOTHING,
    }
}

pub(super) fn of_buildings(column: &str) -> Guide {
    match column {
        "area_number" => filled(
            "330783004015-0001",
            "所属物业管理区域的备案号，须已登记。",
            "The filing number of its area, which must be registered.",
        ),
        "number" => filled(
            "3",
            "总平面图上的幢号，区域内唯一。",
            "Its number on the site plan, unique in the area.",
        ),
        "floors" => filled(
            "18",
            "地上层数，1 至 200 的整数。",
            "Storeys above ground, 1 to 200.",
        ),
        "building_id" => empty_too(
            "",
            "一般留空；导出文件中，由其他区域划入的幢以此保持原标识。",
            "Usually empty; in an export it keeps the id of a building that came from another area.",
        ),
        _ => NOTHING,
    }
}

pub(super) fn of_homes(column: &str) -> Guide {
    match column {
        "area_number" => filled(
            "330783004015-0001",
            "所属物业管理区域的备案号，须已登记。",
            "The filing number of its area, which must be registered.",
        ),
        "building_number" => filled(
            "3",
            "所在幢的幢号，须已登记。",
            "The number of its building, which must be registered.",
        ),
        "stairwell" => empty_too(
            "1",
            "单元，与门牌一致；仅一个单元时可空。",
            "As printed on the door; empty where the building has one only.",
        ),
        "room" => filled(
            "1502",
            "室号，与门牌一致。",
            "The room number, as printed on the door.",
        ),
        "unit_number" => filled(
            "330783004015GB00001F00030012",
            "28 位不动产单元号；每套房屋一行。单元格须为文本格式。",
            "28 characters; a row per home. The cell must be text.",
        ),
        "exclusive_area" => filled(
            "89.37",
            "专有部分面积，平方米，最多两位小数。",
            "The exclusive area in m², with at most two decimals.",
        ),
        "use" => filled(
            "RESIDENTIAL",
            "RESIDENTIAL 为住宅，COMMERCIAL 为非住宅，PARKING 为车位。",
            "RESIDENTIAL is a dwelling, COMMERCIAL a shop or office, PARKING a parking space.",
        ),
        "sale_state" => filled(
            "DELIVERED",
            "UNSOLD 为未售，SOLD 为已售未交付，DELIVERED 为已交付。",
            "UNSOLD, SOLD but not handed over, or DELIVERED.",
        ),
        "delivered_on" => empty_too(
            "2019-06-30",
            "交付日期，如 2019-06-30，不得晚于今日；仅已交付的房屋填写。",
            "The day of the hand-over, such as 2019-06-30, not in the future; only where delivered.",
        ),
        "sold_on" => empty_too(
            "2018-03-01",
            "销售（合同签订）日期，不得晚于今日；未售或不详时留空。",
            "The day of the sale, not in the future; empty where unsold or unknown.",
        ),
        _ => NOTHING,
    }
}

pub(super) fn of_ownerships(column: &str) -> Guide {
    match column {
        "unit_number" => filled(
            "330783004015GB00001F00030012",
            "28 位不动产单元号，房屋须已登记且已售；每套房屋的每名业主一行，共有人各占一行。",
            "28 characters, of a home that is registered and sold; a row per home and owner, also for co-owners.",
        ),
        "owner_name" => filled(
            "张三",
            "业主姓名或单位名称，最多 100 字。",
            "The owner's name, at most 100 characters.",
        ),
        "document_kind" => filled(
            "CITIZEN_ID",
            "CITIZEN_ID 为公民身份号码，CREDIT_CODE 为统一社会信用代码。",
            "CITIZEN_ID for a citizen's number, CREDIT_CODE for a firm's code.",
        ),
        "document_number" => filled(
            "330783195001019001",
            "18 位证件号码，末位为校验码。单元格须为文本格式，否则会丢失位数。",
            "18 characters, the last a check character. The cell must be text, or digits are lost.",
        ),
        "owned_since" => filled(
            "2019-06-30",
            "产权起始日，如 2019-06-30，不得晚于今日。",
            "The first day of the ownership, such as 2019-06-30, not in the future.",
        ),
        "owned_until" => empty_too(
            "",
            "仅为历任业主填写：等于同一房屋后一段产权的起始日；现业主留空。",
            "For past owners only: the first day of the home's next ownership; empty for the present owners.",
        ),
        "owned_turn" => empty_too(
            "",
            "一般留空；导出文件中为该房屋各段产权的先后次序，从 1 起，同日起止的各段由此区分。",
            "Usually empty; in an export the home's ownerships counted from 1, which tells those of one day apart.",
        ),
        "owner_count" => empty_too(
            "1",
            "建议填写：该段产权共有几名业主，每名业主一行；行数不符时整段产权不予登记，可发现填错的不动产单元号。",
            "Better filled: how many own it together, a row each; where the rows are not so many, none is recorded, which \
             finds a mistyped unit number.",
        ),
        _ => NOTHING,
    }
}
