//! Equipment and parking of an area as calls and tables record them, and what of it must be the same elsewhere.

use proto::registry::v1 as pb;
use sea_orm::{ConnectionTrait, Statement};
use testkit::people;
use uuid::Uuid;

use super::round_trip::rows;
use crate::world::*;

pub const EQUIPMENT_HEADER: &str = "area_number,kind,code,building_number,location,installed_on,retired_on\n";
pub const INSPECTIONS_HEADER: &str =
    "area_number,equipment_kind,equipment_code,inspected_on,inspector,result,valid_until\n";
pub const PARKING_HEADER: &str = "area_number,kind,name,since,spaces,leased,numbers\n";

/// What is compared, by natural keys: ids of equipment and lots are made when they are recorded.
const COMPARED: [(&str, &[&str]); 4] = [
    (
        "equipment JOIN areas ON areas.id = equipment.area_id LEFT JOIN buildings ON buildings.id = building_id",
        &[
            "kind",
            "code",
            "buildings.number",
            "location",
            "installed_on",
            "next_inspection_on",
            "last_inspected_on",
            "last_result",
            "retired_on",
        ],
    ),
    (
        "inspections JOIN equipment ON equipment.id = equipment_id JOIN areas ON areas.id = equipment.area_id",
        &[
            "kind",
            "code",
            "inspected_on",
            "inspector",
            "result",
            "valid_until",
            // Also in the same order.
            "(SELECT count(*) FROM inspections other WHERE other.equipment_id = equipment.id AND other.id < inspections.id)",
        ],
    ),
    (
        "parking_lots JOIN areas ON areas.id = parking_lots.area_id",
        &[
            "kind",
            "parking_lots.name",
            "spaces",
            "leased",
            "numbers",
            "parking_lots.version",
        ],
    ),
    (
        "parking_versions JOIN parking_lots ON parking_lots.id = parking_id JOIN areas ON areas.id = area_id",
        &[
            "kind",
            "parking_lots.name",
            "parking_versions.version",
            "since",
            "parking_versions.spaces",
            "parking_versions.leased",
            "parking_versions.numbers",
        ],
    ),
];

/// Equipment and parking in everything that can become of them.
pub async fn equip(registry: &TestRegistry) {
    let firm = people::firm(manager());
    let mut serial = 0;
    let mut lifts = Vec::new();
    for (kind, code, building_id, location) in [
        (
            pb::EquipmentKind::Lift,
            "梯１",
            building("1").to_string(),
            "-1层\n东侧",
        ),
        (
            pb::EquipmentKind::Lift,
            "=梯2",
            building("3").to_string(),
            "'-2层，\t\"北\"",
        ),
        (pb::EquipmentKind::Fire, "梯１", String::new(), "消防控制室"),
        (pb::EquipmentKind::Other, "门禁", String::new(), "大门"),
    ] {
        let message = pb::RegisterEquipmentRequest {
            area_id: area().to_string(),
            building_id,
            kind: kind.into(),
            code: code.into(),
            location: location.into(),
            installed_on: "2025-05-31".into(),
        };
        serial += 1;
        let key = format!("e{serial}");
        let one = call!(registry, building_client.register_equipment, &firm, &key, message).unwrap();
        lifts.push(one.equipment_id);
    }
    use pb::InspectionResult::{Failed, Passed};
    for (equipment, on, inspector, result, valid_until_on) in [
        (0, "2025-06-30", "检测院", Failed, ""),
        (0, "2025-06-30", "检测院", Passed, "2026-06-15"),
        // Put right on the very day, and once more.
        (0, "2025-06-30", "检测院（更正）", Passed, "2026-06-15"),
        (0, "2025-06-30", "检测院", Passed, "2026-06-15"),
        (0, "2026-03-01", "检测院", Passed, ""),
        (1, "2025-05-31", "检测院", Passed, "2026-05-31"),
        (1, "2026-02-01", "@检测院", Failed, ""),
        (2, "2026-01-31", "消防技术服务机构", Failed, ""),
    ] {
        let message = pb::RecordInspectionRequest {
            equipment_id: lifts[equipment].clone(),
            inspected_on: on.into(),
            inspector: inspector.into(),
            result: result.into(),
            valid_until_on: valid_until_on.into(),
        };
        serial += 1;
        let key = format!("e{serial}");
        call!(registry, building_client.record_inspection, &firm, &key, message).unwrap();
    }
    let retire = pb::RetireEquipmentRequest {
        equipment_id: lifts[1].clone(),
        retired_on: "2026-02-01".into(),
    };
    call!(registry, building_client.retire_equipment, &firm, "gone", retire).unwrap();

    // Before anything was known, and later on.
    let lots = format!(
        "{PARKING_HEADER}{AREA},COMMON_GROUND,地面,,40,0,\n{AREA},COMMON_GROUND,地面,2024-05-01,40,12,D-001至D-040\n"
    );
    registry.load(pb::TableKind::Parking, &lots).await;
    for (kind, name, leased, numbers) in [
        (pb::ParkingKind::CommonGround, "地面", 13, "-1层\nＡ区"),
        (pb::ParkingKind::Planned, "-1层", 80, ""),
        // And back, on one day.
        (pb::ParkingKind::Planned, "-1层", 90, ""),
        (pb::ParkingKind::Planned, "-1层", 80, ""),
    ] {
        let message = pb::RecordParkingRequest {
            area_id: area().to_string(),
            kind: kind.into(),
            name: name.into(),
            spaces: 120,
            leased,
            numbers: numbers.into(),
        };
        serial += 1;
        let key = format!("e{serial}");
        call!(registry, building_client.record_parking, &firm, &key, message).unwrap();
    }
}

/// The same kinds of things in another area, of which nothing may be taken along.
pub async fn equip_beside(registry: &TestRegistry, number: &str) {
    let lift = format!("{EQUIPMENT_HEADER}{number},LIFT,梯１,1,大堂,2020-01-01,\n");
    registry.load(pb::TableKind::Equipment, &lift).await;
    let inspected = format!("{INSPECTIONS_HEADER}{number},LIFT,梯１,2025-12-01,检测院,PASSED,\n");
    registry.load(pb::TableKind::Inspections, &inspected).await;
    let lot = format!("{PARKING_HEADER}{number},PLANNED,-1层,,7,7,\n").replace("-1层", "'-1层");
    registry.load(pb::TableKind::Parking, &lot).await;
}

/// What of an area's equipment and parking is the same wherever it is registered, with what the clock is still to tell.
pub async fn equipment_of(registry: &TestRegistry) -> Vec<Vec<String>> {
    let condition = format!("areas.number = '{AREA}'");
    let mut all = Vec::new();
    for (table, columns) in COMPARED {
        all.push(rows(registry, table, columns, &condition).await);
    }
    all.push(alarms(registry).await);
    all
}

/// The deadlines of an area's equipment: kind and number, which, and when.
pub async fn alarms(registry: &TestRegistry) -> Vec<String> {
    let reader = registry.world.hosted("registry").store.reader();
    let backend = reader.get_database_backend();
    let sql = format!(
        "SELECT equipment.id, kind, code FROM equipment JOIN areas ON areas.id = area_id WHERE number = '{AREA}'"
    );
    let found = reader
        .query_all_raw(Statement::from_string(backend, sql))
        .await
        .unwrap();
    let mut told = Vec::new();
    for row in found {
        let id = ids::EquipmentId::from_uuid(row.try_get::<Uuid>("", "id").unwrap());
        let (kind, code): (String, String) =
            (row.try_get("", "kind").unwrap(), row.try_get("", "code").unwrap());
        let condition = format!("aggregate = '{id}' AND done_at IS NULL");
        let waiting = rows(registry, "deadlines", &["kind", "due_at"], &condition).await;
        told.extend(waiting.into_iter().map(|line| format!("{kind}|{code}|{line}")));
    }
    told.sort_unstable();
    told
}
