//! A home's statement: every movement, and the line at which it must be topped up.

use funds::api::inbound;
use ids::OwnerId;
use proto::funds::v1 as pb;
use proto::registry;
use testkit::people;
use tonic::Code;

use crate::town::*;

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_reads_every_movement_with_the_vote_behind_it() {
    each(async |town| {
        town.endow().await;
        let draw = town.reserved(&["3"], 1_000_000).await;
        town.accept(&draw.draw_id, 500_000).await.unwrap();
        town.pay(&draw.draw_id).await.unwrap();
        let statement = town.statement("3", "101").await;
        let kinds: Vec<pb::MovementKind> = statement.movements.iter().map(pb::Movement::kind).collect();
        use pb::MovementKind::{Deposit, Payment, Release, Reservation};
        assert_eq!(kinds, [Deposit, Reservation, Release, Payment]);
        let mut available = 0;
        let mut reserved = 0;
        for movement in &statement.movements {
            available += movement.available_fen;
            reserved += movement.reserved_fen;
            assert_eq!(movement.balance_fen, available);
        }
        assert_eq!(
            (statement.balance_fen, statement.reserved_fen),
            (available, reserved)
        );
        assert_eq!(reserved, 0);
        assert_eq!(statement.movements[0].text, "D-1");
        for movement in &statement.movements[1..] {
            assert_eq!(movement.draw_id, draw.draw_id);
            assert_eq!(movement.ballot_id, Town::ballot_of(&draw.draw_id).to_string());
            assert_eq!(movement.text, "屋面防水维修");
        }
        assert_eq!(statement.movements[3].available_fen, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn e9_below_thirty_percent_of_the_first_deposit_must_be_topped_up() {
    each(async |town| {
        let rows = [
            ("3", "101", "8000.00", "A-1"),
            ("3", "102", "8000.00", "A-2"),
            ("3", "201", "99999.00", "A-3"),
        ];
        town.import(Town::table(&rows)).await.unwrap();
        // 8,937 of 30,528: the share of 101 is 5,600.00 to the fen, which leaves exactly the line of 2,400.00.
        let draw = town.reserved(&["3"], 1_912_910).await;
        town.accept(&draw.draw_id, 1_912_910).await.unwrap();
        town.pay(&draw.draw_id).await.unwrap();
        let on_the_line = town.statement("3", "101").await;
        assert_eq!(
            (on_the_line.balance_fen, on_the_line.replenishment_due),
            (240_000, false)
        );
        // A fen more each. While it is reserved the home still holds it.
        let draw = town.reserved(&["3"], 3).await;
        let reserved = town.statement("3", "101").await;
        assert_eq!(
            (
                reserved.balance_fen,
                reserved.reserved_fen,
                reserved.replenishment_due
            ),
            (239_999, 1, false)
        );
        town.accept(&draw.draw_id, 3).await.unwrap();
        town.pay(&draw.draw_id).await.unwrap();
        let below = town.statement("3", "101").await;
        assert_eq!((below.balance_fen, below.replenishment_due), (239_999, true));
        assert!(!town.statement("3", "201").await.replenishment_due);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_that_passes_to_others_keeps_its_balance() {
    each(async |town| {
        town.endow().await;
        let (seller, buyer) = (owner_of("3", "101"), OwnerId::derive("buyer"));
        let ownership = |owner_id: OwnerId| registry::v1::Ownership {
            home_id: home_id("3", "101").to_string(),
            owner_ids: vec![owner_id.to_string()],
            since: "2026-03-01".into(),
            until: String::new(),
        };
        let building = building_id("3").to_string();
        let transfer = registry::v1::HomeTransferred {
            building_id: building.clone(),
            before: Some(ownership(seller)),
            after: Some(ownership(buyer)),
        };
        town.replicate(&building, 4, inbound::transfer(transfer).unwrap())
            .await
            .unwrap();
        let seen = town
            .statement_as(&people::owner(buyer), "3", "101")
            .await
            .unwrap();
        assert_eq!((seen.balance_fen, seen.first_deposit_fen), (580_875, 580_875));
        let refused = town.statement_as(&people::owner(seller), "3", "101").await;
        assert_refused(refused, Code::NotFound, "HOME_NOT_FOUND");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_is_for_its_owner_and_those_who_keep_the_books() {
    each(async |town| {
        town.endow().await;
        let read = async |who: &access::Principal| town.statement_as(who, "3", "101").await;
        read(&authority()).await.unwrap();
        read(&people::auditor("330783004")).await.unwrap();
        for stranger in [people::owner(owner_of("3", "102")), people::auditor("330783005")] {
            assert_refused(read(&stranger).await, Code::NotFound, "HOME_NOT_FOUND");
        }
        assert!(read(&manager()).await.is_err());
        assert!(read(&committee()).await.is_err());
    })
    .await;
}
