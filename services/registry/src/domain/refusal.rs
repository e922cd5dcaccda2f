//! Everything the registry refuses, with its stable reason and both messages.

use chrono::NaiveDate;
use ids::AreaId;

use super::contract;
use super::price;
use super::regrouping;
use super::roll::NotReady;
use super::{delineation, division, import};
use super::{firm, part, roster};
use super::{owner, roll};

/// What sort of refusal it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request is wrong in itself.
    Invalid,
    /// There is no such thing, or the caller may not know of it.
    NotFound,
    /// What is registered does not allow it.
    WrongState,
}

/// A refusal. The reason string is the variant's name, `AREA_NOT_FOUND`, or that of the refusal it holds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr, strum::VariantNames)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Refusal {
    /// No such area, or the caller may not know of it.
    #[error("There is no such area, or you may not see it.")]
    AreaNotFound,
    /// The area ended; its records stay as they are.
    #[error("The area ended on {on} and merged into {successor_id}; act on that one.")]
    AreaEnded {
        /// First day on which it was no area any more.
        on: NaiveDate,
        /// The area that its buildings belong to since.
        successor_id: AreaId,
    },
    /// No such home, or the caller may not know of it.
    #[error("There is no such home, or you may not see it.")]
    HomeNotFound,
    /// No such owner, or the caller may not know of one.
    #[error(
        "There is no such owner, or you may not see the record; an owner is recorded with the first home."
    )]
    OwnerNotFound,
    /// The new owners are the present ones.
    #[error("These owners own the home already; name the new ones.")]
    OwnersUnchanged,
    /// The day of the transfer is still to come.
    #[error("The transfer is dated {on}, and today is {today}; record it once the day has come.")]
    TransferInTheFuture {
        /// The day that was sent.
        on: NaiveDate,
        /// Today in China.
        today: NaiveDate,
    },
    /// The day of the transfer lies before the present ownership.
    #[error("{}", before_ownership_en(*since))]
    TransferBeforeOwnership {
        /// Since when the present owners own it; none where it is still the developer's.
        since: Option<NaiveDate>,
    },
    /// No such building, or the caller may not know of it.
    #[error("There is no such building, or you may not see it.")]
    BuildingNotFound,
    /// The day of the hand-over is still to come.
    #[error("The hand-over is dated {on}, and today is {today}; record it once the day has come.")]
    DeliveryInTheFuture {
        /// The day that was sent.
        on: NaiveDate,
        /// Today in China.
        today: NaiveDate,
    },
    /// No owners of the home are recorded.
    #[error("Home {door} has no recorded owner to be handed over to; load its ownership first.")]
    HomeUnowned {
        /// Its door.
        door: String,
    },
    /// The home was handed over already.
    #[error("Home {door} was handed over on {on} already; leave it out.")]
    HomeDelivered {
        /// Its door.
        door: String,
        /// The day.
        on: NaiveDate,
    },
    /// A day that is still to come is asked for.
    #[error("Nothing is known of {on} yet, and today is {today}; ask for today or an earlier day.")]
    DayInTheFuture {
        /// The day that was sent.
        on: NaiveDate,
        /// Today in China.
        today: NaiveDate,
    },
    /// Columns are missing.
    #[error("The table lacks the columns {}; add them to the header row.", columns.join(", "))]
    TableColumnMissing {
        /// They.
        columns: Vec<String>,
    },
    /// Columns that such a table does not have, or has once only.
    #[error("The table has the columns {}, which are unknown or occur twice; take them out.", columns.join(", "))]
    TableColumnUnknown {
        /// They.
        columns: Vec<String>,
    },
    /// Neither a CSV nor an XLSX.
    #[error("The file is neither CSV nor XLSX; save it as one of them.")]
    TableFormatUnknown,
    /// A workbook that is cut or damaged.
    #[error("The file is cut or broken; save it again and upload it anew.")]
    TableFileBroken,
    /// A workbook without a sheet that it should have.
    #[error("The workbook has none of the sheets {}; give one of them that name.", sheets.join(", "))]
    TableSheetMissing {
        /// Names of which one must be there.
        sheets: Vec<String>,
    },
    /// The bytes that came are not the file that was announced.
    #[error("The file that came is not the one that was announced; upload it anew.")]
    FileDigestWrong,
    /// Of an import.
    #[error(transparent)]
    Import(#[from] import::refusal::Refusal),
    /// Neither UTF-8 nor GB18030.
    #[error("The table is neither UTF-8 nor GB18030; save it as CSV in one of them.")]
    TableEncodingUnknown,
    /// More bytes or rows than a table may have.
    #[error("The table is larger than {bytes_max} bytes or {rows_max} rows; split it.")]
    TableTooLarge {
        /// Most bytes.
        bytes_max: usize,
        /// Most rows, the header not counted.
        rows_max: usize,
    },
    /// A table without a row.
    #[error("The table has no rows below its header; send at least one.")]
    TableEmpty,
    /// Nobody would be on the roll.
    #[error(
        "There is no home in this scope that counts; name other buildings or stairwells, or register the homes."
    )]
    RollEmpty,
    /// Homes that cannot be counted yet.
    #[error("{homes} homes cannot be counted, among them {}: {}", rooms.join(", "), cause.en())]
    RollNotReady {
        /// What is the matter.
        cause: NotReady,
        /// With how many homes.
        homes: usize,
        /// Doors of the first few.
        rooms: Vec<String>,
    },
    /// About contracts and modes.
    #[error(transparent)]
    Contract(#[from] contract::Refusal),
    /// Of firms and their people.
    #[error(transparent)]
    Firm(#[from] firm::refusal::Refusal),
    /// Of the rosters.
    #[error(transparent)]
    Roster(#[from] roster::refusal::Refusal),
    /// Of buildings' parts, equipment and parking.
    #[error(transparent)]
    Part(#[from] part::refusal::Refusal),
    /// About the record of an owner or a holding.
    #[error(transparent)]
    Owner(#[from] owner::refusal::Refusal),
    /// About a roll that is or was published.
    #[error(transparent)]
    Roll(#[from] roll::refusal::Refusal),
    /// What divisions and boundaries refuse.
    #[error(transparent)]
    Division(#[from] division::refusal::Refusal),
    /// What delineations and service rooms refuse.
    #[error(transparent)]
    Delineation(#[from] delineation::refusal::Refusal),
    /// About prices.
    #[error(transparent)]
    Price(#[from] price::Refusal),
    /// What regroupings refuse.
    #[error(transparent)]
    Regrouping(#[from] regrouping::refusal::Refusal),
}

fn before_ownership_en(since: Option<NaiveDate>) -> String {
    match since {
        Some(since) => {
            format!("The present owners own the home since {since}; a transfer cannot lie before that day.")
        }
        None => {
            "The home has no owner yet; its first owners are recorded by a table of ownerships.".to_owned()
        }
    }
}

impl Refusal {
    /// What sort of refusal it is.
    pub fn kind(&self) -> Kind {
        match self {
            Refusal::Contract(refusal) => refusal.kind(),
            Refusal::Division(refusal) => refusal.kind(),
            Refusal::Delineation(refusal) => refusal.kind(),
            Refusal::Price(refusal) => refusal.kind(),
            Refusal::Regrouping(refusal) => refusal.kind(),
            Refusal::AreaNotFound
            | Refusal::BuildingNotFound
            | Refusal::HomeNotFound
            | Refusal::OwnerNotFound => Kind::NotFound,
            Refusal::AreaEnded { .. }
            | Refusal::OwnersUnchanged
            | Refusal::HomeUnowned { .. }
            | Refusal::HomeDelivered { .. }
            | Refusal::TransferBeforeOwnership { .. }
            | Refusal::RollEmpty
            | Refusal::RollNotReady { .. } => Kind::WrongState,
            Refusal::TransferInTheFuture { .. }
            | Refusal::DeliveryInTheFuture { .. }
            | Refusal::DayInTheFuture { .. }
            | Refusal::TableColumnMissing { .. }
            | Refusal::TableColumnUnknown { .. }
            | Refusal::TableFormatUnknown
            | Refusal::TableFileBroken
            | Refusal::TableSheetMissing { .. }
            | Refusal::FileDigestWrong
            | Refusal::TableEncodingUnknown
            | Refusal::TableTooLarge { .. }
            | Refusal::TableEmpty => Kind::Invalid,
            Refusal::Import(refusal) => refusal.kind(),
            Refusal::Firm(refusal) => refusal.kind(),
            Refusal::Roster(refusal) => refusal.kind(),
            Refusal::Part(refusal) => refusal.kind(),
            Refusal::Owner(refusal) => refusal.kind(),
            Refusal::Roll(refusal) => refusal.kind(),
        }
    }

    /// The stable reason.
    pub fn reason(&self) -> &'static str {
        match self {
            Refusal::Price(refusal) => refusal.into(),
            Refusal::Regrouping(refusal) => refusal.into(),
            Refusal::Import(refusal) => refusal.into(),
            Refusal::Contract(refusal) => refusal.into(),
            Refusal::Firm(refusal) => refusal.into(),
            Refusal::Roster(refusal) => refusal.into(),
            Refusal::Part(refusal) => refusal.into(),
            Refusal::Owner(refusal) => refusal.into(),
            Refusal::Roll(refusal) => refusal.into(),
            Refusal::Division(refusal) => refusal.into(),
            Refusal::Delineation(refusal) => refusal.into(),
            own => own.into(),
        }
    }

    /// The message in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Refusal::Price(refusal) => refusal.zh(),
            Refusal::Regrouping(refusal) => refusal.zh(),
            Refusal::AreaEnded { on, successor_id } => {
                format!("该区域已于 {on} 终止并入 {successor_id}，请在后者办理。")
            }
            Refusal::Import(refusal) => refusal.zh(),
            Refusal::TableFormatUnknown => "文件既不是 CSV 也不是 XLSX，请另存为其中一种格式。".into(),
            Refusal::TableFileBroken => "文件不完整或已损坏，请重新保存后上传。".into(),
            Refusal::TableSheetMissing { sheets } => {
                format!(
                    "工作簿中没有名为 {} 的工作表，请至少命名其中一个。",
                    sheets.join("、")
                )
            }
            Refusal::FileDigestWrong => "收到的文件与声明的文件不一致，请重新上传。".into(),
            Refusal::Contract(refusal) => refusal.zh(),
            Refusal::Division(refusal) => refusal.zh(),
            Refusal::Delineation(refusal) => refusal.zh(),
            Refusal::AreaNotFound => "未找到该物业管理区域，或您无权查看。".into(),
            Refusal::HomeNotFound => "未找到该房屋，或您无权查看。".into(),
            Refusal::OwnerNotFound => "未找到该业主，或您无权查看；业主随其首套房屋登记。".into(),
            Refusal::OwnersUnchanged => "所列业主即为现业主，请填写新的业主。".into(),
            Refusal::TransferInTheFuture { on, today } => {
                format!("过户日期为 {on}，今日为 {today}，请于当日或之后登记。")
            }
            Refusal::TransferBeforeOwnership { since: Some(since) } => {
                format!("现业主自 {since} 起拥有该房屋，过户日期不得早于该日。")
            }
            Refusal::TransferBeforeOwnership { since: None } => {
                "该房屋尚无业主，首任业主请通过产权表导入。".into()
            }
            Refusal::BuildingNotFound => "未找到该幢，或您无权查看。".into(),
            Refusal::DeliveryInTheFuture { on, today } => {
                format!("交付日期为 {on}，今日为 {today}，请于当日或之后登记。")
            }
            Refusal::DayInTheFuture { on, today } => {
                format!("{on} 尚未到来（今日为 {today}），请查询今日或更早的日期。")
            }
            Refusal::HomeUnowned { door } => {
                format!("房屋 {door} 尚无登记业主，无法登记交付，请先导入其产权。")
            }
            Refusal::HomeDelivered { door, on } => {
                format!("房屋 {door} 已于 {on} 交付，请从名单中删除。")
            }
            Refusal::TableColumnMissing { columns } => {
                format!("表格缺少列 {}，请在表头补充。", columns.join("、"))
            }
            Refusal::TableColumnUnknown { columns } => {
                format!("表格含有未知或重复的列 {}，请删除。", columns.join("、"))
            }
            Refusal::TableEncodingUnknown => {
                "表格编码既非 UTF-8 也非 GB18030，请另存为其中一种编码的 CSV。".into()
            }
            Refusal::TableTooLarge { bytes_max, rows_max } => {
                format!("表格超过 {bytes_max} 字节或 {rows_max} 行，请拆分。")
            }
            Refusal::TableEmpty => "表头之下没有数据行，请至少填写一行。".into(),
            Refusal::RollEmpty => "该范围内没有可计入名册的房屋，请更换幢或单元，或先登记房屋。".into(),
            Refusal::RollNotReady { cause, homes, rooms } => {
                format!(
                    "有 {homes} 套房屋无法计入名册，如 {}：{}",
                    rooms.join("、"),
                    cause.zh()
                )
            }
            Refusal::Firm(refusal) => refusal.zh(),
            Refusal::Roster(refusal) => refusal.zh(),
            Refusal::Part(refusal) => refusal.zh(),
            Refusal::Owner(refusal) => refusal.zh(),
            Refusal::Roll(refusal) => refusal.zh(),
        }
    }
}
