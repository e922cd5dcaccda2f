//! Reactions to a decided and to a withdrawn ballot: once, whatever is delivered.

use funds::api::inbound;
use ids::EventId;
use proto::committees;
use proto::funds::v1 as pb;

use crate::town::*;

#[tokio::test(flavor = "multi_thread")]
async fn agreed_shares_are_reserved_to_the_fen() {
    each(async |town| {
        town.endow().await;
        let draw = town.reserved(&["3"], 1_000_000).await;
        assert_eq!((draw.state(), draw.version), (pb::DrawState::Reserved, 3));
        assert_eq!(draw.ballot_id, Town::ballot_of(&draw.draw_id).to_string());
        // E6; the parking space has no share.
        let mut shares: Vec<i64> = town
            .shares(&draw.draw_id)
            .await
            .iter()
            .map(|share| share.share_fen)
            .collect();
        shares.sort_unstable();
        assert_eq!(shares, [292_747, 292_748, 414_505]);
        let allocation = draw.allocation.unwrap();
        assert_eq!((allocation.fund_fen, allocation.homes), (1_000_000, 3));
        let balance = town.trial_balance().await;
        assert_eq!((balance.reserved_fen, balance.balanced), (1_000_000, true));
        assert_eq!(balance.available_fen + balance.reserved_fen, balance.bank_fen);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn e7_the_developer_pays_for_what_is_not_handed_over() {
    each(async |town| {
        town.endow().await;
        let draw = town.reserved(&["5"], 1_000_000).await;
        let allocation = draw.allocation.unwrap();
        let parts = (
            allocation.fund_fen,
            allocation.owners_due_fen,
            allocation.developer_due_fen,
            allocation.homes,
        );
        assert_eq!(parts, (900_000, 0, 100_000, 3));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn e8_a_poor_sub_account_is_emptied_and_never_below_zero() {
    each(async |town| {
        let rows = [
            ("3", "101", "800.00", "P-1"),
            ("3", "102", "9000", "P-2"),
            ("3", "201", "9000", "P-3"),
        ];
        town.import(Town::table(&rows)).await.unwrap();
        let draw = town.reserved(&["3"], 1_000_000).await;
        let poor = home_id("3", "101").to_string();
        let shares = town.shares(&draw.draw_id).await;
        let share = shares.iter().find(|share| share.home_id == poor).unwrap();
        assert_eq!(share.fund_fen, 80_000);
        assert_eq!(share.owners_due_fen, share.share_fen - 80_000);
        for share in &shares {
            assert_eq!(
                share.fund_fen + share.owners_due_fen + share.developer_due_fen,
                share.share_fen
            );
        }
        let statement = town.statement("3", "101").await;
        assert_eq!((statement.balance_fen, statement.reserved_fen), (0, 80_000));
        assert!(town.trial_balance().await.balanced);
        // Homes without any deposit owe their whole share, and no posting is made of nothing.
        let lift = town.reserved(&["3"], 10).await;
        town.accept(&lift.draw_id, 10).await.unwrap();
        town.pay(&lift.draw_id).await.unwrap();
        assert!(town.trial_balance().await.balanced);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_owners_did_not_agree_to_is_rejected_with_the_counts() {
    each(async |town| {
        town.endow().await;
        for (verdict, reason, counts) in [
            (Verdict::NotEnoughFor, "NOT_ENOUGH_FOR", "人数 15/30"),
            (Verdict::TooFewTookPart, "TOO_FEW_TOOK_PART", "人数 20/40"),
        ] {
            let draw = town.propose(&["3"], 1_000_000).await;
            town.check(&draw.draw_id).await.unwrap();
            town.decide(&draw.draw_id, verdict).await.unwrap();
            let after = town.get(&draw.draw_id).await;
            assert_eq!(after.state(), pb::DrawState::Rejected);
            assert!(
                after.outcome_reason.contains(reason) && after.outcome_reason.contains(counts),
                "{after:?}"
            );
            assert_eq!(
                town.events_of(&draw.draw_id).await.last().unwrap(),
                &("DrawRejected".to_owned(), 3)
            );
            assert!(town.shares(&draw.draw_id).await.is_empty());
        }
        assert_eq!(town.trial_balance().await.reserved_fen, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_takes_effect_once_however_often_it_is_delivered() {
    each(async |town| {
        town.endow().await;
        let draw = town.propose(&["3"], 1_000_000).await;
        town.check(&draw.draw_id).await.unwrap();
        let decided = || Town::decided(&draw.draw_id, Verdict::Passed);
        let (first, second) = (EventId::generate(), EventId::generate());
        // Two copies at once: one may lose the race and is delivered again.
        let (a, b) = tokio::join!(town.deliver(first, decided()), town.deliver(second, decided()));
        assert!(a.is_ok() || b.is_ok());
        for id in [first, first, second] {
            town.deliver(id, decided()).await.unwrap();
        }
        assert_eq!(town.events_of(&draw.draw_id).await.len(), 3);
        let balance = town.trial_balance().await;
        assert_eq!(
            (balance.reserved_fen, balance.postings, balance.balanced),
            (1_000_000, 5, true)
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_that_fits_no_draw_is_refused() {
    each(async |town| {
        let unknown = ids::DrawId::generate().to_string();
        assert_eq!(
            reason_of(town.decide(&unknown, Verdict::Passed).await),
            "DRAW_NOT_FOUND"
        );
        let draw = town.propose(&["3"], 1_000_000).await;
        assert_eq!(
            reason_of(town.decide(&draw.draw_id, Verdict::Passed).await),
            "DRAW_WRONG_STATE"
        );
        town.check(&draw.draw_id).await.unwrap();
        town.decide(&draw.draw_id, Verdict::Passed).await.unwrap();
        let mut other = Town::decided(&draw.draw_id, Verdict::NotEnoughFor);
        other.ballot.as_mut().unwrap().ballot_id = ids::BallotId::generate().to_string();
        assert_eq!(
            reason_of(town.deliver(EventId::generate(), other).await),
            "DRAW_WRONG_STATE"
        );
        // A ballot on another matter is not ours.
        let mut foreign = Town::decided(&draw.draw_id, Verdict::Passed);
        foreign.ballot.as_mut().unwrap().draw_id.clear();
        assert!(inbound::outcome(foreign).unwrap().is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_ballot_takes_its_draw_along() {
    each(async |town| {
        let withdrawn = |draw_id: &str| {
            let mut ballot = Town::decided(draw_id, Verdict::Passed).ballot.unwrap();
            ballot.withdrawal_reason = "方案有误".into();
            inbound::withdrawal(committees::v1::BallotWithdrawn { ballot: Some(ballot) })
                .unwrap()
                .unwrap()
        };
        let draw = town.propose(&["3"], 1_000_000).await;
        let id = EventId::generate();
        let deliver = async |id: EventId| {
            town.app
                .on_ballot_withdrawn(&caused_by("on_ballot_withdrawn", id), withdrawn(&draw.draw_id))
                .await
        };
        assert_eq!(reason_of(deliver(id).await), "DRAW_WRONG_STATE");
        town.check(&draw.draw_id).await.unwrap();
        for id in [id, id, EventId::generate()] {
            deliver(id).await.unwrap();
        }
        let after = town.get(&draw.draw_id).await;
        assert_eq!((after.state(), after.version), (pb::DrawState::Withdrawn, 3));
        assert_eq!(after.outcome_reason, "方案有误");
    })
    .await;
}
