//! Notice, window, and the instants at which votes begin and end to be taken.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use chrono::NaiveDate;
use ids::VoteId;
use rules::RuleSet;

use super::*;
use crate::domain::{Capacity, Choice, Head, HeadVoter, Voter};

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc)
}

fn rules() -> VoteRules {
    let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    RuleSet::embedded("330783").unwrap().at(day).unwrap().vote
}

/// Monday, nine in the morning in China.
const NOW: &str = "2026-11-23T09:00:00+08:00";
/// The first instant after fifteen full days of notice: 24 November to 8 December.
const FIRST: &str = "2026-12-09T00:00:00+08:00";
const LAST: &str = "2026-12-19T00:00:00+08:00";
const ROLL: Tally = Tally::new(3, 30_000);

fn prepared() -> Ballot {
    let scope = Scope {
        area_id: AreaId::derive("area"),
        building_ids: Vec::new(),
        stairwells: Vec::new(),
    };
    let division = "330783004015".parse().unwrap();
    let (title, text) = ("3幢屋面防水维修".to_owned(), String::new());
    let id = BallotId::derive("ballot");
    Ballot::prepare(id, scope, division, Matter::FundUse, title, text, None, at(NOW)).0
}

fn announced() -> Ballot {
    prepared()
        .announce(ROLL, at(FIRST), at(LAST), at(NOW), &rules())
        .unwrap()
        .0
}

fn announcing(now: &str, opens_at: &str, closes_at: &str) -> Result<(), &'static str> {
    let refused = prepared().check_announcement(at(opens_at), at(closes_at), at(now), &rules());
    refused.map_err(|refusal| (&refusal).into())
}

#[test]
fn notice_runs_for_fifteen_full_days_that_begin_after_the_announcement() {
    assert_eq!(announcing(NOW, FIRST, LAST), Ok(()));
    assert_eq!(
        announcing(NOW, "2026-12-08T23:59:59.999999+08:00", LAST),
        Err("NOTICE_TOO_SHORT")
    );
    // Fifteen times 24 hours after nine in the morning is still the fifteenth day.
    assert_eq!(
        announcing(NOW, "2026-12-08T09:00:00+08:00", LAST),
        Err("NOTICE_TOO_SHORT")
    );
}

#[test]
fn the_day_of_the_announcement_is_the_day_in_china() {
    // Half past midnight on the 24th in China is still the 23rd in UTC.
    assert_eq!(
        announcing("2026-11-23T16:30:00Z", FIRST, LAST),
        Err("NOTICE_TOO_SHORT")
    );
    assert_eq!(announcing("2026-11-23T15:59:59Z", FIRST, LAST), Ok(()));
}

#[test]
fn the_refusal_names_the_first_instant_that_would_do() {
    let refused = prepared().check_announcement(at(NOW), at(LAST), at(NOW), &rules());
    let Err(Refusal::NoticeTooShort { days: 15, earliest }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(earliest, at(FIRST));
    let zh = refused.unwrap_err().message_zh();
    assert!(zh.contains("2026年12月9日 00:00:00"), "{zh}");
}

#[test]
fn the_window_is_five_to_sixty_days_both_included() {
    let closing = |closes_at| announcing(NOW, FIRST, closes_at);
    assert_eq!(
        closing("2026-12-13T23:59:59.999999+08:00"),
        Err("WINDOW_TOO_SHORT")
    );
    assert_eq!(closing("2026-12-14T00:00:00+08:00"), Ok(()));
    assert_eq!(closing("2027-02-07T00:00:00+08:00"), Ok(()));
    assert_eq!(
        closing("2027-02-07T00:00:00.000001+08:00"),
        Err("WINDOW_TOO_LONG")
    );
    assert_eq!(
        closing("2026-12-01T00:00:00+08:00"),
        Err("WINDOW_TOO_SHORT"),
        "closing before opening"
    );
}

#[test]
fn a_ballot_on_which_nobody_could_vote_is_not_announced() {
    let refused = prepared().announce(Tally::ZERO, at(FIRST), at(LAST), at(NOW), &rules());
    assert_eq!(refused, Err(Refusal::RollEmpty));
}

#[test]
fn votes_are_taken_from_the_instant_of_opening_until_just_before_closing() {
    let poll = announced().poll();
    let reason = |now: &str| poll.check_open(at(now)).map_err(|refusal| <&str>::from(&refusal));
    assert_eq!(reason("2026-12-08T23:59:59.999999+08:00"), Err("VOTING_NOT_OPEN"));
    assert_eq!(reason(FIRST), Ok(()));
    assert_eq!(reason("2026-12-18T23:59:59.999999+08:00"), Ok(()));
    assert_eq!(reason(LAST), Err("VOTING_CLOSED"));
}

#[test]
fn a_late_voter_gets_the_same_answer_before_and_after_the_count() {
    let announced = announced();
    let Closing::Decided(decided) = announced.close(Counts::default(), at(LAST), &rules()) else {
        panic!()
    };
    let before = announced.poll().check_open(at(LAST));
    assert_eq!(decided.0.poll().check_open(at(LAST)), before);
}

#[test]
fn a_vote_weighs_the_whole_head_and_says_nothing_of_the_choice_in_its_event() {
    let head = Head {
        key: "h".into(),
        home_ids: vec![ids::HomeId::derive("1"), ids::HomeId::derive("2")],
        area: money::Area(20_000),
        owner_ids: Vec::new(),
        voters: Vec::new(),
        developer_id: None,
    };
    let id = VoteId::derive("vote");
    let guardian = Voter::Person(HeadVoter {
        id: ids::OwnerId::derive("guardian"),
        capacity: Capacity::Guardian,
    });
    let (vote, told) = announced()
        .poll()
        .cast(&head, guardian, Choice::Against, id, at(FIRST))
        .unwrap();
    assert_eq!((vote.area, vote.home_ids.len()), (money::Area(20_000), 2));
    assert_eq!(vote.capacity, Some(Capacity::Guardian));
    assert_eq!(
        (told.vote_id, told.area, told.home_ids),
        (vote.id, vote.area, vote.home_ids)
    );
}

#[test]
fn a_ballot_is_counted_at_its_closing_time_and_not_before() {
    let announced = announced();
    let counts = Counts {
        agreed: Tally::new(2, 20_000),
        ..Counts::default()
    };
    let just_before = at("2026-12-18T23:59:59.999999+08:00");
    assert_eq!(announced.close(counts, just_before, &rules()), Closing::NotDue);
    let Closing::Decided(decided) = announced.close(counts, at(LAST), &rules()) else {
        panic!()
    };
    let (after, events) = *decided;
    assert_eq!(after.version, announced.version + 1);
    assert_eq!(events, [BallotEvent::Decided(after.clone())]);
    let BallotState::Decided {
        outcome, decided_at, ..
    } = &after.state
    else {
        panic!()
    };
    assert!(
        outcome.enough_took_part && outcome.passed,
        "two of three heads is exactly two thirds"
    );
    assert_eq!(*decided_at, at(LAST));
    assert_eq!(after.close(counts, at(LAST), &rules()), Closing::NothingToClose);
}
