//! What regroupings refuse.

use chrono::NaiveDate;

use crate::domain::refusal::Kind;

/// A refusal. The reason string is the variant's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Refusal {
    /// No such regrouping, or the caller may not know of it.
    #[error("There is no such regrouping, or you may not see it.")]
    RegroupingNotFound,
    /// It is in a state that does not allow it.
    #[error("The regrouping is {state}, which does not allow this; read it, then decide.")]
    RegroupingWrongState {
        /// The state in a word.
        state: &'static str,
    },
    /// An area stands on both sides.
    #[error("An area is named twice; buildings move between different areas.")]
    RegroupingAreaTwice,
    /// A building is named twice.
    #[error("A building is named twice; name each once.")]
    RegroupingBuildingTwice,
    /// Nothing moves.
    #[error("Nothing would move; name the buildings, or the areas that end.")]
    RegroupingWithoutBuildings,
    /// A building that the area does not have.
    #[error("A building named is not one of the area that it would leave; read the area's buildings.")]
    BuildingNotInArea,
    /// Nothing would be left.
    #[error("The area would be left without a building; merge it instead, or leave one building in it.")]
    AreaLeftEmpty,
    /// The number is taken where the building comes to.
    #[error("The area has a building {number} already; give the one that comes another number.")]
    BuildingNumberTaken {
        /// The number.
        number: String,
    },
    /// An area takes part in another one.
    #[error("One of the areas takes part in another regrouping; finish or withdraw that first.")]
    AreaRegroupingOpen,
    /// An area that it does not concern.
    #[error("The regrouping does not concern this area.")]
    AreaNotConcerned,
    /// It agreed already.
    #[error("The consent of this area is recorded already.")]
    ConsentRecorded,
    /// The owners decide.
    #[error("Homes of the area are handed over, so its owners decide; send their passed ballot.")]
    AssemblyConsentNeeded,
    /// The developer decides.
    #[error("Nothing of the area is handed over, so its developer agrees, without a ballot.")]
    DeveloperConsentNeeded,
    /// A developer agreed for an area that has owners by now.
    #[error("Homes of an area whose developer agreed were handed over since; withdraw, and ask its owners.")]
    ConsentLapsed,
    /// A street does not agree.
    #[error("A street does not agree; settle it with the street, which may give another opinion, or refuse.")]
    StreetDisagrees,
    /// A refusal without reasons.
    #[error("A refusal needs its reasons; say what has to change.")]
    RefusalReasonsMissing,
    /// A day on which it cannot begin.
    #[error(
        "It begins on a day from {earliest} to today, {today}: not before the last consent, and after the first day of \
         every contract concerned."
    )]
    RegroupingDayWrong {
        /// The day of the last consent, or the second of a contract that began later.
        earliest: NaiveDate,
        /// Today in China.
        today: NaiveDate,
    },
    /// A contract that the merger cannot end.
    #[error(
        "An area that would end has a contract of its own with another firm, or one still to begin; end or hand it over \
         first."
    )]
    AreaContractBinds,
    /// A roll is public.
    #[error("A roll of one of the areas is published; wait for its last day, or withdraw it.")]
    AreaRollPublished,
    /// Prices are being changed.
    #[error("A price adjustment of one of the areas is under way; finish or withdraw it first.")]
    AreaPricesOpen,
    /// Homes would be counted with the wrong developer.
    #[error(
        "Homes that are not handed over would come to an area of another developer and be counted as its; hand them \
         over first."
    )]
    AreaDevelopersDiffer,
}

impl Refusal {
    /// What sort of refusal it is.
    pub fn kind(&self) -> Kind {
        match self {
            Refusal::RegroupingNotFound => Kind::NotFound,
            Refusal::RegroupingAreaTwice
            | Refusal::RegroupingBuildingTwice
            | Refusal::RegroupingWithoutBuildings
            | Refusal::AreaNotConcerned
            | Refusal::RefusalReasonsMissing
            | Refusal::RegroupingDayWrong { .. }
            | Refusal::BuildingNotInArea => Kind::Invalid,
            Refusal::RegroupingWrongState { .. }
            | Refusal::AreaLeftEmpty
            | Refusal::BuildingNumberTaken { .. }
            | Refusal::AreaRegroupingOpen
            | Refusal::ConsentRecorded
            | Refusal::AssemblyConsentNeeded
            | Refusal::DeveloperConsentNeeded
            | Refusal::ConsentLapsed
            | Refusal::StreetDisagrees
            | Refusal::AreaContractBinds
            | Refusal::AreaRollPublished
            | Refusal::AreaPricesOpen
            | Refusal::AreaDevelopersDiffer => Kind::WrongState,
        }
    }

    /// The message in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Refusal::RegroupingNotFound => "未找到该区域调整事项，或您无权查看。".into(),
            Refusal::RegroupingWrongState { state } => {
                let state = match *state {
                    "consenting" => "征求同意中",
                    "submitted" => "待决定",
                    "approved" => "已批准",
                    "refused" => "不予批准",
                    "withdrawn" => "已撤回",
                    other => other,
                };
                format!("该区域调整事项处于“{state}”状态，不能进行此操作，请查看后再决定。")
            }
            Refusal::RegroupingAreaTwice => "同一区域出现两次，幢应在不同区域之间调整。".into(),
            Refusal::RegroupingBuildingTwice => "同一幢出现两次，每幢只填一次。".into(),
            Refusal::RegroupingWithoutBuildings => "没有需要调整的幢，请填写幢或者被合并的区域。".into(),
            Refusal::BuildingNotInArea => "所填的幢不属于调出区域，请先查看该区域的幢。".into(),
            Refusal::AreaLeftEmpty => "调出后原区域将没有幢，请改为合并，或保留至少一幢。".into(),
            Refusal::BuildingNumberTaken { number } => {
                format!("调入区域已有 {number} 幢，请为调入的幢另编幢号。")
            }
            Refusal::AreaRegroupingOpen => "所涉区域有未办结的区域调整事项，请先办结或撤回。".into(),
            Refusal::AreaNotConcerned => "该调整事项不涉及此区域。".into(),
            Refusal::ConsentRecorded => "该区域的同意意见已登记。".into(),
            Refusal::AssemblyConsentNeeded => {
                "该区域已有房屋交付，应由业主大会决定，请填写通过的表决。".into()
            }
            Refusal::DeveloperConsentNeeded => "该区域尚无房屋交付，由建设单位同意，无需表决。".into(),
            Refusal::ConsentLapsed => "由建设单位同意的区域此后已有房屋交付，请撤回后征求业主意见。".into(),
            Refusal::StreetDisagrees => "街道（镇乡）不同意；请协商后由其重新提出意见，或者不予批准。".into(),
            Refusal::RefusalReasonsMissing => "不予批准应说明理由，请写明需要修改的内容。".into(),
            Refusal::RegroupingDayWrong { earliest, today } => {
                format!(
                    "生效日应在 {earliest} 至今日 {today} 之间：不早于最后一份同意意见登记之日，且晚于所涉合同的起始日。"
                )
            }
            Refusal::AreaContractBinds => {
                "被合并区域与其他物业服务企业的合同尚在履行，或有待生效的合同，请先终止或移交。".into()
            }
            Refusal::AreaRollPublished => "所涉区域的表决名册正在公示，请待公示期满或撤回。".into(),
            Refusal::AreaPricesOpen => "所涉区域的调价尚未办结，请先办结或撤回。".into(),
            Refusal::AreaDevelopersDiffer => {
                "未交付的房屋将归入其他建设单位的区域并计入其名下，请先交付。".into()
            }
        }
    }
}
