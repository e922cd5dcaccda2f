//! What is refused: plans that do not fit, consents that do not hold, decisions that would falsify something.

use calendar::Clock;
use proto::committees::v1::Matter;
use proto::registry::v1 as pb;
use proto::registry::v1::propose_regrouping_request::Plan;
use testkit::people;

use super::land::*;
use crate::contracts::desk::{ballot, committee};
use crate::prices::counter::{Counter, firm};
use crate::published_rolls::publish;
use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_does_not_fit_its_areas_is_refused() {
    each(async |land| {
        let plan = |plan| pb::ProposeRegroupingRequest {
            plan: Some(plan),
            reason: "理由".into(),
            ..Default::default()
        };
        let merge = |ended: &[&str], survivor: &str| {
            plan(Plan::Merge(pb::AreaMerger {
                ended_area_ids: ended.iter().map(|number| area_of(number).to_string()).collect(),
                surviving_area_id: area_of(survivor).to_string(),
            }))
        };
        let changed = |change: fn(&mut pb::AreaSplit)| {
            let mut message = split(&["2"]);
            if let Some(Plan::Split(plan)) = &mut message.plan {
                change(plan);
            }
            message
        };
        let numbered = |building: &str, number: &str, times: usize| {
            let numbering = pb::BuildingNumber {
                building_id: building.into(),
                number: number.into(),
            };
            pb::ProposeRegroupingRequest {
                numbers: vec![numbering; times],
                ..merger()
            }
        };
        let one = building_of(OTHER, "1").to_string();
        let spoilt = [
            (merge(&[AREA], AREA), "REGROUPING_AREA_TWICE"),
            (adjustment(AREA, AREA, &["2"]), "REGROUPING_AREA_TWICE"),
            (merge(&[], AREA), "REGROUPING_WITHOUT_BUILDINGS"),
            (adjustment(AREA, OTHER, &[]), "REGROUPING_WITHOUT_BUILDINGS"),
            (adjustment(AREA, OTHER, &["7"]), "BUILDING_NOT_IN_AREA"),
            (adjustment(AREA, OTHER, &["1", "2", "3"]), "AREA_LEFT_EMPTY"),
            (split(&["1", "2", "3"]), "AREA_LEFT_EMPTY"),
            (merge(&[OTHER], AREA), "BUILDING_NUMBER_TAKEN"),
            (numbered(&one, "2", 1), "BUILDING_NUMBER_TAKEN"),
            (numbered(&one, "12", 2), "REGROUPING_BUILDING_TWICE"),
            (
                numbered(&building("1").to_string(), "12", 1),
                "BUILDING_NOT_IN_AREA",
            ),
            (numbered(&one, "", 1), "BUILDING_NUMBER_MISSING"),
            (merge(&["nowhere"], AREA), "AREA_NOT_FOUND"),
            (changed(|plan| plan.number = OTHER.into()), "AREA_NUMBER_TAKEN"),
            (
                changed(|plan| plan.number = "a/b".into()),
                "AREA_NUMBER_MALFORMED",
            ),
            (changed(|plan| plan.number = String::new()), "AREA_NUMBER_MISSING"),
            (changed(|plan| plan.name = String::new()), "AREA_NAME_MISSING"),
            (
                changed(|plan| plan.division_code = STREET.into()),
                "DIVISION_NOT_A_COMMUNITY",
            ),
            (
                pb::ProposeRegroupingRequest {
                    plan: None,
                    ..merger()
                },
                "REGROUPING_PLAN_MISSING",
            ),
            (
                pb::ProposeRegroupingRequest {
                    reason: " ".into(),
                    ..merger()
                },
                "REASON_MISSING",
            ),
        ];
        let before = land.registry().outbox().await.len();
        for (message, reason) in spoilt {
            let answer = land.propose_as(&authority(), message.clone()).await;
            assert_eq!(refused(answer), reason, "{message:?}");
        }
        assert_eq!(land.registry().outbox().await.len(), before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_area_takes_part_in_one_open_regrouping_at_a_time_and_in_none_after_its_end() {
    each(async |land| {
        let open = land.proposed(merger()).await;
        let answer = land.propose_as(&authority(), split(&["2"])).await;
        assert_eq!(refused(answer), "AREA_REGROUPING_OPEN");
        land.withdraw_as(&authority(), &open.regrouping_id).await.unwrap();
        let next = land.proposed(split(&["2"])).await;
        land.withdraw_as(&authority(), &next.regrouping_id).await.unwrap();
        land.merged().await;
        let answer = land
            .propose_as(&authority(), adjustment(SITE, OTHER, &["6"]))
            .await;
        assert_eq!(refused(answer), "AREA_ENDED");
        // The number of an ended area stays its own.
        let mut message = split(&["2"]);
        if let Some(Plan::Split(plan)) = &mut message.plan {
            plan.number = OTHER.into();
        }
        assert_eq!(
            refused(land.propose_as(&authority(), message).await),
            "AREA_NUMBER_TAKEN"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_passed_ballot_of_the_whole_area_on_matter_nine_is_a_consent_and_once() {
    each(async |land| {
        let id = land.proposed(merger()).await.regrouping_id;
        let committee = committee_of(AREA);
        let lost = land.decided(AREA, "lost", Matter::Other, false).await;
        let firm = land.decided(AREA, "firm", Matter::PropertyFirm, true).await;
        let elsewhere = land.agreed(OTHER, "elsewhere").await;
        let mut part = crate::contracts::desk::ballot("part", Matter::Other, true);
        if let Some(scope) = &mut part.scope {
            scope.building_ids = vec![building("1").to_string()];
        }
        let of_part = part.ballot_id.clone();
        land.desk.tell(part).await;
        for (ballot, reason) in [
            (unknown_ballot(), "BALLOT_NOT_DECIDED"),
            (elsewhere, "BALLOT_NOT_DECIDED"),
            (of_part, "BALLOT_OF_PART"),
            (firm, "BALLOT_OF_OTHER_MATTER"),
            (lost, "BALLOT_NOT_PASSED"),
            (String::new(), "ASSEMBLY_CONSENT_NEEDED"),
        ] {
            let answer = land.consent_as(&committee, &id, AREA, &ballot).await;
            assert_eq!(refused(answer), reason);
        }
        let ballot = land.agreed(AREA, "yes").await;
        let answer = land.consent_as(&authority(), &id, AREA, &ballot).await;
        assert_eq!(
            refused(answer),
            "NOT_ALLOWED",
            "consent is not the authority's to give"
        );
        let answer = land.consent_as(&committee, &id, SITE, &ballot).await;
        assert_eq!(refused(answer), "AREA_NOT_CONCERNED");
        land.consent_as(&committee, &id, AREA, &ballot).await.unwrap();
        let again = land.agreed(AREA, "again").await;
        let answer = land.consent_as(&committee, &id, AREA, &again).await;
        assert_eq!(refused(answer), "CONSENT_RECORDED");
        land.withdraw_as(&authority(), &id).await.unwrap();
        let next = land.proposed(merger()).await.regrouping_id;
        let answer = land.consent_as(&committee, &next, AREA, &ballot).await;
        assert_eq!(refused(answer), "BALLOT_USED");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ballot_that_was_counted_before_the_proposal_is_no_consent() {
    each(async |land| {
        let id = land.proposed(merger()).await.regrouping_id;
        // Counted on the day before.
        let early = ballot("early", Matter::Other, true);
        land.desk.tell(early.clone()).await;
        let answer = land.consent_as(&committee(), &id, AREA, &early.ballot_id).await;
        assert_eq!(refused(answer), "BALLOT_BEFORE_REQUEST");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ballot_on_prices_is_no_consent_and_a_consent_decides_no_prices() {
    each(async |land| {
        let counter = Counter { desk: land.desk };
        let prices = counter.asked().await.adjustment_id;
        let land = Land { desk: counter.desk };
        let now = land.registry().world.clock.now();
        let asked_by = async |name: &str, adjustment_id: &str| {
            let mut ballot = ballot(name, Matter::Other, true);
            ballot.adjustment_id = adjustment_id.into();
            if let Some(result) = &mut ballot.result {
                result.decided_at = Some(now.into());
            }
            let id = ballot.ballot_id.clone();
            land.desk.tell(ballot).await;
            id
        };
        let of_another = ids::PriceAdjustmentId::derive("another").to_string();
        let of_another = asked_by("another", &of_another).await;
        let of_these = asked_by("these", &prices).await;
        let id = land.proposed(merger()).await.regrouping_id;
        for ballot in [&of_another, &of_these] {
            let answer = land.consent_as(&committee(), &id, AREA, ballot).await;
            assert_eq!(refused(answer), "BALLOT_OF_OTHER_MATTER");
        }
        let consent = land.agreed(AREA, "consent").await;
        land.consent_as(&committee(), &id, AREA, &consent).await.unwrap();

        let counter = Counter { desk: land.desk };
        for (ballot, reason) in [(&consent, "BALLOT_USED"), (&of_another, "BALLOT_OF_OTHER_MATTER")] {
            let answer = counter.decide_as(&committee(), &prices, ballot).await;
            assert_eq!(refused(answer), reason);
        }
        counter.decide_as(&committee(), &prices, &of_these).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ballot_that_decided_prices_is_no_consent_even_where_no_adjustment_asked_for_it() {
    each(async |land| {
        let counter = Counter { desk: land.desk };
        let prices = counter.asked().await.adjustment_id;
        let land = Land { desk: counter.desk };
        let ballot = land.agreed(AREA, "prices").await;
        let counter = Counter { desk: land.desk };
        counter.decide_as(&committee(), &prices, &ballot).await.unwrap();
        let land = Land { desk: counter.desk };
        let id = land.proposed(merger()).await.regrouping_id;
        let answer = land.consent_as(&committee(), &id, AREA, &ballot).await;
        assert_eq!(refused(answer), "BALLOT_USED");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_developer_agrees_only_while_its_area_has_no_owners() {
    each(async |land| {
        let id = land.proposed(adjustment(SITE, OTHER, &["6"])).await.regrouping_id;
        let answer = land.consent_of_developer(&id, OTHER).await;
        assert_eq!(refused(answer), "ASSEMBLY_CONSENT_NEEDED");
        let ballot = land.agreed(SITE, "nobody").await;
        let answer = land.consent_as(&committee_of(SITE), &id, SITE, &ballot).await;
        assert_eq!(refused(answer), "DEVELOPER_CONSENT_NEEDED");
        let answer = land.consent_as(&committee_of(SITE), &id, SITE, "").await;
        assert_eq!(refused(answer), "DEVELOPER_CONSENT_NEEDED");
        let developer = people::firm(developer());
        let answer = land.consent_as(&developer, &id, SITE, &ballot).await;
        assert_eq!(refused(answer), "NOT_ALLOWED");
        land.consent_of_developer(&id, SITE).await.unwrap();
        land.consent(&id, OTHER).await;
        // Meanwhile somebody moved in: it is the owners' to decide now.
        let registry = land.registry();
        let owners = OWNERSHIPS_HEADER.to_owned() + &ownership_row(5, 1, 5001);
        registry.load(pb::TableKind::Ownerships, &owners).await;
        registry
            .deliver(&street(), "d", building_of(SITE, "5"), &[home(5, 1)], TODAY)
            .await
            .unwrap();
        assert_eq!(refused(land.approve(&id).await), "CONSENT_LAPSED");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_refused_before_all_consents_on_a_wrong_day_and_against_a_street() {
    each(async |land| {
        let id = land.proposed(merger()).await.regrouping_id;
        assert_eq!(refused(land.approve(&id).await), "REGROUPING_WRONG_STATE");
        land.withdraw_as(&authority(), &id).await.unwrap();
        let id = land.merger_to_decide().await;
        for day in ["2026-03-01", "2026-03-11"] {
            let message = pb::DecideRegroupingRequest {
                effective_on: day.into(),
                ..approval(&id)
            };
            assert_eq!(
                refused(land.decide_as(&authority(), message).await),
                "REGROUPING_DAY_WRONG",
                "{day}"
            );
        }
        land.opine_as(&street(), &id, false).await.unwrap();
        assert_eq!(refused(land.approve(&id).await), "STREET_DISAGREES");
        land.opine_as(&street(), &id, true).await.unwrap();
        let mut refusal = approval(&id);
        refusal.approve = false;
        refusal.reasons = String::new();
        let answer = land.decide_as(&authority(), refusal.clone()).await;
        assert_eq!(refused(answer), "REFUSAL_REASONS_MISSING");
        refusal.reasons = "消防通道不共用。".into();
        let done = land.decide_as(&authority(), refusal).await.unwrap();
        assert_eq!(done.state(), pb::RegroupingState::Refused);
        assert_eq!(land.buildings(OTHER).await, ["1", "8"]);
        assert_eq!(refused(land.approve(&id).await), "REGROUPING_WRONG_STATE");
        assert_eq!(
            refused(land.withdraw_as(&authority(), &id).await),
            "REGROUPING_WRONG_STATE"
        );
        assert_eq!(
            refused(land.opine_as(&street(), &id, true).await),
            "REGROUPING_WRONG_STATE"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_published_roll_or_open_prices_stand_in_the_way() {
    each(async |land| {
        let id = land.merger_to_decide().await;
        let roll = publish(land.registry(), &street(), "k", |message| {
            message.area_id = other().to_string();
        })
        .await
        .unwrap();
        assert_eq!(refused(land.approve(&id).await), "AREA_ROLL_PUBLISHED");
        // Its last day has passed: it stands in nobody's way, whether it is taken down yet or not.
        assert_eq!(roll.until_on, "2026-03-24");
        land.desk.at("2026-03-25").await;
        let counter = Counter { desk: land.desk };
        let open = counter.proposed().await;
        let land = Land { desk: counter.desk };
        assert_eq!(refused(land.approve(&id).await), "AREA_PRICES_OPEN");
        let counter = Counter { desk: land.desk };
        counter.withdraw_as(&firm(), &open.adjustment_id).await.unwrap();
        let land = Land { desk: counter.desk };
        land.approve(&id).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn homes_that_are_not_handed_over_do_not_pass_to_another_developer() {
    each(async |land| {
        let registry = land.registry();
        let body = "91330783MA2E40071";
        let builder = credit_code(body);
        let firm = format!("credit_code,name,kind\n{builder},东阳置业（演示）,DEVELOPER\n");
        registry.load(pb::TableKind::Firms, &firm).await;
        let foreign = "330783004015-0004";
        let table = areas(&[(foreign, COMMUNITY)]).replace(developer_code().as_str(), builder.as_str());
        registry.load(pb::TableKind::Areas, &table).await;
        let buildings = format!("area_number,number,floors\n{foreign},4,6\n");
        registry.load(pb::TableKind::Buildings, &buildings).await;
        let home = home_row(4, 1, "DELIVERED").replace(AREA, foreign);
        registry
            .load(pb::TableKind::Homes, &(HOMES_HEADER.to_owned() + &home))
            .await;
        let id = land
            .proposed(adjustment(SITE, foreign, &["5"]))
            .await
            .regrouping_id;
        land.consent(&id, foreign).await;
        land.consent_of_developer(&id, SITE).await.unwrap();
        assert_eq!(refused(land.approve(&id).await), "AREA_DEVELOPERS_DIFFER");
    })
    .await;
}
