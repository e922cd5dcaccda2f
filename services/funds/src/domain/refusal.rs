//! Every refusal of this service: its reason is part of the contract.

use chrono::NaiveDate;
use ids::{AreaId, BuildingId, DrawId, HomeId};
use money::Fen;
use rpc::Kind;

use crate::domain::warranty::Start;

/// What this service refuses, beyond what every call may be refused for.
///
/// `Display` is the English message for the client; the reason string is the variant's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Refusal {
    /// No such area, or the caller may not know of it.
    #[error("There is no area {area_id} that you may see.")]
    AreaNotFound {
        /// The area.
        area_id: AreaId,
    },
    /// No such home, or the caller may not know of it.
    #[error("There is no home {home_id} that you may see.")]
    HomeNotFound {
        /// The home.
        home_id: HomeId,
    },
    /// No such draw, or the caller may not know of it.
    #[error("There is no draw {draw_id} that you may see.")]
    DrawNotFound {
        /// The draw.
        draw_id: DrawId,
    },
    /// The building stands elsewhere.
    #[error("Building {building_id} does not stand in this area.")]
    BuildingNotInArea {
        /// The building.
        building_id: BuildingId,
    },
    /// No home in the scope bears a cost.
    #[error(
        "No home in this scope bears the cost; parking spaces do not. Choose other buildings or stairwells."
    )]
    ScopeWithoutHomes,
    /// Nothing, or less.
    #[error("The amount must be positive.")]
    AmountNotPositive,
    /// More than one draw may cost.
    #[error("The amount may be at most {max} yuan.")]
    AmountTooLarge {
        /// The limit.
        max: Fen,
    },
    /// The builder still answers for the part (165号令 articles 18 and 25).
    #[error(
        "The warranty of this part runs until {until} ({article}): the developer repairs it or pays, the fund may not. \
         It counts from {start} on {begins_on}."
    )]
    WarrantyStillRuns {
        /// From what it counts.
        start: Start,
        /// That day.
        begins_on: NaiveDate,
        /// Its last day.
        until: NaiveDate,
        /// Where the law says so.
        article: String,
    },
    /// The draw is not in a state for this.
    #[error("The draw is {state}; {wanted} is possible only while it is {allowed}.")]
    DrawWrongState {
        /// Its state.
        state: &'static str,
        /// The same in Chinese.
        state_zh: &'static str,
        /// What was asked for.
        wanted: &'static str,
        /// The states in which it is possible.
        allowed: &'static str,
    },
    /// The work cost more than the owners decided.
    #[error("The owners decided on {budget} yuan; propose a further draw for what exceeds it.")]
    CostOverBudget {
        /// What they decided on.
        budget: Fen,
    },
    /// A column that must be there is not.
    #[error("The table lacks the column `{column}`; it needs unit_number, amount, paid_on, reference.")]
    TableColumnMissing {
        /// The column.
        column: &'static str,
    },
    /// A column that is not known, or stands twice.
    #[error(
        "The column `{column}` is not known or stands twice; the table takes unit_number, amount, paid_on, reference."
    )]
    TableColumnUnknown {
        /// The column, at most 40 characters of it.
        column: String,
    },
    /// Neither UTF-8 nor GB18030.
    #[error("The table is neither UTF-8 nor GB18030; save it as CSV UTF-8.")]
    TableEncodingUnknown,
    /// Over the limits.
    #[error("The table may hold at most {rows_max} rows and 8 MiB; send it in parts.")]
    TableTooLarge {
        /// Rows that are taken.
        rows_max: usize,
    },
    /// No row.
    #[error("The table holds no row below its header.")]
    TableEmpty,
}

impl rpc::Refusal for Refusal {
    fn kind(&self) -> Kind {
        match self {
            Refusal::AreaNotFound { .. } | Refusal::HomeNotFound { .. } | Refusal::DrawNotFound { .. } => {
                Kind::NotFound
            }
            Refusal::WarrantyStillRuns { .. } | Refusal::DrawWrongState { .. } => Kind::WrongState,
            Refusal::BuildingNotInArea { .. }
            | Refusal::ScopeWithoutHomes
            | Refusal::AmountNotPositive
            | Refusal::AmountTooLarge { .. }
            | Refusal::CostOverBudget { .. }
            | Refusal::TableColumnMissing { .. }
            | Refusal::TableColumnUnknown { .. }
            | Refusal::TableEncodingUnknown
            | Refusal::TableTooLarge { .. }
            | Refusal::TableEmpty => Kind::Invalid,
        }
    }

    fn reason(&self) -> &'static str {
        self.into()
    }

    fn zh(&self) -> String {
        match self {
            Refusal::AreaNotFound { area_id } => format!("未找到您可查看的物业管理区域 {area_id}。"),
            Refusal::HomeNotFound { home_id } => format!("未找到您可查看的房屋 {home_id}。"),
            Refusal::DrawNotFound { draw_id } => format!("未找到您可查看的使用申请 {draw_id}。"),
            Refusal::BuildingNotInArea { building_id } => format!("{building_id} 不在该物业管理区域内。"),
            Refusal::ScopeWithoutHomes => "列支范围内没有应分摊的房屋（车位不分摊），请另选幢或单元。".into(),
            Refusal::AmountNotPositive => "金额须大于零。".into(),
            Refusal::AmountTooLarge { max } => format!("金额不得超过 {max} 元。"),
            Refusal::WarrantyStillRuns {
                start,
                begins_on,
                until,
                article,
            } => format!(
                "该部位保修期至 {until}（{article}），应由建设单位负责维修或承担费用，不得使用维修资金；保修期自{}（{begins_on}）起算。",
                start.zh()
            ),
            Refusal::DrawWrongState { state_zh, .. } => format!("该使用申请{state_zh}，不能进行此操作。"),
            Refusal::CostOverBudget { budget } => {
                format!("业主表决的预算为 {budget} 元，超出部分须另行申请。")
            }
            Refusal::TableColumnMissing { column } => {
                format!("缺少列 {column}；表格应有 unit_number、amount、paid_on、reference。")
            }
            Refusal::TableColumnUnknown { column } => {
                format!("列 {column} 未知或重复；表格应有 unit_number、amount、paid_on、reference。")
            }
            Refusal::TableEncodingUnknown => "文件编码既非 UTF-8 也非 GB18030，请另存为 CSV UTF-8。".into(),
            Refusal::TableTooLarge { rows_max } => format!("表格最多 {rows_max} 行、8 MiB，请分批导入。"),
            Refusal::TableEmpty => "表格除表头外没有数据。".into(),
        }
    }
}
