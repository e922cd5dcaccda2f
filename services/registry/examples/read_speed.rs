//! How fast a city's registers are listed and searched by many clients at once, on PostgreSQL.
//!
//! ```sh
//! cargo run --release -p heju-registry --example read_speed -- city 16 10
//! ```
//!
//! The first word is the size of the city, the second how many clients ask at once, the third the seconds of each
//! measurement. Every client goes on asking as soon as it is answered, each time for something else of the city.
//! The first line, an area by its id, is the least that a read costs here; the last column compares with it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod city;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use access::Principal;
use futures::future::BoxFuture;
use proto::registry::v1 as pb;
use proto::registry::v1::registry_service_client::RegistryServiceClient;
use proto::registry::v1::search_service_client::SearchServiceClient;
use rpc::Peer;
use seeds::Size;
use testkit::{World, people};
use tonic::metadata::{Ascii, MetadataValue};

const CITY: &str = "330783";
/// Areas that are asked for in turn, homes of each of them, and addresses.
const AREAS: i32 = 400;
const HOMES: i32 = 3;
const ADDRESSES: usize = 400;
/// The first to read a row after it was written pays for noting that it stands; that is done before the measurement.
const WARM_UP: Duration = Duration::from_secs(2);
/// A page as a screen shows it.
const PAGE: i32 = 50;

/// A request that is made again and again: the number of the turn chooses what it asks for. Answers how much came.
type Ask = Arc<dyn Fn(usize) -> BoxFuture<'static, usize> + Send + Sync>;

/// What is asked for, and by whom.
struct Question {
    what: &'static str,
    ask: Ask,
}

#[tokio::main]
async fn main() {
    let mut words = std::env::args().skip(1);
    let mut word = |default: &str| words.next().unwrap_or_else(|| default.into());
    let size: Size = word("city").parse().expect("a size");
    let clients: usize = word("16").parse().expect("a number of clients");
    let seconds: u64 = word("10").parse().expect("a number of seconds");
    let (world, took) = city::loaded(size, "csv").await;
    println!("loaded in {:.1} s", took.as_secs_f64());

    println!("\n| {clients} clients | a second | median ms | p99 ms | longest ms | p99 beside the first |");
    println!("|---|--:|--:|--:|--:|--:|");
    let mut least = None;
    for question in questions(&world).await {
        measure(&question.ask, clients, WARM_UP).await;
        let mut times = measure(&question.ask, clients, Duration::from_secs(seconds)).await;
        times.sort_unstable();
        let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1_000.0;
        let p99 = at(99);
        println!(
            "| {} | {:.0} | {:.1} | {p99:.1} | {:.1} | {:.1} |",
            question.what,
            times.len() as f64 / seconds as f64,
            at(50),
            at(100),
            p99 / *least.get_or_insert(p99)
        );
    }
}

/// The times of the answers within this duration.
async fn measure(ask: &Ask, clients: usize, lasting: Duration) -> Vec<Duration> {
    let turn = Arc::new(AtomicUsize::new(0));
    let found = Arc::new(AtomicUsize::new(0));
    let until = Instant::now() + lasting;
    let asking = (0..clients).map(|_| {
        let (ask, turn, found) = (ask.clone(), turn.clone(), found.clone());
        tokio::spawn(async move {
            let mut times = Vec::new();
            while Instant::now() < until {
                let begun = Instant::now();
                let count = ask(turn.fetch_add(1, Ordering::Relaxed)).await;
                times.push(begun.elapsed());
                found.fetch_add(count, Ordering::Relaxed);
            }
            times
        })
    });
    let times = futures::future::join_all(asking.collect::<Vec<_>>()).await;
    assert!(found.load(Ordering::Relaxed) > 0, "nothing was found");
    times.into_iter().flat_map(Result::unwrap).collect()
}

async fn questions(world: &World) -> Vec<Question> {
    let peer = world.hosted("registry").peer();
    let asker = |caller: &Principal| Asker {
        peer: peer.clone(),
        bearer: format!("Bearer {}", world.token(caller)).parse().unwrap(),
    };
    let city = asker(&people::authority(CITY));
    let areas = city.clone().list_areas(String::new(), AREAS).await;
    let mut homes = Vec::new();
    for area in &areas {
        homes.extend(city.clone().list_homes(area.area_id.clone(), HOMES).await);
    }
    let of_areas = |read: fn(&pb::Area) -> String| areas.iter().map(read).collect::<Vec<_>>();
    let (ids, names) = (
        of_areas(|area| area.area_id.clone()),
        of_areas(|area| area.name.clone()),
    );
    let prefixes: Vec<String> = homes
        .iter()
        .map(|home| home.unit_number[..20].to_owned())
        .collect();
    let mut addresses = Vec::new();
    for home in homes.iter().step_by(homes.len() / ADDRESSES + 1) {
        let hits = city.clone().search(home.unit_number.clone()).await;
        addresses.extend(hits.into_iter().map(|hit| hit.title));
    }
    let street = asker(&people::street(&areas[0].division_code[..9]));
    let owners = homes
        .iter()
        .filter_map(|home| home.owner_ids.first()?.parse().ok());
    let owners: Vec<Asker> = owners.map(|owner_id| asker(&people::owner(owner_id))).collect();

    let mut questions = Vec::new();
    let mut add = |what, ask: Ask| questions.push(Question { what, ask });
    add(
        "an area by its id",
        each(city.clone(), ids.clone(), |asker, id| asker.get_area(id)),
    );
    for (what, asker) in [
        ("areas of the city by name", &city),
        ("areas of a street by name", &street),
    ] {
        add(
            what,
            each(asker.clone(), names.clone(), |asker, name| async move {
                asker.list_areas(name, PAGE).await.len()
            }),
        );
    }
    add(
        "areas of the city, a page",
        each(city.clone(), names.clone(), |asker, _| async move {
            asker.list_areas(String::new(), PAGE).await.len()
        }),
    );
    add(
        "homes of an area, a page with owners",
        each(city.clone(), ids, |asker, id| async move {
            asker.list_homes(id, PAGE).await.len()
        }),
    );
    add(
        "an owner's own homes",
        Arc::new(move |turn| {
            let asker = owners[turn % owners.len()].clone();
            Box::pin(async move { asker.list_homes(String::new(), PAGE).await.len() })
        }),
    );
    for (what, queries) in [
        ("search: a name", names.clone()),
        (
            "search: initials",
            names.iter().map(|name| initials(name)).collect(),
        ),
        ("search: an address", addresses),
        ("search: the beginning of a unit number", prefixes),
    ] {
        add(
            what,
            each(city.clone(), queries, |asker, query| async move {
                asker.search(query).await.len()
            }),
        );
    }
    questions
}

/// Asks with each of the words in turn.
fn each<F>(asker: Asker, words: Vec<String>, ask: impl Fn(Asker, String) -> F + Send + Sync + 'static) -> Ask
where
    F: Future<Output = usize> + Send + 'static,
{
    Arc::new(move |turn| Box::pin(ask(asker.clone(), words[turn % words.len()].clone())))
}

fn initials(name: &str) -> String {
    use pinyin::ToPinyin;
    name.chars()
        .filter_map(|character| character.to_pinyin())
        .map(pinyin::Pinyin::first_letter)
        .collect()
}

/// Asks as one caller.
#[derive(Clone)]
struct Asker {
    peer: Peer,
    bearer: MetadataValue<Ascii>,
}

impl Asker {
    fn request<T>(&self, message: T) -> tonic::Request<T> {
        let mut request = tonic::Request::new(message);
        request
            .metadata_mut()
            .insert("authorization", self.bearer.clone());
        request
    }

    fn registry(&self) -> RegistryServiceClient<Peer> {
        RegistryServiceClient::new(self.peer.clone())
    }

    async fn get_area(self, area_id: String) -> usize {
        let request = self.request(pb::GetAreaRequest {
            area_id,
            ..Default::default()
        });
        self.registry().get_area(request).await.unwrap();
        1
    }

    async fn list_areas(self, query: String, page_size: i32) -> Vec<pb::Area> {
        let request = self.request(pb::ListAreasRequest {
            query,
            page_size,
            ..Default::default()
        });
        self.registry()
            .list_areas(request)
            .await
            .unwrap()
            .into_inner()
            .areas
    }

    async fn list_homes(self, area_id: String, page_size: i32) -> Vec<pb::Home> {
        let request = self.request(pb::ListHomesRequest {
            area_id,
            page_size,
            ..Default::default()
        });
        self.registry()
            .list_homes(request)
            .await
            .unwrap()
            .into_inner()
            .homes
    }

    async fn search(self, query: String) -> Vec<pb::Hit> {
        let request = self.request(pb::SearchRequest {
            query,
            page_size: PAGE,
            ..Default::default()
        });
        let mut client = SearchServiceClient::new(self.peer.clone());
        client.search(request).await.unwrap().into_inner().hits
    }
}
