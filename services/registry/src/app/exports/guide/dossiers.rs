//! What was decided about areas.

use super::{Guide, NOTHING, filled};

pub(super) fn of_dossiers(column: &str) -> Guide {
    match column {
        "dossier" => filled(
            "330783004015-0001/contracts",
            "案卷号：区域备案号/事项；由导出文件生成，不手工填写。",
            "Area's filing number/subject; written by exports, never by hand.",
        ),
        "piece" => filled(
            "1",
            "内容较长时分段，从 1 起连续编号。",
            "A long content is cut into pieces, counted from 1.",
        ),
        "content" => filled(
            "{}",
            "该事项全部记录的 JSON，按导出原样导入。",
            "All records of the subject as JSON, to be imported as it was exported.",
        ),
        "seal" => filled(
            "0000000000000000000000000000000000000000000000000000000000000000",
            "导出时按平台密钥计算的校验码，内容有改动即不予导入。",
            "A keyed hash with the platform's key: a content that was changed is not taken.",
        ),
        _ => NOTHING,
    }
}
