//! Buildings that move to another area: the accounts go with the homes, the money passes from bank to bank, and a draw
//! that runs is still borne and paid by the homes on its frozen roll.

use chrono::TimeDelta;
use funds::api::inbound;
use ids::{AreaId, EventId, FirmId};
use outbox::Standing;
use proto::funds::v1 as pb;
use proto::{committees, registry};
use tonic::Code;

use crate::town::*;

const OTHER: &str = "330783004015-0002";

fn other() -> AreaId {
    AreaId::derive(OTHER)
}

/// The other area, which building 3 and, where it is named, building 5 come to at 09:00 on the day of the test.
async fn with_other_area(town: &Town) {
    let area = registry::v1::Area {
        area_id: other().to_string(),
        number: OTHER.into(),
        name: "湖畔花园北区".into(),
        division_code: COMMUNITY.into(),
        developer_id: FirmId::derive("developer").to_string(),
        manager_id: FirmId::derive("manager").to_string(),
        version: 1,
        ..Default::default()
    };
    let event = registry::v1::AreaRegistered { area: Some(area) };
    town.replicate(&other().to_string(), 1, inbound::area(event).unwrap())
        .await
        .unwrap();
}

fn moved(town: &Town, number: &str, rooms: &[&str], version: i64) -> registry::v1::BuildingMoved {
    registry::v1::BuildingMoved {
        building: Some(registry::v1::Building {
            building_id: building_id(number).to_string(),
            area_id: other().to_string(),
            number: format!("{number}0"),
            floors: 6,
            version,
        }),
        from_area_id: area_id().to_string(),
        home_ids: rooms
            .iter()
            .map(|room| home_id(number, room).to_string())
            .collect(),
        moved_on: "2026-03-02".into(),
        moved_at: Some(town.world.host.clock.now().into()),
        ..Default::default()
    }
}

async fn follow(town: &Town, event: registry::v1::BuildingMoved) -> Standing {
    let building = event.building.clone().unwrap();
    let change = inbound::moved(event).unwrap();
    town.replicate(&building.building_id, building.version, change)
        .await
        .unwrap()
}

async fn an_hour_later(town: &Town) {
    let later = town.world.host.clock.now() + TimeDelta::hours(1);
    town.world.advance_to(later).await;
}

/// The ballot of a draw that was announced, and its roll frozen, just now.
fn announced(town: &Town, draw: &pb::Draw) -> committees::v1::BallotDecided {
    let mut event = Town::decided(&draw.draw_id, Verdict::Passed);
    let ballot = event.ballot.as_mut().unwrap();
    ballot.announced_at = Some(town.world.host.clock.now().into());
    event
}

/// All homes of building 3 move.
async fn move_building_3(town: &Town) {
    let event = moved(town, "3", &["101", "102", "201", "P1"], 4);
    assert_eq!(follow(town, event).await, Standing::Next);
}

async fn balance_of(town: &Town, area_id: AreaId) -> pb::TrialBalance {
    let message = pb::GetTrialBalanceRequest {
        area_id: area_id.to_string(),
    };
    let request = town.world.request(&authority(), message);
    town.client()
        .get_trial_balance(request)
        .await
        .unwrap()
        .into_inner()
}

/// A draw of the whole area for its lift, whose warranty is over everywhere.
async fn propose_lift(town: &Town) -> pb::Draw {
    let mut message = town.proposal(&[], 1_000_000);
    message.set_part(proto::common::v1::SharedPart::Lift);
    let request = town.world.request(&manager(), message);
    town.client().propose_draw(request).await.unwrap().into_inner()
}

/// Bank, available and reserved of an area, which must balance: what the bank holds is what its homes own.
async fn held(town: &Town, area_id: AreaId) -> [i64; 3] {
    let balance = balance_of(town, area_id).await;
    assert!(balance.balanced, "{balance:?}");
    assert_eq!(
        balance.bank_fen,
        balance.available_fen + balance.reserved_fen,
        "{balance:?}"
    );
    [balance.bank_fen, balance.available_fen, balance.reserved_fen]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_money_of_homes_that_move_passes_from_bank_to_bank_to_the_fen() {
    each(async |town| {
        town.endow().await;
        with_other_area(&town).await;
        let of_building_3 = 580_875 + 580_875 + 822_510;
        let before = held(&town, area_id()).await;
        let statement = town.statement("3", "101").await;
        move_building_3(&town).await;
        assert_eq!(held(&town, other()).await, [of_building_3, of_building_3, 0]);
        let left = before[0] - of_building_3;
        assert_eq!(held(&town, area_id()).await, [left, left, 0]);
        // The home's own account and statement are untouched.
        assert_eq!(town.statement("3", "101").await, statement);
        // Delivered again, nothing moves twice.
        let again = moved(&town, "3", &["101", "102", "201", "P1"], 4);
        assert_ne!(follow(&town, again).await, Standing::Next);
        assert_eq!(held(&town, other()).await[0], of_building_3);
        let told: Vec<_> = town
            .outbox()
            .await
            .into_iter()
            .filter(|event| event.0.ends_with("BankTransferPosted"))
            .collect();
        assert_eq!(told.len(), 1);
        let body: pb::BankTransferPosted = serde_json::from_value(told[0].3.clone()).unwrap();
        assert_eq!((body.amount_fen, body.homes_count), (of_building_3, 4));
        assert_eq!(body.to_area_id, other().to_string());
        // A deposit that comes afterwards lies in the bank of the new area.
        let table = Town::table(&[("3", "102", "100.01", "D-9")]);
        town.import(table).await.unwrap();
        assert_eq!(held(&town, other()).await[0], of_building_3 + 10_001);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_building_told_in_portions_moves_its_money_portion_by_portion() {
    each(async |town| {
        town.endow().await;
        with_other_area(&town).await;
        let portions = [(vec!["101", "102"], 4), (vec!["201", "P1"], 5)];
        for ((rooms, version), moved_so_far) in portions.into_iter().zip([1_161_750, 1_984_260]) {
            follow(&town, moved(&town, "3", &rooms, version)).await;
            assert_eq!(held(&town, other()).await[0], moved_so_far);
        }
        // Building 4 holds nothing: it moves without a posting.
        let before = balance_of(&town, other()).await.postings;
        follow(&town, moved(&town, "4", &["101"], 4)).await;
        assert_eq!(balance_of(&town, other()).await.postings, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reserved_draw_whose_homes_moved_is_paid_from_the_banks_where_their_money_lies() {
    each(async |town| {
        town.endow().await;
        with_other_area(&town).await;
        let draw = town.reserved(&["3", "5"], 4_567_890).await;
        move_building_3(&town).await;
        let fund_of = |shares: &[pb::Share], building: &str| -> i64 {
            let rooms = HOMES.iter().filter(|home| home.0 == building);
            let ids: Vec<String> = rooms.map(|home| home_id(home.0, home.1).to_string()).collect();
            let its = shares.iter().filter(|share| ids.contains(&share.home_id));
            its.map(|share| share.fund_fen).sum()
        };
        let shares = town.shares(&draw.draw_id).await;
        assert_eq!(held(&town, other()).await[2], fund_of(&shares, "3"));
        town.accept(&draw.draw_id, 4_489_001).await.unwrap();
        let shares = town.shares(&draw.draw_id).await;
        let (here, there) = (held(&town, area_id()).await, held(&town, other()).await);
        assert!(fund_of(&shares, "3") > 0 && fund_of(&shares, "5") > 0);
        town.pay(&draw.draw_id).await.unwrap();
        let (here_after, there_after) = (held(&town, area_id()).await, held(&town, other()).await);
        assert_eq!(here[0] - here_after[0], fund_of(&shares, "5"));
        assert_eq!(there[0] - there_after[0], fund_of(&shares, "3"));
        assert_eq!((here_after[2], there_after[2]), (0, 0));
        // The owner still sees what the own home paid for.
        let message = pb::GetDrawRequest {
            draw_id: draw.draw_id.clone(),
        };
        let owner = testkit::people::owner(owner_of("3", "101"));
        let found = town.client().get_draw(town.world.request(&owner, message)).await;
        assert_eq!(found.unwrap().into_inner().draw_id, draw.draw_id);
        let listed = town
            .client()
            .list_draws(town.world.request(&owner, pb::ListDrawsRequest::default()))
            .await;
        assert_eq!(listed.unwrap().into_inner().draws.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_voted_bears_the_draw_and_who_came_since_does_not() {
    each(async |town| {
        town.endow().await;
        with_other_area(&town).await;
        // The whole area votes, building 3 with it; then building 3 leaves.
        let leaving = propose_lift(&town).await;
        town.check(&leaving.draw_id).await.unwrap();
        let decided = announced(&town, &leaving);
        an_hour_later(&town).await;
        move_building_3(&town).await;
        town.deliver(EventId::generate(), decided).await.unwrap();
        let shares = town.shares(&leaving.draw_id).await;
        let homes: Vec<&str> = shares.iter().map(|share| share.home_id.as_str()).collect();
        assert!(homes.contains(&home_id("3", "101").to_string().as_str()));
        assert!(homes.contains(&home_id("4", "101").to_string().as_str()));
        held(&town, area_id()).await;
        held(&town, other()).await;
        // What is proposed from now on is borne without it.
        let next = propose_lift(&town).await;
        town.check(&next.draw_id).await.unwrap();
        town.decide(&next.draw_id, Verdict::Passed).await.unwrap();
        let shares = town.shares(&next.draw_id).await;
        assert!(
            shares
                .iter()
                .all(|share| share.home_id != home_id("3", "101").to_string())
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_left_before_the_roll_was_frozen_bears_nothing() {
    each(async |town| {
        town.endow().await;
        with_other_area(&town).await;
        let draw = propose_lift(&town).await;
        town.check(&draw.draw_id).await.unwrap();
        // Building 3 leaves before the ballot is announced, building 5 after it.
        an_hour_later(&town).await;
        move_building_3(&town).await;
        an_hour_later(&town).await;
        let decided = announced(&town, &draw);
        an_hour_later(&town).await;
        follow(&town, moved(&town, "5", &["101"], 4)).await;
        let before = town.statement("3", "101").await;
        town.deliver(EventId::generate(), decided).await.unwrap();
        let shares = town.shares(&draw.draw_id).await;
        let bears = |number, room| {
            let home_id = home_id(number, room).to_string();
            shares.iter().any(|share| share.home_id == home_id)
        };
        assert!(!["101", "102", "201", "P1"].iter().any(|room| bears("3", room)));
        assert!(bears("4", "101") && bears("5", "101"));
        assert_eq!(shares.iter().map(|share| share.share_fen).sum::<i64>(), 1_000_000);
        assert_eq!(town.statement("3", "101").await, before);
        let reserved = held(&town, area_id()).await[2] + held(&town, other()).await[2];
        assert_eq!(reserved, shares.iter().map(|share| share.fund_fen).sum::<i64>());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_an_older_event_does_not_tell_when_the_roll_was_frozen_the_check_counts() {
    each(async |town| {
        town.endow().await;
        with_other_area(&town).await;
        let draw = propose_lift(&town).await;
        town.check(&draw.draw_id).await.unwrap();
        an_hour_later(&town).await;
        move_building_3(&town).await;
        town.decide(&draw.draw_id, Verdict::Passed).await.unwrap();
        let moved = home_id("3", "101").to_string();
        let shares = town.shares(&draw.draw_id).await;
        assert!(shares.iter().any(|share| share.home_id == moved));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_into_an_area_that_is_not_known_yet_waits_for_it() {
    each(async |town| {
        town.endow().await;
        let before = held(&town, area_id()).await;
        let event = moved(&town, "3", &["101", "102", "201", "P1"], 4);
        let change = inbound::moved(event).unwrap();
        let building = building_id("3").to_string();
        let early = town.replicate(&building, 4, change).await;
        assert_eq!(reason_of(early.map(drop)), "CONFLICT");
        assert_eq!(held(&town, area_id()).await, before);
        with_other_area(&town).await;
        move_building_3(&town).await;
        assert_eq!(held(&town, other()).await[0], 580_875 + 580_875 + 822_510);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_for_a_building_that_left_is_not_put_to_the_vote() {
    each(async |town| {
        with_other_area(&town).await;
        let draw = town.propose(&["3"], 1_000_000).await;
        move_building_3(&town).await;
        assert_refused(
            town.check(&draw.draw_id).await,
            Code::InvalidArgument,
            "BUILDING_NOT_IN_AREA",
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_manages_an_area_that_ended() {
    each(async |town| {
        let area = registry::v1::Area {
            area_id: area_id().to_string(),
            version: 2,
            ended_on: "2026-03-02".into(),
            successor_id: other().to_string(),
            ..Default::default()
        };
        let event = registry::v1::AreaEnded {
            area: Some(area),
            ..Default::default()
        };
        let change = inbound::end(event).unwrap();
        town.replicate(&area_id().to_string(), 2, change).await.unwrap();
        let request = town.world.request(&manager(), town.proposal(&["3"], 100));
        assert_refused(
            town.client().propose_draw(request).await,
            Code::NotFound,
            "AREA_NOT_FOUND",
        );
        // Its ledger is still to be read.
        assert!(balance_of(&town, area_id()).await.balanced);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deposit_or_a_payment_at_the_moment_of_a_move_leaves_both_ledgers_balanced() {
    each(async |town| {
        town.endow().await;
        with_other_area(&town).await;
        let draw = town.reserved(&["3"], 1_000_000).await;
        town.accept(&draw.draw_id, 1_000_000).await.unwrap();
        let fund_fen: i64 = town
            .shares(&draw.draw_id)
            .await
            .iter()
            .map(|share| share.fund_fen)
            .sum();
        let table = Town::table(&[("3", "101", "10.01", "R-1")]);
        let (deposit, paid, ()) = tokio::join!(
            town.import(table.clone()),
            town.pay(&draw.draw_id),
            move_building_3(&town)
        );
        // Whoever found the homes moved under its hands did nothing, and repeats.
        if let Err(status) = deposit {
            assert_refused(Err::<(), _>(status), Code::Aborted, "CONFLICT");
            town.import(table).await.unwrap();
        }
        if let Err(status) = paid {
            assert_refused(Err::<(), _>(status), Code::Aborted, "CONFLICT");
            town.pay(&draw.draw_id).await.unwrap();
        }
        let of_building_3 = 580_875 + 580_875 + 822_510 + 1_001 - fund_fen;
        assert_eq!(held(&town, other()).await, [of_building_3, of_building_3, 0]);
        let left = held(&town, area_id()).await;
        assert_eq!(left, [58_500_000, 58_500_000, 0]);
    })
    .await;
}
