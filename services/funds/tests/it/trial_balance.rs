//! The trial balance, also after many random operations.

use proto::funds::v1 as pb;
use testkit::people;
use tonic::Code;

use crate::town::*;

/// Steps of the random walk.
const STEPS: usize = 200;

/// A small generator of our own: the same seed gives the same walk on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_balances_after_two_hundred_random_steps() {
    each(async |town| {
        let seed = 20_260_302;
        let mut dice = Dice(seed);
        let mut draws: Vec<String> = Vec::new();
        for step in 0..STEPS {
            match dice.roll(6) {
                0 => {
                    let (building, room) =
                        [("3", "101"), ("3", "102"), ("3", "201"), ("5", "101")][dice.roll(4)];
                    let amount = format!("{}.{:02}", dice.roll(3_000) + 1, dice.roll(100));
                    let reference = format!("R-{step}");
                    let table = Town::table(&[(building, room, amount.as_str(), reference.as_str())]);
                    assert_eq!(town.import(table).await.unwrap().posted, 1);
                }
                1 => {
                    let scope: &[&str] = [&["3"][..], &["5"], &["3", "5"]][dice.roll(3)];
                    let budget = i64::try_from(dice.roll(900_000) + 1).unwrap();
                    let draw = town.propose(scope, budget).await;
                    town.check(&draw.draw_id).await.unwrap();
                    draws.push(draw.draw_id);
                }
                2 | 3 if !draws.is_empty() => {
                    let id = draws[dice.roll(draws.len())].clone();
                    let verdict = if dice.roll(5) == 0 {
                        Verdict::NotEnoughFor
                    } else {
                        Verdict::Passed
                    };
                    let _ = town.decide(&id, verdict).await; // a draw in another state refuses, and stays
                }
                4 if !draws.is_empty() => {
                    let id = draws[dice.roll(draws.len())].clone();
                    let budget = town.get(&id).await.budget_fen;
                    let settled =
                        budget - i64::try_from(dice.roll(usize::try_from(budget).unwrap())).unwrap();
                    let _ = town.accept(&id, settled).await;
                }
                5 if !draws.is_empty() => {
                    let _ = town.pay(&draws[dice.roll(draws.len())]).await;
                }
                _ => {}
            }
        }
        let balance = town.trial_balance().await;
        assert!(balance.balanced, "seed {seed}: {balance:?}");
        assert_eq!(balance.bank_fen, balance.available_fen + balance.reserved_fen);
        // What is reserved is exactly what undecided payments need.
        let mut needed = 0;
        for id in &draws {
            let draw = town.get(id).await;
            if matches!(draw.state(), pb::DrawState::Reserved | pb::DrawState::Accepted) {
                needed += draw.allocation.unwrap().fund_fen;
            }
        }
        assert_eq!(balance.reserved_fen, needed, "seed {seed}");
        assert!(balance.postings > 20, "seed {seed} does little: {balance:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_totals_are_for_those_who_reconcile_them() {
    each(async |town| {
        let read = async |who: &access::Principal, area_id: String| {
            let message = pb::GetTrialBalanceRequest { area_id };
            town.client()
                .get_trial_balance(town.world.request(who, message))
                .await
        };
        for who in [committee(), community(), authority(), people::auditor("330783")] {
            read(&who, area_id().to_string()).await.unwrap();
        }
        let unknown = ids::AreaId::derive("unknown").to_string();
        assert_refused(
            read(&authority(), unknown).await,
            Code::NotFound,
            "AREA_NOT_FOUND",
        );
        let stranger = people::community(ELSEWHERE);
        assert_refused(
            read(&stranger, area_id().to_string()).await,
            Code::NotFound,
            "AREA_NOT_FOUND",
        );
    })
    .await;
}
