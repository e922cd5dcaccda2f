//! Who bears a cost: by exclusive area over the homes that benefit, to the fen (165号令 articles 20 and 21).

use std::collections::BTreeMap;

use ids::HomeId;
use money::{Area, Fen, split_by_largest_remainder};
use serde::{Deserialize, Serialize};

use crate::domain::refusal::Refusal;

/// A home that bears its share, and what its sub-account can pay at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bearer {
    /// The home.
    pub home_id: HomeId,
    /// Its exclusive area, by which the cost is split.
    pub area: Area,
    /// Whether its share is the developer's, in cash (165号令 article 21).
    pub is_developers: bool,
    /// What its sub-account can pay; nothing of it is taken for the developer's share.
    pub cover: Fen,
}

/// One home's share of a draw; `share` is the sum of the other three amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The home.
    pub home_id: HomeId,
    /// Its exclusive area.
    pub area: Area,
    /// Whether its share is the developer's.
    pub is_developers: bool,
    /// Its share by largest remainder.
    pub share: Fen,
    /// From its sub-account.
    pub fund: Fen,
    /// Still due from its owners.
    pub owners_due: Fen,
    /// Due from the developer.
    pub developer_due: Fen,
}

/// How a cost is borne; the three parts add up to the cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocation {
    /// From sub-accounts.
    pub fund: Fen,
    /// By owners whose sub-account does not hold the whole share.
    pub owners_due: Fen,
    /// By the developer, in cash.
    pub developer_due: Fen,
    /// Over how many homes.
    pub homes: i64,
}

impl Allocation {
    /// The shares added up. They are parts of one cost that fits 64 bits, so the sums do.
    pub fn of(shares: &[Share]) -> Self {
        let sum = |part: fn(&Share) -> Fen| Fen(shares.iter().map(|share| part(share).0).sum());
        Allocation {
            fund: sum(|share| share.fund),
            owners_due: sum(|share| share.owners_due),
            developer_due: sum(|share| share.developer_due),
            homes: i64::try_from(shares.len()).unwrap_or(i64::MAX),
        }
    }
}

/// Splits `cost` by area over the homes by largest remainder, equal remainders in the order of the homes' ids.
///
/// A sub-account pays at most what it holds, the rest is due from that home's own owners, never from the neighbours;
/// the developer pays for its homes in cash. Refuses `SCOPE_WITHOUT_HOMES` where nobody can bear it.
pub fn allocate(cost: Fen, bearers: &[Bearer]) -> Result<Vec<Share>, Refusal> {
    let weights: Vec<(HomeId, Area)> = bearers
        .iter()
        .map(|bearer| (bearer.home_id, bearer.area))
        .collect();
    // Costs are positive and homes unique, so only a scope without homes or area can fail to be split.
    let split = split_by_largest_remainder(cost, &weights).map_err(|_| Refusal::ScopeWithoutHomes)?;
    Ok(bearers
        .iter()
        .zip(split)
        .map(|(bearer, (_, share))| bear(bearer, share))
        .collect())
}

fn bear(bearer: &Bearer, share: Fen) -> Share {
    let (fund, owners_due, developer_due) = if bearer.is_developers {
        (Fen::ZERO, Fen::ZERO, share)
    } else {
        let fund = Fen(share.0.min(bearer.cover.0.max(0)));
        (fund, Fen(share.0 - fund.0), Fen::ZERO)
    };
    Share {
        home_id: bearer.home_id,
        area: bearer.area,
        is_developers: bearer.is_developers,
        share,
        fund,
        owners_due,
        developer_due,
    }
}

/// Splits the settled cost over the homes that the owners' decision named, by the areas it was decided on.
///
/// A sub-account pays at most what was reserved on it. Only where the largest remainder gives a home a fen more for a
/// smaller cost (the Alabama paradox) does it look at what is `available` besides.
pub fn settle(
    settled: Fen,
    reserved: &[Share],
    available: &BTreeMap<HomeId, Fen>,
) -> Result<Vec<Share>, Refusal> {
    let cover = |share: &Share| Bearer {
        home_id: share.home_id,
        area: share.area,
        is_developers: share.is_developers,
        cover: share.fund,
    };
    let bearers: Vec<Bearer> = reserved.iter().map(cover).collect();
    let shares = allocate(settled, &bearers)?;
    let paired = shares.into_iter().zip(reserved);
    Ok(paired
        .map(|(after, before)| {
            if after.share <= before.share || after.is_developers {
                return after;
            }
            let more = available.get(&after.home_id).copied().unwrap_or_default();
            bear(
                &Bearer {
                    cover: Fen(before.fund.0.saturating_add(more.0)),
                    ..cover(before)
                },
                after.share,
            )
        })
        .collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const RICH: Fen = Fen(i64::MAX);

    fn home(number: usize) -> HomeId {
        HomeId::from_uuid(Uuid::from_u128(number as u128 + 1))
    }

    fn bearers(areas: &[i64]) -> Vec<Bearer> {
        let bearer = |(number, area): (usize, &i64)| Bearer {
            home_id: home(number),
            area: Area(*area),
            is_developers: false,
            cover: RICH,
        };
        areas.iter().enumerate().map(bearer).collect()
    }

    fn shares(cost: i64, areas: &[i64]) -> Vec<i64> {
        allocate(Fen(cost), &bearers(areas))
            .unwrap()
            .iter()
            .map(|share| share.share.0)
            .collect()
    }

    #[test]
    fn e6_no_fen_is_lost_or_invented() {
        assert_eq!(
            shares(1_000_000, &[8937, 8937, 12654]),
            [292_748, 292_747, 414_505]
        );
        assert_eq!(
            shares(1_000_000, &[100; 6]),
            [166_667, 166_667, 166_667, 166_667, 166_666, 166_666]
        );
        assert_eq!(
            shares(4_567_890, &[8861, 8861, 11902, 13976]),
            [928_351, 928_350, 1_246_950, 1_464_239]
        );
    }

    #[test]
    fn e7_the_developer_pays_for_unsold_homes_in_cash() {
        let mut homes = bearers(&[900_000, 100_000]);
        homes[1].is_developers = true;
        let allocation = Allocation::of(&allocate(Fen(1_000_000), &homes).unwrap());
        let expected = Allocation {
            fund: Fen(900_000),
            owners_due: Fen(0),
            developer_due: Fen(100_000),
            homes: 2,
        };
        assert_eq!(allocation, expected);
    }

    #[test]
    fn e8_a_poor_sub_account_pays_what_it_holds_and_its_owners_the_rest() {
        let mut homes = bearers(&[100, 100]);
        homes[0].cover = Fen(80_000);
        let shares = allocate(Fen(190_000), &homes).unwrap();
        assert_eq!(
            (shares[0].share, shares[0].fund, shares[0].owners_due),
            (Fen(95_000), Fen(80_000), Fen(15_000))
        );
        assert_eq!(
            (shares[1].share, shares[1].fund, shares[1].owners_due),
            (Fen(95_000), Fen(95_000), Fen(0))
        );
    }

    #[test]
    fn nobody_to_bear_it_is_refused() {
        assert!(matches!(allocate(Fen(1), &[]), Err(Refusal::ScopeWithoutHomes)));
    }

    prop_compose! {
        fn some_bearers()(homes in prop::collection::vec((1_i64..30_000, any::<bool>(), 0_i64..2_000_000), 1..80))
            -> Vec<Bearer> {
            let bearer = |(number, (area, is_developers, cover)): (usize, (i64, bool, i64))| Bearer {
                home_id: home(number), area: Area(area), is_developers, cover: Fen(cover),
            };
            homes.into_iter().enumerate().map(bearer).collect()
        }
    }

    fn assert_sound(cost: Fen, shares: &[Share]) {
        let allocation = Allocation::of(shares);
        assert_eq!(
            allocation.fund.0 + allocation.owners_due.0 + allocation.developer_due.0,
            cost.0
        );
        for share in shares {
            assert_eq!(
                share.fund.0 + share.owners_due.0 + share.developer_due.0,
                share.share.0
            );
            assert!(share.fund.0 >= 0 && share.owners_due.0 >= 0 && share.developer_due.0 >= 0);
            assert!(!share.is_developers || share.fund.is_zero() && share.owners_due.is_zero());
        }
    }

    proptest! {
        #[test]
        fn the_three_parts_add_up_to_the_cost(bearers in some_bearers(), cost in 1_i64..10_000_000_000) {
            let shares = allocate(Fen(cost), &bearers).unwrap();
            assert_sound(Fen(cost), &shares);
            for (share, bearer) in shares.iter().zip(&bearers) {
                prop_assert!(share.fund <= bearer.cover);
            }
        }

        #[test]
        fn settling_for_less_adds_up_and_never_takes_more_than_a_home_has(
            bearers in some_bearers(), budget in 1_i64..1_000_000_000, part in 1_i64..=1_000,
        ) {
            let settled = (budget * part / 1_000).max(1);
            let before = allocate(Fen(budget), &bearers).unwrap();
            let held = |(share, bearer): (&Share, &Bearer)| (share.home_id, Fen(bearer.cover.0 - share.fund.0));
            let available: BTreeMap<_, _> = before.iter().zip(&bearers).map(held).collect();
            let after = settle(Fen(settled), &before, &available).unwrap();
            assert_sound(Fen(settled), &after);
            for (share, bearer) in after.iter().zip(&bearers) {
                prop_assert!(share.fund <= bearer.cover);
            }
        }
    }
}
