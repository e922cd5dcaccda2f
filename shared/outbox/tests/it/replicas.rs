//! Replicas: whole batches in one transaction, each event once and in order, and a poisoned one stops nobody.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use events::{Bus, Envelope};
use outbox::dead_letters::request_replay;
use outbox::{Deadlines, Reaction, Reactions, Received, Replica, Standing, Store, deadlines, reactions};
use proto::committees::v1::VoteCast;
use rpc::{AppError, General};
use testkit::wait_for;

use crate::counters::{self, Refused, Result, SERVICE};
use crate::reactions::{ADDRESS, event, follow, publish};
use crate::setting::{LIMIT, Running, Setting, nats};

/// What a batch is refused with before or after it is applied, by what is in it.
type Trouble = Arc<dyn Fn(&[Received<VoteCast>]) -> Result<()> + Send + Sync>;

/// A replica that counts: an effect that is no longer the same when it is repeated, so that repeats show.
#[derive(Clone)]
struct Counting {
    store: Store,
    /// How many events each batch had.
    batches: Arc<Mutex<Vec<usize>>>,
    /// What took effect, in order.
    applied: Arc<Mutex<Vec<(String, i64)>>>,
    before: Trouble,
    after: Trouble,
}

impl Counting {
    fn new(store: &Store) -> Self {
        Counting {
            store: store.clone(),
            batches: Arc::default(),
            applied: Arc::default(),
            before: Arc::new(|_| Ok(())),
            after: Arc::new(|_| Ok(())),
        }
    }

    async fn apply(&self, batch: &[Received<VoteCast>]) -> Result<Vec<Standing>> {
        self.batches.lock().unwrap().push(batch.len());
        let tx = self.store.begin_write().await?;
        let standings = tx.next_versions(batch.iter().map(|each| &each.incoming)).await?;
        let mut applied = Vec::new();
        for (received, standing) in batch.iter().zip(&standings) {
            if *standing == Standing::Next {
                counters::bump(&tx, &received.event.vote_id).await?;
                applied.push((received.incoming.aggregate.clone(), received.incoming.version));
            }
        }
        (self.before)(batch)?;
        tx.commit().await?;
        self.applied.lock().unwrap().extend(applied);
        (self.after)(batch)?;
        Ok(standings)
    }

    fn reaction(&self) -> Reaction {
        let counting = self.clone();
        Replica::new("replicate", SERVICE, move |batch| {
            let counting = counting.clone();
            Box::pin(async move { counting.apply(batch).await })
        })
        .on(|event: VoteCast| Ok::<_, AppError<Refused>>(event))
        .into()
    }

    /// Panics where an aggregate's versions did not take effect one after the other.
    fn assert_in_order(&self) {
        let mut versions: HashMap<String, i64> = HashMap::new();
        for (aggregate, version) in self.applied.lock().unwrap().iter() {
            let before = versions.insert(aggregate.clone(), *version).unwrap_or(0);
            assert_eq!(*version, before + 1, "{aggregate}");
        }
    }
}

fn unavailable() -> AppError<Refused> {
    AppError::General(General::Unavailable {
        what: "test",
        source: "down".into(),
    })
}

/// Publishes once more what the stream holds already, as after an outage longer than the server remembers ids.
async fn publish_copy(bus: &Bus, event: &Envelope) {
    let mut headers = async_nats::HeaderMap::new();
    for (name, values) in event.headers().iter() {
        if name.to_string() != "Nats-Msg-Id" {
            values
                .iter()
                .for_each(|value| headers.append(name.clone(), value.clone()));
        }
    }
    let sent = bus
        .jetstream
        .publish_with_headers(ADDRESS, headers, event.body.clone())
        .await
        .unwrap();
    sent.await.unwrap();
}

async fn becomes(store: &Store, id: &str, value: i64) {
    let look = || counters::value(store, id);
    wait_for(&format!("{id} = {value}"), LIMIT, look, |seen| *seen >= value).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_takes_effect_in_order_and_once_whatever_is_delivered_twice() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, "funds").await;
        let (_nats, bus) = nats(SERVICE).await;
        let counting = Counting::new(&setting.store);
        let reaction = counting.reaction();
        let mut told = Vec::new();
        for version in 1..=20 {
            for id in ["a", "b", "c"] {
                let event = event(id, version);
                publish(&bus, &event).await;
                // Once more within the batch, and an older one.
                publish_copy(&bus, &event).await;
                told.push(event);
            }
            publish_copy(&bus, &told[0]).await;
        }
        assert_eq!(reactions::drain(&setting.store, &bus, &reaction).await, Ok(140));
        assert_eq!(*counting.batches.lock().unwrap(), [140]);
        counting.assert_in_order();
        assert_eq!(counters::total(&setting.store).await, 60);
        // All of it in batches that come later, with something new at the end.
        for event in &told {
            publish_copy(&bus, event).await;
        }
        publish(&bus, &event("a", 21)).await;
        reactions::drain(&setting.store, &bus, &reaction).await.unwrap();
        counting.assert_in_order();
        assert_eq!(counters::total(&setting.store).await, 61);
        assert!(setting.store.dead_letters(1).await.unwrap().is_empty());
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_after_a_gap_waits_and_the_others_go_on() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, "funds").await;
        let (_nats, bus) = nats(SERVICE).await;
        let counting = Counting::new(&setting.store);
        let reaction = counting.reaction();
        for (id, version) in [("a", 1), ("a", 3), ("b", 1), ("a", 4), ("b", 2)] {
            publish(&bus, &event(id, version)).await;
        }
        reactions::drain(&setting.store, &bus, &reaction).await.unwrap();
        assert_eq!(counters::value(&setting.store, "a").await, 1);
        assert_eq!(counters::value(&setting.store, "b").await, 2);
        let follower = follow(&setting.store, &bus, &reaction);
        publish(&bus, &event("a", 2)).await;
        becomes(&setting.store, "a", 4).await;
        counting.assert_in_order();
        assert!(setting.store.dead_letters(1).await.unwrap().is_empty());
        follower.end().await;
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poisoned_event_is_found_in_its_batch_and_becomes_a_dead_letter() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, "funds").await;
        let (_nats, bus) = nats(SERVICE).await;
        let healed = Arc::new(AtomicBool::new(false));
        let mut counting = Counting::new(&setting.store);
        let cure = healed.clone();
        counting.before = Arc::new(move |batch| {
            let holds = |id: &str| {
                batch
                    .iter()
                    .any(|each| each.event.vote_id == id && each.incoming.version == 1)
            };
            assert!(
                !holds("breaks") || cure.load(Ordering::SeqCst),
                "the handler breaks"
            );
            match holds("refused") && !cure.load(Ordering::SeqCst) {
                true => Err(AppError::Refused(Refused)),
                false => Ok(()),
            }
        });
        let reaction = counting.reaction();
        let mut malformed = event("malformed", 1);
        malformed.body = "{\"voteId\": 7".into();
        for step in 0..200 {
            publish(&bus, &event(&format!("c{step}"), 1)).await;
            match step {
                50 => publish(&bus, &event("refused", 1)).await,
                51 => publish(&bus, &event("refused", 2)).await,
                90 => publish(&bus, &malformed).await,
                120 => publish(&bus, &event("breaks", 1)).await,
                _ => {}
            }
        }
        reactions::drain(&setting.store, &bus, &reaction).await.unwrap();
        assert_eq!(
            counters::total(&setting.store).await,
            200,
            "nobody else was stopped"
        );
        // 204 events, of which two stand in the way: each costs the halves on the way to it.
        let tried = counting.batches.lock().unwrap().len();
        assert!(tried < 60, "{tried} transactions");

        let follower = follow(&setting.store, &bus, &reaction);
        let look = || async { setting.store.dead_letters(100).await.unwrap() };
        let letters = wait_for("dead letters", LIMIT, look, |letters| letters.len() == 3).await;
        let mut reasons: Vec<(&str, &str)> = letters
            .iter()
            .map(|letter| (letter.aggregate.as_str(), letter.reason.as_str()))
            .collect();
        reasons.sort_unstable();
        assert_eq!(
            reasons,
            [
                ("breaks", "PANIC"),
                ("malformed", "EVENT_MALFORMED"),
                ("refused", "COUNTER_REFUSED")
            ]
        );

        // After the cure the replay is handled, and then what waited behind it.
        healed.store(true, Ordering::SeqCst);
        let (store, list) = (setting.store.clone(), Reactions::new().with(reaction.clone()));
        let ticker = Running::start(|stop| deadlines::tick(store, Deadlines::new(), list, stop));
        assert_eq!(request_replay(&setting.database, None).await.unwrap(), 3);
        let unhealed = wait_for("the replay", LIMIT, look, |letters| letters.len() == 1).await;
        assert_eq!(unhealed[0].aggregate, "malformed");
        becomes(&setting.store, "refused", 2).await;
        counting.assert_in_order();
        assert_eq!(counters::total(&setting.store).await, 203);
        ticker.end().await;
        follower.end().await;
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_is_waited_out_by_the_whole_batch() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, "funds").await;
        let (_nats, bus) = nats(SERVICE).await;
        let mut counting = Counting::new(&setting.store);
        let tries = Arc::new(AtomicUsize::new(0));
        let count = tries.clone();
        counting.before = Arc::new(move |_| match count.fetch_add(1, Ordering::SeqCst) {
            0 => Err(unavailable()),
            _ => Ok(()),
        });
        for version in 1..=30 {
            publish(&bus, &event("a", version)).await;
        }
        let reaction = counting.reaction();
        // Nothing was halved: it was tried once, and all of it comes again.
        let drained = reactions::drain(&setting.store, &bus, &reaction).await.unwrap();
        assert!(drained >= 30);
        assert_eq!(counting.batches.lock().unwrap()[0], 30);
        let follower = follow(&setting.store, &bus, &reaction);
        becomes(&setting.store, "a", 30).await;
        counting.assert_in_order();
        assert!(setting.store.dead_letters(1).await.unwrap().is_empty());
        follower.end().await;
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_was_committed_and_not_acknowledged_changes_nothing_when_it_comes_again() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, "funds").await;
        let (_nats, bus) = nats(SERVICE).await;
        let mut counting = Counting::new(&setting.store);
        let tries = Arc::new(AtomicUsize::new(0));
        let count = tries.clone();
        // It took effect; what says so to the server is lost.
        counting.after = Arc::new(move |_| match count.fetch_add(1, Ordering::SeqCst) {
            0 => Err(unavailable()),
            _ => Ok(()),
        });
        for version in 1..=40 {
            publish(&bus, &event("a", version)).await;
            publish(&bus, &event("b", version)).await;
        }
        let reaction = counting.reaction();
        reactions::drain(&setting.store, &bus, &reaction).await.unwrap();
        let follower = follow(&setting.store, &bus, &reaction);
        publish(&bus, &event("a", 41)).await;
        becomes(&setting.store, "a", 41).await;
        let again = || async { counting.batches.lock().unwrap().iter().sum::<usize>() };
        wait_for("the second delivery", LIMIT, again, |seen| *seen >= 161).await;
        counting.assert_in_order();
        assert_eq!(counters::total(&setting.store).await, 81);
        follower.end().await;
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_goes_on_where_one_was_killed_between_commit_and_acknowledgement() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, "funds").await;
        let (_nats, bus) = nats(SERVICE).await;
        let counting = Counting::new(&setting.store);
        let dying = counting.clone();
        let reaction: Reaction = Replica::new("replicate", SERVICE, move |batch| {
            let dying = dying.clone();
            Box::pin(async move {
                dying.apply(batch).await?;
                std::future::pending::<Result<Vec<Standing>>>().await
            })
        })
        .on(|event: VoteCast| Ok::<_, AppError<Refused>>(event))
        .into();
        for version in 1..=40 {
            publish(&bus, &event("a", version)).await;
        }
        let killed = follow(&setting.store, &bus, &reaction);
        becomes(&setting.store, "a", 1).await;
        killed.kill().await;
        let follower = follow(&setting.store, &bus, &counting.reaction());
        publish(&bus, &event("a", 41)).await;
        becomes(&setting.store, "a", 41).await;
        counting.assert_in_order();
        assert_eq!(counters::total(&setting.store).await, 41);
        assert!(setting.store.dead_letters(1).await.unwrap().is_empty());
        follower.end().await;
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_share_a_replica_and_each_event_takes_effect_once_and_in_order() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, "funds").await;
        let (_nats, bus) = nats(SERVICE).await;
        let counting = Counting::new(&setting.store);
        let mut other = counting.clone();
        other.store = setting.replica().await;
        let one = follow(&setting.store, &bus, &counting.reaction());
        let two = follow(&other.store, &bus, &other.reaction());
        for version in 1..=60 {
            for id in ["a", "b", "c", "d", "e"] {
                publish(&bus, &event(id, version)).await;
            }
        }
        let look = || counters::total(&setting.store);
        wait_for("effects", LIMIT, look, |total| *total >= 300).await;
        // The one that follows leaves in order, and the other takes over.
        one.end().await;
        for version in 61..=70 {
            publish(&bus, &event("a", version)).await;
        }
        becomes(&setting.store, "a", 70).await;
        let three = follow(&setting.store, &bus, &counting.reaction());
        two.end().await;
        publish(&bus, &event("a", 71)).await;
        becomes(&setting.store, "a", 71).await;
        assert_eq!(counters::total(&setting.store).await, 311);
        assert!(setting.store.dead_letters(1).await.unwrap().is_empty());
        three.end().await;
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_of_two_processes_at_the_same_time_do_not_take_effect_twice() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, "funds").await;
        let (_nats, bus) = nats(SERVICE).await;
        let counting = Counting::new(&setting.store);
        let mut other = counting.clone();
        other.store = setting.replica().await;
        for version in 1..=3 {
            for step in 0..100 {
                let event = event(&format!("c{step}"), version);
                publish(&bus, &event).await;
                publish_copy(&bus, &event).await;
            }
        }
        // Without the lease, as where a process sleeps past the end of it.
        let (one, two) = (counting.reaction(), other.reaction());
        let look = || async {
            let (one, two) = tokio::join!(
                reactions::drain(&setting.store, &bus, &one),
                reactions::drain(&other.store, &bus, &two)
            );
            one.and(two).unwrap();
            counters::total(&setting.store).await
        };
        let total = wait_for("effects", LIMIT, look, |total| *total >= 300).await;
        assert_eq!(total, 300);
        assert!(setting.store.dead_letters(1).await.unwrap().is_empty());
        setting.end().await;
    }
}
