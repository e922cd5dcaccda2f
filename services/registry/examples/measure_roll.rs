//! Measures the roll and its check on an area of so many homes, on SQLite or PostgreSQL:
//! `cargo run --release -p heju-registry --example measure_roll -- 5000 100000 [--postgres]`.
//! It prints the median and the slowest of several calls through the registry's guard, and the memory of the process.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::{Duration, Instant};

use futures::TryStreamExt;
use ids::{CitizenId, CreditCode};
use proto::registry::v1 as pb;
use proto::registry::v1::registry_service_client::RegistryServiceClient;
use proto::registry::v1::roll_service_client::RollServiceClient;
use registry::Registry;
use rpc::Peer;
use rpc::client::MESSAGE_BYTES_MAX;
use testkit::backend::Backend;
use testkit::{World, people};

const COMMUNITY: &str = "330783004015";
const HOMES_PER_BUILDING: u32 = 400;
const ROWS_PER_TABLE: usize = 20_000;
const CALLS: usize = 7;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let backend = if arguments.iter().any(|argument| argument == "--postgres") {
        Backend::Postgres
    } else {
        Backend::Sqlite
    };
    let mut world = World::new(backend).await;
    let peer = world.add::<Registry>().await.peer();
    for homes in arguments
        .iter()
        .filter_map(|argument| argument.parse::<u32>().ok())
    {
        let area = format!("{COMMUNITY}-{homes}");
        let loaded = Instant::now();
        load(&world, &peer, &area, homes).await;
        println!("{homes} homes loaded in {:?}", loaded.elapsed());
        let area_id = ids::AreaId::derive(&area).to_string();
        let mut times = Vec::new();
        for _ in 0..CALLS {
            times.push(stream(&world, &peer, &area_id, homes).await);
        }
        print("StreamRoll", times);
        let mut times = Vec::new();
        for _ in 0..CALLS {
            times.push(check(&world, &peer, &area_id, homes).await);
        }
        print("CheckReadiness", times);
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        for line in status.lines().filter(|line| line.starts_with("VmHWM")) {
            println!("{line}");
        }
    }
}

fn print(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    println!(
        "{what}: median {:?}, slowest {:?}",
        times[times.len() / 2],
        times[times.len() - 1]
    );
}

async fn stream(world: &World, peer: &Peer, area_id: &str, homes: u32) -> Duration {
    let message = pb::StreamRollRequest {
        scope: Some(proto::common::v1::Scope {
            area_id: area_id.to_owned(),
            ..Default::default()
        }),
        ..Default::default()
    };
    let request = world.request(&people::community(COMMUNITY), message);
    let begun = Instant::now();
    let mut client = RegistryServiceClient::new(peer.clone());
    let mut entries = client.stream_roll(request).await.unwrap().into_inner();
    let mut count = 0;
    while entries.try_next().await.unwrap().is_some() {
        count += 1;
    }
    assert_eq!(count, homes);
    begun.elapsed()
}

async fn check(world: &World, peer: &Peer, area_id: &str, homes: u32) -> Duration {
    let message = pb::CheckReadinessRequest {
        area_id: area_id.to_owned(),
        ..Default::default()
    };
    let request = world.request(&people::community(COMMUNITY), message);
    let begun = Instant::now();
    let mut client = RollServiceClient::new(peer.clone());
    let report = client.check_readiness(request).await.unwrap().into_inner();
    assert_eq!(report.homes, i64::from(homes));
    begun.elapsed()
}

async fn load(world: &World, peer: &Peer, area: &str, homes: u32) {
    let body = "91330783MA2E40029";
    let developer: CreditCode = format!("{body}{}", CreditCode::check_char(body).unwrap())
        .parse()
        .unwrap();
    let firms = format!("credit_code,name,kind\n{developer},东阳建设（演示）,DEVELOPER\n");
    import(world, peer, pb::TableKind::Firms, firms).await;
    let areas = format!(
        "number,name,division_code,developer_credit_code,manager_credit_code\n{area},湖畔花园,{COMMUNITY},{developer},\n"
    );
    import(world, peer, pb::TableKind::Areas, areas).await;
    let buildings = homes.div_ceil(HOMES_PER_BUILDING);
    let rows: String = (1..=buildings)
        .map(|number| format!("{area},{number},30\n"))
        .collect();
    let table = format!("area_number,number,floors\n{rows}");
    import(world, peer, pb::TableKind::Buildings, table).await;
    // Areas of other sizes have other land codes, so that unit numbers do not meet.
    let unit = |number: u32| {
        let (building, home) = (number / HOMES_PER_BUILDING + 1, number % HOMES_PER_BUILDING + 1);
        format!("{COMMUNITY}GB{:05}F{building:04}{home:04}", homes % 99_991)
    };
    let numbers: Vec<u32> = (0..homes).collect();
    for chunk in numbers.chunks(ROWS_PER_TABLE) {
        let rows: String = chunk
            .iter()
            .map(|number| {
                let (building, room) = (number / HOMES_PER_BUILDING + 1, number % HOMES_PER_BUILDING + 1);
                let unit = unit(*number);
                format!("{area},{building},1,{room:04},{unit},100.00,RESIDENTIAL,DELIVERED,2020-05-01\n")
            })
            .collect();
        let header = "area_number,building_number,stairwell,room,unit_number,exclusive_area,use,sale_state,delivered_on";
        import(world, peer, pb::TableKind::Homes, format!("{header}\n{rows}")).await;
        let rows: String = chunk
            .iter()
            .map(|number| {
                let (unit, citizen) = (unit(*number), citizen(*number));
                format!("{unit},张三,CITIZEN_ID,{},2020-05-01\n", citizen.as_str())
            })
            .collect();
        let header = "unit_number,owner_name,document_kind,document_number,owned_since";
        import(
            world,
            peer,
            pb::TableKind::Ownerships,
            format!("{header}\n{rows}"),
        )
        .await;
    }
}

async fn import(world: &World, peer: &Peer, kind: pb::TableKind, table: String) {
    let message = pb::ImportTableRequest {
        kind: kind.into(),
        content: table.into_bytes(),
        dry_run: false,
    };
    let request = world.request(&people::authority("330783"), message);
    let mut client = RegistryServiceClient::new(peer.clone())
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX);
    let report = client.import_table(request).await.unwrap().into_inner();
    assert_eq!(report.errors, []);
}

/// A citizen number that belongs to nobody.
fn citizen(serial: u32) -> CitizenId {
    let (year, month, day) = (
        1940 + serial / 336_000,
        1 + serial / 28_000 % 12,
        1 + serial / 1_000 % 28,
    );
    let body = format!("330783{year}{month:02}{day:02}{:03}", serial % 1_000);
    format!("{body}{}", CitizenId::check_char(&body).unwrap())
        .parse()
        .unwrap()
}
