//! People of firms: employed, masked, project managers of areas, trained, and gone.

use proto::registry::v1 as pb;
use sea_orm::{ConnectionTrait, Statement};
use testkit::{backends, people};

use crate::world::*;

fn somebody(firm: ids::FirmId, name: &str, role: pb::StaffRole) -> pb::EmployStaffRequest {
    pb::EmployStaffRequest {
        firm_id: firm.to_string(),
        name: name.into(),
        role: role.into(),
        mobile: "138 0000 5678".into(),
        employed_on: "2025-01-01".into(),
    }
}

async fn employed(registry: &TestRegistry, key: &str, name: &str, role: pb::StaffRole) -> String {
    let firm = people::firm(manager());
    let message = somebody(manager(), name, role);
    let answer = call!(registry, firm_client.employ_staff, &firm, key, message);
    answer.unwrap().staff_id
}

fn assignment(staff_id: &str, on: &str) -> pb::AssignManagerRequest {
    pb::AssignManagerRequest {
        staff_id: staff_id.into(),
        area_id: area().to_string(),
        assigned_on: on.into(),
    }
}

async fn managers(registry: &TestRegistry, on: &str) -> Vec<(String, String, String)> {
    let list = pb::ListProjectManagersRequest {
        area_id: area().to_string(),
        on: on.into(),
        ..Default::default()
    };
    let caller = people::owner(owner(1));
    let found = call!(registry, firm_client.list_project_managers, &caller, "l", list).unwrap();
    let found = found.project_managers.into_iter();
    found
        .map(|one| (one.name, one.assigned_on, one.ended_on))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_area_has_one_project_manager_after_the_other_and_owners_know_who() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let firm = people::firm(manager());
        let one = employed(&registry, "1", "王五", pb::StaffRole::ProjectManager).await;
        let two = employed(&registry, "2", "赵六", pb::StaffRole::ProjectManager).await;
        let assign =
            async |key: &str, message| call!(registry, firm_client.assign_manager, &firm, key, message);
        let named = assign("3", assignment(&one, "2025-02-01")).await.unwrap();
        assert_eq!(named.area_ids, [area().to_string()]);
        assert_eq!(
            (named.name.as_str(), named.mobile.as_str()),
            ("王*", "138****5678")
        );
        assign("4", assignment(&two, "2026-03-01")).await.unwrap();
        assert_eq!(
            registry.told(&one).await,
            ["StaffEmployed 1", "ManagerAssigned 2", "ManagerReplaced 3"]
        );
        assert_eq!(
            registry.told(&two).await,
            ["StaffEmployed 1", "ManagerAssigned 2"]
        );
        let expected = [
            ("王*".into(), "2025-02-01".into(), "2026-02-28".into()),
            ("赵*".into(), "2026-03-01".into(), String::new()),
        ];
        assert_eq!(managers(&registry, "").await, expected);
        assert_eq!(managers(&registry, "2026-02-28").await, expected[..1]);
        assert_eq!(managers(&registry, TODAY).await, expected[1..]);

        let end = pb::EndEmploymentRequest {
            staff_id: two.clone(),
            left_on: TODAY.into(),
        };
        let gone = call!(registry, firm_client.end_employment, &firm, "5", end.clone()).unwrap();
        assert!(gone.area_ids.is_empty());
        assert_eq!(managers(&registry, "").await[1].2, TODAY);
        let twice = call!(registry, firm_client.end_employment, &firm, "6", end);
        assert_eq!(refused(twice), "STAFF_LEFT");
        assert_eq!(refused(assign("7", assignment(&two, TODAY)).await), "STAFF_LEFT");
        for event in registry.outbox().await {
            for personal in ["王", "赵", "13800005678", "138****5678"] {
                assert!(!event.body.contains(personal), "{}", event.body);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_sealed_and_listed_to_the_firm_and_to_officers_only() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        employed(&registry, "1", "王五", pb::StaffRole::ProjectManager).await;
        employed(&registry, "2", "赵六", pb::StaffRole::Security).await;
        let reader = registry.world.hosted("registry").store.reader();
        let sql = "SELECT name_sealed, mobile_sealed FROM staff";
        let rows = reader
            .query_all_raw(Statement::from_string(reader.get_database_backend(), sql))
            .await
            .unwrap();
        assert_eq!(rows.len(), 2);
        for row in rows {
            for column in ["name_sealed", "mobile_sealed"] {
                let sealed: String = row.try_get("", column).unwrap();
                assert!(sealed.starts_with("v1.test."), "{sealed}");
            }
        }
        let mut list = pb::ListStaffRequest {
            firm_id: manager().to_string(),
            ..Default::default()
        };
        for known in [
            people::firm(manager()),
            people::street(STREET),
            people::authority(CITY),
        ] {
            let found = call!(registry, firm_client.list_staff, &known, "l", list.clone());
            assert_eq!(found.unwrap().staff.len(), 2);
        }
        for stranger in [people::firm(developer()), people::owner(owner(1))] {
            let found = call!(registry, firm_client.list_staff, &stranger, "l", list.clone());
            assert_eq!(refused(found), "NOT_ALLOWED");
        }
        list.set_role(pb::StaffRole::Security);
        let authority = people::authority(CITY);
        let found = call!(registry, firm_client.list_staff, &authority, "l", list).unwrap();
        assert_eq!(found.staff[0].name, "赵*");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_employment_and_assignment_that_cannot_be_has_its_reason() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let firm = people::firm(manager());
        let one = employed(&registry, "1", "王五", pb::StaffRole::ProjectManager).await;
        let guard = employed(&registry, "2", "赵六", pb::StaffRole::Security).await;
        let authority = people::authority(CITY);
        let message = somebody(developer(), "钱七", pb::StaffRole::ProjectManager);
        let other = call!(registry, firm_client.employ_staff, &authority, "3", message).unwrap();
        let mut serial = 0;
        let mut assign = async |caller: &access::Principal, message| {
            serial += 1;
            let key = format!("a{serial}");
            refused(call!(registry, firm_client.assign_manager, caller, &key, message))
        };
        assert_eq!(
            assign(&firm, assignment(&guard, TODAY)).await,
            "STAFF_NOT_PROJECT_MANAGER"
        );
        let elsewhere = assignment(&other.staff_id, TODAY);
        assert_eq!(assign(&authority, elsewhere.clone()).await, "AREA_NOT_MANAGED");
        assert_eq!(assign(&firm, elsewhere).await, "NOT_ALLOWED");
        let unknown = assignment(&ids::StaffId::derive("x").to_string(), TODAY);
        assert_eq!(assign(&firm, unknown).await, "STAFF_NOT_FOUND");
        assert_eq!(
            assign(&firm, assignment(&one, "2024-12-31")).await,
            "ASSIGNMENT_TOO_EARLY"
        );
        assert_eq!(
            assign(&firm, assignment(&one, "2026-03-03")).await,
            "DAY_IN_THE_FUTURE"
        );
        let mut message = somebody(manager(), "孙八", pb::StaffRole::Cleaning);
        message.mobile = "12345".into();
        let answer = call!(registry, firm_client.employ_staff, &firm, "m", message.clone());
        assert_eq!(refused(answer), "MOBILE_MALFORMED");
        message.mobile.clear();
        message.role = 0;
        let answer = call!(registry, firm_client.employ_staff, &firm, "m", message);
        assert_eq!(refused(answer), "STAFF_ROLE_MISSING");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_project_managers_at_the_same_moment_one_is_named_or_each_in_turn() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let firm = people::firm(manager());
        let one = employed(&registry, "1", "王五", pb::StaffRole::ProjectManager).await;
        let two = employed(&registry, "2", "赵六", pb::StaffRole::ProjectManager).await;
        let assign = async |key, id: &str| {
            let message = assignment(id, TODAY);
            call!(registry, firm_client.assign_manager, &firm, key, message)
        };
        let (first, second) = tokio::join!(assign("3", &one), assign("4", &two));
        let accepted = [&first, &second].iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(accepted, 1, "{first:?} {second:?}");
        for lost in [first, second].into_iter().filter(Result::is_err) {
            let reason = refused(lost);
            assert!(
                ["CONFLICT", "ASSIGNMENT_TOO_EARLY"].contains(&reason.as_str()),
                "{reason}"
            );
        }
        assert_eq!(managers(&registry, TODAY).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_training_names_people_of_the_firm_and_is_recorded_once() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let authority = people::authority(CITY);
        let one = employed(&registry, "1", "王五", pb::StaffRole::Security).await;
        let message = pb::RecordTrainingRequest {
            firm_id: manager().to_string(),
            course: "消防安全".into(),
            organiser: "东阳市物业管理协会".into(),
            held_on: TODAY.into(),
            hours: 8,
            staff_ids: vec![one.clone(), one.clone()],
        };
        let record =
            async |key: &str, message| call!(registry, firm_client.record_training, &authority, key, message);
        let training = record("2", message.clone()).await.unwrap();
        assert_eq!(training.staff_ids, [one]);
        assert_eq!(record("2", message.clone()).await.unwrap(), training);
        assert_eq!(registry.told(&training.training_id).await, ["TrainingRecorded 1"]);
        let wrong = |change: fn(&mut pb::RecordTrainingRequest)| {
            let mut wrong = message.clone();
            change(&mut wrong);
            wrong
        };
        let cases: &[Spoilt<pb::RecordTrainingRequest>] = &[
            (|m| m.hours = 0, "HOURS_OUT_OF_RANGE"),
            (|m| m.staff_ids.clear(), "STAFF_MISSING"),
            (
                |m| m.staff_ids.push(ids::StaffId::derive("x").to_string()),
                "STAFF_NOT_FOUND",
            ),
            (|m| m.course.clear(), "COURSE_MISSING"),
            (|m| m.held_on = "2026-03-03".into(), "DAY_IN_THE_FUTURE"),
        ];
        for (change, reason) in cases.iter().copied() {
            assert_eq!(refused(record(reason, wrong(change)).await), reason);
        }
        let list = pb::ListTrainingsRequest {
            firm_id: manager().to_string(),
            ..Default::default()
        };
        let caller = people::owner(owner(1));
        let found = call!(registry, firm_client.list_trainings, &caller, "l", list).unwrap();
        assert_eq!(found.trainings, [training]);
    }
}
