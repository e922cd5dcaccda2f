//! The nine matters that owners decide jointly (Civil Code article 278, first paragraph).

use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

/// What a ballot decides.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Matter {
    /// (1) Rules of procedure of the assembly (业主大会议事规则).
    RulesOfProcedure,
    /// (2) Management covenant (管理规约).
    Covenant,
    /// (3) Electing the committee or replacing its members.
    CommitteeElection,
    /// (4) Hiring or dismissing the property firm.
    PropertyFirm,
    /// (5) Using the maintenance fund (使用维修资金).
    FundUse,
    /// (6) Raising the maintenance fund (筹集维修资金).
    FundRaising,
    /// (7) Rebuilding or reconstructing.
    Rebuilding,
    /// (8) Changing the use of shared parts or doing business with them.
    SharedPartsUse,
    /// (9) Other major matters.
    Other,
}

impl Matter {
    /// Its item number in the article, 1 to 9: what the dated rules speak of.
    pub const fn item(self) -> u8 {
        match self {
            Matter::RulesOfProcedure => 1,
            Matter::Covenant => 2,
            Matter::CommitteeElection => 3,
            Matter::PropertyFirm => 4,
            Matter::FundUse => 5,
            Matter::FundRaising => 6,
            Matter::Rebuilding => 7,
            Matter::SharedPartsUse => 8,
            Matter::Other => 9,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Matter;
    use strum::IntoEnumIterator;

    #[test]
    fn the_nine_items_are_numbered_in_their_order() {
        let items: Vec<u8> = Matter::iter().map(Matter::item).collect();
        assert_eq!(items, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
}
