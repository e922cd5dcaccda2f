//! Tables of parking: a row a version, the oldest first.

use std::fmt::Write as _;

use proto::registry::v1 as pb;
use testkit::{backends, people};

use super::file::*;
use crate::exports::equipped::PARKING_HEADER;
use crate::world::*;

fn table(rows: &[&str]) -> String {
    PARKING_HEADER.to_owned()
        + &rows
            .iter()
            .map(|row| format!("{AREA},{row}\n"))
            .collect::<String>()
}

async fn lots(registry: &TestRegistry, as_of_on: &str) -> Vec<(String, i32, i32, i64)> {
    let list = pb::ListParkingRequest {
        area_id: area().to_string(),
        as_of_on: as_of_on.into(),
        ..Default::default()
    };
    let caller = people::authority(CITY);
    let found = call!(registry, building_client.list_parking, &caller, "l", list).unwrap();
    let lots = found.parking.into_iter();
    lots.map(|lot| (lot.name, lot.spaces, lot.leased, lot.version))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_are_told_one_by_one_and_go_on_from_what_stands() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let rows = table(&[
            "PLANNED,地下,2024-01-01,120,80,",
            "PLANNED,地下,,100,0,",
            "COMMON_GROUND,地面,2023-01-01,10,0,D1",
        ]);
        let report = registry.load(pb::TableKind::Parking, &rows).await;
        assert_eq!((report.recorded, report.unchanged), (3, 0));
        let kind = |event: &Stored| (event.version, event.address.clone());
        let told: Vec<_> = registry
            .told_of("ParkingRecorded")
            .await
            .iter()
            .map(kind)
            .collect();
        let versions: Vec<i64> = told.iter().map(|(version, _)| *version).collect();
        assert_eq!(versions, [1, 2, 1]);
        let underground = || ("地下".to_owned(), 120, 80, 2);
        assert!(lots(&registry, "").await.contains(&underground()));
        assert_eq!(
            lots(&registry, "2022-01-01").await,
            [("地下".to_owned(), 100, 0, 2)]
        );

        // A table that knows more, and the rows of before.
        let more = rows.clone() + &format!("{AREA},PLANNED,地下,2025-01-01,120,90,\n");
        let report = registry.load(pb::TableKind::Parking, &more).await;
        assert_eq!((report.recorded, report.unchanged), (1, 3));
        // Only what is new.
        let newest = table(&["PLANNED,地下,2026-01-01,120,95,"]);
        assert_eq!(registry.load(pb::TableKind::Parking, &newest).await.recorded, 1);
        let report = registry.load(pb::TableKind::Parking, &rows).await;
        assert_eq!(
            (report.recorded, report.unchanged),
            (0, 3),
            "an old table still agrees"
        );
        assert!(
            lots(&registry, "")
                .await
                .contains(&("地下".to_owned(), 120, 95, 4))
        );

        // The calls go on from it, too.
        let firm = people::firm(manager());
        let message = pb::RecordParkingRequest {
            area_id: area().to_string(),
            kind: pb::ParkingKind::Planned.into(),
            name: "地下".into(),
            spaces: 120,
            leased: 100,
            numbers: String::new(),
        };
        let lot = call!(registry, building_client.record_parking, &firm, "p", message).unwrap();
        let told = registry.told(&lot.parking_id).await;
        let expected: Vec<_> = (1..=5)
            .map(|version| format!("ParkingRecorded {version}"))
            .collect();
        assert_eq!(told, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_row_that_cannot_be_has_its_reason() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let standing = table(&["PLANNED,地下,2024-01-01,120,80,B", "COMMON_GROUND,地面,,10,0,"]);
        registry.load(pb::TableKind::Parking, &standing).await;
        for (row, wrong) in [
            ("OTHER,地下,2025-01-01,120,90,", "kind VALUE_UNKNOWN"),
            ("PLANNED,,2025-01-01,120,90,", "name VALUE_MISSING"),
            ("PLANNED,+地下,2025-01-01,120,90,", "name FORMULA_NOT_ALLOWED"),
            ("PLANNED,地下,2026-03-03,120,90,", "since DATE_IN_THE_FUTURE"),
            ("PLANNED,地下,2025-01-01,0,0,", "spaces NUMBER_OUT_OF_RANGE"),
            ("PLANNED,地下,2025-01-01,9,ten,", "leased NUMBER_MALFORMED"),
            ("PLANNED,地下,2025-01-01,9,10,", "leased LEASED_MORE_THAN_SPACES"),
            ("PLANNED,地下,2025-01-01,120,80,B", " PARKING_UNCHANGED"),
            ("PLANNED,地下,2023-12-31,120,70,B", "since PARKING_TOO_EARLY"),
            ("PLANNED,地下,,120,70,B", "since VALUE_DIFFERS"),
            ("PLANNED,地下,2024-01-01,121,80,B", "spaces VALUE_DIFFERS"),
            ("PLANNED,地下,2024-01-01,120,81,B", "leased VALUE_DIFFERS"),
            ("PLANNED,地下,2024-01-01,120,80,", "numbers VALUE_DIFFERS"),
            ("COMMON_GROUND,地面,,11,0,", "spaces VALUE_DIFFERS"),
        ] {
            let found = registry.error_of(pb::TableKind::Parking, &table(&[row])).await;
            assert_eq!(found, wrong, "{row}");
        }
        let twice = table(&["PLANNED,新,,5,0,", "PLANNED,新,,5,1,"]);
        let found = registry.error_of(pb::TableKind::Parking, &twice).await;
        assert_eq!(found, "since DUPLICATE_ROW");
        let header = PARKING_HEADER.replace("numbers", "numbers,turn");
        let no_day = format!("{header}{AREA},PLANNED,新,,5,0,,1\n{AREA},PLANNED,新,,5,1,,2\n");
        let found = registry.error_of(pb::TableKind::Parking, &no_day).await;
        assert_eq!(found, "since VALUE_MISSING");
        let nowhere = format!("{PARKING_HEADER}330783001014-0008,PLANNED,新,,5,0,\n");
        let found = registry.error_of(pb::TableKind::Parking, &nowhere).await;
        assert_eq!(found, "area_number REFERENCE_UNKNOWN");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_versions_of_a_lot_may_fall_into_several_portions() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let mut rows = PARKING_HEADER.replace("numbers", "numbers,turn");
        for leased in 0..2_500 {
            // Forty a day, so that those of a day are parted as well.
            let day = 1 + leased / 40 % 28;
            let month = 1 + leased / 40 / 28;
            let turn = 1 + leased % 40;
            writeln!(
                rows,
                "{AREA},PLANNED,地下,2025-{month:02}-{day:02},3000,{leased},,{turn}"
            )
            .unwrap();
        }
        for (recorded, unchanged) in [(2_500, 0), (0, 2_500)] {
            let kind = pb::TableKind::Parking;
            let file = File::begin(&registry, kind, pb::ImportMode::Strict, rows.clone()).await;
            let done = file.load().await;
            assert_eq!(file.errors().await, []);
            assert_eq!((done.recorded, done.unchanged), (recorded, unchanged));
        }
        let name = "地下".to_owned();
        assert_eq!(lots(&registry, "").await, [(name, 3_000, 2_499, 2_500)]);
        let told = registry.told_of("ParkingRecorded").await;
        let versions: Vec<i64> = told.iter().map(|event| event.version).collect();
        assert_eq!(versions, (1..=2_500).collect::<Vec<_>>());
    }
}
