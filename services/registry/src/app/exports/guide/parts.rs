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
