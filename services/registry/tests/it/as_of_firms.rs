//! Reads of a past day: firms and their people and certificates, equipment and parking, service rooms.

use chrono::{DateTime, Utc};
use proto::registry::v1 as pb;
use testkit::{backends, people};

use crate::world::*;

/// The first moment of a day in China.
fn midnight(day: &str) -> DateTime<Utc> {
    format!("{day}T00:00:00+08:00").parse().unwrap()
}

async fn firm(registry: &TestRegistry, day: &str) -> pb::FirmRecord {
    let message = pb::GetFirmRequest {
        firm_id: manager().to_string(),
        as_of_on: day.into(),
    };
    let caller = people::auditor(CITY);
    call!(registry, firm_client.get_firm, &caller, "g", message).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_firm_of_a_day_has_the_name_the_filing_and_the_membership_of_that_day() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let authority = people::authority(CITY);
        let filing = pb::FileFirmRequest {
            credit_code: manager_code().to_string(),
            name: "和居物业（演示）".into(),
            kind: pb::FirmKind::Property.into(),
            address: "东阳市江北街道1号".into(),
            filing_number: "东物备2026001".into(),
            filed_on: "2026-02-01".into(),
            ..Default::default()
        };
        call!(registry, firm_client.file_firm, &authority, "1", filing).unwrap();
        let firm_id = manager().to_string();
        let join = pb::JoinAssociationRequest {
            firm_id: firm_id.clone(),
            joined_on: "2026-02-10".into(),
        };
        call!(registry, firm_client.join_association, &authority, "2", join).unwrap();
        registry.world.advance_to(midnight("2026-05-01")).await;
        let moved = pb::ChangeFirmRequest {
            firm_id: firm_id.clone(),
            address: "东阳市白云街道2号".into(),
            ..Default::default()
        };
        call!(registry, firm_client.change_firm, &authority, "3", moved).unwrap();
        let renamed = pb::RenameFirmRequest {
            firm_id: firm_id.clone(),
            name: "和邻物业（演示）".into(),
            renamed_on: "2026-04-01".into(),
        };
        call!(registry, firm_client.rename_firm, &authority, "4", renamed).unwrap();
        let left = pb::LeaveAssociationRequest {
            firm_id: firm_id.clone(),
            left_on: "2026-04-20".into(),
        };
        call!(registry, firm_client.leave_association, &authority, "5", left).unwrap();
        let gone = pb::RevokeFirmRequest {
            firm_id: firm_id.clone(),
            revoked_on: "2026-05-01".into(),
            reason: "注销".into(),
        };
        call!(registry, firm_client.revoke_firm, &authority, "6", gone).unwrap();

        let (old, new) = ("和居物业（演示）", "和邻物业（演示）");
        let (first, second) = ("东阳市江北街道1号", "东阳市白云街道2号");
        for (day, name, address, filed, member, revoked) in [
            ("2026-01-31", old, "", "", "", ""),
            ("2026-02-01", old, first, "2026-02-01", "", ""),
            ("2026-02-10", old, first, "2026-02-01", "2026-02-10", ""),
            ("2026-03-31", old, first, "2026-02-01", "2026-02-10", ""),
            ("2026-04-01", new, first, "2026-02-01", "2026-02-10", ""),
            ("2026-04-20", new, first, "2026-02-01", "2026-02-10", ""),
            ("2026-04-21", new, first, "2026-02-01", "", ""),
            ("2026-05-01", new, second, "2026-02-01", "", "2026-05-01"),
        ] {
            let then = firm(&registry, day).await;
            assert_eq!(
                (
                    then.firm.as_ref().unwrap().name.as_str(),
                    then.address.as_str(),
                    then.filed_on.as_str()
                ),
                (name, address, filed),
                "{day}"
            );
            assert_eq!(
                (then.member_since.as_str(), then.revoked_on.as_str()),
                (member, revoked),
                "{day}"
            );
            assert_eq!(then.former_names.len(), usize::from(name == new), "{day}");
            let members = pb::ListFirmRecordsRequest {
                members_only: true,
                as_of_on: day.into(),
                ..Default::default()
            };
            let members = call!(registry, firm_client.list_firm_records, &authority, "l", members);
            let expected: Vec<_> = Some(then)
                .filter(|then| !then.member_since.is_empty())
                .into_iter()
                .collect();
            assert_eq!(members.unwrap().firms, expected, "{day}");
            let property = pb::ListFirmsRequest {
                kind: pb::FirmKind::Property.into(),
                as_of_on: day.into(),
                ..Default::default()
            };
            let listed = call!(registry, client.list_firms, &authority, "n", property).unwrap();
            assert_eq!(listed.firms[0].name, name, "{day}");
        }
        assert_eq!(
            firm(&registry, "2026-05-01").await,
            firm(&registry, "").await,
            "today is now"
        );
        let to_come = pb::GetFirmRequest {
            firm_id,
            as_of_on: "2026-05-02".into(),
        };
        let refusal = call!(registry, firm_client.get_firm, &authority, "f", to_come);
        assert_eq!(refused(refusal), "DAY_IN_THE_FUTURE");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_people_and_what_the_association_keeps_are_those_of_a_day() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let (firm, authority) = (people::firm(manager()), people::authority(CITY));
        let firm_id = manager().to_string();
        let certificate = pb::RecordCertificateRequest {
            firm_id: firm_id.clone(),
            kind: "保安服务许可证".into(),
            number: "浙公保服1号".into(),
            valid_from_on: "2024-03-01".into(),
            valid_until_on: "2026-04-01".into(),
            ..Default::default()
        };
        let recorded = call!(registry, firm_client.record_certificate, &firm, "c", certificate);
        let certificate_id = recorded.unwrap().certificate_id;
        let somebody = pb::EmployStaffRequest {
            firm_id: firm_id.clone(),
            name: "王二".into(),
            role: pb::StaffRole::ProjectManager.into(),
            employed_on: "2025-01-01".into(),
            ..Default::default()
        };
        let somebody = call!(registry, firm_client.employ_staff, &firm, "e", somebody).unwrap();
        let assigned = pb::AssignManagerRequest {
            staff_id: somebody.staff_id.clone(),
            area_id: area().to_string(),
            assigned_on: "2025-06-01".into(),
        };
        call!(registry, firm_client.assign_manager, &firm, "a", assigned).unwrap();
        let training = pb::RecordTrainingRequest {
            firm_id: firm_id.clone(),
            course: "高层住宅消防安全".into(),
            organiser: "东阳市物业管理协会".into(),
            held_on: "2026-02-01".into(),
            hours: 8,
            staff_ids: vec![somebody.staff_id.clone()],
        };
        call!(registry, firm_client.record_training, &authority, "t", training).unwrap();
        registry.world.advance_to(midnight("2026-04-10")).await;
        registry.world.pump().await;
        let renewal = pb::RenewCertificateRequest {
            certificate_id,
            valid_until_on: "2029-04-01".into(),
        };
        call!(registry, firm_client.renew_certificate, &firm, "r", renewal).unwrap();
        let ended = pb::EndEmploymentRequest {
            staff_id: somebody.staff_id,
            left_on: "2026-03-31".into(),
        };
        call!(registry, firm_client.end_employment, &firm, "x", ended).unwrap();

        use pb::CertificateState::{Expired, Valid};
        for (day, expected) in [
            ("2024-02-29", None),
            ("2024-03-01", Some((Valid, "2026-04-01"))),
            ("2026-04-01", Some((Valid, "2026-04-01"))),
            ("2026-04-09", Some((Expired, "2026-04-01"))),
            ("2026-04-10", Some((Valid, "2029-04-01"))),
            ("", Some((Valid, "2029-04-01"))),
        ] {
            let list = pb::ListCertificatesRequest {
                firm_id: firm_id.clone(),
                as_of_on: day.into(),
                ..Default::default()
            };
            let list = call!(registry, firm_client.list_certificates, &authority, "l", list).unwrap();
            let found = list.certificates.first();
            let found = found.map(|one| (one.state(), one.valid_until_on.as_str()));
            assert_eq!(found, expected, "{day}");
        }
        for (day, employed, manages) in [
            ("2024-12-31", 0, 0),
            ("2025-01-01", 1, 0),
            ("2025-06-01", 1, 1),
            ("2026-03-31", 1, 1),
            ("2026-04-01", 0, 0),
            ("", 0, 0),
        ] {
            let list = pb::ListStaffRequest {
                firm_id: firm_id.clone(),
                as_of_on: day.into(),
                ..Default::default()
            };
            let list = call!(registry, firm_client.list_staff, &firm, "s", list).unwrap();
            assert_eq!(list.staff.len(), employed, "{day}");
            let areas: usize = list.staff.iter().map(|one| one.area_ids.len()).sum();
            assert_eq!(areas, manages, "{day}");
        }
        for (day, held) in [("2026-01-31", 0), ("2026-02-01", 1), ("", 1)] {
            let list = pb::ListTrainingsRequest {
                firm_id: firm_id.clone(),
                as_of_on: day.into(),
                ..Default::default()
            };
            let list = call!(registry, firm_client.list_trainings, &authority, "h", list).unwrap();
            assert_eq!(list.trainings.len(), held, "{day}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn equipment_and_parking_of_a_day_stand_as_they_stood() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let committee = people::committee_member(area());
        let firm = people::firm(manager());
        let lift = pb::RegisterEquipmentRequest {
            area_id: area().to_string(),
            building_id: building("1").to_string(),
            kind: pb::EquipmentKind::Lift.into(),
            code: "梯1".into(),
            location: "1幢1单元".into(),
            installed_on: "2024-05-31".into(),
        };
        let lift = call!(registry, building_client.register_equipment, &firm, "e", lift).unwrap();
        let inspect = |on: &str, result: pb::InspectionResult, until: &str| pb::RecordInspectionRequest {
            equipment_id: lift.equipment_id.clone(),
            inspected_on: on.into(),
            inspector: "金华市特种设备检验检测院".into(),
            result: result.into(),
            valid_until_on: until.into(),
        };
        use pb::InspectionResult::{Failed, Passed};
        for (key, message) in [
            ("1", inspect("2025-06-10", Failed, "")),
            ("2", inspect("2025-07-01", Passed, "2026-07-01")),
        ] {
            call!(registry, building_client.record_inspection, &firm, key, message).unwrap();
        }
        let lot = |leased| pb::RecordParkingRequest {
            area_id: area().to_string(),
            kind: pb::ParkingKind::CommonGround.into(),
            name: "北门".into(),
            spaces: 10,
            leased,
            numbers: String::new(),
        };
        call!(registry, building_client.record_parking, &committee, "p1", lot(2)).unwrap();
        registry.world.advance_to(midnight("2026-04-01")).await;
        call!(registry, building_client.record_parking, &committee, "p2", lot(7)).unwrap();
        let retire = pb::RetireEquipmentRequest {
            equipment_id: lift.equipment_id.clone(),
            retired_on: "2026-03-15".into(),
        };
        call!(registry, building_client.retire_equipment, &firm, "x", retire).unwrap();

        let none = pb::InspectionResult::Unspecified;
        for (day, next, last, overdue, retired) in [
            ("2024-05-31", "2025-05-31", none, false, ""),
            ("2025-05-31", "2025-05-31", none, false, ""),
            ("2025-06-01", "2025-05-31", none, true, ""),
            ("2025-06-30", "2025-05-31", Failed, true, ""),
            ("2025-07-01", "2026-07-01", Passed, false, ""),
            ("2026-03-14", "2026-07-01", Passed, false, ""),
            // What is out of use is not inspected any more.
            ("2026-03-15", "", Passed, false, "2026-03-15"),
            ("", "", Passed, false, "2026-03-15"),
        ] {
            let list = |overdue_only| pb::ListEquipmentRequest {
                area_id: area().to_string(),
                as_of_on: day.into(),
                overdue_only,
                ..Default::default()
            };
            let all = call!(registry, building_client.list_equipment, &firm, "l", list(false)).unwrap();
            let then = &all.equipment[0];
            assert_eq!(
                (then.next_inspection_on.as_str(), then.last_result()),
                (next, last),
                "{day}"
            );
            assert_eq!(
                (then.overdue, then.retired_on.as_str()),
                (overdue, retired),
                "{day}"
            );
            let late = call!(registry, building_client.list_equipment, &firm, "o", list(true)).unwrap();
            assert_eq!(late.equipment.len(), usize::from(overdue), "{day}");
        }
        let before = pb::ListEquipmentRequest {
            area_id: area().to_string(),
            as_of_on: "2024-05-30".into(),
            ..Default::default()
        };
        let before = call!(registry, building_client.list_equipment, &firm, "b", before).unwrap();
        assert_eq!(before.equipment, []);
        for (day, inspections) in [("2025-06-09", 0), ("2025-06-10", 1), ("2025-07-01", 2), ("", 2)] {
            let list = pb::ListInspectionsRequest {
                equipment_id: lift.equipment_id.clone(),
                as_of_on: day.into(),
                ..Default::default()
            };
            let list = call!(registry, building_client.list_inspections, &firm, "i", list).unwrap();
            assert_eq!(list.inspections.len(), inspections, "{day}");
        }
        for (day, leased) in [
            ("2026-03-01", None),
            (TODAY, Some(2)),
            ("2026-03-31", Some(2)),
            ("2026-04-01", Some(7)),
            ("", Some(7)),
        ] {
            let list = pb::ListParkingRequest {
                area_id: area().to_string(),
                as_of_on: day.into(),
                ..Default::default()
            };
            let list = call!(registry, building_client.list_parking, &firm, "k", list).unwrap();
            assert_eq!(list.parking.first().map(|lot| lot.leased), leased, "{day}");
        }
        let to_come = pb::ListParkingRequest {
            area_id: area().to_string(),
            as_of_on: "2026-04-02".into(),
            ..Default::default()
        };
        let refusal = call!(registry, building_client.list_parking, &firm, "f", to_come);
        assert_eq!(refused(refusal), "DAY_IN_THE_FUTURE");
    }
}
