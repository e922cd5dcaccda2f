//! From when the builder's warranties count: the State's from the completion acceptance, once it is recorded.

use proto::common::v1 as common;
use proto::registry::v1 as registry;
use tonic::Code;

use crate::town::*;

/// Building 5 was handed over in 2010; its last flat was sold and handed over in the middle of 2024.
async fn late_flat(town: &Town) {
    let delivery = registry::HomesDelivered {
        building_id: building_id("5").to_string(),
        area_id: area_id().to_string(),
        home_ids: vec![home_id("5", "103").to_string()],
        delivered_on: "2024-06-30".into(),
    };
    town.registry(building_id("5"), 4, &delivery).await;
}

/// What the documents of building 5 say.
async fn documents(town: &Town, version: i64, completed_on: &str, design_life_years: i32) {
    let facts = registry::BuildingFacts {
        building_id: building_id("5").to_string(),
        completed_on: completed_on.into(),
        design_life_years,
    };
    let event = registry::BuildingFactsRecorded {
        area_id: area_id().to_string(),
        facts: Some(facts),
    };
    town.registry(building_id("5"), version, &event).await;
}

/// Proposes the repair of a part of building 5: the refusal's message, if any.
async fn refusal_of(town: &Town, part: common::SharedPart) -> Option<String> {
    let mut request = town.proposal(&["5"], 1_000_000);
    request.set_part(part);
    let answer = town
        .client()
        .propose_draw(town.world.request(&manager(), request))
        .await;
    match answer {
        Ok(_) => None,
        Err(status) => {
            let message = status.message().to_owned();
            assert_refused(
                Err::<(), _>(status),
                Code::FailedPrecondition,
                "WARRANTY_STILL_RUNS",
            );
            Some(message)
        }
    }
}

/// WD-13, MF-15, E10: accepted on 15 December 2009, the lift's two years ended on 15 December 2011, whenever the last
/// flat was handed over; its roof is the builder's until eight years after that hand-over.
#[tokio::test(flavor = "multi_thread")]
async fn the_states_terms_count_from_the_acceptance_and_waterproofing_from_the_hand_over() {
    use common::SharedPart::{Lift, RoofWaterproofing, Structure};
    each(async |town| {
        late_flat(&town).await;
        // Nobody recorded the acceptance: the later day keeps the owners' money.
        let lift = refusal_of(&town, Lift).await.unwrap();
        assert!(
            lift.contains("2026-06-30") && lift.contains("the last hand-over on 2024-06-30"),
            "{lift}"
        );
        documents(&town, 5, "2009-12-15", 0).await;
        assert_eq!(refusal_of(&town, Lift).await, None);
        let roof = refusal_of(&town, RoofWaterproofing).await.unwrap();
        assert!(
            roof.contains("2032-06-30") && roof.contains("the last hand-over on 2024-06-30"),
            "{roof}"
        );
        let structure = refusal_of(&town, Structure).await.unwrap();
        assert!(
            structure.contains("2059-12-15") && structure.contains("the completion acceptance on 2009-12-15"),
            "{structure}"
        );
        documents(&town, 6, "2009-12-15", 70).await;
        let structure = refusal_of(&town, Structure).await.unwrap();
        assert!(structure.contains("2079-12-15"), "{structure}");
        town.world.assert_no_dead_letters().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recorded_last_stands_whatever_comes_again() {
    each(async |town| {
        late_flat(&town).await;
        documents(&town, 5, "2024-05-15", 0).await;
        let recorded = refusal_of(&town, common::SharedPart::Lift).await.unwrap();
        assert!(recorded.contains("2026-05-15"), "{recorded}");
        documents(&town, 6, "2009-12-15", 0).await;
        assert_eq!(refusal_of(&town, common::SharedPart::Lift).await, None);
        // An old version that is delivered late changes nothing.
        let facts = funds::domain::warranty::BuildingFacts {
            completed_on: Some("2025-12-15".parse().unwrap()),
            design_life_years: None,
        };
        let ctx = caused_by("on_building_facts_recorded", ids::EventId::generate());
        town.app
            .on_building_facts_recorded(&ctx, building_id("5"), 5, facts)
            .await
            .unwrap();
        assert_eq!(refusal_of(&town, common::SharedPart::Lift).await, None);
    })
    .await;
}

/// An acceptance from before the law knew these terms: the hand-over counts, by the rules of its day.
#[tokio::test(flavor = "multi_thread")]
async fn an_acceptance_before_the_law_leaves_the_hand_over() {
    each(async |town| {
        late_flat(&town).await;
        documents(&town, 5, "1999-12-15", 0).await;
        let lift = refusal_of(&town, common::SharedPart::Lift).await.unwrap();
        assert!(lift.contains("the last hand-over on 2024-06-30"), "{lift}");
    })
    .await;
}
