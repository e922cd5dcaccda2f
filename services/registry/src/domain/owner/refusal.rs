//! What is refused about the records of owners and about how homes are held.

use chrono::NaiveDate;

use crate::domain::refusal::Kind;

/// A refusal. The reason string is the variant's name: `REASON_MISSING`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Refusal {
    /// What needs a reason came without.
    #[error("Say why in the call-reason header: it is recorded, and the owner, or the firm, can read it.")]
    ReasonMissing,
    /// The caller may not search in this division.
    #[error("There is no such division, or you may not search in it.")]
    DivisionNotFound,
    /// A company has no mobile number of its own.
    #[error("A legal person has no mobile number; record that of its authorised person.")]
    MobileOfLegalPerson,
    /// The day of a comparison is still to come.
    #[error("The comparison is dated {on}, and today is {today}; record it once the day has come.")]
    VerifiedInTheFuture {
        /// The day that was sent.
        on: NaiveDate,
        /// Today in China.
        today: NaiveDate,
    },
    /// A later comparison is recorded already.
    #[error("The owner was compared on {last} already; an earlier comparison changes nothing.")]
    VerifiedBeforeLast {
        /// The day of the recorded one.
        last: NaiveDate,
    },
    /// A ground that such an owner cannot have.
    #[error(
        "A legal person is acted for by an authorised person, a natural person by a guardian; choose the ground that fits."
    )]
    AgentGroundOfOtherOwner,
    /// Nobody acts for oneself.
    #[error("The agent is the owner; name somebody else.")]
    AgentIsOwner,
    /// The agent is a minor.
    #[error("The agent is under age on the first day; name somebody of full age.")]
    AgentUnderAge,
    /// The document is recorded with another name.
    #[error("The agent's document is recorded with another name; compare it with the certificate.")]
    AgentNamedOtherwise,
    /// The last day does not follow the first.
    #[error("The end must lie after the first day {from}.")]
    AgentSpanInvalid {
        /// The first day.
        from: NaiveDate,
    },
    /// Somebody was named for a later day.
    #[error("Somebody acts from {last} already; a new agent begins after that day.")]
    AgentBeforeLast {
        /// First day of the one named last.
        last: NaiveDate,
    },
    /// Of full age, an owner needs no guardian as a minor.
    #[error("The owner is of full age on the first day; a guardian then needs another ground.")]
    OwnerOfFullAge,
    /// Nobody acts for the owner.
    #[error("Nobody acts for this owner on that day or later.")]
    AgentNotNamed,
    /// Nobody but the developer owns the home.
    #[error("The home has no owners yet; load its ownership first.")]
    HomeNotHeld,
    /// Shares where it is held jointly.
    #[error("A home that is held jointly has no shares; leave them out.")]
    SharesUnexpected,
    /// Not one share for each owner.
    #[error("Give one share for each of the present owners, and none for others.")]
    SharesOfOthers,
    /// A share that is none.
    #[error("A share is a fraction above 0 whose denominator is 1 to {max}.")]
    ShareMalformed {
        /// Largest denominator.
        max: i64,
    },
    /// They do not make up the whole.
    #[error("The shares sum to {numerator}/{denominator}; they must sum to 1.")]
    SharesNotWhole {
        /// Above the line of the sum.
        numerator: i128,
        /// Below it.
        denominator: i128,
    },
    /// The day of the registration is still to come.
    #[error("The registration is dated {on}, and today is {today}; record it once the day has come.")]
    TitleInTheFuture {
        /// The day that was sent.
        on: NaiveDate,
        /// Today in China.
        today: NaiveDate,
    },
    /// The registration lies before the ownership.
    #[error("The owners own the home since {since}; their registration cannot lie before that day.")]
    TitleBeforeOwnership {
        /// Since when they own it.
        since: NaiveDate,
    },
    /// What is registered is not merely possessed.
    #[error("The home is registered since {on}; it does not fall back to possession.")]
    TitleRegistered {
        /// Day of the registration.
        on: NaiveDate,
    },
    /// Possession begins with the hand-over.
    #[error("The home is not handed over yet: nobody possesses it but the developer.")]
    HomeNotDelivered,
    /// One owner casts the own vote.
    #[error("The home has one owner, who casts the vote; nobody is to be chosen.")]
    OwnerAlone,
    /// Only an owner can be chosen.
    #[error("Only one of the owners of the home can be chosen to cast their vote.")]
    RepresentativeNotOwner,
    /// Somebody was chosen for a later day.
    #[error("A choice stands from {last} already; a new one begins after that day.")]
    RepresentativeBeforeLast {
        /// First day of the last choice.
        last: NaiveDate,
    },
}

impl Refusal {
    /// What sort of refusal it is.
    pub fn kind(&self) -> Kind {
        match self {
            Refusal::DivisionNotFound => Kind::NotFound,
            Refusal::ReasonMissing
            | Refusal::VerifiedInTheFuture { .. }
            | Refusal::AgentIsOwner
            | Refusal::AgentSpanInvalid { .. }
            | Refusal::SharesUnexpected
            | Refusal::SharesOfOthers
            | Refusal::ShareMalformed { .. }
            | Refusal::SharesNotWhole { .. }
            | Refusal::TitleInTheFuture { .. }
            | Refusal::RepresentativeNotOwner => Kind::Invalid,
            Refusal::MobileOfLegalPerson
            | Refusal::VerifiedBeforeLast { .. }
            | Refusal::AgentGroundOfOtherOwner
            | Refusal::AgentUnderAge
            | Refusal::AgentNamedOtherwise
            | Refusal::AgentBeforeLast { .. }
            | Refusal::OwnerOfFullAge
            | Refusal::AgentNotNamed
            | Refusal::HomeNotHeld
            | Refusal::TitleBeforeOwnership { .. }
            | Refusal::TitleRegistered { .. }
            | Refusal::HomeNotDelivered
            | Refusal::OwnerAlone
            | Refusal::RepresentativeBeforeLast { .. } => Kind::WrongState,
        }
    }

    /// The message in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Refusal::ReasonMissing => {
                "请在 call-reason 请求头中说明事由：事由将被记录，业主或所属企业可查阅。".into()
            }
            Refusal::DivisionNotFound => "未找到该行政区划，或您无权在其中查找。".into(),
            Refusal::MobileOfLegalPerson => "法人没有手机号码，请登记其授权代表的手机号码。".into(),
            Refusal::VerifiedInTheFuture { on, today } => {
                format!("核验日期为 {on}，今日为 {today}，请于当日或之后登记。")
            }
            Refusal::VerifiedBeforeLast { last } => {
                format!("该业主已于 {last} 核验，更早的核验结果不再登记。")
            }
            Refusal::AgentGroundOfOtherOwner => {
                "法人由授权代表行使权利，自然人由监护人行使权利，请选择相应事由。".into()
            }
            Refusal::AgentIsOwner => "代为行使权利的人即业主本人，请另行填写。".into(),
            Refusal::AgentUnderAge => "代为行使权利的人在首日尚未成年，请另行填写。".into(),
            Refusal::AgentNamedOtherwise => "该证件号码已登记为其他姓名，请核对证件。".into(),
            Refusal::AgentSpanInvalid { from } => format!("截止日期应晚于首日 {from}。"),
            Refusal::AgentBeforeLast { last } => {
                format!("自 {last} 起已有代为行使权利的人，新的首日应晚于该日。")
            }
            Refusal::OwnerOfFullAge => "业主在首日已成年，监护须另有事由。".into(),
            Refusal::AgentNotNamed => "该日及以后无人代该业主行使权利。".into(),
            Refusal::HomeNotHeld => "该房屋尚无业主，请先导入其产权。".into(),
            Refusal::SharesUnexpected => "共同共有不填写份额，请删除。".into(),
            Refusal::SharesOfOthers => "每名现业主应填写且仅填写一个份额，不得填写他人。".into(),
            Refusal::ShareMalformed { max } => format!("份额应为大于 0 的分数，分母为 1 至 {max}。"),
            Refusal::SharesNotWhole {
                numerator,
                denominator,
            } => {
                format!("份额合计为 {numerator}/{denominator}，应等于 1。")
            }
            Refusal::TitleInTheFuture { on, today } => {
                format!("登记日期为 {on}，今日为 {today}，请于当日或之后填写。")
            }
            Refusal::TitleBeforeOwnership { since } => {
                format!("现业主自 {since} 起拥有该房屋，登记日期不得早于该日。")
            }
            Refusal::TitleRegistered { on } => format!("该房屋已于 {on} 办理登记，不得改为仅占有。"),
            Refusal::HomeNotDelivered => "该房屋尚未交付，除建设单位外无人占有。".into(),
            Refusal::OwnerAlone => "该房屋仅有一名业主，由其本人投票，无需推选。".into(),
            Refusal::RepresentativeNotOwner => "仅可推选该房屋的共有人之一投票。".into(),
            Refusal::RepresentativeBeforeLast { last } => {
                format!("自 {last} 起已有推选，新的首日应晚于该日。")
            }
        }
    }
}
