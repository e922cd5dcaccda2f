//! Contracts through time: they take effect, run out, are ended by notice, and the area's manager follows.

use proto::registry::v1 as pb;
use testkit::people;

use super::desk::*;
use crate::world::*;

fn versions(kinds: &[&str]) -> Vec<(String, i64)> {
    kinds.iter().map(|kind| (*kind).to_owned()).zip(1..).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn e19_a_firm_dismissed_on_the_first_of_march_leaves_after_the_thirtieth_of_april() {
    each(async |desk| {
        let contract = desk.record(manager(), "2024-01-01", "2026-12-31").await;
        assert_eq!(contract.state(), pb::ContractState::Effective);
        assert_eq!(desk.manager_changes().await, [], "the firm of the tables goes on");
        let id = contract.contract_id.as_str();
        let ballot = desk.hired("dismissal").await;
        let after = desk
            .dismiss_as(&committee(), id, &ballot, "2026-03-01")
            .await
            .unwrap();
        assert_eq!(after.state(), pb::ContractState::NoticeGiven);
        assert_eq!(after.ends_on, "2026-04-30");
        let notice = after.notice.clone().unwrap();
        assert_eq!(
            (notice.by(), notice.cause()),
            (pb::ContractParty::Owners, pb::ContractEndCause::Dismissed)
        );
        assert_eq!((notice.ballot_id, notice.late), (ballot, false));

        desk.file(&authority(), id).await.unwrap();
        desk.at("2026-04-30").await;
        assert_eq!(desk.get(id).await.state(), pb::ContractState::NoticeGiven);
        desk.at("2026-05-01").await;
        let ended = desk.get(id).await;
        assert_eq!(ended.state(), pb::ContractState::Ended);
        assert_eq!(
            (ended.ends_on.as_str(), ended.end_cause()),
            ("2026-04-30", pb::ContractEndCause::Dismissed)
        );
        assert_eq!(ended.hand_back.as_ref().unwrap().due_on, "2026-05-15");
        assert_eq!(desk.manager().await, "", "nobody manages it");
        let left = (manager().to_string(), String::new(), "2026-05-01".to_owned());
        assert_eq!(desk.manager_changes().await, [left]);

        // Two of three come back in time; the third is missed, which is told once, and comes after all.
        let items = [pb::HandBackItem::Rooms, pb::HandBackItem::Files];
        desk.hand_back(&committee(), id, &items, "2026-05-01")
            .await
            .unwrap();
        desk.at("2026-05-15").await;
        assert!(!desk.get(id).await.hand_back.unwrap().overdue);
        desk.at("2026-05-16").await;
        desk.at("2026-05-20").await;
        assert!(desk.get(id).await.hand_back.unwrap().overdue);
        let last = desk
            .hand_back(&street(), id, &[pb::HandBackItem::Facilities], "2026-05-20")
            .await
            .unwrap();
        assert_eq!(last.hand_back.unwrap().lines.len(), 3);
        let told = [
            "ContractRecorded",
            "ContractTookEffect",
            "ContractNoticeGiven",
            "ContractFiled",
            "ContractEnded",
            "ContractHandedBack",
            "ContractHandBackOverdue",
            "ContractHandedBack",
        ];
        assert_eq!(desk.told(id).await, versions(&told));
        desk.registry.world.assert_no_dead_letters().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn e19_a_firm_declines_in_time_until_the_second_of_october_and_late_after_it() {
    each(async |desk| {
        let contract = desk.record(manager(), "2024-01-01", "2026-12-31").await;
        let id = contract.contract_id.as_str();
        desk.at("2026-10-03").await;
        let after = desk
            .decline(&people::firm(manager()), id, "2026-10-03")
            .await
            .unwrap();
        let notice = after.notice.unwrap();
        assert_eq!((notice.due_on.as_str(), notice.late), ("2026-10-02", true));
        assert_eq!(
            (notice.by(), notice.cause()),
            (pb::ContractParty::Firm, pb::ContractEndCause::NotRenewed)
        );
        assert_eq!(after.ends_on, "2026-12-31");
        // The owners hire another in time.
        let next = desk.record(rival(), "2027-01-01", "2029-12-31").await;
        assert_eq!(next.state(), pb::ContractState::Signed);
        desk.at("2027-01-01").await;
        assert_eq!(desk.get(id).await.end_cause(), pb::ContractEndCause::NotRenewed);
        assert_eq!(desk.get(id).await.successor_id, next.contract_id);
        assert_eq!(
            desk.get(&next.contract_id).await.state(),
            pb::ContractState::Effective
        );
        // One step from firm to firm, whichever deadline came first.
        let passed = (
            manager().to_string(),
            rival().to_string(),
            "2027-01-01".to_owned(),
        );
        assert_eq!(desk.manager_changes().await, [passed]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn e19_silence_makes_it_indefinite_and_either_party_ends_it_in_sixty_days() {
    each(async |desk| {
        let contract = desk.record(manager(), "2024-01-01", "2026-12-31").await;
        let id = contract.contract_id.as_str();
        // 180 days before the end, once, for committee and street.
        desk.at("2026-07-03").await;
        assert_eq!(desk.counted(id).await.get("ContractExpiring"), None);
        desk.at("2026-07-04").await;
        desk.at("2026-12-31").await;
        assert_eq!(desk.counted(id).await["ContractExpiring"], 1);
        desk.at("2027-01-01").await;
        let continuing = desk.get(id).await;
        assert_eq!(continuing.state(), pb::ContractState::Continuing);
        assert_eq!(
            (continuing.continuing_since.as_str(), continuing.ends_on.as_str()),
            ("2027-01-01", "")
        );
        assert_eq!(desk.manager().await, manager().to_string());

        desk.at("2027-02-01").await;
        let firm = people::firm(manager());
        let after = desk.end(&firm, id, "2027-02-01", "").await.unwrap();
        let notice = after.notice.unwrap();
        assert_eq!(
            (notice.by(), notice.cause()),
            (pb::ContractParty::Firm, pb::ContractEndCause::IndefiniteEnded)
        );
        assert_eq!(after.ends_on, "2027-04-02");
        desk.at("2027-04-03").await;
        assert_eq!(desk.get(id).await.state(), pb::ContractState::Ended);
        assert_eq!(desk.manager().await, "");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owners_end_an_indefinite_term_by_their_ballot_only() {
    each(async |desk| {
        // No term was agreed, so it is indefinite from the first day.
        let contract = desk.record(manager(), "2024-01-01", "").await;
        assert_eq!(contract.state(), pb::ContractState::Continuing);
        let id = contract.contract_id.as_str();
        let alone = desk.end(&committee(), id, TODAY, "").await;
        assert_eq!(refused(alone), "BALLOT_NOT_DECIDED");
        let ballot = desk.hired("end").await;
        let firm = desk.end(&people::firm(manager()), id, TODAY, &ballot).await;
        assert_eq!(refused(firm), "BALLOT_NOT_NEEDED");
        let after = desk.end(&committee(), id, TODAY, &ballot).await.unwrap();
        assert_eq!(after.ends_on, "2026-05-01");
        assert_eq!(after.notice.unwrap().by(), pb::ContractParty::Owners);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_early_contract_ends_when_the_owners_own_takes_effect() {
    each(async |desk| {
        let developer = people::firm(developer());
        let early = desk
            .record_early(&developer, manager(), terms("2020-05-01", "2028-12-31"))
            .await
            .unwrap();
        assert_eq!(early.kind(), pb::ContractKind::EarlyStage);
        assert_eq!(early.state(), pb::ContractState::Effective);
        let own = desk.record(rival(), "2026-04-01", "2029-03-31").await;
        assert_eq!(own.state(), pb::ContractState::Signed);
        desk.at("2026-03-31").await;
        assert_eq!(desk.manager().await, manager().to_string());
        desk.at("2026-04-01").await;
        let over = desk.get(&early.contract_id).await;
        assert_eq!(
            (over.ends_on.as_str(), over.end_cause()),
            ("2026-03-31", pb::ContractEndCause::Succeeded)
        );
        assert_eq!(over.successor_id, own.contract_id);
        assert!(
            over.hand_back.is_some(),
            "rooms and files go to the owners (ZJ-7)"
        );
        let passed = (
            manager().to_string(),
            rival().to_string(),
            "2026-04-01".to_owned(),
        );
        assert_eq!(desk.manager_changes().await, [passed]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_follows_without_a_gap_and_nothing_is_handed_back() {
    each(async |desk| {
        let contract = desk.record(manager(), "2024-01-01", "2026-06-30").await;
        let id = contract.contract_id.as_str();
        let ballot = desk.hired("again").await;
        let renewal = desk.renew(id, "2029-06-30", TODAY, &ballot).await.unwrap();
        assert_eq!(renewal.terms.as_ref().unwrap().from_on, "2026-07-01");
        assert_eq!(
            (renewal.renews_id.as_str(), renewal.state()),
            (id, pb::ContractState::Signed)
        );
        let declined = desk.decline(&people::firm(manager()), id, TODAY).await;
        assert_eq!(refused(declined), "CONTRACT_RENEWED");
        desk.at("2026-07-01").await;
        let over = desk.get(id).await;
        assert_eq!(over.end_cause(), pb::ContractEndCause::Succeeded);
        assert!(over.hand_back.is_none());
        let back = desk
            .hand_back(&committee(), id, &[pb::HandBackItem::Rooms], TODAY)
            .await;
        assert_eq!(refused(back), "HAND_BACK_NOT_DUE");
        assert_eq!(
            desk.get(&renewal.contract_id).await.state(),
            pb::ContractState::Effective
        );
        assert_eq!(desk.manager_changes().await, [], "the same firm");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_firm_left_the_street_names_another_until_the_owners_hire() {
    each(async |desk| {
        let left = desk.record(manager(), "2024-01-01", "2026-12-31").await;
        let stopgap = terms("2026-03-02", "2026-09-01");
        let bound = desk.appoint(rival(), stopgap.clone(), "").await;
        assert_eq!(refused(bound), "AREA_HAS_CONTRACT");
        let temporary = desk.appoint(rival(), stopgap, "2026-02-27").await.unwrap();
        assert_eq!(temporary.kind(), pb::ContractKind::Temporary);
        assert_eq!(temporary.state(), pb::ContractState::Effective);
        let over = desk.get(&left.contract_id).await;
        assert_eq!(
            (over.ends_on.as_str(), over.end_cause()),
            ("2026-02-27", pb::ContractEndCause::Abandoned)
        );
        assert_eq!(desk.manager().await, rival().to_string());
        let message = pb::RenewContractRequest {
            contract_id: temporary.contract_id.clone(),
            terms: Some(terms("", "2029-06-30")),
            ballot_id: desk.hired("again").await,
        };
        let renewed = desk
            .client()
            .renew_contract(desk.request(&street(), message))
            .await;
        assert_eq!(refused(renewed), "CONTRACT_NOT_RENEWABLE");
        // Nobody was hired: it does not go on by itself.
        desk.at("2026-09-02").await;
        let over = desk.get(&temporary.contract_id).await;
        assert_eq!(over.end_cause(), pb::ContractEndCause::TermOver);
        let (nobody, old, new) = (String::new(), manager().to_string(), rival().to_string());
        let since = |day: &str| day.to_owned();
        assert_eq!(
            desk.manager_changes().await,
            [
                (old, nobody.clone(), since("2026-02-28")),
                (nobody.clone(), new.clone(), since("2026-03-02")),
                (new, nobody, since("2026-09-02")),
            ]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missed_filing_is_told_once() {
    each(async |desk| {
        let contract = desk.record(manager(), "2026-03-02", "2028-12-31").await;
        let id = contract.contract_id.as_str();
        // Signed on 2026-02-28: fifteen days are over on 2026-03-15, a Sunday.
        assert_eq!(contract.filing.unwrap().due_on, "2026-03-16");
        desk.at("2026-03-16").await;
        assert_eq!(desk.counted(id).await.get("ContractFilingOverdue"), None);
        desk.at("2026-03-17").await;
        desk.at("2026-04-17").await;
        assert_eq!(desk.counted(id).await["ContractFilingOverdue"], 1);
        let filed = desk.file(&authority(), id).await.unwrap().filing.unwrap();
        assert_eq!((filed.filed_on.as_str(), filed.overdue), ("2026-04-17", true));
        assert_eq!(refused(desk.file(&authority(), id).await), "CONTRACT_FILED");
        let event = desk.registry.outbox().await;
        let overdue = event
            .iter()
            .find(|event| event.kind.ends_with("ContractFilingOverdue"))
            .unwrap();
        assert_eq!(
            overdue.address, "heju.v1.registry.contract.filing_overdue.330783.004.015",
            "the street hears it"
        );
    })
    .await;
}
