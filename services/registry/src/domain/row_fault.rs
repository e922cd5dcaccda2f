//! What can be wrong with one cell of a table, with its stable reason and both messages.
//! No message holds personal data in clear.

use chrono::NaiveDate;
use ids::CodeError;
use ids::code::Fault as CodeFault;
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use super::table::TableKind;
use super::{owner, part};

/// One thing wrong with a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowError {
    /// The sheet, `homes`.
    pub sheet: TableKind,
    /// Line in the file; the header is 1.
    pub line: u32,
    /// The column; empty where the whole row is concerned.
    pub column: String,
    /// What the cell holds, masked where personal, at most 64 characters.
    pub value: String,
    /// Stable reason.
    pub reason: String,
    /// What is wrong and what cures it, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// What is wrong with a cell or a row. The reason string is the variant's name.
#[derive(Debug, Clone, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum RowFault {
    /// The row has more or fewer cells than the header.
    ColumnCountWrong {
        /// Cells of the row.
        found: usize,
        /// Cells of the header.
        expected: usize,
    },
    /// A cell that must be filled is empty.
    ValueMissing,
    /// A cell that must be empty here is not.
    ValueUnexpected {
        /// When it may be filled, in Chinese and English.
        when: (&'static str, &'static str),
    },
    /// A word that is not on the list.
    ValueUnknown {
        /// The list.
        allowed: &'static [&'static str],
    },
    /// The natural key stands, or occurs above, with another value in this column.
    ValueDiffers {
        /// What stands, masked where personal.
        standing: String,
    },
    /// Too long a text.
    TextTooLong {
        /// Most characters.
        max: usize,
    },
    /// Characters that the text may not hold.
    TextMalformed,
    /// Begins as a formula would: a spreadsheet that opens an export of it would run it.
    FormulaNotAllowed,
    /// A spreadsheet's error value, such as `#REF!`.
    CellError,
    /// A long number that a spreadsheet kept as a number: only its first 15 digits are true.
    DigitsLost,
    /// Not a number as expected.
    NumberMalformed,
    /// A number that makes no sense here.
    NumberOutOfRange {
        /// Least.
        min: i64,
        /// Most.
        max: i64,
    },
    /// An area of zero or less.
    AreaNotPositive,
    /// An area beyond anything that is one home.
    AreaTooLarge {
        /// Most, in whole m².
        max: i64,
    },
    /// A code of the wrong form.
    CodeMalformed(CodeError),
    /// A code whose check character does not follow from the others.
    CodeCheckWrong(CodeError),
    /// Not a SHA-256.
    DigestMalformed,
    /// Not a day.
    DateMalformed,
    /// A day that is still to come.
    DateInTheFuture,
    /// A day before that of the row it follows.
    DayTooEarly {
        /// That day.
        earliest: NaiveDate,
    },
    /// What the cell names is not registered.
    ReferenceUnknown {
        /// What to do, in Chinese and English.
        cure: (&'static str, &'static str),
    },
    /// The firm that the cell names is of another kind.
    FirmOfOtherKind,
    /// The natural key occurs above in the same table.
    DuplicateRow {
        /// Where it occurs first.
        line: u32,
    },
    /// Rows that are recorded together, such as those of one home, do not stand together.
    RowsScattered,
    /// Later rows of the same history stand in a portion before this one, and are recorded with it.
    RowsUnordered,
    /// A home that is not sold is the developer's and has no owners.
    HomeUnsold,
    /// An ownership that does not end on the day on which the next of the same home begins.
    HistoryBroken {
        /// That day.
        next: NaiveDate,
    },
    /// The last ownership of a home has an end: nobody would own the home.
    HistoryEnded,
    /// Another row of the same home is wrong: some of the owners are not all of them.
    OwnershipIncomplete,
    /// Another row that is recorded together with it is wrong: a history is known as a whole or not at all.
    RowsIncomplete,
    /// A turn of a history is left out.
    TurnMissing {
        /// The one that should stand here.
        turn: i32,
    },
    /// An ownership with more or fewer rows than it is said to have owners.
    OwnerCountDiffers {
        /// Rows of the ownership in the table.
        rows: usize,
    },
    /// Another row of the same home is wrong: how it is held cannot be told from the rest.
    HoldingIncomplete,
    /// The rows of a holding name others than those who own the home from its day on.
    OwnersDiffer {
        /// How many own it.
        owners: usize,
    },
    /// An agent acts beyond the day on which the next one begins.
    AgentsOverlap {
        /// That day.
        next: NaiveDate,
    },
    /// Not a mobile number.
    MobileMalformed,
    /// A piece of a dossier is left out.
    PieceMissing {
        /// The one that should stand here.
        piece: i32,
    },
    /// A dossier that is not as a registry of this platform wrote it for this area.
    DossierAltered,
    /// The area has other records of the subject already.
    DossierDiffers,
    /// What a call would refuse for the same reason.
    Refused {
        /// Its stable reason.
        reason: &'static str,
        /// What is wrong, in Chinese.
        zh: String,
        /// The same in English.
        en: String,
    },
}

impl From<part::refusal::Refusal> for RowFault {
    fn from(refusal: part::refusal::Refusal) -> Self {
        RowFault::Refused {
            reason: (&refusal).into(),
            zh: refusal.zh(),
            en: refusal.to_string(),
        }
    }
}

impl From<owner::refusal::Refusal> for RowFault {
    fn from(refusal: owner::refusal::Refusal) -> Self {
        RowFault::Refused {
            reason: (&refusal).into(),
            zh: refusal.zh(),
            en: refusal.to_string(),
        }
    }
}

impl From<Refusal> for RowFault {
    fn from(refusal: Refusal) -> Self {
        RowFault::Refused {
            reason: refusal.reason(),
            zh: refusal.zh(),
            en: refusal.to_string(),
        }
    }
}

impl From<CodeError> for RowFault {
    fn from(error: CodeError) -> Self {
        match error.fault {
            CodeFault::Check => RowFault::CodeCheckWrong(error),
            CodeFault::Length { .. }
            | CodeFault::Character { .. }
            | CodeFault::BirthDate
            | CodeFault::Province
            | CodeFault::Level => RowFault::CodeMalformed(error),
        }
    }
}

impl RowFault {
    /// The stable reason: `AREA_NOT_POSITIVE`.
    pub fn reason(&self) -> &'static str {
        match self {
            RowFault::Refused { reason, .. } => reason,
            other => other.into(),
        }
    }

    /// What is wrong and what cures it, in English; `label` names the column.
    pub fn en(&self, label: &str) -> String {
        match self {
            RowFault::ColumnCountWrong { found, expected } => {
                format!(
                    "The row has {found} cells, the header {expected}; check for missing or stray commas."
                )
            }
            RowFault::ValueMissing => format!("The {label} must not be empty."),
            RowFault::ValueUnexpected { when } => format!("The {label} must be empty {}.", when.1),
            RowFault::ValueUnknown { allowed } => {
                format!("The {label} must be one of {}.", allowed.join(", "))
            }
            RowFault::ValueDiffers { standing } => {
                format!("The {label} stands already as `{standing}`; correct the row or leave it out.")
            }
            RowFault::TextTooLong { max } => format!("The {label} may have at most {max} characters."),
            RowFault::TextMalformed => format!("The {label} holds characters that it may not; retype it."),
            RowFault::FormulaNotAllowed => {
                format!(
                    "The {label} begins with `=`, `+`, `-` or `@`, as a formula does; take that character away."
                )
            }
            RowFault::CellError => {
                format!("The {label} holds an error of the spreadsheet; mend its formula or type the value.")
            }
            RowFault::DigitsLost => {
                format!(
                    "The {label} was kept as a number and lost digits; format the column as text and type it again."
                )
            }
            RowFault::NumberMalformed => {
                format!("The {label} must be a plain number without sign or blanks.")
            }
            RowFault::NumberOutOfRange { min, max } => format!("The {label} must be {min} to {max}."),
            RowFault::AreaNotPositive => format!("The {label} must be above 0 m², such as 89.37."),
            RowFault::AreaTooLarge { max } => {
                format!("The {label} may be at most {max} m²; check the decimal point.")
            }
            RowFault::CodeMalformed(error) | RowFault::CodeCheckWrong(error) => {
                format!("{label}: {error}; copy it from the certificate.")
            }
            RowFault::DigestMalformed => {
                format!("The {label} must be the SHA-256 of the document, 64 hexadecimal digits.")
            }
            RowFault::DateMalformed => format!("The {label} must be a day such as 2019-06-30."),
            RowFault::DateInTheFuture => format!("The {label} must not lie in the future."),
            RowFault::DayTooEarly { earliest } => {
                format!("The {label} must not lie before {earliest}, the day in the row it follows.")
            }
            RowFault::ReferenceUnknown { cure } => format!("The {label} is not registered; {}.", cure.1),
            RowFault::FirmOfOtherKind => {
                format!("The {label} names a firm that is registered as another kind.")
            }
            RowFault::DuplicateRow { line } => {
                format!("The {label} occurs already in line {line}; keep one of them.")
            }
            RowFault::RowsScattered => {
                format!("Other rows of the same {label} stand further up; sort the table by it and load it again.")
            }
            RowFault::RowsUnordered => {
                "Later rows of the same equipment or lot stand further up; sort the table by day, the oldest first, and \
                 load it again."
                    .into()
            }
            RowFault::HomeUnsold => {
                "The home is recorded as unsold and is the developer's; leave its owners out.".into()
            }
            RowFault::HistoryBroken { next } => {
                format!(
                    "The {label} must be {next}, the first day of the home's next ownership in this table."
                )
            }
            RowFault::OwnershipIncomplete => {
                "Another row of this home is wrong, so none of its owners is recorded; mend that row and load all rows of \
                 the home again."
                    .into()
            }
            RowFault::OwnerCountDiffers { rows } => {
                format!(
                    "The {label} is another than the rows of this ownership, {rows}, so none of its owners is recorded; \
                     look for a mistyped unit number, mend it and load all rows of the home again."
                )
            }
            RowFault::HoldingIncomplete => {
                "Another row of this home is wrong, so how it is held is not recorded; mend that row and load all rows of the \
                 home again."
                    .into()
            }
            RowFault::OwnersDiffer { owners } => {
                format!(
                    "The rows must name exactly who owns the home from that day on, {owners} owner(s), a row each; compare \
                     the {label} with the table of ownerships."
                )
            }
            RowFault::AgentsOverlap { next } => {
                format!("The {label} must be {next} or earlier: the owner's next agent begins on that day.")
            }
            RowFault::MobileMalformed => format!("The {label} must have 11 digits and begin with 1."),
            RowFault::RowsIncomplete => {
                "Another row that is recorded together with this one is wrong, so none of them is recorded; mend that row \
                 and load all of them again."
                    .into()
            }
            RowFault::TurnMissing { turn } => {
                format!("The {label} should be {turn} here: turns count without gaps; add the row that is left out.")
            }
            RowFault::PieceMissing { piece } => {
                format!("The {label} should be {piece} here: a dossier is taken whole; export it again.")
            }
            RowFault::DossierAltered => {
                "The dossier is not as a registry with this platform's keys wrote it for this area; export it again and \
                 change nothing."
                    .into()
            }
            RowFault::DossierDiffers => {
                "The area has other records of this subject already; a dossier is taken only where there are none.".into()
            }
            RowFault::Refused { en, .. } => en.clone(),
            RowFault::HistoryEnded => {
                format!(
                    "The {label} of a home's last ownership must be empty; add the rows of who owns it since."
                )
            }
        }
    }

    /// The same in Chinese.
    pub fn zh(&self, label: &str) -> String {
        match self {
            RowFault::ColumnCountWrong { found, expected } => {
                format!("该行有 {found} 个单元格，表头有 {expected} 个，请检查是否缺少或多出逗号。")
            }
            RowFault::ValueMissing => format!("{label}不能为空。"),
            RowFault::ValueUnexpected { when } => format!("{}，{label}应为空。", when.0),
            RowFault::ValueUnknown { allowed } => format!("{label}应为 {} 之一。", allowed.join("、")),
            RowFault::ValueDiffers { standing } => format!("{label}已登记为“{standing}”，请更正或删除该行。"),
            RowFault::TextTooLong { max } => format!("{label}最多 {max} 个字符。"),
            RowFault::TextMalformed => format!("{label}含有不允许的字符，请重新填写。"),
            RowFault::FormulaNotAllowed => {
                format!("{label}以“=”“+”“-”或“@”开头，会被当作公式，请去掉该字符。")
            }
            RowFault::CellError => format!("{label}是电子表格的错误值，请修正公式或直接填写。"),
            RowFault::DigitsLost => {
                format!("{label}被电子表格存为数字而丢失了位数，请将该列设为文本格式后重新填写。")
            }
            RowFault::NumberMalformed => format!("{label}应为不带符号和空格的数字。"),
            RowFault::NumberOutOfRange { min, max } => format!("{label}应为 {min} 至 {max}。"),
            RowFault::AreaNotPositive => format!("{label}应大于 0 平方米，如 89.37。"),
            RowFault::AreaTooLarge { max } => format!("{label}最大为 {max} 平方米，请检查小数点。"),
            RowFault::CodeMalformed(error) | RowFault::CodeCheckWrong(error) => {
                format!("{label}：{}，请按证照填写。", error.zh())
            }
            RowFault::DigestMalformed => format!("{label}应为文件的 SHA-256，64 位十六进制数字。"),
            RowFault::DateMalformed => format!("{label}格式应如 2019-06-30。"),
            RowFault::DateInTheFuture => format!("{label}不得晚于今日。"),
            RowFault::DayTooEarly { earliest } => format!("{label}不得早于前一行的 {earliest}。"),
            RowFault::ReferenceUnknown { cure } => format!("{label}尚未登记，{}。", cure.0),
            RowFault::FirmOfOtherKind => format!("{label}对应的企业登记为其他类型。"),
            RowFault::DuplicateRow { line } => format!("{label}与第 {line} 行重复，请保留一行。"),
            RowFault::RowsScattered => {
                format!("{label}相同的其他行位于前文，请按{label}排序后重新导入。")
            }
            RowFault::RowsUnordered => {
                "同一设施设备或车位较晚的行位于前文，请按日期从早到晚排序后重新导入。".into()
            }
            RowFault::HomeUnsold => "该房屋登记为未售，属建设单位，请勿填写业主。".into(),
            RowFault::HistoryBroken { next } => {
                format!("{label}应为 {next}，即该房屋在本表中下一段产权的起始日。")
            }
            RowFault::OwnershipIncomplete => {
                "该房屋的其他行有误，其业主均未登记，请更正该行后将该房屋的全部行重新导入。".into()
            }
            RowFault::OwnerCountDiffers { rows } => format!(
                "{label}与本表中该段产权的行数（{rows}）不符，其业主均未登记，请检查是否填错不动产单元号，更正后将该房屋的全部行重新导入。"
            ),
            RowFault::HoldingIncomplete => {
                "该房屋的其他行有误，其共有与登记情况未予登记，请更正该行后将该房屋的全部行重新导入。".into()
            }
            RowFault::OwnersDiffer { owners } => format!(
                "各行应恰好列明自该日起拥有该房屋的 {owners} 名业主，每名一行，请与产权表核对{label}。"
            ),
            RowFault::AgentsOverlap { next } => {
                format!("{label}不得晚于 {next}，该业主的下一名代理人自该日起代理。")
            }
            RowFault::MobileMalformed => format!("{label}应为以 1 开头的 11 位数字。"),
            RowFault::RowsIncomplete => {
                "须一并登记的其他行有误，各行均未登记，请更正该行后将这些行全部重新导入。".into()
            }
            RowFault::TurnMissing { turn } => {
                format!("{label}在此处应为 {turn}：次序应连续编号，请补充缺少的行。")
            }
            RowFault::PieceMissing { piece } => {
                format!("{label}在此处应为 {piece}：案卷须完整导入，请重新导出。")
            }
            RowFault::DossierAltered => {
                "该案卷与本平台登记系统为该区域导出的内容不符，请重新导出，勿作改动。".into()
            }
            RowFault::DossierDiffers => "该区域已有此类记录，案卷只能导入尚无此类记录的区域。".into(),
            RowFault::Refused { zh, .. } => zh.clone(),
            RowFault::HistoryEnded => format!("房屋最后一段产权的{label}应为空，请补充此后业主所在的行。"),
        }
    }
}
