//! What is refused about rolls, before and after they are published.

use chrono::NaiveDate;

use crate::domain::refusal::Kind;

/// A refusal. The reason string is the variant's name: `ROLL_NOT_FOUND`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Refusal {
    /// No such roll, or not to be seen now.
    #[error("There is no such published roll, or it is not to be seen now.")]
    RollNotFound,
    /// It was taken down, or its days have not begun.
    #[error("The roll is not published now.")]
    RollNotPublished,
    /// The area has one already.
    #[error("A roll of this area is published until {until}; withdraw it before another is published.")]
    RollPublished {
        /// Its last day.
        until: NaiveDate,
    },
    /// A roll as of a day to come.
    #[error("The roll is to be as of {on}, and today is {today}; a roll is of a day that has come.")]
    RollAsOfTheFuture {
        /// The day that was sent.
        on: NaiveDate,
        /// Today in China.
        today: NaiveDate,
    },
    /// The publicity would begin before today.
    #[error("The publicity is to begin on {from}, and today is {today}; it begins today or later.")]
    PublicityInThePast {
        /// The day that was sent.
        from: NaiveDate,
        /// Today in China.
        today: NaiveDate,
    },
    /// Fewer days than the rules ask for.
    #[error("A roll is published for at least {days} days, here until {shortest}.")]
    PublicityTooShort {
        /// Days.
        days: u64,
        /// The earliest last day.
        shortest: NaiveDate,
    },
    /// More days than the rules allow.
    #[error("A roll is published for at most {days} days, here until {longest}.")]
    PublicityTooLong {
        /// Days.
        days: u64,
        /// The latest last day.
        longest: NaiveDate,
    },
    /// The owner is not on the roll.
    #[error("The owner has no home on this roll.")]
    OwnerNotOnRoll,
    /// No line with such a code.
    #[error("There is no line with this code; copy it again from your notice.")]
    RollCodeUnknown,
    /// No such objection, or the caller may not know of it.
    #[error("There is no such objection, or you may not see it.")]
    ObjectionNotFound,
    /// It is answered already.
    #[error("The objection is answered already.")]
    ObjectionAnswered,
    /// As many objections as one owner may raise.
    #[error("You have raised {max} objections to this roll; add to one of them in writing at your street.")]
    ObjectionsTooMany {
        /// Most of one owner.
        max: i64,
    },
}

impl Refusal {
    /// What sort of refusal it is.
    pub fn kind(&self) -> Kind {
        match self {
            Refusal::RollNotFound | Refusal::RollCodeUnknown | Refusal::ObjectionNotFound => Kind::NotFound,
            Refusal::RollNotPublished
            | Refusal::RollPublished { .. }
            | Refusal::OwnerNotOnRoll
            | Refusal::ObjectionAnswered
            | Refusal::ObjectionsTooMany { .. } => Kind::WrongState,
            Refusal::RollAsOfTheFuture { .. }
            | Refusal::PublicityInThePast { .. }
            | Refusal::PublicityTooShort { .. }
            | Refusal::PublicityTooLong { .. } => Kind::Invalid,
        }
    }

    /// The message in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Refusal::RollNotFound => "未找到该公示名册，或当前不可查看。".into(),
            Refusal::RollNotPublished => "该名册当前未在公示。".into(),
            Refusal::RollPublished { until } => {
                format!("该区域已有名册公示至 {until}，请先撤回再公示新的名册。")
            }
            Refusal::RollAsOfTheFuture { on, today } => {
                format!("名册日期为 {on}，今日为 {today}，名册日期不得晚于今日。")
            }
            Refusal::PublicityInThePast { from, today } => {
                format!("公示首日为 {from}，今日为 {today}，公示应自今日或之后开始。")
            }
            Refusal::PublicityTooShort { days, shortest } => {
                format!("名册公示不少于 {days} 日，此次至少至 {shortest}。")
            }
            Refusal::PublicityTooLong { days, longest } => {
                format!("名册公示不超过 {days} 日，此次至多至 {longest}。")
            }
            Refusal::OwnerNotOnRoll => "该业主在此名册上没有房屋。".into(),
            Refusal::RollCodeUnknown => "未找到该查询码对应的记录，请按通知重新输入。".into(),
            Refusal::ObjectionNotFound => "未找到该异议，或您无权查看。".into(),
            Refusal::ObjectionAnswered => "该异议已答复。".into(),
            Refusal::ObjectionsTooMany { max } => {
                format!("您已对该名册提出 {max} 次异议，如需补充请书面送交所在街道。")
            }
        }
    }
}
