//! What is refused to firms and of their people.

use chrono::NaiveDate;

use crate::domain::refusal::Kind;

/// A refusal. The reason string is the variant's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Refusal {
    /// No such firm.
    #[error("There is no such firm; file it first.")]
    FirmNotFound,
    /// The firm is off the register.
    #[error("The firm went off the register on {on}; nothing is recorded of it any more.")]
    FirmRevoked {
        /// The day.
        on: NaiveDate,
    },
    /// It was filed already.
    #[error("The firm was filed on {on} already; change its particulars instead.")]
    FirmFiled {
        /// The day.
        on: NaiveDate,
    },
    /// It is registered as another kind.
    #[error("The firm is registered as another kind; file it under that kind.")]
    FirmKindDiffers,
    /// It is registered under another name.
    #[error("The firm is registered as {name}; file it under that name, or rename it.")]
    NameDiffers {
        /// The registered name.
        name: String,
    },
    /// It has this name already.
    #[error("The firm has this name already; give the new one.")]
    NameUnchanged,
    /// The present name is younger.
    #[error("The present name holds since {since}; the next one begins later.")]
    RenamedBefore {
        /// First day of the present name.
        since: NaiveDate,
    },
    /// The firm whose branch it should be is not registered.
    #[error("The firm whose branch it is, is not registered; file that one first.")]
    ParentNotFound,
    /// The firm whose branch it should be is itself a branch, or the same firm.
    #[error("A branch belongs to a firm of its own, not to a branch or to itself; name that firm.")]
    ParentIsBranch,
    /// Nothing changes.
    #[error("Nothing is changed; give at least one new value.")]
    ChangeEmpty,
    /// A day that is still to come.
    #[error("The day is {on}, and today is {today}; record it once the day has come.")]
    DayInTheFuture {
        /// The day that was sent.
        on: NaiveDate,
        /// Today in China.
        today: NaiveDate,
    },
    /// It is a member already.
    #[error("The firm is a member since {on}.")]
    AssociationJoined {
        /// The day.
        on: NaiveDate,
    },
    /// It is no member.
    #[error("The firm is no member of the association.")]
    AssociationNotJoined,
    /// The day lies before the last one of the membership's story.
    #[error("The day lies before {after}, when the membership last changed; give a later one.")]
    AssociationDayTooEarly {
        /// That day.
        after: NaiveDate,
    },
    /// No such person of this firm.
    #[error("There is no such person, or not in this firm.")]
    StaffNotFound,
    /// They have left.
    #[error("They left the firm on {on}.")]
    StaffLeft {
        /// Last day.
        on: NaiveDate,
    },
    /// The employment would end before it began.
    #[error("The employment began on {from}; it cannot end before.")]
    EmploymentReversed {
        /// First day.
        from: NaiveDate,
    },
    /// They are employed as something else.
    #[error("They are not employed as project manager; assign somebody who is.")]
    StaffNotProjectManager,
    /// The firm does not manage the area.
    #[error("The firm does not manage this area; its own firm names the project manager.")]
    AreaNotManaged,
    /// They are it already.
    #[error("They are project manager of this area since {on}.")]
    AlreadyAssigned {
        /// First day.
        on: NaiveDate,
    },
    /// Before the employment, before the firm manages the area, or before whoever was project manager had a day.
    #[error(
        "The earliest day is {earliest}: after the employment, after the firm took the area over, and after the project \
         manager before."
    )]
    AssignmentTooEarly {
        /// The earliest day.
        earliest: NaiveDate,
    },
    /// No such certificate.
    #[error("There is no such certificate, or you may not see it.")]
    CertificateNotFound,
    /// It is recorded already.
    #[error("This certificate is recorded already; renew it instead.")]
    CertificateKnown,
    /// It was withdrawn.
    #[error("The certificate was withdrawn; record the new one.")]
    CertificateWithdrawn,
    /// The last day lies before the first.
    #[error("The validity from {from} until {until} ends before it begins.")]
    ValidityReversed {
        /// First day.
        from: NaiveDate,
        /// Last day.
        until: NaiveDate,
    },
    /// The renewal does not reach further.
    #[error("The certificate holds until {until} already; a renewal ends later.")]
    RenewalTooShort {
        /// Last day.
        until: NaiveDate,
    },
}

impl Refusal {
    /// What sort of refusal it is.
    pub fn kind(&self) -> Kind {
        match self {
            Refusal::FirmNotFound | Refusal::StaffNotFound | Refusal::CertificateNotFound => Kind::NotFound,
            Refusal::FirmRevoked { .. }
            | Refusal::FirmFiled { .. }
            | Refusal::FirmKindDiffers
            | Refusal::NameDiffers { .. }
            | Refusal::NameUnchanged
            | Refusal::RenamedBefore { .. }
            | Refusal::ParentNotFound
            | Refusal::ParentIsBranch
            | Refusal::AssociationJoined { .. }
            | Refusal::AssociationNotJoined
            | Refusal::AssociationDayTooEarly { .. }
            | Refusal::StaffLeft { .. }
            | Refusal::StaffNotProjectManager
            | Refusal::AreaNotManaged
            | Refusal::AlreadyAssigned { .. }
            | Refusal::AssignmentTooEarly { .. }
            | Refusal::CertificateKnown
            | Refusal::CertificateWithdrawn
            | Refusal::RenewalTooShort { .. } => Kind::WrongState,
            Refusal::ChangeEmpty
            | Refusal::DayInTheFuture { .. }
            | Refusal::EmploymentReversed { .. }
            | Refusal::ValidityReversed { .. } => Kind::Invalid,
        }
    }

    /// The message in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Refusal::FirmNotFound => "未找到该企业，请先备案。".into(),
            Refusal::FirmRevoked { on } => format!("该企业已于 {on} 注销，不再登记其事项。"),
            Refusal::FirmFiled { on } => format!("该企业已于 {on} 备案，请改用变更。"),
            Refusal::FirmKindDiffers => "该企业登记的类别不同，请按登记的类别备案。".into(),
            Refusal::NameDiffers { name } => {
                format!("该企业登记的名称为{name}，请按此名称备案，或先办理更名。")
            }
            Refusal::NameUnchanged => "新名称与现名称相同，请填写新名称。".into(),
            Refusal::RenamedBefore { since } => format!("现名称自 {since} 起使用，更名日期须晚于该日。"),
            Refusal::ParentNotFound => "所属企业尚未登记，请先备案所属企业。".into(),
            Refusal::ParentIsBranch => "分支机构须隶属于独立企业，不能隶属于分支机构或自身。".into(),
            Refusal::ChangeEmpty => "没有变更内容，请至少填写一项新值。".into(),
            Refusal::DayInTheFuture { on, today } => {
                format!("日期为 {on}，今日为 {today}，请于当日或之后登记。")
            }
            Refusal::AssociationJoined { on } => format!("该企业自 {on} 起已是协会会员。"),
            Refusal::AssociationNotJoined => "该企业不是协会会员。".into(),
            Refusal::AssociationDayTooEarly { after } => {
                format!("日期早于会员资格最近一次变动之日 {after}，请填写更晚的日期。")
            }
            Refusal::StaffNotFound => "未找到该从业人员，或其不属于该企业。".into(),
            Refusal::StaffLeft { on } => format!("该人员已于 {on} 离职。"),
            Refusal::EmploymentReversed { from } => format!("该人员自 {from} 起受聘，离职日期不得早于该日。"),
            Refusal::StaffNotProjectManager => "该人员的岗位不是项目经理，请指派项目经理。".into(),
            Refusal::AreaNotManaged => "该企业未管理此物业管理区域，项目经理由其管理企业指派。".into(),
            Refusal::AlreadyAssigned { on } => format!("该人员自 {on} 起已是此区域的项目经理。"),
            Refusal::AssignmentTooEarly { earliest } => {
                format!("最早可自 {earliest} 起任职：须在受聘、企业接管该区域及前任项目经理任期之后。")
            }
            Refusal::CertificateNotFound => "未找到该证书，或您无权查看。".into(),
            Refusal::CertificateKnown => "该证书已登记，请改用续期。".into(),
            Refusal::CertificateWithdrawn => "该证书已撤销，请登记新证书。".into(),
            Refusal::ValidityReversed { from, until } => {
                format!("有效期自 {from} 至 {until}，截止日早于起始日。")
            }
            Refusal::RenewalTooShort { until } => format!("该证书有效期已至 {until}，续期须更晚。"),
        }
    }
}
