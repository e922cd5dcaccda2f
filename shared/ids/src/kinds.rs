//! The kinds of things that have an id, with their prefixes: the only such list.
//! Alphabetical and append-only, because a prefix lives for ever in events, logs and clients.

use crate::id::{Id, Kind};

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident, $alias:ident, $prefix:literal;)+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub enum $kind {}

            impl Kind for $kind {
                const PREFIX: &'static str = $prefix;
            }

            #[doc = concat!("Id of a [`", stringify!($kind), "`]: `", $prefix, "_…` in text.")]
            pub type $alias = Id<$kind>;
        )+

        /// Every prefix in use, in the order of the registry.
        pub const PREFIXES: &[&str] = &[$($prefix),+];
    };
}

kinds! {
    /// A person or system that logs in (账号).
    Account, AccountId, "account";
    /// A change of prices that the owners decide on (调价).
    PriceAdjustment, PriceAdjustmentId, "adjustment";
    /// An area under one property management (物业管理区域).
    Area, AreaId, "area";
    /// A vote of the owners on one matter (表决).
    Ballot, BallotId, "ballot";
    /// A building (幢).
    Building, BuildingId, "building";
    /// A certificate of a firm or of one of its people (证书).
    Certificate, CertificateId, "certificate";
    /// A self-discipline record of a firm (自律记录).
    Conduct, ConductId, "conduct";
    /// A contract of property service (物业服务合同).
    Contract, ContractId, "contract";
    /// How a building project becomes an area (物业管理区域划分).
    Delineation, DelineationId, "delineation";
    /// A use of the maintenance fund (维修资金使用).
    Draw, DrawId, "draw";
    /// A piece of shared equipment (共用设施设备).
    Equipment, EquipmentId, "equipment";
    /// Something that happened, as published.
    Event, EventId, "event";
    /// A company: property firm, developer or other (企业).
    Firm, FirmId, "firm";
    /// How the owners of a time hold a home (权属).
    Holding, HoldingId, "holding";
    /// A home: an exclusive part that one title covers (房屋).
    Home, HomeId, "home";
    /// A table that is being loaded (导入).
    Import, ImportId, "import";
    /// A look at an owner in clear (查阅).
    Look, LookId, "look";
    /// How an area is managed (管理方式).
    ManagementMode, ManagementModeId, "mode";
    /// An objection to a published roll (异议).
    Objection, ObjectionId, "objection";
    /// An owner (业主).
    Owner, OwnerId, "owner";
    /// A parking lot that is no exclusive part (车位).
    Parking, ParkingId, "parking";
    /// A balanced set of entries in the ledger (记账凭证).
    Posting, PostingId, "posting";
    /// A change of which buildings form which area (物业管理区域调整).
    Regrouping, RegroupingId, "regrouping";
    /// Who casts the one vote of several owners in an area (推选的投票人).
    Representation, RepresentationId, "representation";
    /// A roll as it was published (公示名册).
    Roll, RollId, "roll";
    /// Somebody on a roster of mediators or experts (调解员、评标专家).
    RosterMember, RosterMemberId, "rostermember";
    /// How satisfied the owners of an area were (满意度).
    Satisfaction, SatisfactionId, "satisfaction";
    /// Somebody whom a firm employs (从业人员).
    Staff, StaffId, "staff";
    /// What may be charged for homes of an area (收费标准).
    FeeStandard, FeeStandardId, "standard";
    /// A training that people of a firm took part in (培训).
    Training, TrainingId, "training";
    /// One owner's vote in a ballot (选票).
    Vote, VoteId, "vote";
}
