//! Certificates: recorded once, told before their last day and after it, renewed and withdrawn.

use chrono::{DateTime, Utc};
use proto::registry::v1 as pb;
use testkit::{backends, people};

use crate::world::*;

fn certificate(number: &str, until: &str) -> pb::RecordCertificateRequest {
    pb::RecordCertificateRequest {
        firm_id: manager().to_string(),
        kind: "保安服务许可证".into(),
        number: number.into(),
        issued_by: "金华市公安局".into(),
        valid_from_on: "2024-03-01".into(),
        valid_until_on: until.into(),
        ..Default::default()
    }
}

/// The first moment of a day in China.
fn midnight(day: &str) -> DateTime<Utc> {
    format!("{day}T00:00:00+08:00").parse().unwrap()
}

async fn recorded(registry: &TestRegistry) -> String {
    let firm = people::firm(manager());
    let message = certificate("浙公保服1号", "2026-05-01");
    let answer = call!(registry, firm_client.record_certificate, &firm, "c", message);
    answer.unwrap().certificate_id
}

fn renewal(id: &str, until: &str) -> pb::RenewCertificateRequest {
    pb::RenewCertificateRequest {
        certificate_id: id.into(),
        valid_until_on: until.into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_tells_thirty_days_before_and_when_it_is_over_once_a_validity() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let id = recorded(&registry).await;
        registry.world.pump().await;
        registry
            .world
            .advance_to(midnight("2026-04-01") - chrono::TimeDelta::seconds(1))
            .await;
        assert_eq!(registry.told(&id).await, ["CertificateRecorded 1"]);
        registry.world.advance_to(midnight("2026-04-01")).await;
        registry
            .world
            .advance_to(midnight("2026-05-02") - chrono::TimeDelta::seconds(1))
            .await;
        assert_eq!(registry.told(&id).await.last().unwrap(), "CertificateExpiring 2");
        registry.world.advance_to(midnight("2026-05-02")).await;
        assert_eq!(registry.told(&id).await.last().unwrap(), "CertificateExpired 3");
        let list = pb::ListCertificatesRequest {
            firm_id: manager().to_string(),
            ending_by_on: "2026-05-01".into(),
            ..Default::default()
        };
        let found = call!(
            registry,
            firm_client.list_certificates,
            &people::owner(owner(1)),
            "l",
            list
        );
        let found = found.unwrap().certificates;
        assert_eq!(found[0].state(), pb::CertificateState::Expired);
        assert_eq!(found[0].number, "浙公保服1号", "a firm's number is public");

        let firm = people::firm(manager());
        let message = renewal(&id, "2028-05-01");
        let renewed = call!(registry, firm_client.renew_certificate, &firm, "r", message).unwrap();
        assert_eq!(
            (renewed.state(), renewed.version),
            (pb::CertificateState::Valid, 4)
        );
        registry.world.advance_to(midnight("2028-04-01")).await;
        assert_eq!(registry.told(&id).await.last().unwrap(), "CertificateExpiring 5");
        let withdraw = pb::WithdrawCertificateRequest {
            certificate_id: id.clone(),
            reason: "撤销".into(),
        };
        let by_firm = call!(
            registry,
            firm_client.withdraw_certificate,
            &firm,
            "w",
            withdraw.clone()
        );
        assert_eq!(refused(by_firm), "NOT_ALLOWED");
        let authority = people::authority(CITY);
        call!(
            registry,
            firm_client.withdraw_certificate,
            &authority,
            "w",
            withdraw
        )
        .unwrap();
        registry.world.advance_to(midnight("2029-01-01")).await;
        assert_eq!(
            registry.told(&id).await.last().unwrap(),
            "CertificateRevoked 6",
            "the clock stops"
        );
        let message = renewal(&id, "2030-01-01");
        let again = call!(registry, firm_client.renew_certificate, &firm, "z", message);
        assert_eq!(refused(again), "CERTIFICATE_WITHDRAWN");
        registry.world.assert_no_dead_letters().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_before_the_end_moves_the_clock() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let id = recorded(&registry).await;
        let firm = people::firm(manager());
        let message = renewal(&id, "2027-05-01");
        call!(registry, firm_client.renew_certificate, &firm, "r", message).unwrap();
        registry.world.advance_to(midnight("2026-12-01")).await;
        assert_eq!(
            registry.told(&id).await,
            ["CertificateRecorded 1", "CertificateRenewed 2"]
        );
        let short = call!(
            registry,
            firm_client.renew_certificate,
            &firm,
            "s",
            renewal(&id, "2027-05-01")
        );
        assert_eq!(refused(short), "RENEWAL_TOO_SHORT");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_recorded_once_for_its_holder_and_a_persons_number_is_masked() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        recorded(&registry).await;
        let firm = people::firm(manager());
        let record =
            async |key: &str, message| call!(registry, firm_client.record_certificate, &firm, key, message);
        let twice = record("d", certificate("浙公保服1号", "2027-05-01")).await;
        assert_eq!(refused(twice), "CERTIFICATE_KNOWN");
        let reversed = record("e", certificate("2号", "2024-02-29")).await;
        assert_eq!(refused(reversed), "VALIDITY_REVERSED");
        let unnumbered = record("f", certificate("", "2027-05-01")).await;
        assert_eq!(refused(unnumbered), "CERTIFICATE_NUMBER_MISSING");
        let mut message = certificate("3号", "2027-05-01");
        message.staff_id = ids::StaffId::derive("nobody").to_string();
        assert_eq!(refused(record("g", message).await), "STAFF_NOT_FOUND");
        let by_other = call!(
            registry,
            firm_client.record_certificate,
            &people::firm(developer()),
            "h",
            certificate("4号", "2027-05-01")
        );
        assert_eq!(refused(by_other), "NOT_ALLOWED");

        let employ = pb::EmployStaffRequest {
            firm_id: manager().to_string(),
            name: "王五".into(),
            role: pb::StaffRole::FireControl.into(),
            employed_on: TODAY.into(),
            ..Default::default()
        };
        let somebody = call!(registry, firm_client.employ_staff, &firm, "i", employ).unwrap();
        let number = citizen(7);
        let mut message = certificate(number.as_str(), "2027-05-01");
        message.kind = "消防设施操作员".into();
        message.staff_id = somebody.staff_id.clone();
        let theirs = record("j", message.clone()).await.unwrap();
        assert!(theirs.number.contains('*') && !theirs.number.contains(number.as_str()));
        assert_eq!(record("j", message.clone()).await.unwrap(), theirs);
        message.number = "其他".into();
        assert_eq!(refused(record("j", message).await), "IDEMPOTENCY_KEY_REUSED");
        for event in registry.outbox().await {
            assert!(!event.body.contains(number.as_str()), "{}", event.body);
        }
    }
}
