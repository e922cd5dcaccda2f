//! Everything that is refused about prices, with its stable reason and both messages.

use chrono::NaiveDate;
use money::Fen;

use super::Band;
use crate::domain::refusal::Kind;

/// A refusal. The reason string is the variant's name: `PRICE_OUT_OF_BAND`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr, strum::VariantNames)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Refusal {
    /// No standard of such homes holds.
    #[error("No fee standard of such homes holds on that day; read the list of the area.")]
    StandardNotFound,
    /// A standard begins before or with the last one.
    #[error("The last fee standard of these homes begins on {since}; another one begins later.")]
    StandardNotAfterLast {
        /// First day of the last one.
        since: NaiveDate,
    },
    /// Another price is recorded for later.
    #[error("Another price of these homes is recorded already: the one that stands ends on {until}.")]
    StandardSuperseded {
        /// Last day of the one that stands.
        until: NaiveDate,
    },
    /// A price that stands is changed by the owners.
    #[error(
        "A price of these homes stands, and no contract of the owners since then sets another; propose an adjustment."
    )]
    PriceNeedsAdjustment,
    /// No such grade.
    #[error("There is no grade {grade} of service on that day; grades are 1 to {grades}, 1 being the best.")]
    GradeUnknown {
        /// What was sent.
        grade: u8,
        /// How many there are.
        grades: usize,
    },
    /// A guided price out of its range.
    #[error(
        "The price is guided and lies between {} and {} fen ({}); {} fen is out of it.",
        band.lowest.0, band.highest.0, band.article, price.0
    )]
    PriceOutOfBand {
        /// What was sent.
        price: Fen,
        /// The range.
        band: Band,
    },
    /// Nothing would change.
    #[error("Price and grade are those that stand; leave these homes out.")]
    PriceUnchanged,
    /// The same homes twice.
    #[error("The same homes are named twice; leave one line.")]
    LineTwice,
    /// Another year was audited.
    #[error("The audit is of the year before the proposal, {year}.")]
    AuditYearWrong {
        /// The year that must be audited.
        year: i32,
    },
    /// The firm audits itself.
    #[error("The firm cannot audit itself; name the auditor that it commissioned.")]
    AuditorIsFirm,
    /// New prices without a day to come.
    #[error("New prices begin after today, {today}.")]
    EffectiveDayNotToCome {
        /// Today in China.
        today: NaiveDate,
    },
    /// An adjustment of the area is under way.
    #[error("A price adjustment of this area is under way; wait for its end, or have it withdrawn.")]
    AdjustmentOpen,
    /// No such adjustment, or the caller may not know of it.
    #[error("There is no such price adjustment, or you may not see it.")]
    AdjustmentNotFound,
    /// The state does not allow it.
    #[error("The price adjustment is {state}, which does not allow this; read it, then decide.")]
    AdjustmentWrongState {
        /// Its name.
        state: &'static str,
        /// Its name in Chinese.
        zh: &'static str,
    },
    /// Another firm manages the area by now.
    #[error("The firm that proposed this no longer manages the area; withdraw it.")]
    AdjustmentFirmReplaced,
    /// A day that is still to come.
    #[error("It is dated {on}, and today is {today}; record it once the day has come.")]
    AdjustmentDayToCome {
        /// The day that was sent.
        on: NaiveDate,
        /// Today in China.
        today: NaiveDate,
    },
    /// Published before it was proposed.
    #[error("It was proposed on {proposed_on} and cannot have been published before.")]
    PublishedBeforeProposal {
        /// Day of the proposal.
        proposed_on: NaiveDate,
    },
    /// The publicity would be cut short.
    #[error("Audit and plan are public until {until}; the owners are asked after that day.")]
    PublicityRunning {
        /// Its last day.
        until: NaiveDate,
    },
    /// A ballot that was counted before it was asked for.
    #[error("The ballot was counted on {decided_on}, before the owners were asked on {asked_on}.")]
    BallotBeforeRequest {
        /// Day of the count.
        decided_on: NaiveDate,
        /// Day of the request.
        asked_on: NaiveDate,
    },
    /// The time ends before it begins.
    #[error("The time would end before it begins.")]
    PeriodReversed,
    /// The time is not over.
    #[error("The time lasts until {until}; record the score once it is over.")]
    PeriodNotOver {
        /// Its last day.
        until: NaiveDate,
    },
    /// The score is recorded already.
    #[error("This score is recorded already.")]
    SatisfactionUnchanged,
}

impl Refusal {
    /// What sort of refusal it is.
    pub fn kind(&self) -> Kind {
        match self {
            Refusal::AdjustmentNotFound | Refusal::StandardNotFound => Kind::NotFound,
            Refusal::StandardNotAfterLast { .. }
            | Refusal::StandardSuperseded { .. }
            | Refusal::PriceNeedsAdjustment
            | Refusal::PriceUnchanged
            | Refusal::AdjustmentOpen
            | Refusal::AdjustmentWrongState { .. }
            | Refusal::AdjustmentFirmReplaced
            | Refusal::PublicityRunning { .. }
            | Refusal::BallotBeforeRequest { .. }
            | Refusal::SatisfactionUnchanged => Kind::WrongState,
            Refusal::GradeUnknown { .. }
            | Refusal::PriceOutOfBand { .. }
            | Refusal::LineTwice
            | Refusal::AuditYearWrong { .. }
            | Refusal::AuditorIsFirm
            | Refusal::EffectiveDayNotToCome { .. }
            | Refusal::AdjustmentDayToCome { .. }
            | Refusal::PublishedBeforeProposal { .. }
            | Refusal::PeriodReversed
            | Refusal::PeriodNotOver { .. } => Kind::Invalid,
        }
    }

    /// The message in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Refusal::StandardNotFound => "该日没有适用于此类房屋的收费标准，请查看本区域的收费标准。".into(),
            Refusal::StandardNotAfterLast { since } => {
                format!("此类房屋的上一收费标准自 {since} 起施行，新标准须晚于该日。")
            }
            Refusal::StandardSuperseded { until } => {
                format!("此类房屋已登记新的价格，现行标准执行至 {until}。")
            }
            Refusal::PriceNeedsAdjustment => {
                "此类房屋已有收费标准，且此后没有业主共同决定的新合同，请按调价程序办理。".into()
            }
            Refusal::GradeUnknown { grade, grades } => {
                format!("该日没有第 {grade} 级服务等级，等级为 1 至 {grades}，1 级最高。")
            }
            Refusal::PriceOutOfBand { price, band } => format!(
                "该价格实行政府指导价，应在 {} 至 {} 分之间（{}），{} 分超出浮动幅度。",
                band.lowest.0, band.highest.0, band.article, price.0
            ),
            Refusal::PriceUnchanged => "价格和等级均与现行标准相同，请删除该项。".into(),
            Refusal::LineTwice => "同类房屋填写了两次，请保留一项。".into(),
            Refusal::AuditYearWrong { year } => format!("应提交提出调价前一年度（{year} 年）的审计报告。"),
            Refusal::AuditorIsFirm => "企业不得审计自身，请填写所委托的审计机构。".into(),
            Refusal::EffectiveDayNotToCome { today } => format!("新价格应自今日（{today}）之后施行。"),
            Refusal::AdjustmentOpen => "本区域有调价程序正在进行，请待其结束或撤回后办理。".into(),
            Refusal::AdjustmentNotFound => "未找到该调价方案，或您无权查看。".into(),
            Refusal::AdjustmentWrongState { zh, .. } => {
                format!("该调价方案{zh}，不能进行此操作，请先查看其状态。")
            }
            Refusal::AdjustmentFirmReplaced => "提出调价的企业已不再服务本区域，请撤回该方案。".into(),
            Refusal::AdjustmentDayToCome { on, today } => {
                format!("所填日期为 {on}，今日为 {today}，请于当日或之后登记。")
            }
            Refusal::PublishedBeforeProposal { proposed_on } => {
                format!("该方案于 {proposed_on} 提出，公示不得早于该日。")
            }
            Refusal::PublicityRunning { until } => {
                format!("审计报告和调价方案公示至 {until}，期满后方可提请业主表决。")
            }
            Refusal::BallotBeforeRequest { decided_on, asked_on } => {
                format!("该表决于 {decided_on} 计票，早于提请表决的日期 {asked_on}。")
            }
            Refusal::PeriodReversed => "截止日早于起始日。".into(),
            Refusal::PeriodNotOver { until } => format!("该期间至 {until} 结束，请于期满后登记。"),
            Refusal::SatisfactionUnchanged => "该得分已登记。".into(),
        }
    }
}
