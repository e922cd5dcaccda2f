//! The story as live events tell it: everything of the jurisdiction, in order, and resumed where it broke off.

use std::time::Duration;

use anyhow::Result;
use heju_tests::event_stream::{EventStream, Live};
use heju_tests::platform::SERVICES;
use heju_tests::repair::WITHIN;
use heju_tests::{People, Platform, streams};

/// Events after which the second reader's connection breaks.
const BREAKS_AFTER: usize = 7;
/// How long it is watched that nothing comes twice.
const QUIET_FOR: Duration = Duration::from_millis(700);

/// Both readers were told of the story's events: the one that broke off and came back, each once like the other.
pub async fn tells_the_story(
    platform: &Platform,
    people: &People,
    mut whole: EventStream,
    mut broken: EventStream,
) -> Result<()> {
    let bus = platform.bus().await?;
    let place = format!(
        "{}.{}.{}",
        &people.story().division_code[..6],
        &people.story().division_code[6..9],
        &people.story().division_code[9..]
    );
    let mut expected: Vec<Vec<(String, serde_json::Value)>> = Vec::new();
    for service in SERVICES {
        let events = streams::events_of(&bus, service).await?;
        let of_place = events
            .into_iter()
            .filter(|stored| stored.subject.ends_with(&place) && is_of_story(&stored.envelope.kind));
        let told = of_place.map(|stored| {
            Ok((
                stored.envelope.kind,
                serde_json::from_slice(&stored.envelope.body)?,
            ))
        });
        expected.push(told.collect::<Result<_>>()?);
    }
    let count = expected.iter().map(Vec::len).sum::<usize>();
    let kinds: Vec<&str> = expected[2]
        .iter()
        .map(|(kind, _)| kind.rsplit('.').next().unwrap_or_default())
        .collect();
    assert_eq!(
        kinds,
        [
            "DrawProposed",
            "DrawVoteRequested",
            "DrawReserved",
            "DrawAccepted",
            "DrawPaid"
        ]
    );

    let mut first = Vec::new();
    for _ in 0..count {
        first.push(whole.next(WITHIN).await?);
    }
    let mut second = Vec::new();
    for _ in 0..BREAKS_AFTER.min(count) {
        second.push(broken.next(WITHIN).await?);
    }
    let reached = broken.last_event_id.clone();
    drop(broken);
    let mut back = EventStream::open(&people.community, Some(&reached), WITHIN).await?;
    while second.len() < count {
        second.push(back.next(WITHIN).await?);
    }
    for (service, expected) in SERVICES.iter().zip(&expected) {
        assert_eq!(&of_service(&first, service), expected, "told of {service}");
        assert_eq!(
            &of_service(&second, service),
            expected,
            "told of {service} over a broken connection"
        );
    }
    assert!(whole.next(QUIET_FOR).await.is_err(), "an event was told twice");
    assert!(
        back.next(QUIET_FOR).await.is_err(),
        "an event was told twice after coming back"
    );
    Ok(())
}

/// Deposits, and most of what the registry tells, came with the city before the readers did. That the estate's first
/// assembly is to be prepared is found on the day after its table, which comes when the clock is moved.
fn is_of_story(kind: &str) -> bool {
    match kind.strip_prefix("heju.registry.v1.") {
        Some(of_registry) => of_registry == "SetUpDue",
        None => !kind.ends_with(".DepositsPosted"),
    }
}

fn of_service(told: &[Live], service: &str) -> Vec<(String, serde_json::Value)> {
    let package = format!("heju.{service}.");
    let own = told.iter().filter(|event| event.kind.starts_with(&package));
    own.map(|event| (event.kind.clone(), event.data.clone()))
        .collect()
}
