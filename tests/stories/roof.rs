//! The repair that succeeds, with every number worked out beforehand.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use heju_tests::People;
use heju_tests::expected::{Scope, Tally, shares};
use heju_tests::repair::{WITHIN, cast_vote, tally};
use heju_tests::rest::{number, text};
use serde_json::Value;

/// What it is called.
pub const TITLE: &str = "3 幢屋面防水翻修";
/// What the owners are asked to agree to.
pub const BUDGET_FEN: i64 = 4_567_891;
/// What it costs in the end.
const SETTLED_FEN: i64 = 4_412_353;

/// A repair that was paid.
pub struct Paid {
    /// The draw.
    pub draw_id: String,
    /// The ballot behind it.
    pub ballot_id: String,
}

/// Tells it.
pub async fn is_repaired(people: &People, scope: &Scope) -> Result<Paid> {
    let area = format!("/v1/areas/{}/trial-balance", scope.area_id);
    let before = people.authority.read(&area).await?;
    let homes = scope.homes(people.story());
    let unsold = &people.story().unsold_home.home_id;

    let (vote, window) = people.bring_to_the_vote(scope, TITLE, BUDGET_FEN, "roof").await?;
    assert_eq!(tally(&vote.ballot["roll"]), scope.roll());
    assert_eq!(vote.ballot["state"], "BALLOT_STATE_ANNOUNCED");
    println!("announced: {:?} on the roll", scope.roll());

    people.move_clock_to(window.opens_at).await?;
    let mut said: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut turnout = Tally::default();
    for (index, head) in scope.heads.iter().enumerate() {
        // Of every eleven heads two say nothing, one abstains, one is against.
        let choice = match index % 11 {
            3 | 9 => continue,
            5 => "CHOICE_ABSTAIN",
            7 => "CHOICE_AGAINST",
            _ => "CHOICE_FOR",
        };
        // The last of the head's owners votes with the last of its homes: any may, for all.
        let voter = people
            .owner(head.accounts.last().context("a head without owners")?)
            .await?;
        let home_id = head.home_ids.last().context("a head without homes")?;
        let cast = cast_vote(&voter, &vote.ballot_id, home_id, choice, "roof-vote").await?;
        assert_eq!(
            number(&cast["area"]),
            head.area,
            "the vote speaks for all homes of its head"
        );
        said.entry(choice).or_default().add(head);
        turnout.add(head);
    }
    let ballot = people.close(&vote, window).await?;
    assert_eq!(tally(&ballot["turnout"]), turnout);
    let result = &ballot["result"];
    for (field, choice) in [
        ("for", "CHOICE_FOR"),
        ("against", "CHOICE_AGAINST"),
        ("abstained", "CHOICE_ABSTAIN"),
    ] {
        assert_eq!(tally(&result[field]), said[choice], "{field}");
    }
    assert_eq!(
        (&result["enoughTookPart"], &result["passed"]),
        (&true.into(), &true.into())
    );
    println!(
        "decided: {said:?}, {} of {} heads took part",
        turnout.heads,
        scope.roll().heads
    );

    let draw = people
        .draw_in(&vote.draw_id, "DRAW_STATE_RESERVED", WITHIN)
        .await?;
    assert_eq!(draw["ballotId"], vote.ballot_id.as_str());
    let reserved = check_shares(people, &draw, &homes, unsold, BUDGET_FEN).await?;
    let balance = people.authority.read(&area).await?;
    assert_eq!(
        number(&balance["reservedFen"]),
        number(&before["reservedFen"]) + reserved
    );
    println!("reserved: {} shares add up to the budget", homes.len());

    let draw = people.accept(&vote.draw_id, SETTLED_FEN, "roof-accept").await?;
    assert_eq!(draw["state"], "DRAW_STATE_ACCEPTED");
    let settled = check_shares(people, &draw, &homes, unsold, SETTLED_FEN).await?;
    let balance = people.authority.read(&area).await?;
    assert_eq!(
        number(&balance["reservedFen"]),
        number(&before["reservedFen"]) + settled,
        "the difference is released"
    );
    let draw = people.pay(&vote.draw_id, "roof-pay").await?;
    assert_eq!(draw["state"], "DRAW_STATE_PAID");
    println!(
        "accepted and paid: the difference of {} fen was given back",
        reserved - settled
    );

    let after = people.authority.read(&area).await?;
    assert_eq!(after["balanced"], true, "{after}");
    assert_eq!(number(&after["differenceFen"]), 0);
    assert_eq!(number(&after["bankFen"]), number(&before["bankFen"]) - settled);
    assert_eq!(
        number(&after["availableFen"]),
        number(&before["availableFen"]) - settled
    );
    assert_eq!(number(&after["reservedFen"]), 0);
    // A reservation, a release and a payment.
    assert_eq!(number(&after["postings"]), number(&before["postings"]) + 3);
    check_statement(people, scope, &vote.ballot_id, &homes).await?;
    println!("statement and trial balance agree");
    Ok(Paid {
        draw_id: vote.draw_id,
        ballot_id: vote.ballot_id,
    })
}

/// Every home's share is the one worked out; returns what the fund bears.
async fn check_shares(
    people: &People,
    draw: &Value,
    homes: &BTreeMap<String, i64>,
    unsold: &str,
    cost_fen: i64,
) -> Result<i64> {
    let expected = shares(cost_fen, homes);
    assert_eq!(expected.values().sum::<i64>(), cost_fen);
    let allocation = &draw["allocation"];
    assert_eq!(number(&allocation["developerDueFen"]), expected[unsold]);
    assert_eq!(number(&allocation["ownersDueFen"]), 0);
    assert_eq!(number(&allocation["fundFen"]), cost_fen - expected[unsold]);
    assert_eq!(number(&allocation["homes"]), homes.len() as i64);
    let path = format!("/v1/draws/{}/shares?page_size=500", text(&draw["drawId"])?);
    let page = people.community.read(&path).await?;
    let listed = page["shares"].as_array().context("no shares")?;
    let listed: BTreeMap<String, i64> = listed
        .iter()
        .map(|share| Ok((text(&share["homeId"])?, number(&share["shareFen"]))))
        .collect::<Result<_>>()?;
    assert_eq!(listed, expected);
    Ok(cost_fen - expected[unsold])
}

/// One owner reads the home's statement: the deposit, the draw, the vote behind it, and the balance.
async fn check_statement(
    people: &People,
    scope: &Scope,
    ballot_id: &str,
    homes: &BTreeMap<String, i64>,
) -> Result<()> {
    let head = &scope.heads[0];
    let (account, home_id) = (&head.accounts[0], &head.home_ids[0]);
    let owner = people.owner(account).await?;
    let statement = owner.read(&format!("/v1/homes/{home_id}/statement")).await?;
    // 65.00 yuan a square metre: 65 fen for each 0.01 m².
    let deposit = homes[home_id] * 65;
    let (reserved, settled) = (
        shares(BUDGET_FEN, homes)[home_id],
        shares(SETTLED_FEN, homes)[home_id],
    );
    assert_eq!(number(&statement["firstDepositFen"]), deposit);
    assert_eq!(number(&statement["balanceFen"]), deposit - settled);
    assert_eq!(number(&statement["reservedFen"]), 0);
    let movements: Vec<(String, i64, i64, i64, String)> = statement["movements"]
        .as_array()
        .context("no movements")?
        .iter()
        .map(|movement| {
            let kind = text(&movement["kind"])?;
            let ballot = movement["ballotId"].as_str().unwrap_or_default().to_owned();
            let (available, reserved) = (
                number(&movement["availableFen"]),
                number(&movement["reservedFen"]),
            );
            Ok((kind, available, reserved, number(&movement["balanceFen"]), ballot))
        })
        .collect::<Result<_>>()?;
    let line = |kind: &str, available: i64, reserved: i64, balance: i64, ballot: &str| {
        (
            format!("MOVEMENT_KIND_{kind}"),
            available,
            reserved,
            balance,
            ballot.to_owned(),
        )
    };
    assert_eq!(
        movements,
        [
            line("DEPOSIT", deposit, 0, deposit, ""),
            line("RESERVATION", -reserved, reserved, deposit - reserved, ballot_id),
            line(
                "RELEASE",
                reserved - settled,
                settled - reserved,
                deposit - settled,
                ballot_id
            ),
            line("PAYMENT", 0, -settled, deposit - settled, ballot_id),
        ]
    );
    Ok(())
}
