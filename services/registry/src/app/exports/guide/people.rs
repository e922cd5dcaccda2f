//! How homes are held, what is known of owners, who acts and votes for them.

use super::{Guide, NOTHING, empty_too, filled};

const CITIZEN: &str = "330783195001019001";
const OTHER: &str = "330783195102029006";

fn document_kind(zh: &'static str, en: &'static str) -> Guide {
    filled("CITIZEN_ID", zh, en)
}

const DIGEST: Guide = empty_too(
    "",
    "书面材料的 SHA-256，64 位十六进制；未存档时留空。",
    "SHA-256 of the paper in 64 hexadecimal digits; empty where none was filed.",
);

pub(super) fn of_holdings(column: &str) -> Guide {
    match column {
        "unit_number" => filled(
            "330783004015GB00001F00030012",
            "28 位不动产单元号；同一房屋的各行须相邻，每名业主一行，须列全该段产权的业主。",
            "28 characters; the rows of a home stand together, one for each owner, and name all owners of that time.",
        ),
        "owned_since" => filled(
            "2019-06-30",
            "该段产权的起始日，与产权表一致；历任业主亦可填写。",
            "The first day of the ownership, as in the table of ownerships; past ones may be told too.",
        ),
        "document_kind" => document_kind(
            "CITIZEN_ID 为公民身份号码，CREDIT_CODE 为统一社会信用代码。",
            "CITIZEN_ID for a citizen's number, CREDIT_CODE for a firm's code.",
        ),
        "document_number" => filled(
            CITIZEN,
            "业主的 18 位证件号码，须已在产权表中。单元格须为文本格式。",
            "The owner's 18 characters, from the table of ownerships. The cell must be text.",
        ),
        "share" => empty_too(
            "",
            "按份共有时填写份额，如 1/2，各业主的份额合计为 1；共同共有或单独所有时均留空。",
            "The share such as 1/2 where they hold by shares, which sum to 1; empty for all where jointly or by one alone.",
        ),
        "title" => filled(
            "REGISTERED",
            "REGISTERED 为已办理不动产登记，POSSESSION 为已交付占有、尚未登记。",
            "REGISTERED in the real-estate register, or POSSESSION after the hand-over.",
        ),
        "registered_on" => empty_too(
            "2019-08-15",
            "登记日期，不得早于产权起始日，也不得晚于今日；不详或未登记时留空。",
            "The day of the registration, not before the ownership and not in the future; empty where unknown or none.",
        ),
        _ => NOTHING,
    }
}

pub(super) fn of_owner_records(column: &str) -> Guide {
    match column {
        "document_kind" => document_kind(
            "CITIZEN_ID 为公民身份号码，CREDIT_CODE 为统一社会信用代码。",
            "CITIZEN_ID for a citizen's number, CREDIT_CODE for a firm's code.",
        ),
        "document_number" => filled(
            CITIZEN,
            "业主的 18 位证件号码，须已在产权表中；每名业主一行。单元格须为文本格式。",
            "The owner's 18 characters, from the table of ownerships; a row per owner. The cell must be text.",
        ),
        "mobile" => empty_too(
            "13800005678",
            "11 位手机号码；不详时留空，已登记的号码不变。法人不填写。",
            "11 digits; empty where unknown, and what is recorded stays. A legal person has none.",
        ),
        "verification" => filled(
            "VERIFIED",
            "OPEN 为未核验，VERIFIED 为与不动产登记簿一致，MISMATCH 为不一致。",
            "OPEN where not compared, VERIFIED where the owner agrees with the register, MISMATCH where not.",
        ),
        "verified_on" => empty_too(
            "2025-11-03",
            "核验日期，不得晚于今日；未核验时留空。",
            "The day of the comparison, not in the future; empty where not compared.",
        ),
        "mismatch" => empty_too(
            "",
            "不一致时必填：NOT_REGISTERED 未登记，NAME 姓名，DOCUMENT 证件，CO_OWNERS 共有人或份额，HOME 房屋；其余留空。",
            "Where it differs: NOT_REGISTERED, NAME, DOCUMENT, CO_OWNERS (or shares) or HOME; else empty.",
        ),
        _ => NOTHING,
    }
}

pub(super) fn of_agents(column: &str) -> Guide {
    match column {
        "document_kind" => document_kind(
            "业主的证件：CITIZEN_ID 为公民身份号码，CREDIT_CODE 为统一社会信用代码。",
            "The owner's: CITIZEN_ID for a citizen's number, CREDIT_CODE for a firm's code.",
        ),
        "document_number" => filled(
            CITIZEN,
            "业主的 18 位证件号码，须已在产权表中；同一业主的各行须相邻。单元格须为文本格式。",
            "The owner's 18 characters, from the table of ownerships; the rows of an owner stand together. The cell must be text.",
        ),
        "from_on" => filled(
            "2025-01-01",
            "代为行使权利的首日，如 2025-01-01。",
            "The first day on which the agent acts, such as 2025-01-01.",
        ),
        "agent_name" => filled(
            "李四",
            "监护人或授权代表的姓名，最多 100 字。",
            "The name of the guardian or authorised person, at most 100 characters.",
        ),
        "agent_document_kind" => document_kind(
            "仅可为 CITIZEN_ID，即公民身份号码。",
            "CITIZEN_ID only, a citizen's number.",
        ),
        "agent_document_number" => filled(
            OTHER,
            "监护人或授权代表的 18 位公民身份号码，首日须已成年。单元格须为文本格式。",
            "The agent's citizen's number, of somebody of full age on the first day. The cell must be text.",
        ),
        "ground" => filled(
            "INCAPACITY",
            "MINOR 为业主未成年，INCAPACITY 为业主无或限制民事行为能力，LEGAL_PERSON 为法人的授权代表。",
            "MINOR for an owner under age, INCAPACITY for one without capacity, LEGAL_PERSON for a legal person's.",
        ),
        "until_on" => empty_too(
            "",
            "终止日，即不再代理的首日；仍在代理时留空，下一名代理人起始时自动终止。",
            "The first day on which it is over; empty while it lasts, and the next agent ends it.",
        ),
        "document_digest" => DIGEST,
        _ => NOTHING,
    }
}

pub(super) fn of_representatives(column: &str) -> Guide {
    match column {
        "area_number" => filled(
            "330783004015-0001",
            "物业管理区域的备案号，须已登记。",
            "The filing number of the area, which must be registered.",
        ),
        "owners" => filled(
            "330783195001019001;330783195102029006",
            "全体共有人的证件号码，以“;”分隔，须在该区域共有一套房屋；每组共有人的每次推举一行。",
            "The document numbers of all owners, separated by `;`, who own a home of the area together; a row per choice.",
        ),
        "from_on" => filled(
            "2025-01-01",
            "推举生效的首日，须晚于前一次推举。",
            "The first day of the choice, after that of the choice before.",
        ),
        "document_kind" => document_kind(
            "被推举人的证件：CITIZEN_ID 为公民身份号码，CREDIT_CODE 为统一社会信用代码。",
            "Of the one who was chosen: CITIZEN_ID for a citizen's number, CREDIT_CODE for a firm's code.",
        ),
        "document_number" => filled(
            CITIZEN,
            "被推举人的证件号码，须为共有人之一。单元格须为文本格式。",
            "The document number of the one who was chosen, one of the owners. The cell must be text.",
        ),
        "document_digest" => DIGEST,
        _ => NOTHING,
    }
}
