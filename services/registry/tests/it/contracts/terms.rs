//! What the terms of a contract may say.

use proto::common::v1::HomeUse;
use proto::registry::v1 as pb;

use super::desk::*;
use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn each_term_that_cannot_hold_has_its_reason() {
    each(async |desk| {
        let ballot = desk.hired("b").await;
        let good = || terms("2026-04-01", "2029-03-31");
        let price = |fen: i64| pb::ServicePrice {
            r#use: HomeUse::Residential.into(),
            fen_per_m2_month: fen,
        };
        type Change<'a> = Box<dyn Fn(&mut pb::ContractTerms) + Send + Sync + 'a>;
        let cases: Vec<(&str, Change)> = vec![
            ("TERM_REVERSED", Box::new(|t| t.until_on = "2026-03-31".into())),
            ("DATE_MALFORMED", Box::new(|t| t.from_on = "soon".into())),
            (
                "CONTRACT_DAY_TO_COME",
                Box::new(|t| t.signed_on = "2026-03-03".into()),
            ),
            ("PRICE_MISSING", Box::new(|t| t.prices.clear())),
            ("PRICE_NOT_POSITIVE", Box::new(|t| t.prices = vec![price(0)])),
            ("PRICE_TWICE", Box::new(|t| t.prices.push(price(200)))),
            ("HOME_USE_MISSING", Box::new(|t| t.prices[0].r#use = 9)),
            (
                "CHARGE_MISSING",
                Box::new(|t| t.set_charge(pb::ChargeMethod::Unspecified)),
            ),
            ("CHARGE_INVALID", Box::new(|t| t.commission_fen = 1)),
            (
                "CHARGE_INVALID",
                Box::new(|t| {
                    t.set_charge(pb::ChargeMethod::CommissionShare);
                    t.commission_basis_points = 10_001;
                }),
            ),
            (
                "CHARGE_INVALID",
                Box::new(|t| t.set_charge(pb::ChargeMethod::CommissionSum)),
            ),
            ("GRADE_INVALID", Box::new(|t| t.service_grade = -1)),
            ("GRADE_UNKNOWN", Box::new(|t| t.service_grade = 4)),
            ("SERVICE_MISSING", Box::new(|t| t.services.clear())),
            ("NOTICE_DAYS_INVALID", Box::new(|t| t.dismissal_notice_days = -1)),
            ("PREPAYMENT_TOO_LONG", Box::new(|t| t.prepayment_months = 13)),
            ("DIGEST_MALFORMED", Box::new(|t| t.document_digest = "9f".into())),
            (
                "TEXT_TOO_LONG",
                Box::new(|t| t.manager_staff_number = "9".repeat(33)),
            ),
        ];
        for (reason, change) in cases {
            let mut changed = good();
            change(&mut changed);
            let answer = desk.record_as(&committee(), manager(), changed, &ballot).await;
            assert_eq!(refused(answer), reason);
        }
        for (firm, reason) in [
            (ids::FirmId::derive("nobody"), "FIRM_NOT_FOUND"),
            (developer(), "FIRM_NOT_PROPERTY"),
        ] {
            let answer = desk.record_as(&committee(), firm, good(), &ballot).await;
            assert_eq!(refused(answer), reason);
        }
        let mut commission = good();
        commission.set_charge(pb::ChargeMethod::CommissionShare);
        commission.commission_basis_points = 800;
        let recorded = desk
            .record_as(&committee(), manager(), commission.clone(), &ballot)
            .await
            .unwrap();
        commission.services.sort_unstable();
        assert_eq!(
            recorded.terms.unwrap(),
            commission,
            "what was agreed comes back as it was sent"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_temporary_firm_is_named_for_now_and_for_six_months_at_most() {
    each(async |desk| {
        for (from_on, until_on, reason) in [
            ("2026-03-02", "2026-09-02", "TEMPORARY_TERM_TOO_LONG"),
            ("2026-03-02", "", "TEMPORARY_TERM_TOO_LONG"),
            ("2026-03-03", "2026-08-01", "CONTRACT_DAY_TO_COME"),
        ] {
            let answer = desk.appoint(rival(), terms(from_on, until_on), "").await;
            assert_eq!(refused(answer), reason);
        }
        let nobody = desk
            .appoint(rival(), terms("2026-03-02", "2026-09-01"), "2026-03-01")
            .await;
        assert_eq!(refused(nobody), "CONTRACT_NOT_FOUND", "no firm is bound");
        desk.appoint(rival(), terms("2026-03-02", "2026-09-01"), "")
            .await
            .unwrap();
        // The owners' own contract ends it at once.
        desk.record(manager(), "2026-03-03", "2029-03-02").await;
        desk.at("2026-03-03").await;
        assert_eq!(desk.manager().await, manager().to_string());
    })
    .await;
}
