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
