//! Everything that is refused about contracts and modes, with its stable reason and both messages.

use chrono::NaiveDate;

use crate::domain::refusal::Kind;

/// A refusal. The reason string is the variant's name: `CONTRACT_NOT_FOUND`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr, strum::VariantNames)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Refusal {
    /// No such contract, or the caller may not know of it.
    #[error("There is no such contract, or you may not see it.")]
    ContractNotFound,
    /// The state does not allow it.
    #[error("The contract is {state}, which does not allow this; read it, then decide.")]
    ContractWrongState {
        /// Its name.
        state: &'static str,
        /// Its name in Chinese.
        zh: &'static str,
    },
    /// A firm is bound, or will be, for that time.
    #[error("{}", area_has_contract_en(*ends_on))]
    AreaHasContract {
        /// Last day of the contract that stands; none while it goes on without a term.
        ends_on: Option<NaiveDate>,
    },
    /// The owners decided to manage the area without a firm.
    #[error(
        "The owners decided to manage this area without a firm; record their new decision on that first."
    )]
    AreaWithoutFirm,
    /// A firm is bound without notice.
    #[error("A firm is bound in this area; give it notice of the owners' decision first.")]
    FirmNotDismissed,
    /// No such firm.
    #[error("There is no such firm; load it with the table of firms first.")]
    FirmNotFound,
    /// Not a property firm.
    #[error("The firm is not a property firm.")]
    FirmNotProperty,
    /// The term ends before it begins.
    #[error("The term would end on {until}, before it begins on {from}.")]
    TermReversed {
        /// First day.
        from: NaiveDate,
        /// Last day.
        until: NaiveDate,
    },
    /// No such grade of service on the first day of the term.
    #[error("There is no grade {grade} of service on that day; grades are 1 to {grades}, 1 being the best.")]
    GradeUnknown {
        /// What was sent.
        grade: u8,
        /// How many there are.
        grades: usize,
    },
    /// Longer than a temporary firm may serve.
    #[error(
        "A temporary firm serves for at most {months} months ({article}): name a last day up to {latest}."
    )]
    TemporaryTermTooLong {
        /// Months.
        months: u32,
        /// Latest last day.
        latest: NaiveDate,
        /// Where it is written.
        article: String,
    },
    /// Fees would be collected too far ahead.
    #[error(
        "Fees may be collected for at most {months_max} months ahead ({article}), and never for longer than the term."
    )]
    PrepaymentTooLong {
        /// Months.
        months_max: u32,
        /// Where it is written.
        article: String,
    },
    /// A day that is still to come.
    #[error("It is dated {on}, and today is {today}; record it once the day has come.")]
    ContractDayToCome {
        /// The day that was sent.
        on: NaiveDate,
        /// Today in China.
        today: NaiveDate,
    },
    /// No such decided ballot.
    #[error("There is no such decided ballot of this area; wait until the vote is counted.")]
    BallotNotDecided,
    /// The owners did not agree.
    #[error("The owners did not agree in this ballot.")]
    BallotNotPassed,
    /// A ballot on something else.
    #[error("This ballot decided item {item} of Civil Code article 278, which is not this matter.")]
    BallotOfOtherMatter {
        /// The item, 1 to 9.
        item: u8,
    },
    /// Only a part of the area voted.
    #[error("Only a part of the area voted; this needs a ballot of the whole area.")]
    BallotOfPart,
    /// The firm needs no decision of the owners.
    #[error("The firm ends the contract for itself; leave the ballot out.")]
    BallotNotNeeded,
    /// It served already.
    #[error("This ballot was used for such a decision already; a new one needs a new vote.")]
    BallotUsed,
    /// A notice or change older than the decision that it follows from.
    #[error("{on} is before the owners' decision of {decided_on}; what follows from it cannot be older.")]
    NoticeBeforeBallot {
        /// The day that was sent.
        on: NaiveDate,
        /// Day of the count.
        decided_on: NaiveDate,
    },
    /// A temporary contract, or one without a term.
    #[error("A temporary contract is not renewed; record a contract that the owners decided on.")]
    ContractNotRenewable,
    /// Signed after the term.
    #[error("The term ended on {until}; a renewal is signed before. Record a new contract.")]
    RenewalTooLate {
        /// Its last day.
        until: NaiveDate,
    },
    /// The renewal stands already.
    #[error("The renewal of this contract is signed already.")]
    ContractRenewed,
    /// It is on file.
    #[error("The contract was taken on file on {on} already.")]
    ContractFiled {
        /// The day.
        on: NaiveDate,
    },
    /// The same firm goes on.
    #[error("Nothing is handed back: the same firm goes on under its next contract.")]
    HandBackNotDue,
    /// Recorded already.
    #[error("Some of this was handed back on {on} already; leave it out.")]
    HandBackConfirmed {
        /// The day.
        on: NaiveDate,
    },
    /// Nothing would be left for the firm to do.
    #[error(
        "The firm would have given all its services away; the whole may not be subcontracted, not even in pieces."
    )]
    WholeSubcontracted,
    /// The contract does not promise it.
    #[error("The contract does not promise {service}.")]
    ServiceNotPromised {
        /// The service.
        service: &'static str,
    },
    /// Another has it for that time.
    #[error("{service} is given to another for a part of that time already.")]
    ServiceSubcontracted {
        /// The service.
        service: &'static str,
    },
    /// A firm cannot give work to itself.
    #[error("The contractor is the firm itself.")]
    ContractorIsFirm,
    /// More than one contract carries.
    #[error("At most {max} subcontracts are recorded for one contract.")]
    TooManySubcontracts {
        /// Most of them.
        max: usize,
    },
    /// It is managed so already.
    #[error("The area is managed so already.")]
    ModeUnchanged,
    /// Dated before the last decision.
    #[error("The last decision holds since {since}; the new one must begin later.")]
    ModeBeforeLast {
        /// First day of the last one.
        since: NaiveDate,
    },
}

fn area_has_contract_en(ends_on: Option<NaiveDate>) -> String {
    match ends_on {
        Some(day) => format!(
            "One firm serves an area at a time, and another contract stands until {day}; begin after that day."
        ),
        None => "One firm serves an area at a time, and another contract stands without a last day; give notice to that firm first.".to_owned(),
    }
}

impl Refusal {
    /// What sort of refusal it is.
    pub fn kind(&self) -> Kind {
        match self {
            Refusal::ContractNotFound => Kind::NotFound,
            Refusal::ContractWrongState { .. }
            | Refusal::AreaHasContract { .. }
            | Refusal::AreaWithoutFirm
            | Refusal::FirmNotDismissed
            | Refusal::FirmNotProperty
            | Refusal::BallotNotDecided
            | Refusal::BallotNotPassed
            | Refusal::BallotOfOtherMatter { .. }
            | Refusal::BallotOfPart
            | Refusal::BallotUsed
            | Refusal::ContractNotRenewable
            | Refusal::RenewalTooLate { .. }
            | Refusal::ContractRenewed
            | Refusal::ContractFiled { .. }
            | Refusal::HandBackNotDue
            | Refusal::HandBackConfirmed { .. }
            | Refusal::WholeSubcontracted
            | Refusal::ServiceNotPromised { .. }
            | Refusal::ServiceSubcontracted { .. }
            | Refusal::TooManySubcontracts { .. }
            | Refusal::ModeUnchanged
            | Refusal::ModeBeforeLast { .. } => Kind::WrongState,
            Refusal::FirmNotFound
            | Refusal::TermReversed { .. }
            | Refusal::GradeUnknown { .. }
            | Refusal::TemporaryTermTooLong { .. }
            | Refusal::PrepaymentTooLong { .. }
            | Refusal::ContractDayToCome { .. }
            | Refusal::NoticeBeforeBallot { .. }
            | Refusal::BallotNotNeeded
            | Refusal::ContractorIsFirm => Kind::Invalid,
        }
    }

    /// The message in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Refusal::ContractNotFound => "未找到该物业服务合同，或您无权查看。".into(),
            Refusal::ContractWrongState { zh, .. } => {
                format!("该合同{zh}，不允许此操作，请先查看其状态。")
            }
            Refusal::AreaHasContract { ends_on: Some(day) } => {
                format!("一个物业管理区域同时只能由一家企业服务，现有合同至 {day} 止，请自次日起算。")
            }
            Refusal::AreaHasContract { ends_on: None } => {
                "一个物业管理区域同时只能由一家企业服务，现有合同为不定期，请先通知该企业终止。".into()
            }
            Refusal::AreaWithoutFirm => {
                "业主已决定不委托物业服务企业管理，请先登记业主关于管理方式的新决定。".into()
            }
            Refusal::FirmNotDismissed => {
                "该区域现有物业服务企业受合同约束，请先将业主的决定书面通知该企业。".into()
            }
            Refusal::FirmNotFound => "未找到该企业，请先通过企业表导入。".into(),
            Refusal::FirmNotProperty => "该企业不是物业服务企业。".into(),
            Refusal::GradeUnknown { grade, grades } => {
                format!("该日没有第 {grade} 级服务等级，等级为 1 至 {grades}，1 级最高。")
            }
            Refusal::TermReversed { from, until } => {
                format!("合同期限止于 {until}，早于起始日 {from}。")
            }
            Refusal::TemporaryTermTooLong {
                months,
                latest,
                article,
            } => format!("临时物业服务最长 {months} 个月（{article}），截止日不得晚于 {latest}。"),
            Refusal::PrepaymentTooLong { months_max, article } => {
                format!("预收物业费最多 {months_max} 个月（{article}），且不得超过合同期限。")
            }
            Refusal::ContractDayToCome { on, today } => {
                format!("所填日期为 {on}，今日为 {today}，请于当日或之后登记。")
            }
            Refusal::BallotNotDecided => "本区域没有该项已计票的表决，请待计票后办理。".into(),
            Refusal::BallotNotPassed => "该表决未获业主通过。".into(),
            Refusal::BallotOfOtherMatter { item } => {
                format!("该表决决定的是民法典第278条第{item}项，与本事项不符。")
            }
            Refusal::BallotOfPart => "该表决仅由部分业主参加，本事项须由全体业主表决。".into(),
            Refusal::BallotNotNeeded => "企业自行终止合同无需业主表决，请勿填写表决编号。".into(),
            Refusal::BallotUsed => "该表决已用于同类决定，新的决定须重新表决。".into(),
            Refusal::NoticeBeforeBallot { on, decided_on } => {
                format!("所填日期 {on} 早于业主作出决定的日期 {decided_on}。")
            }
            Refusal::ContractNotRenewable => "临时物业服务合同不能续订，请登记业主共同决定的合同。".into(),
            Refusal::RenewalTooLate { until } => {
                format!("合同期限已于 {until} 届满，续订应在届满前完成，请登记新合同。")
            }
            Refusal::ContractRenewed => "该合同已续订。".into(),
            Refusal::ContractFiled { on } => format!("该合同已于 {on} 备案。"),
            Refusal::HandBackNotDue => "同一企业依新合同继续服务，无需移交。".into(),
            Refusal::HandBackConfirmed { on } => format!("所列事项中有已于 {on} 移交的，请删除。"),
            Refusal::WholeSubcontracted => {
                "不得将全部物业服务转委托给第三人，或者将全部物业服务支解后分别转委托给第三人。".into()
            }
            Refusal::ServiceNotPromised { service } => format!("合同未约定该项服务（{service}）。"),
            Refusal::ServiceSubcontracted { service } => {
                format!("该项服务（{service}）在所填期间内已委托他人。")
            }
            Refusal::ContractorIsFirm => "受托方即为该物业服务企业本身。".into(),
            Refusal::TooManySubcontracts { max } => format!("一份合同最多登记 {max} 份专项服务委托。"),
            Refusal::ModeUnchanged => "该区域已采用此管理方式。".into(),
            Refusal::ModeBeforeLast { since } => {
                format!("上一决定自 {since} 起施行，新的决定须在其后。")
            }
        }
    }
}
