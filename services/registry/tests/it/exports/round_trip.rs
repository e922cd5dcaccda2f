//! A whole area taken away and loaded into an empty registry stands there without a difference.

use proto::registry::v1 as pb;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use testkit::{backends, people};
use uuid::Uuid;

use super::equipped::{equip, equip_beside, equipment_of};
use super::{File, Rows, households, sheets, to_csv};
use crate::imports::file::File as Upload;
use crate::world::*;

pub const KINDS: [(&str, pb::TableKind); 15] = [
    ("企业", pb::TableKind::Firms),
    ("物业管理区域", pb::TableKind::Areas),
    ("幢", pb::TableKind::Buildings),
    ("房屋", pb::TableKind::Homes),
    ("产权", pb::TableKind::Ownerships),
    ("幢资料", pb::TableKind::BuildingFacts),
    ("设施设备", pb::TableKind::Equipment),
    ("检验记录", pb::TableKind::Inspections),
    ("公共车位", pb::TableKind::Parking),
    ("共有与登记", pb::TableKind::Holdings),
    ("业主核实", pb::TableKind::OwnerRecords),
    ("监护人与代理人", pb::TableKind::Agents),
    ("推举代表", pb::TableKind::Representatives),
    ("专有面积沿革", pb::TableKind::ExclusiveAreas),
    ("案卷", pb::TableKind::Dossiers),
];

/// What belongs to an area, and is the same wherever it is registered: versions count what happened and are not.
const TABLES: [(&str, &[&str]); 14] = [
    ("firms", &["id", "credit_code", "name", "kind"]),
    (
        "areas",
        &[
            "id",
            "number",
            "name",
            "division_code",
            "developer_id",
            "manager_id",
        ],
    ),
    ("buildings", &["id", "area_id", "number", "floors"]),
    (
        "homes",
        &[
            "id",
            "area_id",
            "building_id",
            "stairwell",
            "room",
            "unit_number",
            "exclusive_area",
            "usage",
            "sale_state",
            "delivered_on",
        ],
    ),
    ("ownerships", &["home_id", "owner_ids", "valid_from", "valid_to"]),
    (
        "owners",
        &[
            "id",
            "document_index",
            "name_masked",
            "document_masked",
            "legal_person",
        ],
    ),
    ("home_sales", &["home_id", "sold_on"]),
    (
        "home_areas",
        &[
            "home_id",
            "place",
            "exclusive_area",
            "source",
            "since",
            "document_digest",
            "reason",
        ],
    ),
    (
        "building_facts",
        &["building_id", "completed_on", "design_life_years"],
    ),
    (
        "holdings",
        &["id", "home_id", "since", "shares", "title", "registered_on"],
    ),
    (
        "owner_records",
        &[
            "owner_id",
            "mobile_masked",
            "mobile_index",
            "verification",
            "verified_on",
            "mismatch",
        ],
    ),
    ("owner_twins", &["owner_id", "twin_id"]),
    (
        "agents",
        &[
            "owner_id",
            "from_on",
            "agent_id",
            "ground",
            "until_on",
            "document_digest",
        ],
    ),
    (
        "representations",
        &[
            "id",
            "from_on",
            "area_id",
            "head_key",
            "owner_id",
            "document_digest",
            "version",
        ],
    ),
];

/// SHA-256 of nothing.
const DIGEST: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const FACTS_HEADER: &str = "area_number,building_number,completed_on,design_life_years\n";

/// An area in which everything occurs that a register knows.
async fn lived_in(registry: &TestRegistry) {
    settle(registry, 1, 1..=8).await;
    // More than a page of the export and more than an event.
    settle(registry, 3, 1..=620).await;
    let code = developer_code();
    let homes = [
        format!("{AREA},2,,1F-1,{},12345.67,COMMERCIAL,SOLD,", unit(2, 1)),
        format!("{AREA},2,,B1-001,{},0.01,PARKING,UNSOLD,", unit(2, 2)),
        format!("{AREA},2,2,101,{},89.3,RESIDENTIAL,SOLD,", unit(2, 3)),
        format!(
            "{AREA},2,2,102,{},120,RESIDENTIAL,DELIVERED,2019-06-30",
            unit(2, 4)
        ),
    ];
    let table = format!("{HOMES_HEADER}{}\n", homes.join("\n"));
    registry.load(pb::TableKind::Homes, &table).await;
    let owners = [
        // A company, and three who own together, one of whom has a name that needs care in a CSV.
        format!(
            "{},湖畔（演示）有限公司,CREDIT_CODE,{code},2020-05-01",
            unit(2, 1)
        ),
        format!(
            "{},\"欧阳\"\"明\"\",𠮷\",CITIZEN_ID,{},2019-06-30",
            unit(2, 4),
            citizen(2001).as_str()
        ),
        format!(
            "{},李四,CITIZEN_ID,{},2019-06-30",
            unit(2, 4),
            citizen(2002).as_str()
        ),
        format!(
            "{},王五,CITIZEN_ID,{},2019-06-30",
            unit(2, 4),
            citizen(2003).as_str()
        ),
    ];
    let table = format!("{OWNERSHIPS_HEADER}{}\n", owners.join("\n"));
    registry.load(pb::TableKind::Ownerships, &table).await;

    let authority = people::authority(CITY);
    let mut serial = 0;
    let mut transfer = async |home: ids::HomeId, owners: &[ids::OwnerId], on: &str| {
        serial += 1;
        let key = format!("t{serial}");
        registry
            .transfer(&authority, &key, home, owners, on)
            .await
            .unwrap();
    };
    households::three(registry, home(2, 4), [2001, 2002, 2003]).await;
    // Sold, and bought back by the first owner.
    transfer(home(1, 1), &[owner(2001), owner(2002)], "2021-01-01").await;
    households::couple(registry, home(1, 1), [2001, 2002]).await;
    transfer(home(1, 1), &[owner(1001)], "2022-02-02").await;
    // Put right on the very day.
    transfer(home(1, 2), &[owner(2003)], "2024-04-04").await;
    transfer(home(1, 2), &[owner(2002)], "2024-04-04").await;
    // And that again, and once more: nobody owned it for a day but the first and the last.
    for serial in [2003, 2001, 2003, 1001] {
        transfer(home(1, 3), &[owner(serial)], "2025-05-05").await;
    }
    transfer(home(2, 4), &[owner(2001)], TODAY).await;
    registry
        .deliver(&authority, "d", building("2"), &[home(2, 1)], TODAY)
        .await
        .unwrap();
    for (number, area, source) in [
        (5, 10_050, pb::AreaSource::Survey),
        (5, 10_049, pb::AreaSource::Register),
        (6, 9_999, pb::AreaSource::Register),
    ] {
        let correction = pb::CorrectExclusiveAreaRequest {
            home_id: home(1, number).to_string(),
            exclusive_area: area,
            source: source.into(),
            document_digest: DIGEST.into(),
            reason: format!("-更正１为 {area}\n=见附件"),
        };
        let corrected = call!(
            registry,
            building_client.correct_exclusive_area,
            &authority,
            &area.to_string(),
            correction
        );
        corrected.unwrap();
    }
    let unsold = format!(
        "{HOMES_HEADER}{AREA},2,1,301,{},75.50,COMMERCIAL,UNSOLD,\n",
        unit(2, 5)
    );
    registry.load(pb::TableKind::Homes, &unsold).await;
    let sale = pb::SellHomesRequest {
        building_id: building("2").to_string(),
        home_ids: vec![home(2, 5).to_string()],
        sold_on: "2026-02-27".into(),
    };
    let sold = call!(registry, building_client.sell_homes, &authority, "sale", sale);
    sold.unwrap();
    let facts = format!("{FACTS_HEADER}{AREA},1,2018-12-01,50\n{AREA},3,2019-01-05,\n");
    registry.load(pb::TableKind::BuildingFacts, &facts).await;
    households::people(registry, code.as_str()).await;
    equip(registry).await;
}

/// An area beside it, of which nothing may be taken along.
async fn neighbour(registry: &TestRegistry) {
    let number = "330783001014-0009";
    registry
        .load(pb::TableKind::Areas, &areas(&[(number, OTHER_COMMUNITY)]))
        .await;
    let table = format!("area_number,number,floors\n{number},1,6\n");
    registry.load(pb::TableKind::Buildings, &table).await;
    let unit = format!("{OTHER_COMMUNITY}GB00001F00010001");
    let table = format!("{HOMES_HEADER}{number},1,1,101,{unit},80.00,RESIDENTIAL,SOLD,\n");
    registry.load(pb::TableKind::Homes, &table).await;
    equip_beside(registry, number).await;
}

async fn taken(registry: &TestRegistry) -> Vec<(String, Rows)> {
    sheets(&workbook_of(registry).await)
}

async fn workbook_of(registry: &TestRegistry) -> File {
    let file = registry
        .take_area(&people::authority(CITY), "移交档案")
        .await
        .unwrap();
    assert_eq!(file.name, format!("全量-{AREA}-20260302.xlsx"));
    assert_eq!(
        file.content_type,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    );
    file
}

/// The rows of a table as text, sorted.
pub async fn rows(registry: &TestRegistry, table: &str, columns: &[&str], condition: &str) -> Vec<String> {
    let reader = registry.world.hosted("registry").store.reader();
    let backend = reader.get_database_backend();
    let text = |column: &&str| match backend {
        DbBackend::Postgres => format!("COALESCE({column}::text, '-')"),
        _ => format!(
            "COALESCE(CASE typeof({column}) WHEN 'blob' THEN hex({column}) ELSE CAST({column} AS TEXT) END, '-')"
        ),
    };
    let columns: Vec<String> = columns.iter().map(text).collect();
    let sql = format!(
        "SELECT {} AS line FROM {table} WHERE {condition}",
        columns.join(" || '|' || ")
    );
    let found = reader
        .query_all_raw(Statement::from_string(backend, sql))
        .await
        .unwrap();
    let mut lines: Vec<String> = found.iter().map(|row| row.try_get("", "line").unwrap()).collect();
    lines.sort_unstable();
    lines
}

/// Names and document numbers in clear, by owner.
async fn names(registry: &TestRegistry) -> Vec<(String, String, String)> {
    let reader = registry.world.hosted("registry").store.reader();
    let sql = "SELECT id, name_sealed, document_sealed FROM owners";
    let found = reader
        .query_all_raw(Statement::from_string(reader.get_database_backend(), sql))
        .await
        .unwrap();
    let sealer = testkit::world::sealer();
    let mut names: Vec<_> = found
        .iter()
        .map(|row| {
            let id = ids::OwnerId::from_uuid(row.try_get::<Uuid>("", "id").unwrap()).to_string();
            let open = |field: &str, column: &str| {
                let sealed: String = row.try_get("", column).unwrap();
                sealer.open(field, &id, &sealed).unwrap()
            };
            let (name, number) = (
                open("owner.name", "name_sealed"),
                open("owner.document", "document_sealed"),
            );
            (id, name, number)
        })
        .collect();
    names.sort_unstable();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn an_area_imports_into_an_empty_registry_without_a_difference() {
    for backend in backends().await {
        let first = TestRegistry::with_area(backend).await;
        lived_in(&first).await;
        neighbour(&first).await;
        let workbook = taken(&first).await;
        let names_of_sheets: Vec<&str> = workbook.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names_of_sheets, KINDS.map(|(name, _)| name));
        let counts: Vec<usize> = workbook.iter().map(|(_, rows)| rows.len() - 1).collect();
        // 628 + 1 + 3 first ownerships; 2 + 1, 1 + 1, 4 and 1 by transfers. Three of three, two of a couple, and one.
        assert_eq!(counts, [2, 1, 3, 633, 642, 2, 4, 8, 6, 6, 4, 5, 3, 5, 1]);

        let second = TestRegistry::new(backend).await;
        for ((name, rows), (expected, kind)) in workbook.iter().zip(KINDS) {
            assert_eq!(name, expected);
            if rows.len() == 1 {
                // Nothing was decided about this area: a table of nothing is refused.
                continue;
            }
            let report = second.import(kind, &to_csv(rows)).await.unwrap();
            assert_eq!(report.errors, [], "{name}");
            assert_eq!(report.recorded, report.rows, "{name}");
        }
        let of_area = format!("area {AREA}");
        for (table, columns) in TABLES {
            // The neighbour's rows are told apart where they are.
            let condition = match table {
                "areas" => format!("number = '{AREA}'"),
                "homes" => format!("unit_number LIKE '{COMMUNITY}%'"),
                "buildings" => "floors <> 6".to_owned(),
                _ => "1 = 1".to_owned(),
            };
            assert_eq!(
                rows(&second, table, columns, &condition).await,
                rows(&first, table, columns, &condition).await,
                "{table} of {of_area}"
            );
            let all = rows(&second, table, columns, "1 = 1").await;
            assert_eq!(
                all,
                rows(&second, table, columns, &condition).await,
                "nothing else came along"
            );
        }
        assert_eq!(names(&second).await, names(&first).await);
        assert_eq!(
            households::mobiles(&second).await,
            households::mobiles(&first).await
        );
        assert_eq!(equipment_of(&second).await, equipment_of(&first).await);
        let everywhere = rows(&second, "equipment", &["code"], "1 = 1").await;
        assert_eq!(everywhere.len(), 4, "nothing of the neighbour's came along");
        let owned = "ownership_owners JOIN ownerships ON ownerships.id = ownership_id";
        let columns: &[&str] = &["home_id", "valid_from", "valid_to", "owner_id"];
        assert_eq!(
            rows(&second, owned, columns, "1 = 1").await,
            rows(&first, owned, columns, "1 = 1").await
        );
        assert_eq!(taken(&second).await, workbook, "and again the same cells");

        // The file as it is, too.
        let third = TestRegistry::new(backend).await;
        let content = workbook_of(&first).await.content;
        let kind = pb::TableKind::Unspecified;
        let upload = Upload::begin(&third, kind, pb::ImportMode::Strict, content).await;
        let import = upload.load().await;
        assert_eq!(upload.errors().await, []);
        assert_eq!(
            (import.state(), import.recorded),
            (pb::ImportState::Finished, import.rows)
        );
        assert_eq!(taken(&third).await, workbook);
        assert_eq!(names(&third).await, names(&first).await);
        assert_eq!(
            households::mobiles(&third).await,
            households::mobiles(&first).await
        );
        assert_eq!(equipment_of(&third).await, equipment_of(&first).await);

        // What stands already is left alone, history and all.
        for ((name, rows), (_, kind)) in workbook.iter().zip(KINDS) {
            if rows.len() == 1 {
                continue;
            }
            let report = first.import(kind, &to_csv(rows)).await.unwrap();
            assert_eq!((report.errors, report.recorded), (Vec::new(), 0), "{name}");
            assert_eq!(report.unchanged, report.rows, "{name}");
        }
    }
}
