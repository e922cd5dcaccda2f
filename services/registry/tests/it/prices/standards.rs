//! What may be charged: recorded by the authority, displayed to everybody.

use proto::common::v1::HomeUse;
use proto::registry::v1 as pb;
use testkit::people;

use super::counter::*;
use crate::contracts::desk::{authority, committee, street};
use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_first_price_is_guided_and_a_contract_of_the_owners_sets_the_next() {
    each(async |counter| {
        let first = counter.record(standard(140, "2024-01-01")).await.unwrap();
        assert_eq!(
            (first.pricing(), first.basis(), first.version),
            (pb::PricingKind::Guide, pb::FeeBasis::First, 1)
        );
        let band = first.band.clone().unwrap();
        assert_eq!((band.lowest_fen, band.highest_fen), (113, 167));
        let parking = pb::RecordFeeStandardRequest {
            homes: Some(other(HomeUse::Parking)),
            ..standard(6_000, "2024-01-01")
        };
        let parking = counter.record(parking).await.unwrap();
        assert_eq!((parking.pricing(), parking.band), (pb::PricingKind::Market, None));

        // The firm alone cannot have it raised; what the owners sign for can be recorded.
        let raised = counter.record(standard(160, "2026-05-01")).await;
        assert_eq!(refused(raised), "PRICE_NEEDS_ADJUSTMENT");
        let contract = counter.desk.record(manager(), "2026-04-01", "2029-03-31").await;
        let next = counter.record(standard(210, "2026-05-01")).await.unwrap();
        assert_eq!(
            (next.pricing(), next.basis(), &next.contract_id),
            (
                pb::PricingKind::Market,
                pb::FeeBasis::Contract,
                &contract.contract_id
            )
        );
        let again = counter.record(standard(220, "2026-06-01")).await;
        assert_eq!(refused(again), "PRICE_NEEDS_ADJUSTMENT");

        // As of a day; before the first one nothing held.
        assert_eq!(counter.prices("2023-12-31").await, [""; 0]);
        let flats_and_parking = ["140 2024-01-01 2026-04-30", "6000 2024-01-01"];
        assert_eq!(counter.prices("").await, flats_and_parking);
        assert_eq!(counter.prices("2026-04-30").await, flats_and_parking);
        assert_eq!(
            counter.prices("2026-05-01").await,
            ["6000 2024-01-01", "210 2026-05-01"]
        );
        assert_eq!(
            counter.desk.told(&first.standard_id).await,
            [
                ("FeeStandardRecorded".to_owned(), 1),
                ("FeeStandardEnded".to_owned(), 2)
            ]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_price_can_be_is_refused() {
    each(async |counter| {
        let plain = || standard(140, "2024-01-01");
        let with = |change: &dyn Fn(&mut pb::PricedHomes)| {
            let mut request = plain();
            change(request.homes.as_mut().unwrap());
            request
        };
        let mut uncharged = plain();
        uncharged.set_charging(pb::FeeCharging::Unspecified);
        let parking_in_towers = pb::PricedHomes {
            building_type: pb::BuildingType::HighRise.into(),
            ..other(HomeUse::Parking)
        };
        for (request, reason) in [
            (standard(168, "2024-01-01"), "PRICE_OUT_OF_BAND"),
            (standard(112, "2024-01-01"), "PRICE_OUT_OF_BAND"),
            (standard(0, "2024-01-01"), "PRICE_NOT_POSITIVE"),
            (standard(140, "2024-13-01"), "DATE_MALFORMED"),
            (
                pb::RecordFeeStandardRequest { grade: 4, ..plain() },
                "GRADE_UNKNOWN",
            ),
            (
                pb::RecordFeeStandardRequest { grade: 0, ..plain() },
                "GRADE_UNKNOWN",
            ),
            (uncharged, "CHARGE_MISSING"),
            (
                with(&|homes| homes.set_use(HomeUse::Unspecified)),
                "HOME_USE_MISSING",
            ),
            (
                with(&|homes| homes.set_building_type(pb::BuildingType::Unspecified)),
                "BUILDING_TYPE_INVALID",
            ),
            (
                with(&|homes| homes.set_housing_class(pb::HousingClass::Unspecified)),
                "HOUSING_CLASS_INVALID",
            ),
            (with(&|homes| *homes = parking_in_towers), "BUILDING_TYPE_INVALID"),
        ] {
            assert_eq!(refused(counter.record(request).await), reason);
        }
        counter.record(plain()).await.unwrap();
        let older = counter.record(standard(140, "2024-01-01")).await;
        assert_eq!(refused(older), "STANDARD_NOT_AFTER_LAST");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_authority_records_and_everybody_reads() {
    each(async |counter| {
        for caller in [firm(), committee(), street(), people::community(COMMUNITY)] {
            let answer = counter.record_as(&caller, standard(140, "2024-01-01")).await;
            assert_eq!(refused(answer), "NOT_ALLOWED");
        }
        let elsewhere = people::authority("330782");
        let answer = counter.record_as(&elsewhere, standard(140, "2024-01-01")).await;
        assert_eq!(refused(answer), "AREA_NOT_FOUND");
        let first = counter.record(standard(140, "2024-01-01")).await.unwrap();
        for caller in [
            stranger(),
            committee(),
            people::street(OTHER_STREET),
            people::department(CITY),
            authority(),
        ] {
            let message = pb::ListFeeStandardsRequest {
                division_code: CITY.into(),
                history: true,
                ..Default::default()
            };
            let request = counter.desk.request(&caller, message);
            let found = counter.client().list_fee_standards(request).await.unwrap();
            assert_eq!(found.into_inner().standards, std::slice::from_ref(&first));
            let request = counter.desk.request(&caller, pb::GetPriceRulesRequest::default());
            let rules = counter
                .client()
                .get_price_rules(request)
                .await
                .unwrap()
                .into_inner();
            assert_eq!(rules.grades, ["一级", "二级", "三级"]);
            assert_eq!(rules.guide_prices.len(), 6);
            let band = rules.guide_prices[4].band.as_ref().unwrap();
            assert!(band.article.ends_with("（参照）"));
        }
        // Page by page, in the order of recording.
        let second = pb::RecordFeeStandardRequest {
            homes: Some(other(HomeUse::Commercial)),
            ..standard(300, "2024-01-01")
        };
        let second = counter.record(second).await.unwrap();
        let mut message = pb::ListFeeStandardsRequest {
            page_size: 1,
            ..Default::default()
        };
        let mut found = Vec::new();
        loop {
            let request = counter.desk.request(&stranger(), message.clone());
            let page = counter
                .client()
                .list_fee_standards(request)
                .await
                .unwrap()
                .into_inner();
            found.extend(page.standards);
            if page.next_page_token.is_empty() {
                break;
            }
            message.page_token = page.next_page_token;
        }
        assert_eq!(found, [first, second]);
    })
    .await;
}
