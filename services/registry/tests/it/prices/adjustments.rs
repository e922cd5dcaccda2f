//! How a price is changed: audit and plan, publicity, the owners' decision, the first day (杭州市物业管理条例 article 53).

use proto::committees::v1::Matter;
use proto::registry::v1 as pb;
use testkit::people;

use super::counter::*;
use crate::contracts::desk::{ballot, committee, rival, street};
use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn fe_9_a_raise_is_audited_public_for_thirty_days_decided_and_then_holds() {
    each(async |counter| {
        let proposed = counter.proposed().await;
        let id = proposed.adjustment_id.as_str();
        assert_eq!(proposed.state(), pb::AdjustmentState::Proposed);
        assert_eq!(proposed.lines[0].price_before_fen, 140);
        let published = counter.publish_as(&committee(), id, TODAY).await.unwrap();
        // The day of the publication does not count.
        assert_eq!(published.public_until, "2026-04-01");

        counter.desk.at("2026-04-01").await;
        let early = counter.ask_as(&committee(), id, None).await;
        assert_eq!(refused(early), "PUBLICITY_RUNNING");
        counter.desk.at("2026-04-02").await;
        let asked = counter.ask_as(&committee(), id, Some(3)).await.unwrap();
        assert_eq!(
            (asked.state(), asked.objections),
            (pb::AdjustmentState::BallotRequested, Some(3))
        );

        counter.desk.at("2026-05-20").await;
        let passed = counter.voted("price", Matter::Other, true, "2026-05-18").await;
        let decided = counter.decide_as(&committee(), id, &passed).await.unwrap();
        assert_eq!(
            (decided.state(), decided.effective_on.as_str(), &decided.ballot_id),
            (pb::AdjustmentState::Decided, "2026-07-01", &passed)
        );
        // What will hold is displayed before it does; until then the old price holds.
        assert_eq!(counter.prices("").await, ["140 2024-01-01 2026-06-30"]);
        assert_eq!(counter.prices("2026-07-01").await, ["165 2026-07-01"]);

        counter.desk.at("2026-07-01").await;
        let effective = counter.get_as(&people::owner(owner(1001)), id).await.unwrap();
        assert_eq!(effective.state(), pb::AdjustmentState::Effective);
        assert_eq!(counter.prices("").await, ["165 2026-07-01"]);
        let told: Vec<String> = counter
            .desk
            .told(id)
            .await
            .into_iter()
            .map(|(kind, _)| kind)
            .collect();
        assert_eq!(
            told,
            [
                "PriceAdjustmentProposed",
                "PriceAdjustmentPublished",
                "PricePublicityEnded",
                "PriceBallotRequested",
                "PriceAdjustmentDecided",
                "PriceAdjustmentTookEffect"
            ]
        );
        let new = &effective.lines[0].new_standard_id;
        let events = counter.desk.registry.outbox().await;
        let event = events.iter().find(|event| event.aggregate == *new).unwrap();
        let recorded: pb::FeeStandardRecorded = serde_json::from_str(&event.body).unwrap();
        let standard = recorded.standard.unwrap();
        assert_eq!(
            (standard.basis(), standard.pricing(), standard.ballot_id),
            (pb::FeeBasis::Adjustment, pb::PricingKind::Market, passed)
        );
        // The result is told where its street listens.
        assert!(event.address.contains(".330783.004."), "{}", event.address);
        counter.desk.registry.world.assert_no_dead_letters().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_decision_never_raises_a_price_backwards() {
    each(async |counter| {
        let asked = counter.asked().await;
        counter.desk.at("2026-08-10").await;
        let passed = counter.voted("price", Matter::Other, true, "2026-08-05").await;
        let decided = counter
            .decide_as(&committee(), &asked.adjustment_id, &passed)
            .await
            .unwrap();
        assert_eq!(decided.effective_on, "2026-08-11");
        assert_eq!(counter.prices("2026-08-10").await, ["140 2024-01-01 2026-08-10"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_owners_reject_changes_nothing_and_another_plan_may_follow() {
    each(async |counter| {
        let asked = counter.asked().await;
        let id = asked.adjustment_id.as_str();
        let against = counter.voted("against", Matter::Other, false, "2026-04-02").await;
        let rejected = counter.decide_as(&committee(), id, &against).await.unwrap();
        assert_eq!(rejected.state(), pb::AdjustmentState::Rejected);
        assert_eq!(counter.prices("2027-01-01").await, ["140 2024-01-01"]);
        let told = counter.desk.told(id).await;
        assert_eq!(told.last().unwrap().0, "PriceAdjustmentRejected");

        let second = counter.propose_as(&firm(), proposal()).await.unwrap();
        let withdrawn = counter.withdraw_as(&firm(), &second.adjustment_id).await.unwrap();
        assert_eq!(
            (withdrawn.state(), withdrawn.withdrawn_on.as_str()),
            (pb::AdjustmentState::Withdrawn, "2026-04-02")
        );
        let message = pb::ListPriceAdjustmentsRequest {
            area_id: area().to_string(),
            ..Default::default()
        };
        let request = counter.desk.request(&street(), message);
        let found = counter.client().list_price_adjustments(request).await.unwrap();
        assert_eq!(found.into_inner().adjustments, [withdrawn, rejected]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_cannot_be_is_refused() {
    each(async |counter| {
        assert_eq!(
            refused(counter.propose_as(&firm(), proposal()).await),
            "STANDARD_NOT_FOUND"
        );
        counter.record(standard(140, "2024-01-01")).await.unwrap();
        let social = pb::RecordFeeStandardRequest {
            homes: Some(social_flats()),
            ..standard(140, "2024-01-01")
        };
        counter.record(social).await.unwrap();
        let with = |change: &dyn Fn(&mut pb::ProposePriceAdjustmentRequest)| {
            let mut request = proposal();
            change(&mut request);
            request
        };
        let audit =
            |change: &dyn Fn(&mut pb::PriceAudit)| with(&|request| change(request.audit.as_mut().unwrap()));
        let twice = with(&|request| request.lines.push(request.lines[0]));
        let guided = with(&|request| {
            request.lines[0].homes = Some(social_flats());
            request.lines[0].price_fen = 168;
        });
        for (request, reason) in [
            (audit(&|audit| audit.year = 2024), "AUDIT_YEAR_WRONG"),
            (
                audit(&|audit| audit.report_digest = "9f".into()),
                "DIGEST_MALFORMED",
            ),
            (audit(&|audit| audit.auditor_name.clear()), "AUDITOR_MISSING"),
            (
                audit(&|audit| audit.auditor_credit_code = manager_code().to_string()),
                "AUDITOR_IS_FIRM",
            ),
            (with(&|request| request.audit = None), "AUDIT_MISSING"),
            (with(&|request| request.reason.clear()), "REASON_MISSING"),
            (with(&|request| request.lines.clear()), "LINES_INVALID"),
            (
                with(&|request| request.effective_from = TODAY.into()),
                "EFFECTIVE_DAY_NOT_TO_COME",
            ),
            (
                with(&|request| request.lines[0].price_fen = 140),
                "PRICE_UNCHANGED",
            ),
            (with(&|request| request.lines[0].grade = 4), "GRADE_UNKNOWN"),
            (twice, "LINE_TWICE"),
            // Social housing stays guided whatever the owners decide.
            (guided, "PRICE_OUT_OF_BAND"),
        ] {
            assert_eq!(refused(counter.propose_as(&firm(), request).await), reason);
        }
        counter.propose_as(&firm(), proposal()).await.unwrap();
        let second = counter.propose_as(&firm(), proposal()).await;
        assert_eq!(refused(second), "ADJUSTMENT_OPEN");
        let aside = counter.record(standard(150, "2026-06-01")).await;
        assert_eq!(refused(aside), "ADJUSTMENT_OPEN");
    })
    .await;
}

fn social_flats() -> pb::PricedHomes {
    pb::PricedHomes {
        housing_class: pb::HousingClass::Social.into(),
        ..flats()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ballot_of_another_kind_day_or_area_decides_nothing() {
    each(async |counter| {
        let proposed = counter.proposed().await;
        let id = proposed.adjustment_id.as_str();
        let before = counter.voted("before", Matter::Other, true, "2026-04-01").await;
        let unasked = counter.decide_as(&committee(), id, &before).await;
        assert_eq!(refused(unasked), "ADJUSTMENT_WRONG_STATE");
        let early = counter.publish_as(&committee(), id, "2026-03-01").await;
        assert_eq!(refused(early), "PUBLISHED_BEFORE_PROPOSAL");
        let ahead = counter.publish_as(&committee(), id, "2026-03-03").await;
        assert_eq!(refused(ahead), "ADJUSTMENT_DAY_TO_COME");
        counter.publish_as(&committee(), id, TODAY).await.unwrap();
        counter.desk.at("2026-04-02").await;
        let negative = counter.ask_as(&committee(), id, Some(-1)).await;
        assert_eq!(refused(negative), "OBJECTIONS_INVALID");
        counter.ask_as(&committee(), id, None).await.unwrap();

        let firm_matter = counter
            .voted("firm", Matter::PropertyFirm, true, "2026-04-02")
            .await;
        let mut part = ballot("part", Matter::Other, true);
        part.scope.as_mut().unwrap().building_ids = vec![building("1").to_string()];
        counter.desk.tell(part.clone()).await;
        let mut foreign = ballot("foreign", Matter::Other, true);
        foreign.scope.as_mut().unwrap().area_id = ids::AreaId::derive("elsewhere").to_string();
        counter.desk.tell(foreign.clone()).await;
        let unknown = ids::BallotId::derive("unknown").to_string();
        for (ballot_id, reason) in [
            (&before, "BALLOT_BEFORE_REQUEST"),
            (&firm_matter, "BALLOT_OF_OTHER_MATTER"),
            (&part.ballot_id, "BALLOT_OF_PART"),
            (&foreign.ballot_id, "BALLOT_NOT_DECIDED"),
            (&unknown, "BALLOT_NOT_DECIDED"),
        ] {
            assert_eq!(
                refused(counter.decide_as(&committee(), id, ballot_id).await),
                reason
            );
        }
        // A ballot serves one adjustment.
        let against = counter.voted("against", Matter::Other, false, "2026-04-02").await;
        counter.decide_as(&committee(), id, &against).await.unwrap();
        let next = counter.propose_as(&firm(), proposal()).await.unwrap();
        let next_id = next.adjustment_id.as_str();
        counter
            .publish_as(&committee(), next_id, "2026-04-02")
            .await
            .unwrap();
        counter.desk.at("2026-05-03").await;
        counter.ask_as(&committee(), next_id, None).await.unwrap();
        let used = counter.decide_as(&committee(), next_id, &against).await;
        assert_eq!(refused(used), "BALLOT_USED");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_does_its_own_part_and_strangers_know_of_nothing() {
    each(async |counter| {
        counter.record(standard(140, "2024-01-01")).await.unwrap();
        for (caller, reason) in [
            (stranger(), "AREA_NOT_FOUND"),
            (committee(), "NOT_ALLOWED"),
            (street(), "NOT_ALLOWED"),
        ] {
            assert_eq!(refused(counter.propose_as(&caller, proposal()).await), reason);
        }
        let proposed = counter.propose_as(&firm(), proposal()).await.unwrap();
        let id = proposed.adjustment_id.as_str();
        for (caller, reason) in [
            (stranger(), "ADJUSTMENT_NOT_FOUND"),
            (firm(), "NOT_ALLOWED"),
            (people::owner(owner(1001)), "NOT_ALLOWED"),
            (street(), "NOT_ALLOWED"),
            (people::street(OTHER_STREET), "ADJUSTMENT_NOT_FOUND"),
        ] {
            assert_eq!(refused(counter.publish_as(&caller, id, TODAY).await), reason);
            assert_eq!(refused(counter.ask_as(&caller, id, None).await), reason);
        }
        for caller in [
            firm(),
            committee(),
            people::owner(owner(1001)),
            people::community(COMMUNITY),
            street(),
            people::auditor(CITY),
        ] {
            assert_eq!(counter.get_as(&caller, id).await.unwrap(), proposed);
        }
        let elsewhere = people::owner(owner(4_999));
        assert_eq!(
            refused(counter.get_as(&elsewhere, id).await),
            "ADJUSTMENT_NOT_FOUND"
        );
        let nothing = ids::PriceAdjustmentId::derive("nothing").to_string();
        assert_eq!(
            refused(counter.get_as(&street(), &nothing).await),
            "ADJUSTMENT_NOT_FOUND"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plan_of_a_firm_that_left_goes_no_further_but_can_be_ended() {
    each(async |counter| {
        let proposed = counter.proposed().await;
        let id = proposed.adjustment_id.as_str();
        counter.desk.record(rival(), "2026-03-01", "2028-02-29").await;
        let published = counter.publish_as(&committee(), id, TODAY).await;
        assert_eq!(refused(published), "ADJUSTMENT_FIRM_REPLACED");
        counter.withdraw_as(&committee(), id).await.unwrap();
        let again = counter.withdraw_as(&firm(), id).await;
        assert_eq!(refused(again), "ADJUSTMENT_WRONG_STATE");
    })
    .await;
}
