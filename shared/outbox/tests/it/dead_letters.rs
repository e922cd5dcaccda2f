//! What cannot be handled is kept with its reason, stops nobody, and is tried again on request.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use outbox::dead_letters::{DeadLetter, count, request_replay};
use outbox::{Deadlines, Reaction, Reactions, Store, deadlines};
use rpc::AppError;
use testkit::wait_for;

use crate::counters::{self, Refused, SERVICE};
use crate::reactions::{ADDRESS, event, follow, handle_once, on_vote_cast, publish};
use crate::setting::{LIMIT, Running, Setting, nats};

async fn letters(store: &Store, wanted: usize) -> Vec<DeadLetter> {
    let look = || async { store.dead_letters(100).await.unwrap() };
    wait_for("dead letters", LIMIT, look, |letters| letters.len() == wanted).await
}

fn ticker(store: &Store, reactions: Reactions) -> Running {
    let store = store.clone();
    Running::start(|stop| deadlines::tick(store, Deadlines::new(), reactions, stop))
}

/// Refuses, or breaks on, the counter `poison` until it is healed.
fn poisoned(store: &Store, healed: &Arc<AtomicBool>, tries: &Arc<AtomicI64>, breaks: bool) -> Reaction {
    let (store, healed, tries) = (store.clone(), healed.clone(), tries.clone());
    on_vote_cast(move |ctx, received| {
        let (store, healed, tries) = (store.clone(), healed.clone(), tries.clone());
        async move {
            if received.event.vote_id == "poison" && !healed.load(Ordering::SeqCst) {
                tries.fetch_add(1, Ordering::SeqCst);
                assert!(!breaks, "the handler breaks");
                return Err(AppError::Refused(Refused));
            }
            handle_once(&store, &ctx, &received).await
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_event_becomes_a_dead_letter_without_stopping_those_behind_it() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, "funds").await;
        let (_nats, bus) = nats(SERVICE).await;
        let (healed, tries) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicI64::new(0)));
        let reaction = poisoned(&setting.store, &healed, &tries, false);
        let follower = follow(&setting.store, &bus, &reaction);
        publish(&bus, &event("poison", 1)).await;
        publish(&bus, &event("behind", 1)).await;
        wait_for(
            "behind",
            LIMIT,
            || counters::value(&setting.store, "behind"),
            |seen| *seen == 1,
        )
        .await;
        let letter = letters(&setting.store, 1).await.remove(0);
        assert_eq!(tries.load(Ordering::SeqCst), 5);
        assert_eq!(letter.reaction, "on_vote_cast");
        assert_eq!(letter.kind, "heju.committees.v1.VoteCast");
        assert_eq!((letter.aggregate.as_str(), letter.version), ("poison", 1));
        assert_eq!(
            (letter.reason.as_str(), letter.report.as_str()),
            ("COUNTER_REFUSED", "It is refused.")
        );
        assert!(!letter.replaying);

        // A replay that fails leaves it; one after the cure resolves it, and it took effect once.
        let ticker = ticker(&setting.store, Reactions::new().with(reaction.clone()));
        assert_eq!(
            request_replay(&setting.database, Some(letter.id)).await.unwrap(),
            1
        );
        wait_for(
            "a try",
            LIMIT,
            || async { tries.load(Ordering::SeqCst) },
            |tries| *tries == 6,
        )
        .await;
        let look = || async { setting.store.dead_letters(1).await.unwrap() };
        wait_for("the answer", LIMIT, look, |letters| {
            letters.len() == 1 && !letters[0].replaying
        })
        .await;
        healed.store(true, Ordering::SeqCst);
        assert_eq!(request_replay(&setting.database, None).await.unwrap(), 1);
        letters(&setting.store, 0).await;
        assert_eq!(counters::value(&setting.store, "poison").await, 1);
        assert_eq!(count(&setting.database).await.unwrap(), 0);
        assert_eq!(
            request_replay(&setting.database, None).await.unwrap(),
            0,
            "nothing is left to replay"
        );
        ticker.end().await;
        follower.end().await;
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_breaks_the_handler_becomes_a_dead_letter_too() {
    let setting = Setting::new(testkit::Backend::Sqlite, "funds").await;
    let (_nats, bus) = nats(SERVICE).await;
    let (healed, tries) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicI64::new(0)));
    let follower = follow(
        &setting.store,
        &bus,
        &poisoned(&setting.store, &healed, &tries, true),
    );
    publish(&bus, &event("poison", 1)).await;
    publish(&bus, &event("behind", 1)).await;
    wait_for(
        "behind",
        LIMIT,
        || counters::value(&setting.store, "behind"),
        |seen| *seen == 1,
    )
    .await;
    let letter = letters(&setting.store, 1).await.remove(0);
    assert_eq!(
        (letter.reason.as_str(), letter.report.as_str()),
        ("PANIC", "panic: the handler breaks")
    );
    follower.end().await;
    setting.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_cannot_be_read_are_kept_and_foreign_messages_are_passed_over() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, "funds").await;
        let (_nats, bus) = nats(SERVICE).await;
        let (healed, tries) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicI64::new(0)));
        let follower = follow(
            &setting.store,
            &bus,
            &poisoned(&setting.store, &healed, &tries, false),
        );
        bus.jetstream
            .publish(ADDRESS, "hello".into())
            .await
            .unwrap()
            .await
            .unwrap();
        for body in [&b"{"[..], b"{\"voteId\":\0}", b"\xff\xfe"] {
            let mut broken = event("broken", 1);
            broken.body = bytes::Bytes::copy_from_slice(body);
            publish(&bus, &broken).await;
        }
        // A kind that this service does not know, on a subject that it follows.
        let mut unknown = event("unknown", 1);
        unknown.kind = "heju.committees.v2.VoteCast".into();
        publish(&bus, &unknown).await;
        publish(&bus, &event("behind", 1)).await;
        wait_for(
            "behind",
            LIMIT,
            || counters::value(&setting.store, "behind"),
            |seen| *seen == 1,
        )
        .await;
        let letters = letters(&setting.store, 4).await;
        let mut reasons: Vec<_> = letters.iter().map(|letter| letter.reason.as_str()).collect();
        reasons.sort_unstable();
        assert_eq!(
            reasons,
            [
                "EVENT_MALFORMED",
                "EVENT_MALFORMED",
                "EVENT_MALFORMED",
                "EVENT_UNKNOWN"
            ]
        );
        follower.end().await;
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_to_a_reaction_that_is_gone_does_not_hold_up_the_others() {
    let setting = Setting::new(testkit::Backend::Sqlite, "funds").await;
    let (_nats, bus) = nats(SERVICE).await;
    let (healed, tries) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicI64::new(0)));
    let follower = follow(
        &setting.store,
        &bus,
        &poisoned(&setting.store, &healed, &tries, false),
    );
    publish(&bus, &event("poison", 1)).await;
    let letter = letters(&setting.store, 1).await.remove(0);
    follower.end().await;
    let ticker = ticker(&setting.store, Reactions::new());
    request_replay(&setting.database, Some(letter.id)).await.unwrap();
    let look = || async { setting.store.dead_letters(1).await.unwrap().remove(0).replaying };
    wait_for("an answer to the request", LIMIT, look, |replaying| !replaying).await;
    ticker.end().await;
    setting.end().await;
}
