//! Tables of equipment: recorded with the events and the clock of the calls, refused row by row.

use proto::registry::v1 as pb;
use testkit::{backends, people};

use super::file::*;
use crate::exports::equipped::{EQUIPMENT_HEADER, INSPECTIONS_HEADER, alarms};
use crate::world::*;

fn table(rows: &[&str]) -> String {
    EQUIPMENT_HEADER.to_owned()
        + &rows
            .iter()
            .map(|row| format!("{AREA},{row}\n"))
            .collect::<String>()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_tells_what_the_calls_would_and_a_second_time_nothing() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let rows = table(&[
            "LIFT,梯1,1,大堂,2025-05-31,",
            "LIFT,梯2,2,大堂,2010-05-31,",
            "LIFT,梯3,,大堂,2010-05-31,2026-03-02",
        ]);
        let report = registry.load(pb::TableKind::Equipment, &rows).await;
        assert_eq!((report.recorded, report.unchanged), (3, 0));
        let mut told = Vec::new();
        for event in registry.told_of("EquipmentRegistered").await {
            told.push(registry.told(&event.aggregate).await);
        }
        let registered = vec!["EquipmentRegistered 1".to_owned()];
        let retired = vec![registered[0].clone(), "EquipmentPutOutOfUse 2".to_owned()];
        assert_eq!(told, [registered.clone(), registered, retired]);
        let waiting = alarms(&registry).await;
        assert_eq!(waiting.len(), 4, "what is out of use has no clock: {waiting:?}");
        // The clock of what should have been inspected long ago waits for the table that tells of it.
        registry.world.pump().await;
        assert_eq!(registry.told_of("InspectionOverdue").await.len(), 0);
        let again = registry.load(pb::TableKind::Equipment, &rows).await;
        assert_eq!((again.recorded, again.unchanged), (0, 3));
        assert_eq!(alarms(&registry).await, waiting, "each deadline once");
        registry
            .world
            .advance_to("2026-03-03T00:00:00+08:00".parse().unwrap())
            .await;
        let late = registry.told_of("InspectionOverdue").await;
        assert_eq!(late.len(), 1, "nothing was told of an inspection");
        registry.world.assert_no_dead_letters().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_row_that_cannot_be_has_its_reason() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let other = "330783001014-0009";
        registry
            .load(pb::TableKind::Areas, &areas(&[(other, OTHER_COMMUNITY)]))
            .await;
        registry
            .load(
                pb::TableKind::Equipment,
                &table(&[
                    "LIFT,梯1,1,大堂,2020-01-01,",
                    "LIFT,梯0,,机房,2020-01-01,2024-01-01",
                ]),
            )
            .await;
        let long = format!("LIFT,{},,大堂,2020-01-01,", "长".repeat(61));
        for (row, wrong) in [
            ("BOAT,梯2,,大堂,2020-01-01,", "kind VALUE_UNKNOWN"),
            ("LIFT,,,大堂,2020-01-01,", "code VALUE_MISSING"),
            (&long, "code TEXT_TOO_LONG"),
            ("LIFT,=梯2,,大堂,2020-01-01,", "code FORMULA_NOT_ALLOWED"),
            ("LIFT,梯2,9,大堂,2020-01-01,", "building_number REFERENCE_UNKNOWN"),
            ("LIFT,梯2,,,2020-01-01,", "location VALUE_MISSING"),
            ("LIFT,梯2,,-1层,2020-01-01,", "location FORMULA_NOT_ALLOWED"),
            ("LIFT,梯2,,大堂,,", "installed_on VALUE_MISSING"),
            ("LIFT,梯2,,大堂,2026-03-03,", "installed_on DATE_IN_THE_FUTURE"),
            (
                "LIFT,梯2,,大堂,2020-01-01,2026-03-03",
                "retired_on DATE_IN_THE_FUTURE",
            ),
            (
                "LIFT,梯2,,大堂,2020-01-01,2019-12-31",
                "retired_on RETIREMENT_TOO_EARLY",
            ),
            ("LIFT,梯1,2,大堂,2020-01-01,", "building_number VALUE_DIFFERS"),
            ("LIFT,梯1,,大堂,2020-01-01,", "building_number VALUE_DIFFERS"),
            ("LIFT,梯1,1,机房,2020-01-01,", "location VALUE_DIFFERS"),
            ("LIFT,梯1,1,大堂,2020-01-02,", "installed_on VALUE_DIFFERS"),
            (
                "LIFT,梯1,1,大堂,2020-01-01,2026-01-01",
                "retired_on VALUE_DIFFERS",
            ),
            ("LIFT,梯0,,机房,2020-01-01,", "retired_on VALUE_DIFFERS"),
        ] {
            let found = registry.error_of(pb::TableKind::Equipment, &table(&[row])).await;
            assert_eq!(found, wrong, "{row}");
        }
        let twice = table(&["LIFT,梯2,,大堂,2020-01-01,", "LIFT,梯2,1,大堂,2020-01-01,"]);
        assert_eq!(
            registry.error_of(pb::TableKind::Equipment, &twice).await,
            "code DUPLICATE_ROW"
        );
        let elsewhere = |row: &str| format!("{EQUIPMENT_HEADER}{row}\n");
        // A building of another area, and an area that is not there.
        let row = elsewhere(&format!("{other},LIFT,梯2,1,大堂,2020-01-01,"));
        let found = registry.error_of(pb::TableKind::Equipment, &row).await;
        assert_eq!(found, "building_number REFERENCE_UNKNOWN");
        let row = elsewhere("330783001014-0008,LIFT,梯2,,大堂,2020-01-01,");
        let found = registry.error_of(pb::TableKind::Equipment, &row).await;
        assert_eq!(found, "area_number REFERENCE_UNKNOWN");
        let strict = registry.world.request(
            &people::firm(manager()),
            pb::ImportTableRequest {
                kind: pb::TableKind::Equipment.into(),
                content: table(&["LIFT,梯2,,大堂,2020-01-01,"]).into_bytes(),
                dry_run: false,
            },
        );
        let answer = registry.client().import_table(strict).await;
        assert_eq!(refused(answer), "NOT_ALLOWED");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lift_register_of_several_portions_is_recorded_whole_in_the_order_of_lifts_and_of_days() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let lifts: String = (0..2_100)
            .map(|lift| format!("{AREA},LIFT,梯{lift},1,大堂,2015-01-01,\n"))
            .collect();
        let load = async |kind, table: String| {
            let file = File::begin(&registry, kind, pb::ImportMode::Strict, table).await;
            let done = file.load().await;
            assert_eq!(file.errors().await, []);
            assert_eq!(state(&done), pb::ImportState::Finished, "{done:?}");
            (done.recorded, done.unchanged)
        };
        let equipment = format!("{EQUIPMENT_HEADER}{lifts}");
        assert_eq!(
            load(pb::TableKind::Equipment, equipment.clone()).await,
            (2_100, 0)
        );
        assert_eq!(load(pb::TableKind::Equipment, equipment).await, (0, 2_100));
        // By day: every lift falls into every portion, and not one is told as overdue between them.
        let inspections: String = (2016..2026)
            .flat_map(|year| (0..300).map(move |lift| (year, lift)))
            .map(|(year, lift)| format!("{AREA},LIFT,梯{lift},{year}-12-01,检测院,PASSED,\n"))
            .collect();
        let inspections = format!("{INSPECTIONS_HEADER}{inspections}");
        let kind = pb::TableKind::Inspections;
        assert_eq!(load(kind, inspections.clone()).await, (3_000, 0));
        assert_eq!(load(kind, inspections).await, (0, 3_000));
        let inspected = registry.told_of("EquipmentInspected").await;
        let first = &inspected[0].aggregate;
        let told = registry.told(first).await;
        assert_eq!((told.len(), told[10].as_str()), (11, "EquipmentInspected 11"));
        assert_eq!(registry.told_of("InspectionOverdue").await.len(), 0);
        let of_first = format!("deadlines WHERE aggregate = '{first}' AND done_at IS NULL");
        assert_eq!(count(&registry, &of_first).await, 2);
    }
}
