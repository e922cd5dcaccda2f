//! The life of a delineation, its clocks, and every state against every decision.

#![allow(clippy::unwrap_used)]
use std::fmt::Write as _;

use super::application::{Phase, Proposal};
use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn clocks() -> Clocks {
    Clocks {
        answer_working_days: 10,
        answer_article: "a".into(),
        application_days: 30,
        decision_working_days: 10,
    }
}

fn holidays() -> Holidays {
    Holidays::embedded().unwrap()
}

fn project() -> Project {
    Project {
        name: "湖畔花园".into(),
        division: "330783004015".parse().unwrap(),
        developer_id: FirmId::derive("developer"),
    }
}

fn proposal(permitted_on: &str) -> Proposal {
    Proposal {
        number: "330783004015-0002".into(),
        name: "湖畔花园".into(),
        permit_number: "建字第1号".into(),
        permitted_on: day(permitted_on),
        above_ground: Area(6_843_250),
        all_non_residential: false,
        phases: Vec::new(),
        shared_facilities: vec!["配电房".into()],
    }
}

fn application(permitted_on: &str, today: &str) -> Result<Application, Refusal> {
    Application::of(
        proposal(permitted_on),
        Area(47_903),
        &clocks(),
        &holidays(),
        day(today),
    )
}

fn consulting() -> Delineation {
    let question = Question {
        above_ground: Area(6_843_250),
        all_non_residential: false,
        rooms_required: Area(47_903),
        text: "请提出意见".into(),
    };
    let id = DelineationId::derive("d");
    Delineation::consult(id, project(), question, &clocks(), &holidays(), day("2026-02-10")).0
}

fn applied() -> Delineation {
    let application = application("2026-02-27", "2026-03-02").unwrap();
    Delineation::apply_new(DelineationId::derive("d"), project(), application).0
}

fn opinion(giver: OpinionGiver, agrees: bool) -> Opinion {
    Opinion {
        giver,
        agrees,
        text: "意见".into(),
        on: day("2026-03-03"),
    }
}

fn heard() -> Delineation {
    let (street, _) = applied().hear(opinion(OpinionGiver::Street, true)).unwrap();
    street.hear(opinion(OpinionGiver::Community, false)).unwrap().0
}

#[test]
fn the_answer_is_due_after_ten_working_days_and_the_spring_festival_does_not_count() {
    let asked = consulting();
    // 2026-02-15 to 02-23 is the festival; the 14th and 28th are worked for it.
    let expected = (1..)
        .map(|days| day("2026-02-10") + chrono::Days::new(days))
        .filter(|day| holidays().is_working_day(*day))
        .nth(9);
    assert_eq!(asked.due_by(), expected);
    assert!(asked.due_by() > Some(day("2026-02-24")), "not ten weekdays");
    let due_by = asked.due_by().unwrap();
    assert!(asked.clone().note_overdue(due_by).is_none());
    let (late, event) = asked.note_overdue(due_by.succ_opt().unwrap()).unwrap();
    assert_eq!(event.step, Step::Overdue);
    assert!(
        late.clone().note_overdue(day("2027-01-01")).is_none(),
        "told once"
    );
    let (answered, _) = late.answer("同意".into(), day("2026-05-01")).unwrap();
    assert!(answered.consultation.unwrap().overdue, "late, and said so");
}

#[test]
fn an_application_is_late_from_the_first_day_after_thirty_and_a_last_day_off_moves_on() {
    // 30 days after 2026-02-02 is 2026-03-04.
    assert!(!application("2026-02-02", "2026-03-04").unwrap().late);
    let late = application("2026-02-02", "2026-03-05").unwrap();
    assert_eq!((late.late, late.apply_by), (true, day("2026-03-04")));
    // 30 days after 2026-02-05 is Saturday, 2026-03-07.
    let moved = application("2026-02-05", "2026-03-09").unwrap();
    assert_eq!((moved.late, moved.apply_by), (false, day("2026-03-09")));
    assert!(matches!(
        application("2026-03-10", "2026-03-09"),
        Err(Refusal::PermitInTheFuture { .. })
    ));
}

#[test]
fn ten_working_days_from_a_monday_end_on_a_monday() {
    let application = application("2026-02-27", "2026-03-02").unwrap();
    assert_eq!(application.decide_by, day("2026-03-16"));
    let open = applied();
    assert!(open.clone().note_overdue(day("2026-03-16")).is_none());
    let (overdue, _) = open.note_overdue(day("2026-03-17")).unwrap();
    assert!(overdue.clone().note_overdue(day("2026-03-18")).is_none());
    let (after, _) = overdue.hear(opinion(OpinionGiver::Street, true)).unwrap();
    assert!(
        after.note_overdue(day("2026-03-19")).is_none(),
        "an opinion does not start the telling anew"
    );
}

#[test]
fn the_phases_of_one_project_make_up_one_area() {
    let of = |areas: &[i64]| {
        let phases = areas.iter().map(|area| Phase {
            name: "期".into(),
            above_ground: Area(*area),
        });
        let proposal = Proposal {
            phases: phases.collect(),
            ..proposal("2026-02-27")
        };
        Application::of(proposal, Area(1), &clocks(), &holidays(), day("2026-03-02"))
    };
    assert!(of(&[4_000_000, 2_843_250]).is_ok());
    for wrong in [&[4_000_000, 2_843_249][..], &[i64::MAX, i64::MAX], &[6_843_251]] {
        assert!(matches!(of(wrong), Err(Refusal::PhasesDoNotSum { .. })));
    }
}

#[test]
fn street_and_community_are_heard_and_the_street_must_agree() {
    let open = applied();
    let approve = |open: Delineation| open.approve(None, String::new(), day("2026-03-04"));
    assert_eq!(approve(open.clone()).unwrap_err(), Refusal::StreetNotHeard);
    let (against, _) = open.hear(opinion(OpinionGiver::Street, false)).unwrap();
    assert_eq!(approve(against.clone()).unwrap_err(), Refusal::StreetDisagrees);
    let (agreed, _) = against.hear(opinion(OpinionGiver::Street, true)).unwrap();
    assert_eq!(approve(agreed.clone()).unwrap_err(), Refusal::CommunityNotHeard);
    // The residents' committee is consulted (征求意见); it has no veto.
    let (heard, _) = agreed.hear(opinion(OpinionGiver::Community, false)).unwrap();
    let (approved, event) = approve(heard).unwrap();
    assert_eq!(event.step, Step::Approved);
    let Stage::Approved {
        area_id, opinions, ..
    } = approved.stage
    else {
        panic!("approved")
    };
    assert_eq!(area_id, AreaId::derive("330783004015-0002"));
    assert_eq!(opinions.len(), 2);
}

#[test]
fn a_refused_developer_applies_again_and_opinions_begin_anew() {
    let refused = |reasons: &str| heard().refuse(reasons.into(), day("2026-03-04"));
    assert_eq!(refused("").unwrap_err(), Refusal::RefusalReasonsMissing);
    let (refused, _) = refused("配套不全").unwrap();
    let again = application("2026-02-27", "2026-03-05").unwrap();
    let developer = FirmId::derive("developer");
    let (open, _) = refused
        .clone()
        .apply(developer, None, project().division, again.clone())
        .unwrap();
    assert!(matches!(&open.stage, Stage::Applied { opinions, .. } if opinions.is_empty()));
    let stranger = refused.apply(FirmId::derive("other"), None, project().division, again);
    assert_eq!(stranger.unwrap_err(), Refusal::DeveloperDiffers);
}

#[test]
fn every_state_answers_every_decision() {
    let on = day("2026-03-04");
    let advised = consulting().answer("同意".into(), on).unwrap().0;
    let approved = heard().approve(None, String::new(), on).unwrap().0;
    let refused = heard().refuse("理由".into(), on).unwrap().0;
    let again = application("2026-02-27", "2026-03-05").unwrap();
    let mut table = String::new();
    for before in [consulting(), advised, heard(), approved, refused] {
        let open = || before.clone();
        let answers = [
            ("answer", open().answer("同意".into(), on)),
            (
                "apply",
                open().apply(before.developer_id, None, before.division, again.clone()),
            ),
            ("hear", open().hear(opinion(OpinionGiver::Street, true))),
            ("approve", open().approve(None, String::new(), on)),
            ("refuse", open().refuse("理由".into(), on)),
            (
                "note_overdue",
                open()
                    .note_overdue(day("2027-01-01"))
                    .ok_or(Refusal::DelineationWrongState { state: "-" }),
            ),
        ];
        for (command, answer) in answers {
            let after = match answer {
                Ok((after, event)) => {
                    assert_eq!(after.version, before.version + 1);
                    assert_eq!(event.delineation, after);
                    after.stage.name()
                }
                Err(Refusal::DelineationWrongState { state: "-" }) => "-",
                Err(refusal) => (&refusal).into(),
            };
            writeln!(table, "{:<10} {command:<12} {after}", before.stage.name()).unwrap();
        }
    }
    assert_eq!(table, include_str!("transitions.txt"));
}
