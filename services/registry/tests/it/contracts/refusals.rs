//! What is refused about contracts, each with its reason.

use proto::committees::v1::{Ballot, Matter};
use proto::registry::v1 as pb;
use testkit::people;

use super::desk::*;
use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn without_a_passed_ballot_of_the_whole_area_nobody_is_hired_or_dismissed() {
    each(async |desk| {
        let contract = desk.record(manager(), "2024-01-01", "2026-12-31").await;
        let id = contract.contract_id.as_str();
        let part = Ballot {
            scope: Some(proto::common::v1::Scope {
                building_ids: vec![building("1").to_string()],
                ..whole_area()
            }),
            ..ballot("part", Matter::PropertyFirm, true)
        };
        let elsewhere = Ballot {
            scope: Some(proto::common::v1::Scope {
                area_id: ids::AreaId::derive("elsewhere").to_string(),
                ..Default::default()
            }),
            ..ballot("elsewhere", Matter::PropertyFirm, true)
        };
        for told in [&part, &elsewhere] {
            desk.tell(told.clone()).await;
        }
        let undecided = ids::BallotId::derive("undecided").to_string();
        let failed = desk.decided("failed", Matter::PropertyFirm, false).await;
        let other = desk.decided("fund", Matter::FundUse, true).await;
        let used = contract.ballot_id.clone();
        for (ballot_id, reason) in [
            (&undecided, "BALLOT_NOT_DECIDED"),
            (&elsewhere.ballot_id, "BALLOT_NOT_DECIDED"),
            (&part.ballot_id, "BALLOT_OF_PART"),
            (&failed, "BALLOT_NOT_PASSED"),
            (&other, "BALLOT_OF_OTHER_MATTER"),
        ] {
            let dismissed = desk.dismiss_as(&committee(), id, ballot_id, TODAY).await;
            assert_eq!(refused(dismissed), reason);
            let next = terms("2027-01-01", "2029-12-31");
            let hired = desk.record_as(&committee(), rival(), next, ballot_id).await;
            assert_eq!(refused(hired), reason);
            let renewed = desk.renew(id, "2029-12-31", TODAY, ballot_id).await;
            assert_eq!(refused(renewed), reason);
        }
        let next = terms("2027-01-01", "2029-12-31");
        let hired = desk.record_as(&committee(), rival(), next.clone(), &used).await;
        assert_eq!(refused(hired), "BALLOT_USED");
        // One vote may dismiss one firm and hire another, each once.
        let both = desk.hired("both").await;
        let early = desk.dismiss_as(&committee(), id, &both, "2026-02-28").await;
        assert_eq!(refused(early), "NOTICE_BEFORE_BALLOT");
        desk.dismiss_as(&committee(), id, &both, TODAY).await.unwrap();
        desk.record_as(&committee(), rival(), next, &both).await.unwrap();
        let again = desk.dismiss_as(&committee(), id, &both, TODAY).await;
        assert_eq!(refused(again), "BALLOT_USED");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_firms_never_serve_one_area_at_a_time() {
    each(async |desk| {
        let contract = desk.record(manager(), "2024-01-01", "2026-12-31").await;
        let ballot = desk.hired("rival").await;
        for from_on in ["2023-01-01", "2026-03-02", "2026-12-31"] {
            let second = terms(from_on, "2029-12-31");
            let second = desk.record_as(&committee(), rival(), second, &ballot).await;
            assert_eq!(refused(second), "AREA_HAS_CONTRACT", "{from_on}");
        }
        let early = terms("2026-04-01", "2029-12-31");
        let early = desk.record_early(&authority(), rival(), early).await;
        assert_eq!(refused(early), "AREA_HAS_CONTRACT");
        let waiting = terms("2027-01-01", "2029-12-31");
        desk.record_as(&committee(), rival(), waiting, &ballot)
            .await
            .unwrap();
        let renewal = desk.hired("renewal").await;
        let renewed = desk
            .renew(&contract.contract_id, "2029-12-31", TODAY, &renewal)
            .await;
        assert_eq!(refused(renewed), "AREA_HAS_CONTRACT");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_in_a_state_that_does_not_allow_it_is_refused() {
    each(async |desk| {
        let contract = desk.record(manager(), "2024-01-01", "2026-12-31").await;
        let id = contract.contract_id.as_str();
        let firm = people::firm(manager());
        assert_eq!(
            refused(desk.end(&firm, id, TODAY, "").await),
            "CONTRACT_WRONG_STATE"
        );
        let rooms = [pb::HandBackItem::Rooms];
        let back = desk.hand_back(&committee(), id, &rooms, TODAY).await;
        assert_eq!(refused(back), "CONTRACT_WRONG_STATE");
        let to_come = desk.decline(&firm, id, "2026-03-03").await;
        assert_eq!(refused(to_come), "CONTRACT_DAY_TO_COME");
        let late = desk
            .renew(id, "2029-12-31", "2027-01-01", &desk.hired("late").await)
            .await;
        assert_eq!(refused(late), "RENEWAL_TOO_LATE");
        desk.decline(&firm, id, TODAY).await.unwrap();
        let twice = desk.decline(&firm, id, TODAY).await;
        assert_eq!(refused(twice), "CONTRACT_WRONG_STATE");
        let renewed = desk
            .renew(id, "2029-12-31", TODAY, &desk.hired("again").await)
            .await;
        assert_eq!(refused(renewed), "CONTRACT_WRONG_STATE");

        desk.at("2027-01-01").await;
        desk.hand_back(&committee(), id, &rooms, "2027-01-01")
            .await
            .unwrap();
        let twice = desk.hand_back(&committee(), id, &rooms, "2027-01-01").await;
        assert_eq!(refused(twice), "HAND_BACK_CONFIRMED");
        let nothing = desk.hand_back(&committee(), id, &[], "2027-01-01").await;
        assert_eq!(refused(nothing), "HAND_BACK_MISSING");
        let cleaning = [pb::PropertyService::Cleaning];
        let given = desk.subcontract(&firm, id, &cleaning, &rival_code()).await;
        assert_eq!(refused(given), "CONTRACT_WRONG_STATE");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_service_is_not_given_away() {
    use pb::PropertyService::{Cleaning, Greening, Management, Security};
    each(async |desk| {
        let contract = desk.record(manager(), "2024-01-01", "2026-12-31").await;
        let id = contract.contract_id.as_str();
        let firm = people::firm(manager());
        for (services, contractor, reason) in [
            (
                &[Management, Security, Cleaning][..],
                rival_code(),
                "WHOLE_SUBCONTRACTED",
            ),
            (&[Greening][..], rival_code(), "SERVICE_NOT_PROMISED"),
            (&[Cleaning][..], manager_code(), "CONTRACTOR_IS_FIRM"),
            (&[][..], rival_code(), "SERVICE_MISSING"),
        ] {
            let given = desk.subcontract(&firm, id, services, &contractor).await;
            assert_eq!(refused(given), reason);
        }
        let given = desk.subcontract(&firm, id, &[Cleaning], &rival_code()).await;
        assert_eq!(given.unwrap().subcontracts.len(), 1);
        let twice = desk.subcontract(&firm, id, &[Cleaning], &rival_code()).await;
        assert_eq!(refused(twice), "SERVICE_SUBCONTRACTED");
        let rest = desk
            .subcontract(&firm, id, &[Management, Security], &rival_code())
            .await;
        assert_eq!(refused(rest), "WHOLE_SUBCONTRACTED", "in pieces");
        desk.subcontract(&firm, id, &[Security], &rival_code())
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_find_nothing_and_who_may_read_is_not_therefore_allowed_to_act() {
    each(async |desk| {
        let contract = desk.record(manager(), "2024-01-01", "2026-12-31").await;
        let id = contract.contract_id.as_str();
        let ballot = desk.hired("b").await;
        let stranger = ids::AreaId::derive("elsewhere");
        for caller in [
            people::street(OTHER_STREET),
            people::committee_member(stranger),
            people::firm(rival()),
            people::authority("330782"),
        ] {
            let dismissed = desk.dismiss_as(&caller, id, &ballot, TODAY).await;
            assert_eq!(refused(dismissed), "CONTRACT_NOT_FOUND");
            assert_eq!(
                refused(desk.decline(&caller, id, TODAY).await),
                "CONTRACT_NOT_FOUND"
            );
            assert_eq!(refused(desk.file(&caller, id).await), "CONTRACT_NOT_FOUND");
        }
        // A rival that knows of a ballot still records nothing for itself.
        let next = terms("2027-01-01", "2029-12-31");
        for caller in [people::firm(rival()), people::firm(manager()), authority()] {
            let recorded = desk.record_as(&caller, rival(), next.clone(), &ballot).await;
            let reason = refused(recorded);
            assert!(reason == "NOT_ALLOWED" || reason == "AREA_NOT_FOUND", "{reason}");
        }
        for caller in [authority(), people::firm(manager()), people::owner(owner(1001))] {
            let dismissed = desk.dismiss_as(&caller, id, &ballot, TODAY).await;
            assert_eq!(refused(dismissed), "NOT_ALLOWED");
        }
        assert_eq!(
            refused(desk.decline(&committee(), id, TODAY).await),
            "NOT_ALLOWED"
        );
        assert_eq!(refused(desk.file(&street(), id).await), "NOT_ALLOWED");
        let nothing = ids::ContractId::generate().to_string();
        assert_eq!(
            refused(desk.get_as(&authority(), &nothing).await),
            "CONTRACT_NOT_FOUND"
        );
    })
    .await;
}
