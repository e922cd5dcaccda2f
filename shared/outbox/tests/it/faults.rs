//! NATS goes away and comes back.

use std::time::Duration;

use outbox::{Reaction, Received, reactions};
use proto::committees::v1::VoteCast;
use testkit::{TestNats, wait_for};

use crate::counters::{self, Refused, SERVICE, add, call, command};
use crate::relay::{assert_all_published, relay};
use crate::setting::{LIMIT, Running, Setting, nats, stream_holds};

/// Kills the server, waits, and starts it again on its folder and port.
async fn kill_and_restart(nats: TestNats, pause: Duration) -> TestNats {
    let TestNats::Process(mut server, folder) = nats else {
        panic!("the fault needs a process of its own");
    };
    let port = server.port();
    tokio::task::spawn_blocking(move || {
        server.kill();
        std::thread::sleep(pause);
        drop(server);
        let program = servers::nats::find().unwrap();
        let server = servers::NatsServer::start(&program, folder.path(), port).unwrap();
        TestNats::Process(server, folder)
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_doubled_while_nats_is_killed_and_comes_back() {
    for backend in testkit::backends().await {
        if std::env::var_os("HEJU_TEST_CONTAINERS").is_some() {
            return testkit::skip::report("killing NATS", "it runs in a container");
        }
        let setting = Setting::new(backend, SERVICE).await;
        let replica = Setting::new(backend, "funds").await;
        let (nats, bus) = nats(SERVICE).await;
        let relay = relay(&setting.store, &bus);
        let store = replica.store.clone();
        let reaction =
            Reaction::new("on_vote_cast", SERVICE).on::<VoteCast, Refused, _, _>(move |ctx, received| {
                let store = store.clone();
                async move {
                    let Received { event, incoming } = received;
                    let tx = store.begin_write().await?;
                    if !tx.first_time(&ctx).await? || !tx.next_version(&incoming).await? {
                        return Ok(());
                    }
                    counters::bump(&tx, &event.vote_id).await?;
                    tx.commit().await?;
                    Ok(())
                }
            });
        let (store, other) = (replica.store.clone(), bus.clone());
        let follower = Running::start(|stop| reactions::follow(store, other, reaction, stop));

        let store = setting.store.clone();
        let writer = tokio::spawn(async move {
            for step in 0..500 {
                let id = format!("counter-{}", step % 7);
                add(&store, &call(&format!("key-{step}")), command(&id, 1))
                    .await
                    .unwrap();
            }
        });
        stream_holds(&bus, SERVICE, 40).await;
        let nats = kill_and_restart(nats, Duration::from_millis(700)).await;
        let nats = kill_and_restart(nats, Duration::from_millis(10)).await;
        writer.await.unwrap();
        stream_holds(&bus, SERVICE, 500).await;
        assert_all_published(&setting.store, &bus).await;
        // Events that were under way when the server died come again when their time to be acknowledged is over.
        let handled = wait_for(
            "effects",
            LIMIT * 2,
            || counters::total(&replica.store),
            |total| *total >= 500,
        )
        .await;
        assert_eq!(handled, 500);
        assert!(replica.store.dead_letters(1).await.unwrap().is_empty());
        follower.end().await;
        relay.end().await;
        drop(nats);
        setting.end().await;
        replica.end().await;
    }
}
