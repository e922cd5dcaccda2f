//! How long a whole city takes to load, beside `psql`'s COPY of the same rows into the same tables, indexes on.
//!
//! ```sh
//! cargo run --release -p heju-registry --example import_speed -- csv city
//! ```
//!
//! The first word is `csv` or `xlsx`, the second `small`, `city` or `custom:<estates>:<homes>`.
//! `HEJU_TEST_POSTGRES` names a server; without it one is started that does not wait for the disk, for both sides.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use proto::registry::v1 as pb;
use proto::registry::v1::import_service_client::ImportServiceClient;
use registry::Registry;
use rpc::client::MESSAGE_BYTES_MAX;
use rust_xlsxwriter::Workbook;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use seeds::{DEFAULT_SEED, Manifest, Size, Table};
use sha2::{Digest, Sha256};
use testkit::{Backend, World, people};

const PART: usize = 4 * 1024 * 1024;
/// In the order in which they build on each other.
const TABLES: [(Table, pb::TableKind); 5] = [
    (Table::Firms, pb::TableKind::Firms),
    (Table::Areas, pb::TableKind::Areas),
    (Table::Buildings, pb::TableKind::Buildings),
    (Table::Homes, pb::TableKind::Homes),
    (Table::Ownerships, pb::TableKind::Ownerships),
];
const REGISTERS: [&str; 7] = [
    "firms",
    "areas",
    "buildings",
    "homes",
    "owners",
    "ownerships",
    "ownership_owners",
];

#[tokio::main]
async fn main() {
    let mut words = std::env::args().skip(1);
    let format = words.next().unwrap_or_else(|| "csv".into());
    let size: Size = words
        .next()
        .unwrap_or_else(|| "city".into())
        .parse()
        .expect("a size");
    let folder = tempfile::tempdir().unwrap();
    let sealer = testkit::world::sealer();
    let manifest = seeds::generate(
        size,
        DEFAULT_SEED,
        folder.path(),
        &|key| sealer.derive_id(key),
        &mut |_| {},
    )
    .unwrap();

    let mut world = World::new(Backend::Postgres).await;
    world.add::<Registry>().await;
    let before = resident_max();
    let mut imported = Duration::ZERO;
    for (table, kind) in TABLES {
        let content = file(folder.path(), &manifest, table, &format);
        let bytes = content.len();
        let begun = Instant::now();
        let done = load(&world, kind, content).await;
        let took = begun.elapsed();
        imported += took;
        assert_eq!(done.state(), pb::ImportState::Finished, "{done:?}");
        println!(
            "{:<12} {:>8} rows {:>9} bytes {:>8.2} s {:>8.0} rows/s",
            format!("{table:?}"),
            done.recorded,
            bytes,
            took.as_secs_f64(),
            f64::from(done.recorded) / took.as_secs_f64()
        );
    }
    println!("most memory: {before} KiB before, {} KiB after", resident_max());

    let ours = world.service_config().await.database.url; // a fresh database, not migrated
    hosting::host::migrate::<Registry>(&hosting::ServiceConfig {
        database: db::Config {
            url: ours.clone(),
            ..db::Config::default()
        },
        ..hosting::ServiceConfig::default()
    })
    .await
    .unwrap();
    let reader = world.hosted("registry").store.reader();
    let sql = Statement::from_string(DbBackend::Postgres, "SELECT current_database() AS name");
    let name: String = reader
        .query_one_raw(sql)
        .await
        .unwrap()
        .unwrap()
        .try_get("", "name")
        .unwrap();
    let (server, _) = ours.rsplit_once('/').unwrap();
    let loaded = format!("{server}/{name}");
    let mut copied = Duration::ZERO;
    let mut copied_registers = Duration::ZERO;
    for table in REGISTERS.iter().copied().chain(["outbox"]) {
        let out = folder.path().join(format!("{table}.copy"));
        psql(&loaded, &format!("\\copy {table} TO '{}'", out.display()));
        let took = psql(&ours, &format!("\\copy {table} FROM '{}'", out.display()));
        println!("COPY {table:<18} {:>8.2} s", took.as_secs_f64());
        copied += took;
        if table != "outbox" {
            copied_registers += took;
        }
    }
    let ratio = |copied: Duration| imported.as_secs_f64() / copied.as_secs_f64();
    println!(
        "import {:.2} s; COPY of the registers {:.2} s: {:.2} times; with the events {:.2} s: {:.2} times",
        imported.as_secs_f64(),
        copied_registers.as_secs_f64(),
        ratio(copied_registers),
        copied.as_secs_f64(),
        ratio(copied)
    );
}

/// One file for all parts of a table.
fn file(folder: &Path, manifest: &Manifest, table: Table, format: &str) -> Vec<u8> {
    let mut text = String::new();
    for entry in manifest.files_of(table) {
        let part = std::fs::read_to_string(folder.join(&entry.name)).unwrap();
        let rows = if text.is_empty() {
            part.as_str()
        } else {
            part.split_once('\n').unwrap().1
        };
        text.push_str(rows);
    }
    if format == "csv" {
        return text.into_bytes();
    }
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet_with_low_memory().unwrap();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    for (row, record) in (0..).zip(reader.records()) {
        for (column, cell) in (0..).zip(record.unwrap().iter()) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

async fn load(world: &World, kind: pb::TableKind, content: Vec<u8>) -> pb::Import {
    let mut client = ImportServiceClient::new(world.hosted("registry").peer())
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX);
    let caller = people::administrator();
    let begin = pb::BeginImportRequest {
        kind: kind.into(),
        mode: pb::ImportMode::Lenient.into(),
        file_name: "city".into(),
        file_size: content.len() as i64,
        sha256: hex::encode(Sha256::digest(&content)),
        ..Default::default()
    };
    let import = client.begin_import(world.request(&caller, begin)).await.unwrap();
    let import_id = import.into_inner().import_id;
    for (place, part) in content.chunks(PART).enumerate() {
        let part = pb::UploadPartRequest {
            import_id: import_id.clone(),
            offset: (place * PART) as i64,
            content: part.to_vec(),
        };
        client.upload_part(world.request(&caller, part)).await.unwrap();
    }
    let hosted = world.hosted("registry");
    while outbox::deadlines::round(&hosted.store, &hosted.deadlines)
        .await
        .unwrap()
        > 0
    {}
    let get = pb::GetImportRequest { import_id };
    client
        .get_import(world.request(&caller, get))
        .await
        .unwrap()
        .into_inner()
}

fn psql(url: &str, command: &str) -> Duration {
    let begun = Instant::now();
    let done = Command::new("psql")
        .args([
            "--quiet",
            "--no-psqlrc",
            "--set=ON_ERROR_STOP=1",
            "--command",
            command,
            url,
        ])
        .status()
        .expect("psql is there");
    assert!(done.success(), "{command}");
    begun.elapsed()
}

/// Peak memory of this process in KiB.
fn resident_max() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .unwrap_or(0)
}
