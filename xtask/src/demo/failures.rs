//! The three ways in which the repair can fail.

use anyhow::{Result, ensure};

use super::cast::Cast;
use super::{repair, say};

/// Fewer than two thirds take part: nothing is decided, whatever the few say.
pub fn too_few_take_part(cast: &mut Cast) -> Result<()> {
    println!("1. Too few take part");
    let vote = cast.bring_to_the_vote("3 幢外墙渗漏维修", 2_000_000)?;
    cast.move_clock_to(vote.opens_at)?;
    for index in 0..5 {
        cast.cast_vote(&vote, index, "CHOICE_FOR")?;
    }
    let ballot = cast.close(&vote)?;
    repair::tell_result(&ballot)?;
    ensure!(ballot["result"]["enoughTookPart"] == false, "too many took part");
    let draw = cast.draw_in(&vote, "DRAW_STATE_REJECTED")?;
    say(
        "fund",
        &format!(
            "reserves nothing: {}",
            draw["outcomeReason"].as_str().unwrap_or_default()
        ),
    );
    Ok(())
}

/// Exactly half of those who take part are for: more than half is asked for.
pub fn exactly_half_in_favour(cast: &mut Cast) -> Result<()> {
    println!("2. Exactly half in favour");
    let vote = cast.bring_to_the_vote("3 幢楼道粉刷", 1_500_000)?;
    cast.move_clock_to(vote.opens_at)?;
    let voters = cast.story.owner_accounts.len() / 2 * 2;
    for index in 0..voters {
        cast.cast_vote(
            &vote,
            index,
            if index < voters / 2 {
                "CHOICE_FOR"
            } else {
                "CHOICE_AGAINST"
            },
        )?;
    }
    let ballot = cast.close(&vote)?;
    repair::tell_result(&ballot)?;
    ensure!(
        ballot["result"]["enoughTookPart"] == true && ballot["result"]["passed"] == false,
        "half should not pass"
    );
    let draw = cast.draw_in(&vote, "DRAW_STATE_REJECTED")?;
    say(
        "fund",
        &format!(
            "reserves nothing: {}",
            draw["outcomeReason"].as_str().unwrap_or_default()
        ),
    );
    Ok(())
}

/// An officer of another street asks for the draw: the answer is that there is none.
pub fn a_wrong_street_looks(cast: &Cast, draw_id: &str) -> Result<()> {
    println!("3. A wrong street looks");
    let answer = cast.other_street.get(&format!("/v1/draws/{draw_id}"))?;
    ensure!(
        answer.status == 404,
        "a wrong street saw the draw: {}",
        answer.body
    );
    say(
        &cast.other_street.name,
        &format!("asks for {draw_id}: {}", answer.refusal()),
    );
    Ok(())
}
