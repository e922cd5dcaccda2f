//! What buildings are made of and what serves them.

use super::{Guide, NOTHING, empty_too, filled};

pub(super) fn of_building_facts(column: &str) -> Guide {
    match column {
        "area_number" => filled(
            "330783004015-0001",
            "所属物业管理区域的备案号，须已登记。",
            "The filing number of its area, which must be registered.",
        ),
        "building_number" => filled(
            "3",
            "所在幢的幢号，须已登记；每幢一行。",
            "The number of the building, which must be registered; a row per building.",
        ),
        "completed_on" => filled(
            "2019-05-20",
            "竣工验收日期，如 2019-05-20，不得晚于今日，也不得晚于首套房屋的交付日期；保修期由此起算。",
            "The day of the completion acceptance, such as 2019-05-20, not in the future and not after the first hand-over; \
             warranties count from it.",
        ),
        "design_life_years" => empty_too(
            "50",
            "设计使用年限，5 至 200 年的整数；设计文件未载明时留空。",
            "The design life in years, 5 to 200; empty where the documents do not say.",
        ),
        _ => NOTHING,
    }
}

pub(super) fn of_exclusive_areas(column: &str) -> Guide {
    match column {
        "unit_number" => filled(
            "330783004015GB00001F00030012",
            "28 位不动产单元号，房屋须已登记；面积曾更正的房屋，每个面积一行，同一房屋各行相连。",
            "28 characters, of a home that is registered; a row for each area that a corrected home had, together.",
        ),
        "area_turn" => filled(
            "0",
            "同一房屋各面积的先后次序，首次登记的为 0。",
            "The home's areas counted from 0, the one it was recorded with.",
        ),
        "exclusive_area" => filled(
            "88.90",
            "专有部分面积，平方米，最多两位小数；最后一行应与房屋表一致。",
            "The exclusive area in m², with at most two decimals; that of the last row is the one in the table of homes.",
        ),
        "source" => filled(
            "CONTRACT",
            "CONTRACT 为合同，SURVEY 为实测，REGISTER 为登记簿。",
            "CONTRACT, SURVEY, or REGISTER for the real-estate register.",
        ),
        "counts_since" => empty_too(
            "",
            "起计日期，如 2021-03-01，不得晚于今日；首次登记的面积留空。",
            "The first day on which it counts, such as 2021-03-01, not in the future; empty in the first row.",
        ),
        "document_digest" => empty_too(
            "",
            "更正依据文件的 SHA-256（64 位十六进制）；首次登记的面积留空。",
            "The SHA-256 of the document it rests on, 64 hexadecimal digits; empty in the first row.",
        ),
        "reason" => empty_too(
            "",
            "更正理由，最多 500 字；来源不优于前一面积时必填。",
            "Why it was corrected, at most 500 characters; needed where the source is not better than the one before.",
        ),
        _ => NOTHING,
    }
}

/// A column that begins rows of what serves an area.
const AREA: Guide = filled(
    "330783004015-0001",
    "所属物业管理区域的备案号，须已登记且未终止。",
    "The filing number of its area, which must be registered and not have ended.",
);

pub(super) fn of_equipment(column: &str) -> Guide {
    match column {
        "area_number" => AREA,
        "kind" => filled(
            "LIFT",
            "LIFT 电梯，FIRE 消防设施，WATER_SUPPLY 二次供水，POWER 配电，SURVEILLANCE 监控，OTHER 其他。",
            "LIFT, FIRE, WATER_SUPPLY, POWER, SURVEILLANCE or OTHER.",
        ),
        "code" => filled(
            "DT-0301",
            "设备编号，如电梯的使用登记编号；在同一区域同一类别内不重复。",
            "Its number, such as that of a lift's registration; once in an area and kind.",
        ),
        "building_number" => empty_too(
            "3",
            "所在幢的幢号，须已登记；服务整个区域的留空。",
            "The number of the building, which must be registered; empty where it serves the whole area.",
        ),
        "location" => filled(
            "3幢1单元",
            "所在位置；以“=”“+”“-”或“@”开头的，须在前面加一个英文单引号，如 '-1层。",
            "Where it stands; what begins with `=`, `+`, `-` or `@` needs an apostrophe before it, as in '-1层.",
        ),
        "installed_on" => filled(
            "2019-04-20",
            "安装日期，如 2019-04-20，不得晚于今日。",
            "The day of the installation, such as 2019-04-20, not in the future.",
        ),
        "retired_on" => empty_too(
            "",
            "停用日期，不得晚于今日；在用的留空。停用前的检验仍可由检验记录表导入。",
            "The day on which it went out of use, not in the future; empty while it is in use. What was inspected before may \
             still be loaded with the table of inspections.",
        ),
        _ => NOTHING,
    }
}

pub(super) fn of_inspections(column: &str) -> Guide {
    match column {
        "area_number" => AREA,
        "equipment_kind" => filled(
            "LIFT",
            "设备类别，与设施设备表相同。",
            "The kind of the equipment, as in the table of equipment.",
        ),
        "equipment_code" => filled(
            "DT-0301",
            "设备编号，该设备须已登记。",
            "The number of the equipment, which must be registered.",
        ),
        "inspected_on" => filled(
            "2025-04-18",
            "检验日期，不得晚于今日，也不得早于安装日和已登记的上次检验日；同一设备从早到晚排列。",
            "The day of the inspection, not in the future and not before the installation or the last inspection recorded; \
             those of one piece of equipment the oldest first.",
        ),
        "inspector" => filled("金华市特种设备检验检测院", "检验、检测机构。", "Who inspected."),
        "result" => filled("PASSED", "PASSED 合格，FAILED 不合格。", "PASSED or FAILED."),
        "valid_until" => empty_too(
            "2026-04-18",
            "检验报告的有效期，应晚于检验日期；留空则按该类设备的检验周期计算。不合格的应留空。",
            "Until when the report holds, after the day of the inspection; empty takes the period of this kind of equipment. \
             Empty where it failed.",
        ),
        "turn" => empty_too(
            "",
            "一般留空；同一设备同一日有多次检验时，为当日的先后次序，从 1 起。",
            "Usually empty; where the same equipment was inspected several times on one day their order, from 1.",
        ),
        _ => NOTHING,
    }
}

pub(super) fn of_parking(column: &str) -> Guide {
    match column {
        "area_number" => AREA,
        "kind" => filled(
            "COMMON_GROUND",
            "PLANNED 规划车位，COMMON_GROUND 占用业主共有道路或场地的车位；有独立产权的车位属房屋表。",
            "PLANNED, or COMMON_GROUND where it is on roads or ground that all own together; a space with a title of its own \
             is a home.",
        ),
        "name" => filled(
            "地面临停区",
            "车位区的名称；在同一区域同一类别内不重复，情况变化的每次一行，从早到晚排列。",
            "What the lot is called; once in an area and kind, with a row for each change, the oldest first.",
        ),
        "since" => empty_too(
            "2020-05-01",
            "自何日起如此，不得晚于今日；仅该车位区的第一行可留空，表示起始日期不详。",
            "From which day on it is so, not in the future; empty in the first row of a lot only, where that is not known.",
        ),
        "spaces" => filled(
            "40",
            "车位数，1 至 100,000 的整数。",
            "The number of spaces, 1 to 100,000.",
        ),
        "leased" => filled(
            "12",
            "已出租的车位数，不超过车位数。",
            "How many of them are let, at most all.",
        ),
        "numbers" => empty_too(
            "D-001 至 D-040",
            "车位编号，可留空；以“=”“+”“-”或“@”开头的，须在前面加一个英文单引号。",
            "The numbers of the spaces, or empty; what begins with `=`, `+`, `-` or `@` needs an apostrophe before it.",
        ),
        "turn" => empty_too(
            "",
            "一般留空；同一车位区同一日有多次变化时，为当日的先后次序，从 1 起。",
            "Usually empty; where a lot changed several times on one day their order, from 1.",
        ),
        _ => NOTHING,
    }
}
