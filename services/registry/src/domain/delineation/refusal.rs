//! What delineations and service rooms refuse.

use chrono::NaiveDate;
use money::Area;

use crate::domain::refusal::Kind;

/// A refusal. The reason string is the variant's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Refusal {
    /// No such delineation, or the caller may not know of it.
    #[error("There is no such delineation, or you may not see it.")]
    DelineationNotFound,
    /// It is in a state that does not allow it.
    #[error("The delineation is {state}, which does not allow this; read it, then decide.")]
    DelineationWrongState {
        /// The state in a word.
        state: &'static str,
    },
    /// Not a community or village of this city that still is one.
    #[error("An area lies in a community or village of this city that still exists; send its 12-digit code.")]
    DivisionNotACommunity,
    /// Not a registered developer.
    #[error("There is no such developer; register the firm first.")]
    DeveloperUnknown,
    /// Another developer's project.
    #[error("The project is another developer's; apply for your own.")]
    DeveloperDiffers,
    /// An area that cannot be one.
    #[error("The area must be more than 0 and at most 10,000,000 m², in 0.01 m².")]
    AreaSizeInvalid,
    /// A permit from a day to come.
    #[error("The planning permit is dated {on}, and today is {today}; apply once you have it.")]
    PermitInTheFuture {
        /// Its day.
        on: NaiveDate,
        /// Today in China.
        today: NaiveDate,
    },
    /// The phases do not make up the whole.
    #[error(
        "The phases have {phases} m² together, the project {whole} m²; the phases of one project form one area."
    )]
    PhasesDoNotSum {
        /// The phases together.
        phases: Area,
        /// The whole.
        whole: Area,
    },
    /// The number belongs to another area.
    #[error("The number belongs to another area already; choose another.")]
    AreaNumberTaken,
    /// The street gave no opinion.
    #[error("The street has not given its opinion; authority and street delineate together.")]
    StreetNotHeard,
    /// The community gave no opinion.
    #[error("The residents' committee has not been heard; ask it for its opinion first.")]
    CommunityNotHeard,
    /// The street does not agree.
    #[error(
        "The street does not agree; settle it with the street, which may give another opinion, or refuse."
    )]
    StreetDisagrees,
    /// A refusal without reasons.
    #[error("A refusal needs its reasons; say what the developer has to change.")]
    RefusalReasonsMissing,
    /// Nothing says what was permitted.
    #[error("The area has no delineation that says what was permitted; send the permit's above-ground area.")]
    PermitAreaMissing,
    /// Something else was permitted.
    #[error(
        "The area's delineation says {of_delineation} m² in the permit; leave the permit's area out or send that."
    )]
    PermitAreaDiffers {
        /// What the delineation says.
        of_delineation: Area,
    },
    /// Rooms are missing, and nothing says what they cost.
    #[error("Rooms are missing beyond the permit; send the average sale price in fen per m².")]
    SalePriceMissing,
    /// A price that cannot be one.
    #[error("The price must be more than 0 and at most 100,000,000 fen per m².")]
    SalePriceInvalid,
    /// Never checked.
    #[error("The service rooms of this area have not been checked yet.")]
    ServiceRoomsNotChecked,
}

impl Refusal {
    /// What sort of refusal it is.
    pub fn kind(&self) -> Kind {
        match self {
            Refusal::DelineationNotFound | Refusal::ServiceRoomsNotChecked => Kind::NotFound,
            Refusal::DelineationWrongState { .. }
            | Refusal::DeveloperDiffers
            | Refusal::AreaNumberTaken
            | Refusal::StreetNotHeard
            | Refusal::CommunityNotHeard
            | Refusal::StreetDisagrees
            | Refusal::PermitAreaDiffers { .. } => Kind::WrongState,
            Refusal::DivisionNotACommunity
            | Refusal::DeveloperUnknown
            | Refusal::AreaSizeInvalid
            | Refusal::PermitInTheFuture { .. }
            | Refusal::PhasesDoNotSum { .. }
            | Refusal::RefusalReasonsMissing
            | Refusal::PermitAreaMissing
            | Refusal::SalePriceMissing
            | Refusal::SalePriceInvalid => Kind::Invalid,
        }
    }

    /// The message in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Refusal::DelineationNotFound => "未找到该区域划分事项，或您无权查看。".into(),
            Refusal::DelineationWrongState { state } => {
                let state = match *state {
                    "consulting" => "征求意见中",
                    "advised" => "已答复",
                    "applied" => "已申请",
                    "approved" => "已划定",
                    "refused" => "不予划定",
                    other => other,
                };
                format!("该区域划分事项处于“{state}”状态，不能进行此操作，请查看后再决定。")
            }
            Refusal::DivisionNotACommunity => {
                "物业管理区域应位于本市现有社区或村，请填写其 12 位代码。".into()
            }
            Refusal::DeveloperUnknown => "未登记该建设单位，请先登记企业。".into(),
            Refusal::DeveloperDiffers => "该项目属于其他建设单位，请申请本单位项目。".into(),
            Refusal::AreaSizeInvalid => "面积应大于 0 且不超过 1000 万平方米，单位为 0.01 平方米。".into(),
            Refusal::PermitInTheFuture { on, today } => {
                format!("规划许可证日期为 {on}，今日为 {today}，请取得后再申请。")
            }
            Refusal::PhasesDoNotSum { phases, whole } => format!(
                "各期面积合计 {phases} 平方米，项目为 {whole} 平方米；同一项目各期应划为一个区域，合计应一致。"
            ),
            Refusal::AreaNumberTaken => "该备案号已被其他物业管理区域使用，请更换。".into(),
            Refusal::StreetNotHeard => "街道（镇乡）尚未提出意见，区域应由主管部门会同其划分。".into(),
            Refusal::CommunityNotHeard => "尚未征求社区居委会（村委会）意见，请先征求。".into(),
            Refusal::StreetDisagrees => "街道（镇乡）不同意；请协商后由其重新提出意见，或者不予划定。".into(),
            Refusal::RefusalReasonsMissing => "不予划定应说明理由，请写明需要修改的内容。".into(),
            Refusal::PermitAreaMissing => "该区域没有划分记录，请填写规划许可证载明的地上建筑面积。".into(),
            Refusal::PermitAreaDiffers { of_delineation } => {
                format!("划分记录中规划许可面积为 {of_delineation} 平方米，请留空或填写该数值。")
            }
            Refusal::SalePriceMissing => {
                "物业管理用房超出许可部分不足，请填写平均销售价格（分/平方米）。".into()
            }
            Refusal::SalePriceInvalid => "价格应大于 0 且不超过 1 亿分/平方米。".into(),
            Refusal::ServiceRoomsNotChecked => "该区域的物业管理用房尚未核查。".into(),
        }
    }
}
