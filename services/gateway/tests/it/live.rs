//! Live events over a real NATS: filtered by jurisdiction, resumed without loss or repeat, ended with the process.

use std::time::Duration;

use access::{Principal, Role};
use bytes::Bytes;
use chrono::Utc;
use events::{Bus, Envelope};
use ids::EventId;
use testkit::TestNats;

use crate::world::{Setting, World, administrator, refused};

const HERE: &str = "330783004015";
const NEXT_STREET: &str = "330783001002";

struct Stage {
    world: World,
    bus: Bus,
    _nats: TestNats,
}

impl Stage {
    async fn new(change: impl FnOnce(&mut gateway::Config)) -> Stage {
        let nats = TestNats::start().await.unwrap();
        let bus = nats.bus().await.unwrap();
        for service in ["registry", "funds", "committees"] {
            events::stream::declare(&bus, service).await.unwrap();
        }
        let mut setting = Setting {
            bus: Some(bus.clone()),
            ..Setting::default()
        };
        change(&mut setting.config);
        Stage {
            world: World::with(setting).await,
            bus,
            _nats: nats,
        }
    }

    async fn publish(&self, service: &str, aggregate: &str, name: &str, division: &str, body: &str) {
        let event = Envelope {
            id: EventId::generate(),
            kind: format!("heju.{service}.v1.{name}"),
            source: service.into(),
            aggregate: format!("{aggregate}_1"),
            sequence: 1,
            time: Utc::now(),
            trace_parent: None,
            body: Bytes::from(body.to_owned()),
        };
        let subject = events::subject::of(
            service,
            aggregate,
            &name.to_lowercase(),
            &division.parse().unwrap(),
        );
        let sent = self
            .bus
            .jetstream
            .publish_with_headers(subject, event.headers(), event.body)
            .await
            .unwrap();
        sent.await.unwrap();
    }

    async fn open(&self, principal: &Principal, place: Option<&str>) -> Reader {
        let request = self
            .world
            .get("/v1/events/stream")
            .bearer_auth(self.world.token(principal));
        let request = match place {
            Some(place) => request.header("last-event-id", place),
            None => request,
        };
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200, "{}", response.text().await.unwrap());
        assert!(
            response.headers()["content-type"]
                .to_str()
                .unwrap()
                .starts_with("text/event-stream")
        );
        Reader {
            response,
            rest: String::new(),
        }
    }
}

struct Reader {
    response: reqwest::Response,
    rest: String,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    id: String,
    event: String,
    data: String,
}

impl Reader {
    /// The next block that is no heartbeat; none at the end.
    async fn next(&mut self) -> Option<Told> {
        loop {
            if let Some((block, rest)) = self.rest.clone().split_once("\n\n") {
                self.rest = rest.to_owned();
                let field = |name: &str| {
                    let line = block
                        .lines()
                        .find_map(|line| line.strip_prefix(&format!("{name}:")));
                    line.unwrap_or_default().trim().to_owned()
                };
                let told = Told {
                    id: field("id"),
                    event: field("event"),
                    data: field("data"),
                };
                if told != Told::default() {
                    return Some(told);
                }
                continue;
            }
            let chunk = tokio::time::timeout(Duration::from_secs(20), self.response.chunk()).await;
            match chunk.expect("an event within 20 s") {
                Ok(Some(chunk)) => self.rest.push_str(std::str::from_utf8(&chunk).unwrap()),
                Ok(None) | Err(_) => return None,
            }
        }
    }
}

fn street() -> Principal {
    Principal::person("street", "白云街道")
        .with_role(Role::Street)
        .with_jurisdiction("330783004".parse().unwrap())
}

#[tokio::test]
async fn an_office_sees_what_happens_in_its_jurisdiction_and_the_city_sees_all() {
    let stage = Stage::new(|_| {}).await;
    stage
        .publish("funds", "draw", "Proposed", HERE, "{\"before\":true}")
        .await;
    let mut street = stage.open(&street(), None).await;
    let mut city = stage.open(&administrator(), None).await;
    assert_eq!(street.next().await.unwrap().id, "COMMITTEES:0,FUNDS:1,REGISTRY:0");
    city.next().await.unwrap();

    stage
        .publish("funds", "draw", "Proposed", NEXT_STREET, "{\"n\":1}")
        .await;
    assert_eq!(city.next().await.unwrap().data, "{\"n\":1}");
    stage
        .publish("committees", "ballot", "Announced", HERE, "{\"n\":2}")
        .await;
    let told = Told {
        id: "COMMITTEES:1,FUNDS:1,REGISTRY:0".into(),
        event: "heju.committees.v1.Announced".into(),
        data: "{\"n\":2}".into(),
    };
    assert_eq!(
        street.next().await.unwrap(),
        told,
        "the other street's event is not seen"
    );
    assert_eq!(city.next().await.unwrap().id, "COMMITTEES:1,FUNDS:2,REGISTRY:0");
}

#[tokio::test]
async fn who_comes_back_misses_nothing_and_gets_nothing_twice() {
    let stage = Stage::new(|_| {}).await;
    let mut reader = stage.open(&street(), None).await;
    let mut place = reader.next().await.unwrap().id;
    let mut told = Vec::new();
    for round in 0..6 {
        for (service, aggregate) in [("funds", "draw"), ("registry", "area"), ("committees", "ballot")] {
            stage
                .publish(
                    service,
                    aggregate,
                    "Changed",
                    HERE,
                    &format!("\"{service} {round}\""),
                )
                .await;
            stage
                .publish(service, aggregate, "Changed", NEXT_STREET, "\"elsewhere\"")
                .await;
        }
        // Reads one, loses the connection, comes back.
        let event = reader.next().await.unwrap();
        told.push(event.data);
        place = event.id;
        drop(reader);
        reader = stage.open(&street(), Some(&place)).await;
        assert_eq!(reader.next().await.unwrap().id, place);
    }
    while told.len() < 18 {
        told.push(reader.next().await.unwrap().data);
    }
    for service in ["funds", "registry", "committees"] {
        let own: Vec<&String> = told.iter().filter(|data| data.contains(service)).collect();
        let wanted: Vec<String> = (0..6).map(|round| format!("\"{service} {round}\"")).collect();
        assert_eq!(own, wanted.iter().collect::<Vec<_>>());
    }
    drop(reader);
    let mut again = stage.open(&street(), Some(&place)).await;
    assert_eq!(again.next().await.unwrap().id, place);
}

#[tokio::test]
async fn a_place_that_is_none_and_a_caller_without_office_are_refused() {
    let stage = Stage::new(|_| {}).await;
    for place in ["nonsense", "FUNDS:99", "FUNDS:1,FUNDS:1"] {
        let request = stage
            .world
            .read("/v1/events/stream")
            .header("last-event-id", place);
        let (status, reason, _) = refused(request.send().await.unwrap()).await;
        assert_eq!(
            (status, reason.as_str()),
            (400, "LAST_EVENT_ID_MALFORMED"),
            "{place}"
        );
    }
    let owner = testkit::people::owner(ids::OwnerId::derive("somebody"));
    let firm = testkit::people::firm(ids::FirmId::derive("some firm"));
    let lost = Principal::person("lost", "无区划").with_role(Role::Street);
    let posing = owner.clone().with_jurisdiction("330783".parse().unwrap());
    for principal in [owner, firm, lost, posing] {
        let request = stage
            .world
            .get("/v1/events/stream")
            .bearer_auth(stage.world.token(&principal));
        let (status, reason, _) = refused(request.send().await.unwrap()).await;
        assert_eq!((status, reason.as_str()), (403, "NOT_ALLOWED"), "{principal:?}");
    }
}

#[tokio::test]
async fn streams_are_counted_kept_alive_and_ended_with_the_process() {
    let mut stage = Stage::new(|config| {
        config.events.streams_per_account = 1;
        config.events.heartbeat_s = 1;
    })
    .await;
    let mut reader = stage.open(&street(), None).await;
    reader.next().await.unwrap();
    let second = stage
        .world
        .get("/v1/events/stream")
        .bearer_auth(stage.world.token(&street()))
        .send()
        .await
        .unwrap();
    let (status, reason, _) = refused(second).await;
    assert_eq!((status, reason.as_str()), (429, "TOO_MANY_STREAMS"));

    let heartbeat = tokio::time::timeout(Duration::from_secs(5), reader.response.chunk())
        .await
        .unwrap();
    assert!(heartbeat.unwrap().unwrap().starts_with(b": heartbeat"));

    stage.world.stop.cancel();
    assert_eq!(reader.next().await, None);
    let served = stage.world.served.take().unwrap();
    tokio::time::timeout(Duration::from_secs(5), served)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn without_nats_live_events_are_503_and_everything_else_works() {
    let world = World::new().await;
    let (status, reason, _) = refused(world.read("/v1/events/stream").send().await.unwrap()).await;
    assert_eq!((status, reason.as_str()), (503, "UNAVAILABLE"));
    assert_eq!(world.read("/v1/me").send().await.unwrap().status(), 200);
}
