//! Every state of an import against everything that can happen to it.
#![allow(clippy::unwrap_used)]

use super::*;

fn now() -> DateTime<Utc> {
    "2026-03-02T01:00:00Z".parse().unwrap()
}

fn import(mode: Mode) -> Import {
    let request = Request {
        target: Target::Table(TableKind::Homes),
        mode,
        file_name: "房屋.csv".into(),
        file_size: 100,
        sha256: "0".repeat(64),
        titles: BTreeMap::new(),
        header_line: 1,
    };
    Import::begin(ImportId::derive("t"), request, now())
}

fn read(mode: Mode, portions: u32) -> Import {
    let staged = Staged {
        portions,
        rows: portions * 10,
        ignored_columns: Vec::new(),
    };
    whole(mode).staged(staged, now())
}

fn next(import: &Import, offset: u64, length: u64) -> Import {
    match import.arrival(offset, length, now()).unwrap() {
        Arrival::Next(after) => *after,
        Arrival::Again => panic!("it came already"),
    }
}

fn whole(mode: Mode) -> Import {
    next(&import(mode), 0, 100)
}

fn handled(import: &Import, counts: Counts) -> Import {
    import.handled(1, 10, counts, now()).unwrap()
}

fn counts(recorded: u32, unchanged: u32, wrong: u32) -> Counts {
    Counts {
        recorded,
        unchanged,
        wrong,
    }
}

#[test]
fn parts_come_in_order_and_a_repeat_is_known() {
    let half = next(&import(Mode::Strict), 0, 60);
    assert_eq!(half.state, State::Uploading { received: 60 });
    assert_eq!(half.arrival(0, 60, now()), Ok(Arrival::Again));
    let refused = |offset, length| <&str>::from(&half.arrival(offset, length, now()).unwrap_err()).to_owned();
    assert_eq!(refused(61, 10), "PART_OUT_OF_PLACE", "a gap");
    assert_eq!(refused(50, 20), "PART_OUT_OF_PLACE", "half of it came already");
    assert_eq!(refused(60, 41), "PART_OUT_OF_PLACE", "beyond the file");
    assert_eq!(refused(60, u64::MAX), "PART_OUT_OF_PLACE");
    let whole = next(&half, 60, 40);
    assert_eq!((&whole.state, whole.version), (&State::Reading, 3));
    assert_eq!(whole.arrival(60, 40, now()), Ok(Arrival::Again));
    assert_eq!(
        read(Mode::Strict, 1).arrival(60, 40, now()),
        Err(Refusal::ImportNotUploading)
    );
}

#[test]
fn a_strict_import_checks_all_before_it_records_any() {
    let one = handled(&read(Mode::Strict, 2), counts(0, 3, 0));
    let checking = State::Running {
        pass: Pass::Checking,
        next: 1,
        rows_done: 10,
    };
    assert_eq!(one.state, checking);
    let wrong = handled(&one, counts(0, 0, 1));
    assert_eq!((wrong.state, wrong.counts.recorded), (State::Refused, 0));
    let right = handled(&one, counts(0, 0, 0));
    let recording = State::Running {
        pass: Pass::Recording,
        next: 0,
        rows_done: 0,
    };
    assert_eq!((&right.state, right.counts), (&recording, Counts::default()));
    let done = handled(&handled(&right, counts(7, 3, 0)), counts(10, 0, 0));
    assert_eq!((done.state, done.counts), (State::Finished, counts(17, 3, 0)));
}

#[test]
fn a_check_records_nothing_and_a_lenient_import_records_what_is_right() {
    let checked = handled(&read(Mode::Check, 1), counts(0, 0, 4));
    assert_eq!(
        (checked.state, checked.counts),
        (State::Finished, counts(0, 0, 4))
    );
    let done = handled(&read(Mode::Lenient, 1), counts(6, 0, 4));
    assert_eq!((done.state, done.counts), (State::Finished, counts(6, 0, 4)));
}

#[test]
fn what_has_ended_refuses_everything() {
    let failure = Failure {
        reason: "TABLE_EMPTY".into(),
        zh: "空".into(),
        en: "Empty.".into(),
    };
    let ended = [
        handled(&read(Mode::Check, 1), Counts::default()),
        handled(&read(Mode::Strict, 1), counts(0, 0, 1)),
        whole(Mode::Strict).failed(failure, now()),
        import(Mode::Strict).cancel(now()).unwrap(),
    ];
    for import in ended {
        assert!(import.is_ended(), "{:?}", import.state);
        assert_eq!(import.cancel(now()), Err(Refusal::ImportEnded));
        assert_eq!(import.arrival(0, 10, now()), Err(Refusal::ImportNotUploading));
        let more = import.handled(1, 1, counts(1, 0, 0), now());
        assert_eq!(more, Err(Refusal::ImportEnded));
        assert!(matches!(ImportEvent::of(&import), ImportEvent::Ended(_)));
    }
    for import in [import(Mode::Strict), whole(Mode::Strict), read(Mode::Lenient, 2)] {
        let cancelled = import.cancel(now()).unwrap();
        assert_eq!(
            (cancelled.state, cancelled.version),
            (State::Cancelled, import.version + 1)
        );
    }
}
