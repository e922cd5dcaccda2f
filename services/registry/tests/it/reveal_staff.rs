//! Seeing people of firms in clear: the look that is recorded before, who may, and that nothing in clear stays anywhere.

use access::Principal;
use proto::registry::v1 as pb;
use testkit::{backends, people};
use tonic::Status;

use crate::world::*;

const WHY: &str = "电梯困人，须联系项目经理";

/// A project manager of the area and a guard, both of the firm that manages it.
async fn two_people(registry: &TestRegistry) -> (String, String) {
    let firm = people::firm(manager());
    let mut ids = Vec::new();
    for (name, role, mobile) in [
        ("王五", pb::StaffRole::ProjectManager, "13800005678"),
        ("赵六", pb::StaffRole::Security, ""),
    ] {
        let message = pb::EmployStaffRequest {
            firm_id: manager().to_string(),
            name: name.into(),
            role: role.into(),
            mobile: mobile.into(),
            employed_on: "2025-01-01".into(),
        };
        let answer = call!(
            registry,
            firm_client.employ_staff,
            &firm,
            role.as_str_name(),
            message
        );
        ids.push(answer.unwrap().staff_id);
    }
    let message = pb::AssignManagerRequest {
        staff_id: ids[0].clone(),
        area_id: area().to_string(),
        assigned_on: "2025-02-01".into(),
    };
    call!(registry, firm_client.assign_manager, &firm, "assign", message).unwrap();
    let guard = ids.remove(1);
    (ids.remove(0), guard)
}

async fn reveal(
    registry: &TestRegistry,
    caller: &Principal,
    key: &str,
    reason: &str,
    staff_id: &str,
) -> Result<pb::RevealedStaff, Status> {
    let message = pb::RevealStaffRequest {
        staff_id: staff_id.into(),
    };
    let request = registry.because(caller, key, reason, message);
    let answer = registry.firm_client().reveal_staff(request).await;
    answer.map(tonic::Response::into_inner)
}

async fn looks(registry: &TestRegistry, caller: &Principal, staff_id: &str) -> Result<Vec<pb::Look>, Status> {
    let message = pb::ListStaffLooksRequest {
        staff_id: staff_id.into(),
        ..Default::default()
    };
    let request = registry.world.request(caller, message);
    let answer = registry.firm_client().list_staff_looks(request).await?;
    Ok(answer.into_inner().looks)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_is_recorded_with_its_reason_and_the_firm_and_the_auditor_read_it() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let (boss, guard) = two_people(&registry).await;
        let street = people::street(STREET);
        let shown = reveal(&registry, &street, "k", WHY, &boss).await.unwrap();
        assert_eq!(
            (
                shown.staff_id.as_str(),
                shown.name.as_str(),
                shown.mobile.as_str()
            ),
            (boss.as_str(), "王五", "13800005678")
        );
        let firm = people::firm(manager());
        let seen = looks(&registry, &firm, &boss).await.unwrap();
        assert_eq!(seen.len(), 1);
        let look = &seen[0];
        assert_eq!(
            (look.look_id.as_str(), look.kind(), look.call.as_str()),
            (
                shown.look_id.as_str(),
                pb::LookKind::Revealed,
                "registry.RevealStaff"
            )
        );
        assert_eq!(
            (
                look.account.as_str(),
                look.role.as_str(),
                look.division_code.as_str()
            ),
            ("street-330783004", "street", STREET)
        );
        assert_eq!((look.reason.as_str(), look.times), (WHY, 1));
        assert_eq!(look.fields, ["name", "mobile"]);
        assert_eq!(
            looks(&registry, &people::auditor(CITY), &boss).await.unwrap(),
            seen
        );

        // The firm looks for no division; who has no number shows none.
        let shown = reveal(&registry, &firm, "own", "核对花名册", &guard)
            .await
            .unwrap();
        assert_eq!((shown.name.as_str(), shown.mobile.as_str()), ("赵六", ""));
        let seen = looks(&registry, &firm, &guard).await.unwrap();
        assert_eq!(
            (seen[0].role.as_str(), seen[0].division_code.as_str()),
            ("firm", "")
        );
        assert_eq!(seen[0].fields, ["name"]);

        assert_eq!(
            registry.told(&boss).await,
            ["StaffEmployed 1", "ManagerAssigned 2", "StaffLookedAt 3"]
        );
        registry.world.pump().await;
        registry.world.assert_no_dead_letters().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn project_managers_are_shown_to_who_supervises_the_area_and_others_to_firm_and_authority() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let (boss, guard) = two_people(&registry).await;
        let (community, street, authority) = (
            people::community(COMMUNITY),
            people::street(STREET),
            people::authority(CITY),
        );
        for (key, officer) in [("1", &community), ("2", &street), ("3", &authority)] {
            reveal(&registry, officer, key, WHY, &boss).await.unwrap();
        }
        reveal(&registry, &authority, "4", WHY, &guard).await.unwrap();
        let kept = registry.dump("looks", "account").await.len();
        for officer in [&community, &street] {
            let answer = reveal(&registry, officer, "5", WHY, &guard).await;
            assert_eq!(refused(answer), "NOT_ALLOWED", "a guard serves no area in charge");
        }
        for stranger in [
            people::street(OTHER_STREET),
            people::community(OTHER_COMMUNITY),
            people::authority("330782"),
            people::firm(developer()),
            people::association(CITY),
            people::owner(owner(1001)),
            people::committee_member(area()),
            people::department(CITY),
            people::auditor(CITY),
            people::administrator(),
        ] {
            let answer = reveal(&registry, &stranger, "6", WHY, &boss).await;
            assert_eq!(refused(answer), "NOT_ALLOWED", "{stranger:?}");
        }
        for stranger in [
            people::firm(developer()),
            community.clone(),
            street.clone(),
            authority.clone(),
            people::auditor(STREET),
            people::association(CITY),
            people::owner(owner(1001)),
        ] {
            let answer = looks(&registry, &stranger, &boss).await;
            assert_eq!(refused(answer), "NOT_ALLOWED", "{stranger:?}");
        }
        for empty in ["", "   "] {
            let answer = reveal(&registry, &street, "7", empty, &boss).await;
            assert_eq!(refused(answer), "REASON_MISSING");
        }
        let nobody = ids::StaffId::derive("nobody").to_string();
        let answer = reveal(&registry, &authority, "8", WHY, &nobody).await;
        assert_eq!(refused(answer), "STAFF_NOT_FOUND");
        assert_eq!(registry.dump("looks", "account").await.len(), kept);

        // Who is project manager no more is none of the street's business any more.
        let end = pb::EndEmploymentRequest {
            staff_id: boss.clone(),
            left_on: TODAY.into(),
        };
        let firm = people::firm(manager());
        call!(registry, firm_client.end_employment, &firm, "end", end).unwrap();
        let again = reveal(&registry, &street, "2", WHY, &boss).await;
        assert_eq!(
            refused(again),
            "NOT_ALLOWED",
            "a repeat is asked for permission anew"
        );
        reveal(&registry, &firm, "9", "开具离职证明", &boss)
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_is_counted_and_of_two_at_once_both_are_recorded_or_one_repeats() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let (boss, guard) = two_people(&registry).await;
        let (street, authority, firm) = (
            people::street(STREET),
            people::authority(CITY),
            people::firm(manager()),
        );
        let first = reveal(&registry, &street, "k", WHY, &boss).await.unwrap();
        assert_eq!(reveal(&registry, &street, "k", WHY, &boss).await.unwrap(), first);
        let seen = looks(&registry, &firm, &boss).await.unwrap();
        assert_eq!((seen.len(), seen[0].times), (1, 2));
        assert_eq!(registry.told_of("StaffLookedAt").await.len(), 1);
        reveal(&registry, &authority, "k", WHY, &boss).await.unwrap();
        let other = reveal(&registry, &authority, "k", WHY, &guard).await;
        assert_eq!(refused(other), "IDEMPOTENCY_KEY_REUSED");

        let (one, two) = tokio::join!(
            reveal(&registry, &street, "a", WHY, &boss),
            reveal(&registry, &authority, "b", WHY, &boss)
        );
        let mut shown = 2;
        for answer in [one, two] {
            match answer {
                Ok(_) => shown += 1,
                Err(status) => assert_eq!(rpc::failure::reason_of(&status), "CONFLICT"),
            }
        }
        assert_eq!(looks(&registry, &firm, &boss).await.unwrap().len(), shown);
        assert_eq!(registry.told_of("StaffLookedAt").await.len(), shown);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn looks_at_owners_and_at_people_of_firms_stand_apart_and_nothing_in_clear_stays() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=1).await;
        let (boss, _) = two_people(&registry).await;
        let street = people::street(STREET);
        for key in ["1", "2"] {
            reveal(&registry, &street, key, WHY, &boss).await.unwrap();
        }
        let message = pb::RevealOwnerRequest {
            owner_id: owner(1001).to_string(),
        };
        let request = registry.because(&street, "3", "核对名册", message);
        registry.owners().reveal_owner(request).await.unwrap();
        let firm = people::firm(manager());
        let page = pb::ListStaffLooksRequest {
            staff_id: boss.clone(),
            page_size: 1,
            ..Default::default()
        };
        let first = call!(registry, firm_client.list_staff_looks, &firm, "l", page.clone()).unwrap();
        let rest = pb::ListStaffLooksRequest {
            page_token: first.next_page_token,
            ..page
        };
        let rest = call!(registry, firm_client.list_staff_looks, &firm, "l", rest).unwrap();
        assert_eq!((first.looks.len(), rest.looks.len()), (1, 1));
        assert_eq!(rest.next_page_token, "");
        assert_ne!(first.looks, rest.looks);
        let of_owner = pb::ListLooksRequest {
            owner_id: owner(1001).to_string(),
            ..Default::default()
        };
        let own = people::owner(owner(1001));
        let request = registry.world.request(&own, of_owner);
        let of_owner = registry.owners().list_looks(request).await.unwrap().into_inner();
        assert_eq!(of_owner.looks.len(), 1);
        assert_eq!(of_owner.looks[0].call, "registry.RevealOwner");

        let mut kept = registry
            .dump("commands", "input_hash || ' ' || answer || ' ' || aggregate")
            .await;
        kept.extend(registry.dump("outbox", "body || ' ' || aggregate").await);
        kept.extend(registry.dump("looks", "reason_sealed || ' ' || fields").await);
        for text in &kept {
            for clear in ["王五", "13800005678", WHY] {
                assert!(!text.contains(clear), "{text}");
            }
        }
    }
}
