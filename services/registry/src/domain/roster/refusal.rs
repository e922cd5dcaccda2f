//! What is refused on the rosters.

use chrono::NaiveDate;

use crate::domain::refusal::Kind;

/// A refusal. The reason string is the variant's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Refusal {
    /// No such member, or the caller may not know of one.
    #[error("There is no such member of a roster, or you may not see the record.")]
    RosterMemberNotFound,
    /// Somebody with this mobile number is on the roster.
    #[error("Somebody with this mobile number is on the roster already; change that record.")]
    RosterMemberKnown,
    /// Off the roster for good.
    #[error("The member was taken off the roster for good.")]
    RosterMemberRemoved,
    /// Suspended already.
    #[error("The member is suspended already.")]
    RosterMemberSuspended,
    /// Not suspended.
    #[error("The member is not suspended.")]
    RosterMemberNotSuspended,
    /// No such division.
    #[error("There is no such division; give the code of a street, community or village of the city.")]
    DivisionUnknown,
    /// Nothing changes.
    #[error("Nothing is changed; give at least one new value.")]
    ChangeEmpty,
    /// The last day lies before the first.
    #[error("The validity from {from} until {until} ends before it begins.")]
    ValidityReversed {
        /// First day.
        from: NaiveDate,
        /// Last day.
        until: NaiveDate,
    },
}

impl Refusal {
    /// What sort of refusal it is.
    pub fn kind(&self) -> Kind {
        match self {
            Refusal::RosterMemberNotFound => Kind::NotFound,
            Refusal::RosterMemberKnown
            | Refusal::RosterMemberRemoved
            | Refusal::RosterMemberSuspended
            | Refusal::RosterMemberNotSuspended => Kind::WrongState,
            Refusal::DivisionUnknown | Refusal::ChangeEmpty | Refusal::ValidityReversed { .. } => {
                Kind::Invalid
            }
        }
    }

    /// The message in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Refusal::RosterMemberNotFound => "未找到该名册成员，或您无权查看。".into(),
            Refusal::RosterMemberKnown => "名册中已有使用该手机号的成员，请变更其记录。".into(),
            Refusal::RosterMemberRemoved => "该成员已被除名。".into(),
            Refusal::RosterMemberSuspended => "该成员已被暂停。".into(),
            Refusal::RosterMemberNotSuspended => "该成员未被暂停。".into(),
            Refusal::DivisionUnknown => "没有该区划，请填写本市街道、社区或村的代码。".into(),
            Refusal::ChangeEmpty => "没有变更内容，请至少填写一项新值。".into(),
            Refusal::ValidityReversed { from, until } => {
                format!("有效期自 {from} 至 {until}，截止日早于起始日。")
            }
        }
    }
}
