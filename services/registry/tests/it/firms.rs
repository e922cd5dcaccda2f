//! Firms are filed, change, are renamed, join the association, and go.

use proto::registry::v1 as pb;
use testkit::{backends, people};

use crate::world::*;

fn filing(code: &str, name: &str, kind: pb::FirmKind) -> pb::FileFirmRequest {
    pb::FileFirmRequest {
        credit_code: code.into(),
        name: name.into(),
        kind: kind.into(),
        legal_head: "张三".into(),
        address: "东阳市江北街道1号".into(),
        phone: "0579-86600000".into(),
        filing_number: "东物备2026001".into(),
        filed_on: TODAY.into(),
        ..Default::default()
    }
}

fn of_manager() -> pb::FileFirmRequest {
    filing(
        manager_code().as_str(),
        "和居物业（演示）",
        pb::FirmKind::Property,
    )
}

fn rename(name: &str, on: &str) -> pb::RenameFirmRequest {
    pb::RenameFirmRequest {
        firm_id: manager().to_string(),
        name: name.into(),
        renamed_on: on.into(),
    }
}

fn join(on: &str) -> pb::JoinAssociationRequest {
    pb::JoinAssociationRequest {
        firm_id: manager().to_string(),
        joined_on: on.into(),
    }
}

fn conduct(kind: pb::ConductKind) -> pb::RecordConductRequest {
    pb::RecordConductRequest {
        firm_id: manager().to_string(),
        kind: kind.into(),
        reason: "拒不执行行业公约".into(),
        recorded_on: TODAY.into(),
        organiser: "东阳市物业管理协会".into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_firm_is_filed_changed_renamed_and_goes_and_nobody_is_named() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let authority = people::authority(CITY);
        let filed = call!(registry, firm_client.file_firm, &authority, "1", of_manager()).unwrap();
        assert_eq!((filed.version, filed.legal_head.as_str()), (2, "张*"));
        assert_eq!(filed.filed_on, TODAY);
        let change = pb::ChangeFirmRequest {
            firm_id: manager().to_string(),
            legal_head: "欧阳修文".into(),
            ..Default::default()
        };
        let changed = call!(registry, firm_client.change_firm, &authority, "2", change).unwrap();
        assert_eq!(changed.legal_head, "欧阳*");
        assert_eq!(changed.address, filed.address, "what is left empty stays");
        let message = rename("和居智慧（演示）", "2026-01-01");
        let renamed = call!(registry, firm_client.rename_firm, &authority, "3", message).unwrap();
        assert_eq!(renamed.former_names[0].name, "和居物业（演示）");
        assert_eq!(renamed.named_since, "2026-01-01");
        // Whoever lists firms sees the new name as well.
        let list = registry
            .world
            .request(&authority, pb::ListFirmsRequest::default());
        let firms = registry
            .client()
            .list_firms(list)
            .await
            .unwrap()
            .into_inner()
            .firms;
        assert!(firms.iter().any(|firm| firm.name == "和居智慧（演示）"));

        let revoke = pb::RevokeFirmRequest {
            firm_id: manager().to_string(),
            revoked_on: TODAY.into(),
            reason: "已注销".into(),
        };
        call!(registry, firm_client.revoke_firm, &authority, "4", revoke).unwrap();
        let again = call!(
            registry,
            firm_client.rename_firm,
            &authority,
            "5",
            rename("三", TODAY)
        );
        assert_eq!(refused(again), "FIRM_REVOKED");
        assert_eq!(
            registry.told(&manager().to_string()).await,
            [
                "FirmRegistered 1",
                "FirmFiled 2",
                "FirmChanged 3",
                "FirmRenamed 4",
                "FirmDeregistered 5"
            ]
        );
        for event in registry.outbox().await {
            for personal in ["张", "欧阳"] {
                assert!(!event.body.contains(personal), "{}", event.body);
            }
        }
        // Everybody with a token reads the record, masked.
        let read = pb::GetFirmRequest {
            firm_id: manager().to_string(),
            ..Default::default()
        };
        let record = call!(
            registry,
            firm_client.get_firm,
            &people::owner(owner(1)),
            "r",
            read
        )
        .unwrap();
        assert_eq!(
            (record.revoked_on.as_str(), record.legal_head.as_str()),
            (TODAY, "欧阳*")
        );
        registry.world.pump().await;
        registry.world.assert_no_dead_letters().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_firm_is_recorded_with_its_filing_and_a_branch_names_its_parent() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let authority = people::authority(CITY);
        let code = credit_code("91330783MA2E40055");
        let mut branch = filing(code.as_str(), "和居东阳分公司", pb::FirmKind::Property);
        branch.parent_credit_code = manager_code().to_string();
        let filed = call!(registry, firm_client.file_firm, &authority, "1", branch).unwrap();
        assert_eq!(filed.parent_id, manager().to_string());
        let id = filed.firm.unwrap().firm_id;
        assert_eq!(registry.told(&id).await, ["FirmRegistered 1", "FirmFiled 2"]);
        let bank = credit_code("91330783MA2E40056");
        let message = filing(bank.as_str(), "东阳银行（演示）", pb::FirmKind::Bank);
        call!(registry, firm_client.file_firm, &authority, "2", message).unwrap();

        let list = async |request: pb::ListFirmRecordsRequest| {
            let found = call!(
                registry,
                firm_client.list_firm_records,
                &people::owner(owner(1)),
                "l",
                request
            );
            let firms = found.unwrap().firms.into_iter();
            firms.map(|record| record.firm.unwrap().name).collect::<Vec<_>>()
        };
        let branches = pb::ListFirmRecordsRequest {
            parent_id: manager().to_string(),
            ..Default::default()
        };
        assert_eq!(list(branches).await, ["和居东阳分公司"]);
        let named = pb::ListFirmRecordsRequest {
            query: "和居".into(),
            ..Default::default()
        };
        assert_eq!(list(named).await.len(), 2);
        let mut banks = pb::ListFirmRecordsRequest::default();
        banks.set_kind(pb::FirmKind::Bank);
        assert_eq!(list(banks).await, ["东阳银行（演示）"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_filing_that_cannot_be_has_its_reason_and_changes_nothing() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let events = registry.outbox().await.len();
        let authority = people::authority(CITY);
        let mut serial = 0;
        let mut file = async |caller: &access::Principal, change: fn(&mut pb::FileFirmRequest)| {
            serial += 1;
            let mut message = of_manager();
            change(&mut message);
            let key = format!("k{serial}");
            refused(call!(registry, firm_client.file_firm, caller, &key, message))
        };
        let cases: &[Spoilt<pb::FileFirmRequest>] = &[
            (
                |m| m.credit_code = "91330783MA2E400300".into(),
                "CREDIT_CODE_CHECK_FAILED",
            ),
            (|m| m.credit_code = "9133".into(), "CREDIT_CODE_MALFORMED"),
            (|m| m.name = String::new(), "NAME_MISSING"),
            (|m| m.name = "他名".into(), "NAME_DIFFERS"),
            (|m| m.kind = 0, "FIRM_KIND_UNKNOWN"),
            (|m| m.kind = 99, "FIRM_KIND_UNKNOWN"),
            (|m| m.set_kind(pb::FirmKind::Bank), "FIRM_KIND_DIFFERS"),
            (|m| m.filing_number = " ".into(), "FILING_NUMBER_MISSING"),
            (|m| m.filed_on = "soon".into(), "DATE_MALFORMED"),
            (|m| m.filed_on = "2026-03-03".into(), "DAY_IN_THE_FUTURE"),
            (
                |m| m.parent_credit_code = manager_code().to_string(),
                "PARENT_IS_BRANCH",
            ),
            (
                |m| m.parent_credit_code = credit_code("91330783MA2E40099").to_string(),
                "PARENT_NOT_FOUND",
            ),
            (|m| m.legal_head = "张".repeat(51), "TEXT_TOO_LONG"),
        ];
        for (change, reason) in cases.iter().copied() {
            assert_eq!(file(&authority, change).await, reason);
        }
        for stranger in [
            people::authority("330782"),
            people::street(STREET),
            people::firm(manager()),
            people::administrator(),
        ] {
            assert_eq!(file(&stranger, |_| ()).await, "NOT_ALLOWED");
        }
        assert_eq!(registry.outbox().await.len(), events);
        let nobody = pb::GetFirmRequest {
            firm_id: ids::FirmId::derive("nobody").to_string(),
            ..Default::default()
        };
        let answer = call!(registry, firm_client.get_firm, &authority, "g", nobody);
        assert_eq!(refused(answer), "FIRM_NOT_FOUND");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filing_repeated_gets_its_first_answer_and_its_key_takes_no_other_legal_head() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let authority = people::authority(CITY);
        let file =
            async |key: &str, message| call!(registry, firm_client.file_firm, &authority, key, message);
        let (one, other) = tokio::join!(file("a", of_manager()), file("b", of_manager()));
        let (key, first, lost) = match (one, other) {
            (Ok(first), Err(lost)) => ("a", first, lost),
            (Err(lost), Ok(first)) => ("b", first, lost),
            both => panic!("exactly one is accepted: {both:?}"),
        };
        let reason = rpc::failure::reason_of(&lost);
        assert!(["FIRM_FILED", "CONFLICT"].contains(&reason.as_str()), "{reason}");
        let events = registry.outbox().await.len();
        assert_eq!(file(key, of_manager()).await.unwrap(), first);
        assert_eq!(registry.outbox().await.len(), events);
        // The name of a person is not kept with the key, and still tells two requests apart.
        let mut message = of_manager();
        message.legal_head = "李四".into();
        assert_eq!(refused(file(key, message).await), "IDEMPOTENCY_KEY_REUSED");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_joins_is_judged_expelled_and_may_come_back_later() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let authority = people::authority(CITY);
        let early = call!(
            registry,
            firm_client.record_conduct,
            &authority,
            "0",
            conduct(pb::ConductKind::Expulsion)
        );
        assert_eq!(refused(early), "ASSOCIATION_NOT_JOINED");
        let member = call!(
            registry,
            firm_client.join_association,
            &authority,
            "1",
            join("2025-01-01")
        )
        .unwrap();
        assert_eq!(member.member_since, "2025-01-01");
        let twice = call!(
            registry,
            firm_client.join_association,
            &authority,
            "2",
            join(TODAY)
        );
        assert_eq!(refused(twice), "ASSOCIATION_JOINED");
        let by_firm = call!(
            registry,
            firm_client.record_conduct,
            &people::firm(manager()),
            "3",
            conduct(pb::ConductKind::Praise)
        );
        assert_eq!(refused(by_firm), "NOT_ALLOWED");
        for (key, kind) in [
            ("4", pb::ConductKind::Praise),
            ("5", pb::ConductKind::Warning),
            ("6", pb::ConductKind::Expulsion),
        ] {
            call!(
                registry,
                firm_client.record_conduct,
                &authority,
                key,
                conduct(kind)
            )
            .unwrap();
        }
        let list = pb::ListConductRequest {
            firm_id: manager().to_string(),
            page_size: 2,
            ..Default::default()
        };
        let reader = people::owner(owner(1));
        let page = call!(registry, firm_client.list_conduct, &reader, "l", list.clone()).unwrap();
        assert_eq!(
            page.conduct[0].kind(),
            pb::ConductKind::Expulsion,
            "the last first"
        );
        let rest = pb::ListConductRequest {
            page_token: page.next_page_token,
            ..list.clone()
        };
        let rest = call!(registry, firm_client.list_conduct, &reader, "l", rest).unwrap();
        assert_eq!((rest.conduct.len(), rest.next_page_token.as_str()), (1, ""));
        let foreign = pb::ListConductRequest {
            page_token: "bm8".into(),
            ..list
        };
        let foreign = call!(registry, firm_client.list_conduct, &reader, "l", foreign);
        assert_eq!(refused(foreign), "PAGE_TOKEN_INVALID");
        let same_day = call!(
            registry,
            firm_client.join_association,
            &authority,
            "7",
            join(TODAY)
        );
        assert_eq!(refused(same_day), "ASSOCIATION_DAY_TOO_EARLY");
        let leave = pb::LeaveAssociationRequest {
            firm_id: manager().to_string(),
            left_on: TODAY.into(),
        };
        let gone = call!(registry, firm_client.leave_association, &authority, "8", leave);
        assert_eq!(refused(gone), "ASSOCIATION_NOT_JOINED");
        assert_eq!(
            registry.told(&manager().to_string()).await,
            [
                "FirmRegistered 1",
                "FirmMembershipChanged 2",
                "FirmMembershipChanged 3"
            ]
        );
    }
}
