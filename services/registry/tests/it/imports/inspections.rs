//! Tables of inspections: recorded like calls, also of what is out of use; refused row by row.

use proto::registry::v1 as pb;
use testkit::{Backend, backends, people};

use super::file::*;
use crate::exports::equipped::{EQUIPMENT_HEADER, INSPECTIONS_HEADER, alarms};
use crate::world::*;

fn table(rows: &[&str]) -> String {
    INSPECTIONS_HEADER.to_owned()
        + &rows
            .iter()
            .map(|row| format!("{AREA},{row}\n"))
            .collect::<String>()
}

/// With lift 梯1, and lift 梯0 that went out of use.
async fn with_lifts(backend: Backend) -> TestRegistry {
    let registry = TestRegistry::with_area(backend).await;
    let lifts = format!(
        "{EQUIPMENT_HEADER}{AREA},LIFT,梯1,1,大堂,2020-01-01,\n{AREA},LIFT,梯0,,机房,2015-01-01,2024-06-01\n"
    );
    registry.load(pb::TableKind::Equipment, &lifts).await;
    registry
}

async fn lift(registry: &TestRegistry, code: &str) -> pb::Equipment {
    let list = pb::ListEquipmentRequest {
        area_id: area().to_string(),
        ..Default::default()
    };
    let caller = people::authority(CITY);
    let found = call!(registry, building_client.list_equipment, &caller, "l", list).unwrap();
    found.equipment.into_iter().find(|one| one.code == code).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn inspections_are_told_like_calls_and_what_is_out_of_use_keeps_its_history() {
    for backend in backends().await {
        let registry = with_lifts(backend).await;
        let rows = table(&[
            // Not in the order of time, which within a portion does not matter.
            "LIFT,梯1,2025-12-20,检测院,PASSED,2026-12-01",
            "LIFT,梯1,2024-12-20,检测院,PASSED,",
            "LIFT,梯1,2025-12-19,检测院,FAILED,",
            "LIFT,梯0,2023-05-05,检测院,PASSED,",
            "LIFT,梯0,2024-06-01,检测院,FAILED,",
        ]);
        let report = registry.load(pb::TableKind::Inspections, &rows).await;
        assert_eq!((report.recorded, report.unchanged), (5, 0));
        let one = lift(&registry, "梯1").await;
        assert_eq!((one.next_inspection_on.as_str(), one.version), ("2026-12-01", 4));
        let told = registry.told(&one.equipment_id).await;
        assert_eq!(
            told[1..],
            [
                "EquipmentInspected 2",
                "EquipmentInspected 3",
                "EquipmentInspected 4"
            ]
        );
        let gone = lift(&registry, "梯0").await;
        let told = registry.told(&gone.equipment_id).await;
        assert_eq!(
            told[1..],
            [
                "EquipmentPutOutOfUse 2",
                "EquipmentInspected 3",
                "EquipmentInspected 4"
            ]
        );
        let waiting = alarms(&registry).await;
        assert_eq!(waiting.len(), 2, "{waiting:?}");
        assert!(
            waiting.iter().all(|line| line.starts_with("lift|梯1|")),
            "{waiting:?}"
        );
        let again = registry.load(pb::TableKind::Inspections, &rows).await;
        assert_eq!((again.recorded, again.unchanged), (0, 5));
        assert_eq!(alarms(&registry).await, waiting, "each deadline once");
        // It stands from 2024 on; a row that does not say until when agrees with what was taken.
        let known = table(&["LIFT,梯1,2024-12-20,检测院,PASSED,2025-12-20"]);
        assert_eq!(
            registry.load(pb::TableKind::Inspections, &known).await.unchanged,
            1
        );
        for moment in ["2026-11-01T00:00:00+08:00", "2026-12-02T00:00:00+08:00"] {
            registry.world.advance_to(moment.parse().unwrap()).await;
        }
        let told = registry.told(&one.equipment_id).await;
        assert_eq!(told[4..], ["InspectionDue 5", "InspectionOverdue 6"]);
        assert_eq!(registry.told(&gone.equipment_id).await.len(), 4);
        registry.world.assert_no_dead_letters().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_row_that_cannot_be_has_its_reason() {
    for backend in backends().await {
        let registry = with_lifts(backend).await;
        let standing = table(&["LIFT,梯1,2025-12-20,检测院,PASSED,2026-12-01"]);
        registry.load(pb::TableKind::Inspections, &standing).await;
        for (row, wrong) in [
            (
                "BOAT,梯1,2026-01-01,检测院,PASSED,",
                "equipment_kind VALUE_UNKNOWN",
            ),
            (
                "LIFT,梯9,2026-01-01,检测院,PASSED,",
                "equipment_code REFERENCE_UNKNOWN",
            ),
            (
                "FIRE,梯1,2026-01-01,检测院,PASSED,",
                "equipment_code REFERENCE_UNKNOWN",
            ),
            (
                "LIFT,梯1,2026-03-03,检测院,PASSED,",
                "inspected_on DATE_IN_THE_FUTURE",
            ),
            ("LIFT,梯1,,检测院,PASSED,", "inspected_on VALUE_MISSING"),
            ("LIFT,梯1,2026-01-01,,PASSED,", "inspector VALUE_MISSING"),
            ("LIFT,梯1,2026-01-01,检测院,GOOD,", "result VALUE_UNKNOWN"),
            (
                "LIFT,梯1,2026-01-01,检测院,FAILED,2027-01-01",
                "valid_until VALUE_UNEXPECTED",
            ),
            (
                "LIFT,梯1,2026-01-01,检测院,PASSED,2026-01-01",
                "valid_until VALIDITY_REVERSED",
            ),
            (
                "LIFT,梯1,2026-01-01,检测院,PASSED,soon",
                "valid_until DATE_MALFORMED",
            ),
            (
                "LIFT,梯1,2025-12-19,检测院,PASSED,",
                "inspected_on INSPECTION_TOO_EARLY",
            ),
            (
                "LIFT,梯0,2014-12-31,检测院,PASSED,",
                "inspected_on INSPECTION_TOO_EARLY",
            ),
            (
                "LIFT,梯0,2024-06-02,检测院,PASSED,",
                "inspected_on EQUIPMENT_RETIRED",
            ),
            (
                "LIFT,梯1,2025-12-20,检测院,PASSED,2026-12-02",
                "valid_until VALUE_DIFFERS",
            ),
            (
                "LIFT,梯1,2025-12-20,别的检测院,PASSED,2026-12-01",
                "inspector VALUE_DIFFERS",
            ),
        ] {
            let found = registry
                .error_of(pb::TableKind::Inspections, &table(&[row]))
                .await;
            assert_eq!(found, wrong, "{row}");
        }
        let twice = table(&[
            "LIFT,梯1,2026-01-01,检测院,PASSED,",
            "LIFT,梯1,2026-01-01,检测院,FAILED,",
            "LIFT,梯1,2026-01-01,别的检测院,PASSED,",
        ]);
        let found = registry.error_of(pb::TableKind::Inspections, &twice).await;
        assert_eq!(found, "inspected_on DUPLICATE_ROW");
        let nowhere = format!("{INSPECTIONS_HEADER}330783001014-0008,LIFT,梯1,2026-01-01,检测院,PASSED,\n");
        let found = registry.error_of(pb::TableKind::Inspections, &nowhere).await;
        assert_eq!(found, "area_number REFERENCE_UNKNOWN");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_tells_inspections_of_one_day_apart() {
    for backend in backends().await {
        let registry = with_lifts(backend).await;
        let header = INSPECTIONS_HEADER.replace("valid_until", "valid_until,turn");
        let row = |rest: &str| format!("{AREA},LIFT,梯1,2026-01-01,{rest}\n");
        let first = header.clone() + &row("检测院,FAILED,,2") + &row("检测院,PASSED,2027-01-01,1");
        assert_eq!(
            registry.load(pb::TableKind::Inspections, &first).await.recorded,
            2
        );
        assert!(
            lift(&registry, "梯1").await.overdue,
            "it failed after it had passed"
        );
        let more = first.clone() + &row("检测院,PASSED,2027-01-01,3");
        let report = registry.load(pb::TableKind::Inspections, &more).await;
        assert_eq!((report.recorded, report.unchanged), (1, 2));
        assert!(!lift(&registry, "梯1").await.overdue);
        let beyond = header.clone() + &row("检测院,PASSED,2027-01-01,5");
        let found = registry.error_of(pb::TableKind::Inspections, &beyond).await;
        assert_eq!(found, "turn TURN_MISSING");
        let other = header + &row("检测院,PASSED,2027-01-01,2");
        let found = registry.error_of(pb::TableKind::Inspections, &other).await;
        assert_eq!(found, "result VALUE_DIFFERS");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn older_rows_in_a_later_portion_are_told_before_anything_is_recorded() {
    let registry = with_lifts(Backend::Sqlite).await;
    let lifts: String = (0..2_000)
        .map(|lift| format!("{AREA},FIRE,栓{lift},,大堂,2015-01-01,\n"))
        .collect();
    registry
        .load(pb::TableKind::Equipment, &format!("{EQUIPMENT_HEADER}{lifts}"))
        .await;
    let newest: String = (0..2_000)
        .map(|lift| format!("{AREA},FIRE,栓{lift},2025-06-01,检测院,PASSED,\n"))
        .collect();
    let table = format!("{INSPECTIONS_HEADER}{newest}{AREA},FIRE,栓7,2024/6/1,检测院,PASSED,\n");
    let kind = pb::TableKind::Inspections;
    let file = File::begin(&registry, kind, pb::ImportMode::Strict, table).await;
    let done = file.load().await;
    assert_eq!(
        (state(&done), done.recorded, done.wrong),
        (pb::ImportState::Refused, 0, 1)
    );
    let errors = file.errors().await;
    assert_eq!(
        (
            errors[0].line,
            errors[0].column.as_str(),
            errors[0].reason.as_str()
        ),
        (2_002, "inspected_on", "ROWS_UNORDERED")
    );
    assert_eq!(count(&registry, "inspections").await, 0);
}
