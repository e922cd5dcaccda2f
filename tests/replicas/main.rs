//! A replica that was there from the first event, and one that is built from an export of the same area, are one.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use committees::Committees;
use funds::Funds;
use proto::registry::v1 as pb;
use proto::registry::v1::building_service_client::BuildingServiceClient;
use proto::registry::v1::export_service_client::ExportServiceClient;
use proto::registry::v1::import_service_client::ImportServiceClient;
use proto::registry::v1::registry_service_client::RegistryServiceClient;
use registry::Registry;
use rpc::Peer;
use rpc::client::MESSAGE_BYTES_MAX;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use seeds::{DEFAULT_SEED, Manifest, Size, Table};
use sha2::{Digest, Sha256};
use testkit::{Backend, World, backends, people};

const CITY: &str = "330783";
const ESTATES: &str = "custom:2:60";

/// What each service keeps of the registry. Versions count what happened, and are another history's.
const REPLICAS: [(&str, &str, &[&str]); 8] = [
    (
        "funds",
        "areas",
        &["id", "number", "name", "division", "developer_id", "manager_id"],
    ),
    ("funds", "buildings", &["id", "area_id", "number"]),
    (
        "funds",
        "homes",
        &[
            "id",
            "area_id",
            "building_id",
            "stairwell",
            "room",
            "unit_number",
            "exclusive_area",
            "home_use",
            "sale_state",
            "delivered_on",
        ],
    ),
    ("funds", "home_owners", &["home_id", "owner_id"]),
    (
        "funds",
        "accounts",
        &["id", "kind", "area_id", "home_id", "balance", "first_deposit"],
    ),
    (
        "committees",
        "areas",
        &["area_id", "division", "manager_id", "developer_id"],
    ),
    ("committees", "buildings", &["building_id", "area_id", "number"]),
    ("committees", "home_owners", &["home_id", "owner_id", "area_id"]),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_from_the_first_event_equals_one_from_an_export() {
    for backend in backends().await {
        let lived = platform(backend).await;
        settle(&lived).await;
        live(&lived).await;
        lived.pump().await;
        lived.assert_no_dead_letters().await;

        let told = platform(backend).await;
        for area in areas(&lived).await {
            let workbook = export(&lived, &area.area_id).await;
            let done = import(&told, pb::TableKind::Unspecified, workbook).await;
            assert_eq!(done.wrong, 0, "{done:?}");
        }
        told.pump().await;
        told.assert_no_dead_letters().await;

        for (service, table, columns) in REPLICAS {
            let (first, second) = (
                rows(&lived, service, table, columns).await,
                rows(&told, service, table, columns).await,
            );
            assert!(!first.is_empty(), "{service}.{table} is empty");
            assert_eq!(first, second, "{service}.{table} on {backend:?}");
        }
    }
}

async fn platform(backend: Backend) -> World {
    let mut world = World::new(backend).await;
    world.add::<Registry>().await;
    world.add::<Funds>().await;
    world.add::<Committees>().await;
    world
}

/// Two estates with all their homes and owners.
async fn settle(world: &World) {
    let folder = tempfile::tempdir().unwrap();
    let sealer = testkit::world::sealer();
    let size: Size = ESTATES.parse().unwrap();
    let derive = |key: &str| sealer.derive_id(key);
    let manifest = seeds::generate(size, DEFAULT_SEED, folder.path(), &derive, &mut |_| {}).unwrap();
    for (table, kind) in [
        (Table::Firms, pb::TableKind::Firms),
        (Table::Areas, pb::TableKind::Areas),
        (Table::Buildings, pb::TableKind::Buildings),
        (Table::Homes, pb::TableKind::Homes),
        (Table::Ownerships, pb::TableKind::Ownerships),
    ] {
        for content in files(folder.path(), &manifest, table) {
            let done = import(world, kind, content).await;
            assert_eq!(done.wrong, 0, "{done:?}");
        }
    }
}

fn files(folder: &std::path::Path, manifest: &Manifest, table: Table) -> Vec<Vec<u8>> {
    manifest
        .files_of(table)
        .map(|entry| std::fs::read(folder.join(&entry.name)).unwrap())
        .collect()
}

/// What happens to homes after they were registered.
async fn live(world: &World) {
    let authority = people::authority(CITY);
    let peer = world.hosted("registry").peer();
    let mut registry = RegistryServiceClient::new(peer.clone());
    let mut buildings = BuildingServiceClient::new(peer);
    let area_id = areas(world).await[0].area_id.clone();
    let list = pb::ListHomesRequest {
        area_id,
        page_size: 200,
        ..Default::default()
    };
    let homes = registry
        .list_homes(world.request(&authority, list))
        .await
        .unwrap();
    let homes = homes.into_inner().homes;
    let owned: Vec<&pb::Home> = homes.iter().filter(|home| !home.owner_ids.is_empty()).collect();
    let [first, second, third, ..] = owned.as_slice() else {
        panic!("the estate has three homes with owners")
    };
    // Sold to others, and to two together; one is sold twice.
    for (home, to) in [(first, second), (second, third), (first, third)] {
        let message = pb::TransferHomeRequest {
            home_id: home.home_id.clone(),
            owner_ids: to.owner_ids.clone(),
            transferred_on: "2026-02-02".into(),
        };
        registry
            .transfer_home(world.request(&authority, message))
            .await
            .unwrap();
    }
    let mut owner_ids = [first.owner_ids.clone(), second.owner_ids.clone()].concat();
    owner_ids.dedup();
    let together = pb::TransferHomeRequest {
        home_id: third.home_id.clone(),
        owner_ids,
        transferred_on: "2026-02-03".into(),
    };
    registry
        .transfer_home(world.request(&authority, together))
        .await
        .unwrap();
    // The register measures again.
    let corrected = pb::CorrectExclusiveAreaRequest {
        home_id: second.home_id.clone(),
        exclusive_area: second.exclusive_area + 7,
        source: pb::AreaSource::Register.into(),
        reason: "登记簿更正登记".into(),
        document_digest: "9f".repeat(32),
    };
    buildings
        .correct_exclusive_area(world.request(&authority, corrected))
        .await
        .unwrap();
    // What the developer still has is sold, and handed over.
    if let Some(home) = homes
        .iter()
        .find(|home| home.sale_state() == proto::common::v1::SaleState::Unsold)
    {
        let sold = pb::SellHomesRequest {
            building_id: home.building_id.clone(),
            home_ids: vec![home.home_id.clone()],
            sold_on: "2026-02-04".into(),
        };
        buildings
            .sell_homes(world.request(&authority, sold))
            .await
            .unwrap();
    }
}

async fn areas(world: &World) -> Vec<pb::Area> {
    let mut client = RegistryServiceClient::new(world.hosted("registry").peer());
    let request = world.request(&people::authority(CITY), pb::ListAreasRequest::default());
    client.list_areas(request).await.unwrap().into_inner().areas
}

async fn export(world: &World, area_id: &str) -> Vec<u8> {
    let mut client = ExportServiceClient::new(world.hosted("registry").peer());
    let message = pb::ExportAreaRequest {
        area_id: area_id.to_owned(),
        ..Default::default()
    };
    let mut request = world.request(&people::authority(CITY), message);
    let reason = tonic::metadata::AsciiMetadataValue::try_from("移交档案".as_bytes()).unwrap();
    request.metadata_mut().insert("call-reason", reason);
    let mut pieces = client.export_area(request).await.unwrap().into_inner();
    let mut content = Vec::new();
    while let Some(piece) = pieces.message().await.unwrap() {
        content.extend(piece.content);
    }
    content
}

/// Loads a table, or a workbook where no kind is said, to its end.
async fn import(world: &World, kind: pb::TableKind, content: Vec<u8>) -> pb::Import {
    let mut client: ImportServiceClient<Peer> = ImportServiceClient::new(world.hosted("registry").peer())
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX);
    let authority = people::authority(CITY);
    let begin = pb::BeginImportRequest {
        kind: kind.into(),
        workbook: kind == pb::TableKind::Unspecified,
        mode: pb::ImportMode::Strict.into(),
        file_name: "estate".into(),
        file_size: content.len() as i64,
        sha256: hex::encode(Sha256::digest(&content)),
        ..Default::default()
    };
    let import = client
        .begin_import(world.request(&authority, begin))
        .await
        .unwrap();
    let import_id = import.into_inner().import_id;
    let part = pb::UploadPartRequest {
        import_id: import_id.clone(),
        offset: 0,
        content,
    };
    client.upload_part(world.request(&authority, part)).await.unwrap();
    world.pump().await;
    let get = pb::GetImportRequest { import_id };
    let done = client
        .get_import(world.request(&authority, get))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(done.state(), pb::ImportState::Finished, "{done:?}");
    done
}

/// The rows of a table as text, sorted.
async fn rows(world: &World, service: &str, table: &str, columns: &[&str]) -> Vec<String> {
    let reader = world.hosted(service).store.reader();
    let backend = reader.get_database_backend();
    let text = |column: &&str| match backend {
        DbBackend::Postgres => format!("COALESCE({column}::text, '-')"),
        _ => format!(
            "COALESCE(CASE typeof({column}) WHEN 'blob' THEN hex({column}) ELSE CAST({column} AS TEXT) END, '-')"
        ),
    };
    let columns: Vec<String> = columns.iter().map(text).collect();
    let sql = format!("SELECT {} AS line FROM {table}", columns.join(" || '|' || "));
    let found = reader
        .query_all_raw(Statement::from_string(backend, sql))
        .await
        .unwrap();
    let mut lines: Vec<String> = found.iter().map(|row| row.try_get("", "line").unwrap()).collect();
    lines.sort_unstable();
    lines
}
