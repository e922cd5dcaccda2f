//! From start to stop.

use std::time::{Duration, Instant};

use hosting::host::migrate;
use hosting::{Hosted, Service, ServiceConfig};
use lifecycle::{Drain, drain};
use proto::funds::v1::DrawProposed;
use testkit::{TestNats, World, wait_for};
use tokio::net::TcpListener;
use tonic::transport::{Channel, Endpoint};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::service::{Funds, propose};

const LIMIT: Duration = Duration::from_secs(30);
const DRAIN: Drain = Drain {
    grace: Duration::from_millis(50),
    deadline: Duration::from_secs(12),
};

struct Running {
    world: World,
    hosted: Hosted,
    channel: Channel,
}

/// Migrates, declares, starts and listens, as the binary does.
async fn run(mut world: World) -> Running {
    let config = world.service_config().await;
    migrate::<Funds>(&config).await.unwrap();
    world.host.declare_stream::<Funds>().await.unwrap();
    let hosted = world.host.start::<Funds>(&config).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let channel = Endpoint::from_shared(format!("http://{}", listener.local_addr().unwrap()))
        .unwrap()
        .connect_lazy();
    world.host.listen(Funds::NAME, &hosted, listener);
    Running {
        world,
        hosted,
        channel,
    }
}

/// What health says of `service`; `None` where nobody answers.
async fn health(channel: &Channel, service: &str) -> Option<ServingStatus> {
    let request = HealthCheckRequest {
        service: service.into(),
    };
    let answer = HealthClient::new(channel.clone()).check(request).await.ok()?;
    Some(answer.into_inner().status())
}

async fn becomes(channel: &Channel, service: &str, status: ServingStatus) {
    wait_for(
        service,
        LIMIT,
        || health(channel, service),
        |seen| *seen == Some(status),
    )
    .await;
}

async fn events_in_stream(world: &World) -> u64 {
    let stream = world.host.bus.jetstream.get_stream("HEJU_FUNDS").await;
    let Ok(stream) = stream else { return 0 };
    stream.get_info().await.map_or(0, |info| info.state.last_sequence)
}

/// Stops in the order in which the binary does; every task ends by itself and in time.
async fn stop(running: Running) {
    let Running {
        world,
        hosted,
        channel,
    } = running;
    drop(channel);
    let started = Instant::now();
    let host = &world.host;
    let report = drain(host.tasks.shutdown(), &host.readiness, &host.tasks, DRAIN).await;
    assert!(report.is_clean(), "{report:?}");
    assert!(started.elapsed() < DRAIN.deadline);
    drop(hosted);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_serves_reacts_keeps_its_deadlines_and_stops() {
    for backend in testkit::backends().await {
        let running = run(World::new(backend).await).await;
        becomes(&running.channel, "live", ServingStatus::Serving).await;
        becomes(&running.channel, "ready", ServingStatus::Serving).await;
        assert!(running.world.host.readiness.missing().is_empty());
        propose(&running.hosted.store, "draw_1").await;
        wait_for(
            "two events",
            LIMIT,
            || events_in_stream(&running.world),
            |count| *count == 2,
        )
        .await;
        assert!(running.hosted.store.dead_letters(1).await.unwrap().is_empty());
        stop(running).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_of_the_contract_stands_behind_the_guard() {
    let running = run(World::new(testkit::Backend::Sqlite).await).await;
    becomes(&running.channel, "live", ServingStatus::Serving).await;
    let calls: Vec<_> = proto::catalog::calls()
        .iter()
        .filter(|call| call.service == "funds")
        .collect();
    assert!(!calls.is_empty());
    for call in calls {
        let mut client = tonic::client::Grpc::new(running.channel.clone());
        client.ready().await.unwrap();
        let path = call.grpc_path.parse().unwrap();
        // The guard answers before anybody reads the body.
        let request = tonic::Request::new(DrawProposed::default());
        let codec = tonic_prost::ProstCodec::<DrawProposed, DrawProposed>::default();
        let refused = client.unary(request, path, codec).await.unwrap_err();
        let expected = if call.public {
            tonic::Code::Unimplemented
        } else {
            tonic::Code::Unauthenticated
        };
        assert_eq!(refused.code(), expected, "{}", call.full_name);
    }
    stop(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn readiness_follows_nats_and_liveness_does_not() {
    if std::env::var_os("HEJU_TEST_CONTAINERS").is_some() {
        return testkit::skip::report("killing NATS", "it runs in a container");
    }
    let mut running = run(World::new(testkit::Backend::Sqlite).await).await;
    becomes(&running.channel, "ready", ServingStatus::Serving).await;
    nats_ends(&mut running.world);
    becomes(&running.channel, "ready", ServingStatus::NotServing).await;
    assert_eq!(running.world.host.readiness.missing(), ["funds/stream"]);
    assert_eq!(
        health(&running.channel, "live").await,
        Some(ServingStatus::Serving)
    );
    // What is written meanwhile waits in the outbox.
    propose(&running.hosted.store, "draw_1").await;
    nats_begins_again(&mut running.world);
    becomes(&running.channel, "ready", ServingStatus::Serving).await;
    wait_for(
        "two events",
        LIMIT,
        || events_in_stream(&running.world),
        |count| *count == 2,
    )
    .await;
    stop(running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_stops_in_time_while_nats_is_away() {
    if std::env::var_os("HEJU_TEST_CONTAINERS").is_some() {
        return testkit::skip::report("killing NATS", "it runs in a container");
    }
    let mut running = run(World::new(testkit::Backend::Sqlite).await).await;
    becomes(&running.channel, "ready", ServingStatus::Serving).await;
    nats_ends(&mut running.world);
    propose(&running.hosted.store, "draw_1").await;
    becomes(&running.channel, "ready", ServingStatus::NotServing).await;
    stop(running).await;
}

fn nats_ends(world: &mut World) {
    let TestNats::Process(server, _) = &mut world.nats else {
        panic!("a process of its own")
    };
    server.kill();
}

fn nats_begins_again(world: &mut World) {
    let TestNats::Process(server, folder) = &mut world.nats else {
        panic!("a process of its own")
    };
    let program = servers::nats::find().unwrap();
    *server = servers::NatsServer::start(&program, folder.path(), server.port()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn migrating_again_keeps_what_is_there() {
    for backend in testkit::backends().await {
        let mut world = World::new(backend).await;
        let config = world.service_config().await;
        migrate::<Funds>(&config).await.unwrap();
        let hosted = world.host.assemble::<Funds>(&config).await.unwrap();
        propose(&hosted.store, "draw_1").await;
        migrate::<Funds>(&config).await.unwrap();
        assert_eq!(
            outbox::deadlines::round(&hosted.store, &hosted.deadlines)
                .await
                .unwrap(),
            1
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_be_reached_is_told_with_the_services_name() {
    let world = World::new(testkit::Backend::Sqlite).await;
    let url = "postgres://postgres@127.0.0.1:9/funds".to_owned();
    let config = ServiceConfig {
        database: db::Config {
            url,
            ..db::Config::default()
        },
        ..ServiceConfig::default()
    };
    let error = world.host.start::<Funds>(&config).await.err().unwrap();
    assert!(format!("{error:#}").contains("database of funds"), "{error:#}");
    let error = world.host.peers.get("registry").err().unwrap();
    assert!(error.to_string().contains("registry"), "{error:#}");
}
