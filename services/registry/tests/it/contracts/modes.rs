//! How an area is managed: by ballot only, with its history.

use access::Principal;
use proto::committees::v1::Matter;
use proto::registry::v1 as pb;
use testkit::people;
use tonic::Status;

use super::desk::*;
use crate::world::*;

async fn change(
    desk: &Desk,
    caller: &Principal,
    mode: pb::AreaMode,
    since: &str,
    ballot_id: &str,
) -> Result<pb::ManagementMode, Status> {
    let message = pb::ChangeManagementModeRequest {
        area_id: area().to_string(),
        mode: mode.into(),
        since: since.into(),
        ballot_id: ballot_id.into(),
    };
    let request = desk.request(caller, message);
    Ok(desk.client().change_management_mode(request).await?.into_inner())
}

async fn mode(desk: &Desk, caller: &Principal) -> Result<pb::ManagementMode, Status> {
    let message = pb::GetManagementModeRequest {
        area_id: area().to_string(),
        ..Default::default()
    };
    let request = desk.request(caller, message);
    Ok(desk.client().get_management_mode(request).await?.into_inner())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owners_take_their_area_over_and_hire_again_later() {
    each(async |desk| {
        let found = mode(&desk, &committee()).await.unwrap();
        assert_eq!((found.mode(), found.version), (pb::AreaMode::Firm, 0));
        let contract = desk.record(manager(), "2024-01-01", "2026-12-31").await;
        let ballot = desk.decided("self", Matter::Other, true).await;
        let bound = change(&desk, &committee(), pb::AreaMode::Owners, "2027-01-01", &ballot).await;
        assert_eq!(refused(bound), "FIRM_NOT_DISMISSED", "a term alone would go on");
        let dismissal = desk.hired("dismissal").await;
        desk.dismiss_as(&committee(), &contract.contract_id, &dismissal, "2026-03-01")
            .await
            .unwrap();
        let early = change(&desk, &committee(), pb::AreaMode::Owners, "2026-04-30", &ballot).await;
        assert_eq!(refused(early), "AREA_HAS_CONTRACT");
        let taken = change(&desk, &committee(), pb::AreaMode::Owners, "2026-05-01", &ballot)
            .await
            .unwrap();
        assert_eq!((taken.mode(), taken.version), (pb::AreaMode::Owners, 1));
        assert_eq!(taken.history[0].ballot_id, ballot);
        desk.at("2026-05-02").await;

        // A firm is hired after the owners decided for one again.
        let hire = desk.hired("hire").await;
        let next = terms("2026-06-01", "2029-05-31");
        let against = desk.record_as(&committee(), rival(), next.clone(), &hire).await;
        assert_eq!(refused(against), "AREA_WITHOUT_FIRM");
        let back = change(&desk, &street(), pb::AreaMode::Firm, "2026-06-01", &hire)
            .await
            .unwrap();
        assert_eq!((back.history.len(), back.version), (2, 2));
        desk.record_as(&committee(), rival(), next, &hire).await.unwrap();
        assert_eq!(
            desk.told(&back.mode_id).await,
            [
                ("ManagementModeChanged".to_owned(), 1),
                ("ManagementModeChanged".to_owned(), 2)
            ]
        );
        for reader in [people::owner(owner(1001)), people::community(COMMUNITY)] {
            assert_eq!(mode(&desk, &reader).await.unwrap(), back);
        }
        let stranger = mode(&desk, &people::street(OTHER_STREET)).await;
        assert_eq!(refused(stranger), "AREA_NOT_FOUND");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mode_needs_the_right_ballot_and_each_serves_once() {
    each(async |desk| {
        let other = desk.decided("other", Matter::Other, true).await;
        let fund = desk.decided("fund", Matter::FundUse, true).await;
        let failed = desk.decided("failed", Matter::Other, false).await;
        let firm = desk.hired("firm").await;
        let send = async |mode, since: &str, ballot: &str| {
            let caller = committee();
            change(&desk, &caller, mode, since, ballot).await
        };
        for (mode, ballot, reason) in [
            (pb::AreaMode::Firm, &other, "BALLOT_OF_OTHER_MATTER"),
            (pb::AreaMode::Owners, &fund, "BALLOT_OF_OTHER_MATTER"),
            (pb::AreaMode::Owners, &failed, "BALLOT_NOT_PASSED"),
            (pb::AreaMode::Unspecified, &other, "MODE_MISSING"),
        ] {
            assert_eq!(refused(send(mode, TODAY, ballot).await), reason);
        }
        let before = send(pb::AreaMode::Specialists, "2026-02-28", &other).await;
        assert_eq!(refused(before), "NOTICE_BEFORE_BALLOT");
        send(pb::AreaMode::Specialists, TODAY, &other).await.unwrap();
        let again = send(pb::AreaMode::Owners, "2026-03-05", &other).await;
        assert_eq!(refused(again), "BALLOT_USED");
        let older = send(pb::AreaMode::Firm, TODAY, &firm).await;
        assert_eq!(refused(older), "MODE_BEFORE_LAST");
        let same = send(pb::AreaMode::Specialists, "2026-03-05", &firm).await;
        assert_eq!(refused(same), "MODE_UNCHANGED");
        let stranger = change(
            &desk,
            &people::firm(manager()),
            pb::AreaMode::Firm,
            "2026-03-05",
            &firm,
        )
        .await;
        assert_eq!(refused(stranger), "NOT_ALLOWED");
    })
    .await;
}
