//! The repair that succeeds: proposed, checked, voted, reserved, accepted, paid, and read on a home's statement.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::cast::{Cast, tally, text};
use super::{say, square_metres, yuan};
use crate::rest::number;

/// What the repair is expected to cost.
const BUDGET_FEN: i64 = 4_567_890;
/// What it cost in the end.
const SETTLED_FEN: i64 = 4_412_350;

/// Tells it; returns the draw that was paid.
pub fn tell(cast: &mut Cast) -> Result<String> {
    let vote = cast.bring_to_the_vote("3 幢屋面防水翻修", BUDGET_FEN)?;
    say(
        "firm",
        &format!(
            "proposes to repair the roof for {} yuan: {}",
            yuan(BUDGET_FEN),
            vote.draw_id
        ),
    );
    say(
        "community",
        "has looked at the roof, and hands the proposal to the owners",
    );
    let (heads, area) = tally(&vote.ballot["roll"]);
    say(
        "community",
        &format!(
            "announces the ballot; the roll is frozen: {heads} heads, {}",
            square_metres(area)
        ),
    );

    cast.move_clock_to(vote.opens_at)?;
    say(
        "clock",
        &format!(
            "is moved to {}: votes are taken",
            vote.opens_at.format("%Y-%m-%d")
        ),
    );
    let owners = cast.story.owner_accounts.len();
    let mut said = [0_usize; 3];
    for index in 0..owners {
        // Of every eleven owners two say nothing, one abstains, one is against.
        let (choice, counter) = match index % 11 {
            3 | 9 => continue,
            5 => ("CHOICE_ABSTAIN", 2),
            7 => ("CHOICE_AGAINST", 1),
            _ => ("CHOICE_FOR", 0),
        };
        cast.cast_vote(&vote, index, choice)?;
        said[counter] += 1;
    }
    say(
        "owners",
        &format!(
            "{} for, {} against, {} abstain, {} say nothing",
            said[0],
            said[1],
            said[2],
            owners - said.iter().sum::<usize>()
        ),
    );

    let ballot = cast.close(&vote)?;
    tell_result(&ballot)?;
    ensure!(
        ballot["result"]["passed"] == true,
        "the ballot should have passed"
    );

    let draw = cast.draw_in(&vote, "DRAW_STATE_RESERVED")?;
    let allocation = &draw["allocation"];
    say(
        "fund",
        &format!(
            "reserves {} yuan from {} homes; {} yuan are the developer's, in cash",
            yuan(number(&allocation["fundFen"])),
            number(&allocation["homes"]),
            yuan(number(&allocation["developerDueFen"])),
        ),
    );
    let shares = cast
        .community
        .get(&format!("/v1/draws/{}/shares?page_size=500", vote.draw_id))?
        .accepted()?;
    let shares = shares["shares"].as_array().context("no shares")?;
    let sum: i64 = shares.iter().map(|share| number(&share["shareFen"])).sum();
    ensure!(
        sum == BUDGET_FEN,
        "the shares add up to {sum} fen and not to {BUDGET_FEN}"
    );
    say(
        "fund",
        &format!("{} shares add up to {} yuan, to the fen", shares.len(), yuan(sum)),
    );

    let community = cast.community.clone();
    let body = json!({ "settledFen": SETTLED_FEN.to_string() });
    cast.write(&community, &format!("/v1/draws/{}/accept", vote.draw_id), &body)?;
    say(
        "community",
        &format!(
            "accepts the work with the owners at {} yuan; the rest is released",
            yuan(SETTLED_FEN)
        ),
    );
    let authority = cast.authority.clone();
    let body = json!({ "bankReference": format!("ICBC-{}", &vote.draw_id[vote.draw_id.len() - 8..]) });
    cast.write(&authority, &format!("/v1/draws/{}/pay", vote.draw_id), &body)?;
    say("authority", "has the bank pay the firm");

    read_statement(cast, &vote.ballot_id)?;
    let balance = cast
        .authority
        .get(&format!("/v1/areas/{}/trial-balance", cast.story.area_id))?
        .accepted()?;
    ensure!(
        balance["balanced"] == true,
        "the ledger does not balance: {balance}"
    );
    say(
        "authority",
        &format!(
            "the ledger balances: {} yuan at the bank, {} postings",
            yuan(number(&balance["bankFen"])),
            number(&balance["postings"])
        ),
    );
    Ok(vote.draw_id)
}

/// Prints a count with its rule.
pub fn tell_result(ballot: &Value) -> Result<()> {
    let result = &ballot["result"];
    let (roll_heads, roll_area) = tally(&ballot["roll"]);
    let (heads, area) = tally(&ballot["turnout"]);
    let (for_heads, for_area) = tally(&result["for"]);
    say(
        "count",
        &format!(
            "{heads} of {roll_heads} heads took part, with {} of {}",
            square_metres(area),
            square_metres(roll_area)
        ),
    );
    say(
        "count",
        &format!("{for_heads} heads with {} are for", square_metres(for_area)),
    );
    let verdict = if result["passed"] == true {
        "passed"
    } else if result["enoughTookPart"] == true {
        "not passed: not enough of those who took part are for"
    } else {
        "not passed: too few took part"
    };
    say("count", &format!("{verdict} ({})", text(&result["article"])?));
    Ok(())
}

/// One owner reads the home's statement and sees the draw, the vote behind it and the balance.
fn read_statement(cast: &Cast, ballot_id: &str) -> Result<()> {
    let owner = cast
        .story
        .owner_accounts
        .first()
        .context("a building without owners")?;
    let caller = cast.owner(owner)?;
    let home_id = &owner.homes.first().context("an owner without a home")?.home_id;
    let statement = caller
        .get(&format!("/v1/homes/{home_id}/statement"))?
        .accepted()?;
    say(
        &owner.account,
        &format!("reads the statement of {}", text(&statement["unitNumber"])?),
    );
    let movements = statement["movements"].as_array().context("no movements")?;
    for movement in movements {
        let kind = movement["kind"]
            .as_str()
            .unwrap_or_default()
            .trim_start_matches("MOVEMENT_KIND_")
            .to_lowercase();
        say(
            "",
            &format!(
                "{:<12} {:>12} {:>12}   {}",
                kind,
                yuan(number(&movement["availableFen"])),
                yuan(number(&movement["balanceFen"])),
                movement["text"].as_str().unwrap_or_default(),
            ),
        );
    }
    ensure!(
        movements.iter().any(|movement| movement["ballotId"] == ballot_id),
        "the statement does not name the vote"
    );
    say(
        "",
        &format!(
            "balance {} yuan; the draw is tied to the vote {ballot_id}",
            yuan(number(&statement["balanceFen"]))
        ),
    );
    Ok(())
}
