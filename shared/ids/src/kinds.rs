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
    /// An area under one property management (物业管理区域).
    Area, AreaId, "area";
    /// A vote of the owners on one matter (表决).
    Ballot, BallotId, "ballot";
    /// A building (幢).
    Building, BuildingId, "building";
    /// How a building project becomes an area (物业管理区域划分).
    Delineation, DelineationId, "delineation";
    /// A use of the maintenance fund (维修资金使用).
    Draw, DrawId, "draw";
    /// Something that happened, as published.
    Event, EventId, "event";
    /// A company: property firm, developer or other (企业).
    Firm, FirmId, "firm";
    /// A home: an exclusive part that one title covers (房屋).
    Home, HomeId, "home";
    /// A table that is being loaded (导入).
    Import, ImportId, "import";
    /// An owner (业主).
    Owner, OwnerId, "owner";
    /// A balanced set of entries in the ledger (记账凭证).
    Posting, PostingId, "posting";
    /// One owner's vote in a ballot (选票).
    Vote, VoteId, "vote";
}
