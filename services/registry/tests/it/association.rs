//! The industry association in a role of its own: what it keeps of its members, and what is not its business.

use access::{Principal, Role};
use proto::registry::v1 as pb;
use testkit::{backends, people};

use crate::world::*;

fn join() -> pb::JoinAssociationRequest {
    pb::JoinAssociationRequest {
        firm_id: manager().to_string(),
        joined_on: "2025-01-01".into(),
    }
}

fn leave() -> pb::LeaveAssociationRequest {
    pb::LeaveAssociationRequest {
        firm_id: manager().to_string(),
        left_on: TODAY.into(),
    }
}

fn conduct() -> pb::RecordConductRequest {
    pb::RecordConductRequest {
        firm_id: manager().to_string(),
        kind: pb::ConductKind::Praise.into(),
        reason: "台风期间自发支援邻近小区".into(),
        recorded_on: TODAY.into(),
        organiser: "东阳市物业管理协会".into(),
    }
}

fn training(staff_id: &str) -> pb::RecordTrainingRequest {
    pb::RecordTrainingRequest {
        firm_id: manager().to_string(),
        course: "物业纠纷调解".into(),
        organiser: "东阳市物业管理协会".into(),
        held_on: TODAY.into(),
        hours: 8,
        staff_ids: vec![staff_id.into()],
    }
}

/// Somebody of the firm that manages the area.
async fn employed(registry: &TestRegistry) -> String {
    let message = pb::EmployStaffRequest {
        firm_id: manager().to_string(),
        name: "王五".into(),
        role: pb::StaffRole::ServiceDesk.into(),
        mobile: "13800005678".into(),
        employed_on: "2025-01-01".into(),
    };
    let firm = people::firm(manager());
    call!(registry, firm_client.employ_staff, &firm, "employ", message)
        .unwrap()
        .staff_id
}

fn staff_of_manager() -> pb::ListStaffRequest {
    pb::ListStaffRequest {
        firm_id: manager().to_string(),
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_association_takes_in_trains_and_judges_its_members_and_the_audit_names_it() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let association = people::association(CITY);
        let staff_id = employed(&registry).await;
        // Who has not joined is none of its people, and their names are not its business.
        let record = call!(
            registry,
            firm_client.record_training,
            &association,
            "1",
            training(&staff_id)
        );
        assert_eq!(refused(record), "NOT_ALLOWED");
        let judged = call!(registry, firm_client.record_conduct, &association, "1", conduct());
        assert_eq!(refused(judged), "NOT_ALLOWED");
        let list = call!(
            registry,
            firm_client.list_staff,
            &association,
            "1",
            staff_of_manager()
        );
        assert_eq!(refused(list), "NOT_ALLOWED");

        let member = call!(registry, firm_client.join_association, &association, "2", join()).unwrap();
        assert_eq!(member.member_since, "2025-01-01");
        let people = call!(
            registry,
            firm_client.list_staff,
            &association,
            "l",
            staff_of_manager()
        )
        .unwrap();
        assert_eq!((people.staff.len(), people.staff[0].name.as_str()), (1, "王*"));
        let record = async |key: &str| {
            call!(
                registry,
                firm_client.record_training,
                &association,
                key,
                training(&staff_id)
            )
        };
        let first = record("3").await.unwrap();
        assert_eq!(record("3").await.unwrap(), first, "a repeat");
        assert_eq!(registry.told(&first.training_id).await, ["TrainingRecorded 1"]);
        let judged = call!(registry, firm_client.record_conduct, &association, "4", conduct()).unwrap();
        assert_eq!(registry.told(&judged.conduct_id).await, ["ConductRecorded 1"]);
        let left = call!(
            registry,
            firm_client.leave_association,
            &association,
            "5",
            leave()
        )
        .unwrap();
        assert_eq!(left.member_since, "");
        assert_eq!(refused(record("6").await), "NOT_ALLOWED", "no member any more");
        assert_eq!(
            record("3").await.unwrap(),
            first,
            "what was recorded stays answered"
        );

        let kept = registry
            .dump("commands", "subject || ' ' || role || ' ' || action")
            .await;
        for action in [
            "JoinAssociation",
            "RecordTraining",
            "RecordConduct",
            "LeaveAssociation",
        ] {
            let line = format!("association-{CITY} association registry.{action}");
            assert_eq!(kept.iter().filter(|row| **row == line).count(), 1, "{kept:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_speaks_for_the_association_but_the_authority() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let staff_id = employed(&registry).await;
        let authority = people::authority(CITY);
        call!(registry, firm_client.join_association, &authority, "j", join()).unwrap();
        let events = registry.outbox().await.len();
        let of_a_street = Principal::person("association-of-a-street", "")
            .with_role(Role::Association)
            .with_jurisdiction(STREET.parse().unwrap());
        let of_nowhere = Principal::person("association-of-nowhere", "").with_role(Role::Association);
        for stranger in [
            people::firm(manager()),
            people::street(STREET),
            people::community(COMMUNITY),
            people::owner(owner(1001)),
            people::committee_member(area()),
            people::department(CITY),
            people::auditor(CITY),
            people::administrator(),
            people::association("330782"),
            of_a_street,
            of_nowhere,
        ] {
            for answer in [
                call!(
                    registry,
                    firm_client.record_training,
                    &stranger,
                    "t",
                    training(&staff_id)
                )
                .map(drop),
                call!(registry, firm_client.record_conduct, &stranger, "c", conduct()).map(drop),
                call!(registry, firm_client.leave_association, &stranger, "l", leave()).map(drop),
                call!(registry, firm_client.join_association, &stranger, "j", join()).map(drop),
            ] {
                assert_eq!(refused(answer), "NOT_ALLOWED", "{stranger:?}");
            }
        }
        assert_eq!(registry.outbox().await.len(), events);
        call!(
            registry,
            firm_client.record_training,
            &authority,
            "t",
            training(&staff_id)
        )
        .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_association_keeps_no_register_and_employs_nobody() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let association = people::association(CITY);
        let staff_id = employed(&registry).await;
        call!(registry, firm_client.join_association, &association, "j", join()).unwrap();
        let events = registry.outbox().await.len();
        let firm_id = manager().to_string();
        let file = pb::FileFirmRequest {
            credit_code: manager_code().to_string(),
            name: "和居物业（演示）".into(),
            kind: pb::FirmKind::Property.into(),
            filing_number: "东物备2026001".into(),
            filed_on: TODAY.into(),
            ..Default::default()
        };
        let change = pb::ChangeFirmRequest {
            firm_id: firm_id.clone(),
            phone: "0579-86600000".into(),
            ..Default::default()
        };
        let rename = pb::RenameFirmRequest {
            firm_id: firm_id.clone(),
            name: "新名物业（演示）".into(),
            renamed_on: TODAY.into(),
        };
        let revoke = pb::RevokeFirmRequest {
            firm_id: firm_id.clone(),
            revoked_on: TODAY.into(),
            reason: "注销".into(),
        };
        let end = pb::EndEmploymentRequest {
            staff_id: staff_id.clone(),
            left_on: TODAY.into(),
        };
        let assign = pb::AssignManagerRequest {
            staff_id,
            area_id: area().to_string(),
            assigned_on: TODAY.into(),
        };
        for answer in [
            call!(registry, firm_client.file_firm, &association, "1", file).map(drop),
            call!(registry, firm_client.change_firm, &association, "2", change).map(drop),
            call!(registry, firm_client.rename_firm, &association, "3", rename).map(drop),
            call!(registry, firm_client.revoke_firm, &association, "4", revoke).map(drop),
            call!(registry, firm_client.end_employment, &association, "5", end).map(drop),
            call!(registry, firm_client.assign_manager, &association, "6", assign).map(drop),
        ] {
            assert_eq!(refused(answer), "NOT_ALLOWED");
        }
        assert_eq!(registry.outbox().await.len(), events);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_association_finds_firms_and_areas_and_mediators_but_no_homes_and_no_experts() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=1).await;
        let association = people::association(CITY);
        let areas = call!(
            registry,
            client.list_areas,
            &association,
            "a",
            pb::ListAreasRequest::default()
        );
        assert_eq!(areas.unwrap().areas.len(), 1);
        let homes = pb::ListHomesRequest {
            area_id: area().to_string(),
            ..Default::default()
        };
        let homes = call!(registry, client.list_homes, &association, "h", homes);
        assert_eq!(refused(homes), "NOT_ALLOWED");
        let get = pb::GetOwnerRequest {
            owner_id: owner(1001).to_string(),
        };
        let hidden = call!(registry, client.get_owner, &association, "o", get);
        assert_eq!(refused(hidden), "OWNER_NOT_FOUND");

        let authority = people::authority(CITY);
        let mut ids = Vec::new();
        for kind in [pb::RosterKind::Mediator, pb::RosterKind::Expert] {
            let message = pb::EnrolRosterMemberRequest {
                kind: kind.into(),
                name: "赵六".into(),
                profession: "物业管理".into(),
                mobile: "13900001234".into(),
                division_code: match kind {
                    pb::RosterKind::Mediator => STREET.into(),
                    _ => String::new(),
                },
                valid_from_on: TODAY.into(),
                valid_until_on: "2029-03-01".into(),
                ..Default::default()
            };
            let key = kind.as_str_name();
            let refusal = call!(
                registry,
                roster_client.enrol_roster_member,
                &association,
                key,
                message.clone()
            );
            assert!(["NOT_ALLOWED", "ROSTER_MEMBER_NOT_FOUND"].contains(&refused(refusal).as_str()));
            let member = call!(
                registry,
                roster_client.enrol_roster_member,
                &authority,
                key,
                message
            )
            .unwrap();
            ids.push(member.roster_member_id);
        }
        let list = async |kind: pb::RosterKind| {
            let list = pb::ListRosterRequest {
                kind: kind.into(),
                ..Default::default()
            };
            call!(registry, roster_client.list_roster, &association, "l", list)
        };
        let mediators = list(pb::RosterKind::Mediator).await.unwrap().members;
        assert_eq!((mediators.len(), mediators[0].name.as_str()), (1, "赵*"));
        assert_eq!(refused(list(pb::RosterKind::Expert).await), "NOT_ALLOWED");
        let get = async |id: &str| {
            let get = pb::GetRosterMemberRequest {
                roster_member_id: id.into(),
            };
            call!(registry, roster_client.get_roster_member, &association, "g", get)
        };
        assert_eq!(get(&ids[0]).await.unwrap(), mediators[0]);
        assert_eq!(refused(get(&ids[1]).await), "ROSTER_MEMBER_NOT_FOUND");
    }
}
