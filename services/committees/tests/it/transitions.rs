//! Every state against every command, as a table: the snapshot beside this file, and the same in the README.

use chrono::{DateTime, NaiveDate, Utc};
use committees::domain::{
    Ballot, BallotState, Choice, Closing, Counts, Head, Matter, Refusal, Scope, Tally, Voter,
};
use ids::{AreaId, BallotId, FirmId, HomeId, VoteId};
use rules::{RuleSet, VoteRules};

const PREPARED_AT: &str = "2026-03-02T01:00:00Z";
const OPENS_AT: &str = "2026-03-17T16:00:00Z";
const CLOSES_AT: &str = "2026-03-27T16:00:00Z";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn rules() -> VoteRules {
    let day = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
    RuleSet::embedded("330783").unwrap().at(day).unwrap().vote
}

fn prepared() -> Ballot {
    let scope = Scope {
        area_id: AreaId::derive("a"),
        building_ids: Vec::new(),
        stairwells: Vec::new(),
    };
    let (title, text) = ("t".to_owned(), String::new());
    let (id, division) = (BallotId::derive("b"), "330783004015".parse().unwrap());
    Ballot::prepare(
        id,
        scope,
        division,
        Matter::FundUse,
        title,
        text,
        None,
        at(PREPARED_AT),
    )
    .0
}

fn announced() -> Ballot {
    let roll = Tally::new(2, 20_000);
    prepared()
        .announce(roll, at(OPENS_AT), at(CLOSES_AT), at(PREPARED_AT), &rules())
        .unwrap()
        .0
}

fn decided() -> Ballot {
    let Closing::Decided(decided) = announced().close(Counts::default(), at(CLOSES_AT), &rules()) else {
        panic!()
    };
    decided.0
}

fn withdrawn() -> Ballot {
    prepared().withdraw("r".into(), at(PREPARED_AT)).unwrap().0
}

/// A state with the instant at which it is looked at.
fn states() -> Vec<(&'static str, Ballot, DateTime<Utc>)> {
    vec![
        ("prepared", prepared(), at(PREPARED_AT)),
        (
            "announced, before opening",
            announced(),
            at("2026-03-17T15:59:59Z"),
        ),
        ("announced, votes taken", announced(), at(OPENS_AT)),
        ("announced, window over", announced(), at(CLOSES_AT)),
        ("decided", decided(), at(CLOSES_AT)),
        ("withdrawn", withdrawn(), at(PREPARED_AT)),
    ]
}

fn to(state: &BallotState) -> String {
    format!("→ {}", state.name())
}

fn changed(result: Result<(Ballot, Vec<committees::domain::BallotEvent>), Refusal>) -> String {
    match result {
        Ok((after, events)) => {
            assert_eq!(events.len(), 1, "every change is told once");
            to(&after.state)
        }
        Err(refusal) => format!("`{}`", <&str>::from(&refusal)),
    }
}

fn announce(ballot: &Ballot, now: DateTime<Utc>) -> String {
    // As long a notice as ever needed: only the state decides.
    let (opens_at, closes_at) = (at("2026-05-01T16:00:00Z"), at("2026-05-11T16:00:00Z"));
    changed(ballot.announce(Tally::new(2, 20_000), opens_at, closes_at, now, &rules()))
}

fn cast(ballot: &Ballot, now: DateTime<Utc>) -> String {
    let head = Head {
        key: "h".into(),
        home_ids: vec![HomeId::derive("h")],
        area: money::Area(10_000),
        owner_ids: Vec::new(),
        voters: Vec::new(),
        developer_id: None,
    };
    let voter = Voter::Developer(FirmId::derive("d"));
    match ballot
        .poll()
        .cast(&head, voter, Choice::For, VoteId::derive("v"), now)
    {
        Ok(_) => "vote taken".into(),
        Err(refusal) => format!("`{}`", <&str>::from(&refusal)),
    }
}

fn close(ballot: &Ballot, now: DateTime<Utc>) -> String {
    match ballot.close(Counts::default(), now, &rules()) {
        Closing::NotDue => "waits".into(),
        Closing::NothingToClose => "nothing".into(),
        Closing::Decided(decided) => to(&decided.0.state),
    }
}

fn table() -> String {
    let mut lines = vec![
        "| state | announce | cast a vote | withdraw | closing time |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    for (name, ballot, now) in states() {
        lines.push(format!(
            "| {name} | {} | {} | {} | {} |",
            announce(&ballot, now),
            cast(&ballot, now),
            changed(ballot.withdraw("r".into(), now)),
            close(&ballot, now),
        ));
    }
    lines.join("\n") + "\n"
}

#[test]
fn every_state_answers_every_command_as_in_the_snapshot() {
    let table = table();
    assert_eq!(
        table,
        include_str!("transitions.md"),
        "the table is now:\n{table}"
    );
}

#[test]
fn the_readme_shows_the_same_table() {
    assert!(
        include_str!("../../README.md").contains(&table()),
        "put tests/it/transitions.md into the README"
    );
}
