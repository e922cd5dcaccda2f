//! What is refused of buildings' parts, equipment and parking.

use chrono::NaiveDate;

use crate::domain::refusal::Kind;

/// A refusal. The reason string is the variant's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Refusal {
    /// Not a size of a home.
    #[error("An exclusive area is more than nothing and at most 1,000,000 m²; give it in 0.01 m².")]
    ExclusiveAreaOutOfRange,
    /// Neither area nor source is another.
    #[error("The home has this exclusive area from this source already.")]
    ExclusiveAreaUnchanged,
    /// The source is not better than the present one.
    #[error("The present area comes from as good a source or a better one; say why this one is right.")]
    AreaSourceNotBetter,
    /// A home is sold or handed over already.
    #[error("Home {door} is sold already; leave it out.")]
    HomeSold {
        /// Its door.
        door: String,
    },
    /// A day that is still to come.
    #[error("The day is {on}, and today is {today}; record it once the day has come.")]
    DayInTheFuture {
        /// The day that was sent.
        on: NaiveDate,
        /// Today in China.
        today: NaiveDate,
    },
    /// Not a design life.
    #[error("A design life is 5 to 200 years; leave it out where the documents do not say.")]
    DesignLifeOutOfRange,
    /// A home was handed over before the building was accepted.
    #[error("A home was handed over on {delivered_on}; the completion acceptance lies before that.")]
    CompletionAfterDelivery {
        /// The first hand-over.
        delivered_on: NaiveDate,
    },
    /// Nothing is new.
    #[error("This is what is recorded of the building already.")]
    FactsUnchanged,
    /// A building that stands in another area.
    #[error("The building does not stand in this area.")]
    BuildingNotInArea,
    /// No such equipment.
    #[error("There is no such equipment, or you may not see it.")]
    EquipmentNotFound,
    /// This number is recorded already.
    #[error("Equipment of this kind with this number is recorded in the area already.")]
    EquipmentKnown,
    /// It is out of use for good.
    #[error("The equipment went out of use on {on}.")]
    EquipmentRetired {
        /// The day.
        on: NaiveDate,
    },
    /// Before the last inspection or the installation.
    #[error("The inspection lies before {earliest}, the installation or the last inspection.")]
    InspectionTooEarly {
        /// That day.
        earliest: NaiveDate,
    },
    /// Before the last inspection or the installation.
    #[error("It goes out of use before {earliest}, the installation or the last inspection.")]
    RetirementTooEarly {
        /// That day.
        earliest: NaiveDate,
    },
    /// The last day lies before the first.
    #[error("The validity from {from} until {until} ends before it begins.")]
    ValidityReversed {
        /// First day.
        from: NaiveDate,
        /// Last day.
        until: NaiveDate,
    },
    /// Not a number of spaces.
    #[error("A lot has 1 to 100,000 spaces.")]
    SpacesOutOfRange,
    /// More spaces are let than there are.
    #[error("More spaces are let than there are, or less than none.")]
    LeasedMoreThanSpaces,
    /// Before what is recorded last.
    #[error("The lot is recorded from {earliest} on already; what was before that is not told any more.")]
    ParkingTooEarly {
        /// First day of what is recorded last.
        earliest: NaiveDate,
    },
    /// Nothing is new.
    #[error("The parking is recorded like this already.")]
    ParkingUnchanged,
}

impl Refusal {
    /// What sort of refusal it is.
    pub fn kind(&self) -> Kind {
        match self {
            Refusal::EquipmentNotFound => Kind::NotFound,
            Refusal::ExclusiveAreaUnchanged
            | Refusal::AreaSourceNotBetter
            | Refusal::HomeSold { .. }
            | Refusal::CompletionAfterDelivery { .. }
            | Refusal::FactsUnchanged
            | Refusal::EquipmentKnown
            | Refusal::EquipmentRetired { .. }
            | Refusal::InspectionTooEarly { .. }
            | Refusal::RetirementTooEarly { .. }
            | Refusal::ParkingTooEarly { .. }
            | Refusal::ParkingUnchanged => Kind::WrongState,
            Refusal::ExclusiveAreaOutOfRange
            | Refusal::DayInTheFuture { .. }
            | Refusal::DesignLifeOutOfRange
            | Refusal::BuildingNotInArea
            | Refusal::ValidityReversed { .. }
            | Refusal::SpacesOutOfRange
            | Refusal::LeasedMoreThanSpaces => Kind::Invalid,
        }
    }

    /// The message in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Refusal::ExclusiveAreaOutOfRange => {
                "专有部分面积应大于零且不超过 1,000,000 平方米，单位为 0.01 平方米。".into()
            }
            Refusal::ExclusiveAreaUnchanged => "该房屋已登记为此面积及来源。".into(),
            Refusal::AreaSourceNotBetter => "现面积的来源与此相当或更可靠，请说明更正理由。".into(),
            Refusal::HomeSold { door } => format!("房屋 {door} 已售，请从名单中删除。"),
            Refusal::DayInTheFuture { on, today } => {
                format!("日期为 {on}，今日为 {today}，请于当日或之后登记。")
            }
            Refusal::DesignLifeOutOfRange => "设计使用年限应为 5 至 200 年；资料未载明的可不填。".into(),
            Refusal::CompletionAfterDelivery { delivered_on } => {
                format!("已有房屋于 {delivered_on} 交付，竣工验收日期不得晚于该日。")
            }
            Refusal::FactsUnchanged => "该幢已如此登记，无变更内容。".into(),
            Refusal::BuildingNotInArea => "该幢不在此物业管理区域内。".into(),
            Refusal::EquipmentNotFound => "未找到该设施设备，或您无权查看。".into(),
            Refusal::EquipmentKnown => "该区域内已登记同类同编号的设施设备。".into(),
            Refusal::EquipmentRetired { on } => format!("该设施设备已于 {on} 停用。"),
            Refusal::InspectionTooEarly { earliest } => {
                format!("检验日期早于安装日或上次检验日 {earliest}。")
            }
            Refusal::RetirementTooEarly { earliest } => {
                format!("停用日期早于安装日或上次检验日 {earliest}。")
            }
            Refusal::ValidityReversed { from, until } => {
                format!("有效期自 {from} 至 {until}，截止日早于起始日。")
            }
            Refusal::SpacesOutOfRange => "车位数应为 1 至 100,000。".into(),
            Refusal::LeasedMoreThanSpaces => "出租车位数不得为负或超过车位总数。".into(),
            Refusal::ParkingTooEarly { earliest } => {
                format!("该车位自 {earliest} 起的情况已登记，不再补登此前的情况。")
            }
            Refusal::ParkingUnchanged => "该车位已如此登记，无变更内容。".into(),
        }
    }
}
