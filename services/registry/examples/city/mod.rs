//! A made city, loaded into a registry of its own through the calls of an import.

use std::path::Path;
use std::time::{Duration, Instant};

use proto::registry::v1 as pb;
use proto::registry::v1::import_service_client::ImportServiceClient;
use registry::Registry;
use rpc::client::MESSAGE_BYTES_MAX;
use rust_xlsxwriter::Workbook;
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

/// A world whose registry holds a city of this size, loaded from files of this format, `csv` or `xlsx`, and how long
/// that took.
pub async fn loaded(size: Size, format: &str) -> (World, Duration) {
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
    // Twice the cores of the database, which is on this machine: more answer no more, and the slowest later.
    let cores = std::thread::available_parallelism().map_or(2, |cores| cores.get() as u32);
    let mut world = World::new(Backend::Postgres).await.with_connections(2 * cores);
    world.add::<Registry>().await;
    let mut imported = Duration::ZERO;
    for (table, kind) in TABLES {
        let content = file(folder.path(), &manifest, table, format);
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
    (world, imported)
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
