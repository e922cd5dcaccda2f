//! What every event keeps to.

use std::collections::BTreeSet;

use heju_proto::{Event, catalog, committees, funds, registry};

#[test]
fn no_two_events_share_an_address() {
    let mut subjects = BTreeSet::new();
    for event in catalog::events() {
        assert!(subjects.insert(&event.subject), "{} twice", event.subject);
    }
    assert!(!subjects.is_empty());
}

#[test]
fn every_message_of_an_events_file_is_an_event_or_part_of_one() {
    let events: BTreeSet<_> = catalog::events()
        .iter()
        .map(|event| event.full_name.as_str())
        .collect();
    for file in heju_proto::descriptor_pool()
        .files()
        .filter(|file| file.name().ends_with("/events.proto"))
    {
        for message in file.messages() {
            let used = catalog::events().iter().any(|event| {
                event
                    .message
                    .fields()
                    .any(|field| field.kind().as_message().is_some_and(|inner| *inner == message))
            });
            assert!(
                events.contains(message.full_name()) || used,
                "{}",
                message.full_name()
            );
        }
    }
}

#[test]
fn the_address_has_the_eight_tokens_of_the_grammar() {
    for event in catalog::events() {
        let tokens: Vec<_> = event.subject.split('.').collect();
        assert_eq!(tokens.len(), 8, "{}", event.subject);
        assert_eq!(&tokens[..2], ["heju", "v1"], "{}", event.subject);
        assert_eq!(
            &tokens[5..],
            ["<city>", "<street>", "<community>"],
            "{}",
            event.subject
        );
        for token in &tokens[2..5] {
            assert!(
                token
                    .chars()
                    .all(|letter| letter.is_ascii_lowercase() || letter == '_'),
                "{}",
                event.subject
            );
        }
        assert_eq!(event.stream, format!("HEJU_{}", event.service.to_uppercase()));
    }
}

#[test]
fn the_generated_constants_say_what_the_catalog_says() {
    fn check<E: Event>() {
        let event =
            catalog::find_event(E::TYPE).unwrap_or_else(|| panic!("{} is not in the catalog", E::TYPE));
        assert_eq!(
            (E::SERVICE, E::AGGREGATE, E::NAME),
            (&*event.service, &*event.aggregate, &*event.name)
        );
    }
    check::<funds::v1::DrawProposed>();
    check::<funds::v1::DepositsPosted>();
    check::<committees::v1::BallotDecided>();
    check::<registry::v1::HomesRegistered>();
    assert_eq!(
        funds::v1::DrawVoteRequested::TYPE,
        "heju.funds.v1.DrawVoteRequested"
    );
    assert_eq!(
        catalog::find_event("heju.funds.v1.DrawVoteRequested")
            .unwrap()
            .subject,
        "heju.v1.funds.draw.vote_requested.<city>.<street>.<community>"
    );
}
