//! Contracts, managers and ways of managing as they were on a past day.

use access::Principal;
use proto::committees::v1::Matter;
use proto::registry::v1 as pb;
use testkit::people;
use tonic::Status;

use super::desk::*;
use crate::world::*;

async fn on(desk: &Desk, caller: &Principal, contract_id: &str, day: &str) -> Result<pb::Contract, Status> {
    let message = pb::GetContractRequest {
        contract_id: contract_id.into(),
        as_of_on: day.into(),
    };
    let request = desk.request(caller, message);
    Ok(desk.client().get_contract(request).await?.into_inner())
}

/// The manager of the area on a day, as one and in the list.
async fn manager_on(desk: &Desk, day: &str) -> String {
    let message = pb::GetAreaRequest {
        area_id: area().to_string(),
        as_of_on: day.into(),
    };
    let one = desk
        .registry
        .client()
        .get_area(desk.request(&authority(), message))
        .await;
    let one = one.unwrap().into_inner();
    let message = pb::ListAreasRequest {
        as_of_on: day.into(),
        ..Default::default()
    };
    let all = desk
        .registry
        .client()
        .list_areas(desk.request(&authority(), message))
        .await;
    assert_eq!(
        all.unwrap().into_inner().areas,
        std::slice::from_ref(&one),
        "{day}"
    );
    one.manager_id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_of_a_day_stands_as_it_stood() {
    each(async |desk| {
        let signed = pb::ContractTerms {
            signed_on: "2026-02-20".into(),
            ..terms("2026-03-01", "2027-02-28")
        };
        let ballot = desk.hired("hire").await;
        let contract = desk
            .record_as(&committee(), manager(), signed, &ballot)
            .await
            .unwrap();
        let id = contract.contract_id;
        desk.at("2026-03-10").await;
        desk.file(&authority(), &id).await.unwrap();
        let dismissal = desk.hired("dismissal").await;
        desk.at("2026-03-20").await;
        desk.dismiss_as(&committee(), &id, &dismissal, "2026-03-20")
            .await
            .unwrap();
        desk.at("2026-06-01").await;
        desk.hand_back(&committee(), &id, &[pb::HandBackItem::Rooms], "2026-05-25")
            .await
            .unwrap();

        use pb::ContractState::{Effective, Ended, NoticeGiven, Signed};
        for (day, state, ends_on, filed, handed_back) in [
            ("2026-02-20", Signed, "2027-02-28", "", 0),
            ("2026-02-28", Signed, "2027-02-28", "", 0),
            ("2026-03-01", Effective, "2027-02-28", "", 0),
            ("2026-03-10", Effective, "2027-02-28", "2026-03-10", 0),
            ("2026-03-19", Effective, "2027-02-28", "2026-03-10", 0),
            ("2026-03-20", NoticeGiven, "2026-05-19", "2026-03-10", 0),
            ("2026-05-19", NoticeGiven, "2026-05-19", "2026-03-10", 0),
            ("2026-05-20", Ended, "2026-05-19", "2026-03-10", 0),
            ("2026-05-25", Ended, "2026-05-19", "2026-03-10", 1),
            ("", Ended, "2026-05-19", "2026-03-10", 1),
        ] {
            let then = on(&desk, &authority(), &id, day).await.unwrap();
            assert_eq!((then.state(), then.ends_on.as_str()), (state, ends_on), "{day}");
            let filing = then.filing.clone().unwrap();
            assert_eq!(filing.filed_on, filed, "{day}");
            let lines = then.hand_back.as_ref().map_or(0, |due| due.lines.len());
            assert_eq!(lines, handed_back, "{day}");
            let list = |state: pb::ContractState| pb::ListContractsRequest {
                area_id: area().to_string(),
                state: state.into(),
                as_of_on: day.into(),
                ..Default::default()
            };
            let found = desk
                .client()
                .list_contracts(desk.request(&authority(), list(state)))
                .await;
            assert_eq!(found.unwrap().into_inner().contracts, [then], "{day}");
            let other = if state == Ended { Signed } else { Ended };
            let found = desk
                .client()
                .list_contracts(desk.request(&authority(), list(other)))
                .await;
            assert_eq!(found.unwrap().into_inner().contracts, [], "{day}");
        }
        let unsigned = on(&desk, &authority(), &id, "2026-02-19").await;
        assert_eq!(refused(unsigned), "CONTRACT_NOT_FOUND");
        assert_eq!(
            refused(on(&desk, &authority(), &id, "2026-06-02").await),
            "DAY_IN_THE_FUTURE"
        );
        // Who may see it is who may now.
        let stranger = on(&desk, &people::firm(rival()), &id, "2026-03-10").await;
        assert_eq!(refused(stranger), "CONTRACT_NOT_FOUND");
        desk.registry.world.assert_no_dead_letters().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_term_that_ran_out_goes_on_from_its_day() {
    each(async |desk| {
        let id = desk
            .record(manager(), "2026-01-01", "2026-04-30")
            .await
            .contract_id;
        desk.at("2026-06-01").await;
        use pb::ContractState::{Continuing, Effective};
        for (day, state, since) in [
            // Signed later than its term began: it counts from the sooner day.
            ("2026-01-01", Effective, ""),
            ("2026-04-30", Effective, ""),
            ("2026-05-01", Continuing, "2026-05-01"),
            ("", Continuing, "2026-05-01"),
        ] {
            let then = on(&desk, &authority(), &id, day).await.unwrap();
            assert_eq!(
                (then.state(), then.continuing_since.as_str()),
                (state, since),
                "{day}"
            );
        }
        // What ended before a day is that of the day as well.
        for (day, found) in [("2026-04-30", 1), ("2026-05-01", 0)] {
            let list = pb::ListContractsRequest {
                ending_before: "2026-05-01".into(),
                as_of_on: day.into(),
                ..Default::default()
            };
            let list = desk
                .client()
                .list_contracts(desk.request(&authority(), list))
                .await;
            assert_eq!(list.unwrap().into_inner().contracts.len(), found, "{day}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_manager_and_the_mode_of_a_day_are_those_that_counted_then() {
    each(async |desk| {
        let contract = desk.record(manager(), "2025-01-01", "2026-03-31").await;
        desk.record(rival(), "2026-04-01", "2027-03-31").await;
        desk.at("2026-04-10").await;
        let ballot = desk.decided("self", Matter::Other, true).await;
        let dismissal = desk.hired("dismissal").await;
        let serving = pb::ListContractsRequest {
            firm_id: rival().to_string(),
            ..Default::default()
        };
        let serving = desk
            .client()
            .list_contracts(desk.request(&authority(), serving))
            .await;
        let serving = serving.unwrap().into_inner().contracts.remove(0);
        desk.dismiss_as(&committee(), &serving.contract_id, &dismissal, "2026-04-10")
            .await
            .unwrap();
        let change = pb::ChangeManagementModeRequest {
            area_id: area().to_string(),
            mode: pb::AreaMode::Owners.into(),
            since: "2026-06-10".into(),
            ballot_id: ballot,
        };
        let change = desk.request(&committee(), change);
        desk.client().change_management_mode(change).await.unwrap();
        desk.at("2026-06-15").await;
        assert_ne!(contract.contract_id, serving.contract_id);

        for (day, expected) in [
            ("2020-01-01", manager().to_string()),
            ("2026-03-31", manager().to_string()),
            ("2026-04-01", rival().to_string()),
            ("2026-06-09", rival().to_string()),
            ("2026-06-10", String::new()),
            ("", String::new()),
        ] {
            assert_eq!(manager_on(&desk, day).await, expected, "{day}");
        }
        for (day, mode, decisions) in [
            ("2026-06-09", pb::AreaMode::Firm, 0),
            ("2026-06-10", pb::AreaMode::Owners, 1),
            ("", pb::AreaMode::Owners, 1),
        ] {
            let message = pb::GetManagementModeRequest {
                area_id: area().to_string(),
                as_of_on: day.into(),
            };
            let found = desk
                .client()
                .get_management_mode(desk.request(&committee(), message))
                .await;
            let found = found.unwrap().into_inner();
            assert_eq!((found.mode(), found.history.len()), (mode, decisions), "{day}");
        }
        let to_come = pb::GetManagementModeRequest {
            area_id: area().to_string(),
            as_of_on: "2026-06-16".into(),
        };
        let refusal = desk
            .client()
            .get_management_mode(desk.request(&committee(), to_come))
            .await;
        assert_eq!(refused(refusal), "DAY_IN_THE_FUTURE");
    })
    .await;
}
