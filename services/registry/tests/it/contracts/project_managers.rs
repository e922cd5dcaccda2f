//! A project manager serves no longer than the firm: on the day on which another manages the area, or none, it is over.

use ids::FirmId;
use proto::registry::v1 as pb;
use testkit::people;

use super::desk::*;
use crate::world::*;

const NEIGHBOUR: &str = "330783004015-0002";

pub async fn employed(desk: &Desk, firm: FirmId, name: &str) -> String {
    let message = pb::EmployStaffRequest {
        firm_id: firm.to_string(),
        name: name.into(),
        role: pb::StaffRole::ProjectManager.into(),
        employed_on: "2025-01-01".into(),
        ..Default::default()
    };
    let (registry, caller) = (&desk.registry, people::firm(firm));
    let answer = call!(registry, firm_client.employ_staff, &caller, "employ", message);
    answer.unwrap().staff_id
}

pub async fn assign(
    desk: &Desk,
    firm: FirmId,
    staff_id: &str,
    area_number: &str,
    on: &str,
) -> Result<pb::StaffMember, tonic::Status> {
    let message = pb::AssignManagerRequest {
        staff_id: staff_id.into(),
        area_id: ids::AreaId::derive(area_number).to_string(),
        assigned_on: on.into(),
    };
    let (registry, caller) = (&desk.registry, people::firm(firm));
    let key = format!("{staff_id}/{area_number}/{on}");
    call!(registry, firm_client.assign_manager, &caller, &key, message)
}

/// Who is project manager of the area on a day, with first and last day; all there ever were where it is empty.
pub async fn managers(desk: &Desk, area_number: &str, on: &str) -> Vec<(String, String, String)> {
    let list = pb::ListProjectManagersRequest {
        area_id: ids::AreaId::derive(area_number).to_string(),
        on: on.into(),
        ..Default::default()
    };
    let (registry, caller) = (&desk.registry, people::owner(owner(1001)));
    let found = call!(registry, firm_client.list_project_managers, &caller, "l", list).unwrap();
    let found = found.project_managers.into_iter();
    found
        .map(|one| (one.staff_id, one.assigned_on, one.ended_on))
        .collect()
}

pub fn term(staff_id: &str, from: &str, until: &str) -> (String, String, String) {
    (staff_id.into(), from.into(), until.into())
}

#[tokio::test(flavor = "multi_thread")]
async fn when_another_firms_contract_takes_effect_the_former_project_manager_is_none_once() {
    each(async |desk| {
        let tables = areas(&[(NEIGHBOUR, COMMUNITY)]);
        desk.registry.load(pb::TableKind::Areas, &tables).await;
        desk.record(manager(), "2025-01-01", "2026-03-31").await;
        let former = employed(&desk, manager(), "王五").await;
        assign(&desk, manager(), &former, AREA, "2025-02-01")
            .await
            .unwrap();
        assign(&desk, manager(), &former, NEIGHBOUR, "2025-03-01")
            .await
            .unwrap();
        let next = employed(&desk, rival(), "赵六").await;
        desk.record(rival(), "2026-04-01", "2027-03-31").await;
        let early = assign(&desk, rival(), &next, AREA, "2026-03-02").await;
        assert_eq!(
            refused(early),
            "AREA_NOT_MANAGED",
            "the contract is still to begin"
        );

        // The deadline on the first day, and whatever is due later, end it once.
        desk.at("2026-04-01").await;
        desk.at("2026-04-20").await;
        let ended = [term(&former, "2025-02-01", "2026-03-31")];
        assert_eq!(managers(&desk, AREA, "").await, ended);
        assert_eq!(managers(&desk, AREA, "2026-03-31").await, ended);
        assert_eq!(managers(&desk, AREA, "2026-04-01").await, []);
        let elsewhere = term(&former, "2025-03-01", "");
        assert_eq!(managers(&desk, NEIGHBOUR, "2026-04-20").await, [elsewhere]);
        let told: Vec<_> = [
            "StaffEmployed",
            "ManagerAssigned",
            "ManagerAssigned",
            "ManagerReplaced",
        ]
        .into_iter()
        .map(str::to_owned)
        .zip(1..)
        .collect();
        assert_eq!(desk.told(&former).await, told);
        let events = desk.registry.told_of("ManagerReplaced").await;
        let replaced: pb::ManagerReplaced = serde_json::from_str(&events[0].body).unwrap();
        assert_eq!(
            (replaced.area_id, replaced.ended_on.as_str()),
            (area().to_string(), "2026-03-31")
        );
        let staff = replaced.staff.unwrap();
        let kept = ids::AreaId::derive(NEIGHBOUR).to_string();
        assert_eq!((staff.area_ids, staff.name.as_str()), (vec![kept], ""));

        // Nobody of the former firm comes back, and nobody of the next began before it did.
        let again = assign(&desk, manager(), &former, AREA, "2026-04-20").await;
        assert_eq!(refused(again), "AREA_NOT_MANAGED");
        let before_the_term = assign(&desk, rival(), &next, AREA, "2026-03-31").await;
        assert_eq!(refused(before_the_term), "ASSIGNMENT_TOO_EARLY");
        assign(&desk, rival(), &next, AREA, "2026-04-01").await.unwrap();
        let now = term(&next, "2026-04-01", "");
        assert_eq!(managers(&desk, AREA, "2026-04-01").await, [now]);
        desk.registry.world.pump().await;
        desk.registry.world.assert_no_dead_letters().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_a_contract_ends_and_nobody_follows_nobody_is_project_manager() {
    each(async |desk| {
        let contract = desk.record(manager(), "2025-01-01", "2026-12-31").await;
        let former = employed(&desk, manager(), "王五").await;
        assign(&desk, manager(), &former, AREA, "2025-02-01")
            .await
            .unwrap();
        let ballot = desk.hired("dismissal").await;
        desk.dismiss_as(&committee(), &contract.contract_id, &ballot, "2026-03-01")
            .await
            .unwrap();
        desk.at("2026-04-30").await;
        assert_eq!(
            managers(&desk, AREA, "2026-04-30").await,
            [term(&former, "2025-02-01", "")],
            "the last day is a day of service"
        );
        desk.at("2026-05-01").await;
        let ended = term(&former, "2025-02-01", "2026-04-30");
        assert_eq!(managers(&desk, AREA, "2026-04-30").await, [ended]);
        assert_eq!(managers(&desk, AREA, "2026-05-01").await, []);
        assert_eq!(desk.manager().await, "");
        assert_eq!(desk.counted(&former).await["ManagerReplaced"], 1);
        let again = assign(&desk, manager(), &former, AREA, "2026-05-01").await;
        assert_eq!(refused(again), "AREA_NOT_MANAGED");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_firm_that_is_told_late_leaves_the_day_on_which_somebody_began() {
    each(async |desk| {
        let former = employed(&desk, manager(), "王五").await;
        assign(&desk, manager(), &former, AREA, "2026-02-01")
            .await
            .unwrap();
        // The other firm has served since January; its contract is recorded in March only.
        let terms = terms("2026-01-01", "2026-12-31");
        let terms = pb::ContractTerms {
            signed_on: "2025-12-01".into(),
            ..terms
        };
        desk.record_early(&authority(), rival(), terms).await.unwrap();
        assert_eq!(desk.manager().await, rival().to_string());
        let day = term(&former, "2026-02-01", "2026-02-01");
        assert_eq!(managers(&desk, AREA, "").await, [day]);
        let next = employed(&desk, rival(), "赵六").await;
        let early = assign(&desk, rival(), &next, AREA, "2026-02-01").await;
        assert_eq!(refused(early), "ASSIGNMENT_TOO_EARLY");
        assign(&desk, rival(), &next, AREA, "2026-02-02").await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_firm_that_renews_keeps_its_project_manager() {
    each(async |desk| {
        let contract = desk.record(manager(), "2025-01-01", "2026-03-31").await;
        let staff_id = employed(&desk, manager(), "王五").await;
        assign(&desk, manager(), &staff_id, AREA, "2025-02-01")
            .await
            .unwrap();
        let ballot = desk.hired("renewal").await;
        desk.renew(&contract.contract_id, "2027-03-31", "2026-03-02", &ballot)
            .await
            .unwrap();
        desk.at("2026-04-01").await;
        assert_eq!(
            managers(&desk, AREA, "2026-04-01").await,
            [term(&staff_id, "2025-02-01", "")]
        );
        assert_eq!(desk.registry.told_of("ManagerReplaced").await.len(), 0);
    })
    .await;
}
