//! Every state against every decision, compared with a snapshot: what the README's table says.

use std::collections::BTreeMap;
use std::fmt::Write;

use chrono::{DateTime, Utc};
use funds::domain::allocation::{Allocation, Bearer};
use funds::domain::ballot::{BallotOutcome, BallotWithdrawal, Rejection, Tally};
use funds::domain::draw::{Draw, DrawState, SharedPart};
use funds::domain::refusal::Refusal;
use funds::domain::scope::Scope;
use ids::{AreaId, BallotId, DrawId, HomeId};
use money::{Area, Fen, Fraction};
use rpc::Refusal as _;

fn states(ballot_id: BallotId, now: DateTime<Utc>) -> Vec<DrawState> {
    let (allocation, settled) = (Allocation::default(), Fen(50));
    vec![
        DrawState::Proposed,
        DrawState::Voting {
            checked_at: now,
            remark: String::new(),
        },
        DrawState::Reserved {
            ballot_id,
            allocation,
        },
        DrawState::Accepted {
            ballot_id,
            allocation,
            settled,
            accepted_at: now,
        },
        DrawState::Paid {
            ballot_id,
            allocation,
            settled,
            paid_at: now,
            bank_reference: String::new(),
        },
        DrawState::Rejected {
            ballot_id,
            why: Rejection::NotEnoughFor,
            reason: String::new(),
        },
        DrawState::Withdrawn {
            ballot_id: None,
            reason: String::new(),
        },
    ]
}

#[test]
fn every_state_answers_every_decision() {
    let now = DateTime::<Utc>::UNIX_EPOCH;
    let ballot_id = BallotId::derive("ballot");
    let draw_id = DrawId::derive("draw");
    let bearer = Bearer {
        home_id: HomeId::derive("home"),
        area: Area(1),
        is_developers: false,
        cover: Fen(100),
    };
    let tally = Tally {
        heads: 1,
        area: Area(1),
    };
    let half = Fraction::new(1, 2).unwrap();
    let outcome = BallotOutcome {
        ballot_id,
        draw_id,
        frozen_at: None,
        roll: tally,
        turnout: tally,
        approval: tally,
        enough_took_part: true,
        passed: false,
        participation_required: half,
        approval_required: half,
        approval_strict: true,
    };
    let withdrawal = BallotWithdrawal {
        ballot_id,
        draw_id,
        reason: "r".into(),
    };
    let mut table = String::new();
    for state in states(ballot_id, now) {
        let draw = Draw {
            id: draw_id,
            version: 7,
            scope: Scope::whole(AreaId::derive("area")),
            division: "330783004015".parse().unwrap(),
            part: SharedPart::Lift,
            title: "t".into(),
            text: String::new(),
            budget: Fen(100),
            proposer: None,
            proposed_at: now,
            state,
        };
        let shares = funds::domain::allocation::allocate(draw.budget, &[bearer]).unwrap();
        let answers: [(&str, Result<Draw, Refusal>); 7] = [
            ("check", draw.check(String::new(), now).map(|decided| decided.0)),
            ("withdraw", draw.withdraw("r".into()).map(|decided| decided.0)),
            (
                "reserve",
                draw.reserve(ballot_id, &[bearer]).map(|(decided, _)| decided.0),
            ),
            (
                "reject",
                draw.reject(&outcome, Rejection::NotEnoughFor)
                    .map(|decided| decided.0),
            ),
            (
                "follow_withdrawal",
                draw.follow_withdrawal(&withdrawal).map(|decided| decided.0),
            ),
            (
                "accept",
                draw.accept(Fen(50), &shares, &BTreeMap::new(), now)
                    .map(|(decided, _)| decided.0),
            ),
            ("pay", draw.pay(String::new(), now).map(|decided| decided.0)),
        ];
        for (command, answer) in answers {
            let answer = match answer {
                Ok(after) => {
                    assert_eq!(after.version, 8);
                    after.state.name()
                }
                Err(refusal) => refusal.reason(),
            };
            writeln!(table, "{:<10} {command:<18} {answer}", draw.state.name()).unwrap();
        }
    }
    insta::assert_snapshot!("transitions", table);
}
