//! Buildings that move from one area to another: the accounts of their homes go with them, and the money behind these
//! passes from bank to bank.

use chrono::{DateTime, Utc};
use ids::{AreaId, DivisionCode, HomeId, PostingId};
use money::Fen;

use super::home::Building;
use super::ledger::{Account, Balances};

/// A building that moved, with some of its homes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildingMove {
    /// The building as it is now.
    pub building: Building,
    /// The area it left.
    pub from_area_id: AreaId,
    /// The homes told with this event.
    pub home_ids: Vec<HomeId>,
    /// When the registry moved it.
    pub at: DateTime<Utc>,
    /// Version of the building after it.
    pub version: i64,
}

impl BuildingMove {
    /// The id of the posting that moves the money: the same however often the event comes.
    pub fn posting_id(&self) -> PostingId {
        PostingId::derive(&format!("moved:{}:{}", self.building.id, self.version))
    }

    /// Both accounts of each home.
    pub fn accounts(&self) -> impl Iterator<Item = Account> {
        self.home_ids
            .iter()
            .flat_map(|home_id| [Account::Available(*home_id), Account::Reserved(*home_id)])
    }

    /// What the homes hold together, available and reserved.
    pub fn amount(&self, balances: &Balances) -> Fen {
        let held = self.accounts().filter_map(|account| balances.get(account));
        Fen(held.map(|fen| fen.0).sum())
    }
}

/// The money of homes passed from the bank account of one area to that of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankTransferPosted {
    /// The posting; names the event's aggregate, which has this one version.
    pub posting_id: PostingId,
    /// The area that it left.
    pub from_area_id: AreaId,
    /// The area that it came to.
    pub to_area_id: AreaId,
    /// The community or village of that area.
    pub division: DivisionCode,
    /// The building.
    pub building_id: ids::BuildingId,
    /// How much.
    pub amount: Fen,
    /// Of how many homes.
    pub homes: usize,
}

#[cfg(test)]
mod tests {
    use ids::BuildingId;

    use super::*;

    fn moved(version: i64) -> BuildingMove {
        BuildingMove {
            building: Building {
                id: BuildingId::derive("building"),
                area_id: AreaId::derive("to"),
                number: "1".into(),
            },
            from_area_id: AreaId::derive("from"),
            home_ids: vec![HomeId::derive("1"), HomeId::derive("2")],
            at: DateTime::UNIX_EPOCH,
            version,
        }
    }

    #[test]
    fn what_homes_hold_is_what_they_can_spend_and_what_is_set_aside() {
        let (one, two) = (HomeId::derive("1"), HomeId::derive("2"));
        let balances = Balances::new([
            (Account::Available(one), Fen(700)),
            (Account::Reserved(one), Fen(300)),
            (Account::Available(two), Fen(11)),
            (Account::Reserved(two), Fen(0)),
            (Account::Bank(AreaId::derive("from")), Fen(5_000)),
        ]);
        assert_eq!(moved(7).amount(&balances), Fen(1_011));
    }

    #[test]
    fn each_event_of_a_move_has_a_posting_of_its_own() {
        assert_eq!(moved(7).posting_id(), moved(7).posting_id());
        assert_ne!(moved(7).posting_id(), moved(8).posting_id());
    }
}
