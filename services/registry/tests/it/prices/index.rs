//! Whether a price fits what is given for it: one area beside those like it, with all that it was computed from.

use access::Principal;
use ids::AreaId;
use proto::common::v1::HomeUse;
use proto::registry::v1 as pb;
use testkit::people;
use tonic::Status;

use super::counter::*;
use crate::contracts::desk::{committee, street};
use crate::world::*;

/// Four more areas in the street of the first, one in another street.
const OTHERS: [(&str, &str); 5] = [
    ("330783004015-0002", COMMUNITY),
    ("330783004015-0003", COMMUNITY),
    ("330783004015-0004", COMMUNITY),
    ("330783004015-0005", COMMUNITY),
    ("330783001014-0001", OTHER_COMMUNITY),
];

/// Each area with a price, and a home that was handed over on the day.
async fn fill(counter: &Counter, prices: [(i64, i32, &str); 5]) {
    let registry = &counter.desk.registry;
    registry.load(pb::TableKind::Areas, &areas(&OTHERS)).await;
    let (mut buildings, mut homes) = (String::new(), String::new());
    for ((number, division), (_, _, delivered_on)) in OTHERS.iter().zip(prices) {
        buildings += &format!("{number},1,18\n");
        let place = number.replace('-', "");
        let unit = format!("{division}GB00001F9{}", &place[place.len() - 7..]);
        homes += &format!("{number},1,1,0101,{unit},100.00,RESIDENTIAL,DELIVERED,{delivered_on}\n");
    }
    let buildings = format!("area_number,number,floors\n{buildings}");
    registry.load(pb::TableKind::Buildings, &buildings).await;
    registry
        .load(pb::TableKind::Homes, &(HOMES_HEADER.to_owned() + &homes))
        .await;
    for ((number, _), (price, grade, _)) in OTHERS.iter().zip(prices) {
        let request = pb::RecordFeeStandardRequest {
            area_id: AreaId::derive(number).to_string(),
            grade,
            ..standard(price, "2024-01-01")
        };
        counter.record(request).await.unwrap();
    }
    counter.record(standard(160, "2024-01-01")).await.unwrap();
}

async fn score(
    counter: &Counter,
    caller: &Principal,
    number: &str,
    per_mille: i32,
) -> Result<pb::Satisfaction, Status> {
    let mut message = pb::RecordSatisfactionRequest {
        area_id: AreaId::derive(number).to_string(),
        from_on: "2025-01-01".into(),
        until_on: "2025-12-31".into(),
        per_mille,
        ..Default::default()
    };
    message.set_source(pb::SatisfactionSource::StreetAssessment);
    let request = counter.desk.request(caller, message);
    Ok(counter.client().record_satisfaction(request).await?.into_inner())
}

async fn index(counter: &Counter, caller: &Principal, as_of: &str) -> Result<pb::PriceIndex, Status> {
    let mut message = pb::GetPriceIndexRequest {
        area_id: area().to_string(),
        as_of: as_of.into(),
        ..Default::default()
    };
    message.set_use(HomeUse::Residential);
    message.set_building_type(pb::BuildingType::HighRise);
    message.set_housing_class(pb::HousingClass::Ordinary);
    let request = counter.desk.request(caller, message);
    Ok(counter.client().get_price_index(request).await?.into_inner())
}

fn shown(index: &pb::PriceIndex) -> Vec<(i64, bool)> {
    let areas = index.comparables.iter();
    areas
        .map(|area| (area.standard.as_ref().unwrap().price_fen, area.is_counted))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_is_compared_in_its_street_and_satisfaction_chooses_the_half() {
    each(async |counter| {
        // The area of the street at another grade is shown and not counted; that of the other street is not needed.
        let prices = [
            (120, 2, SINCE),
            (128, 2, SINCE),
            (144, 2, SINCE),
            (180, 1, SINCE),
            (113, 2, SINCE),
        ];
        fill(&counter, prices).await;
        let found = index(&counter, &committee(), "").await.unwrap();
        assert_eq!(
            shown(&found),
            [(120, true), (128, true), (144, true), (180, false)]
        );
        assert_eq!(
            (found.reach(), found.median_fen, found.index_per_mille),
            (pb::IndexReach::Street, Some(128), Some(1_250))
        );
        assert_eq!(found.own.as_ref().unwrap().first_delivered_on, SINCE);
        assert_eq!(
            (
                found.standing(),
                found.corridor_lowest_fen,
                found.corridor_highest_fen
            ),
            (pb::SatisfactionStanding::Unspecified, Some(120), Some(144))
        );
        assert_eq!((found.age_years, found.comparables_min), (5, 3));

        for ((number, _), per_mille) in OTHERS.iter().zip([700, 800, 900, 950]) {
            score(&counter, &street(), number, per_mille).await.unwrap();
        }
        assert_eq!(
            index(&counter, &committee(), "").await.unwrap().satisfaction,
            None
        );
        score(&counter, &street(), AREA, 790).await.unwrap();
        let found = index(&counter, &committee(), "").await.unwrap();
        assert_eq!(
            (
                found.standing(),
                found.satisfaction_median_per_mille,
                found.corridor_lowest_fen,
                found.corridor_highest_fen
            ),
            (pb::SatisfactionStanding::Below, Some(800), Some(120), Some(128))
        );
        assert_eq!(found.comparables[0].satisfaction_per_mille, Some(700));
        // Mended, and as of a day before the score's time was over.
        score(&counter, &people::authority(CITY), AREA, 810)
            .await
            .unwrap();
        let found = index(&counter, &committee(), "").await.unwrap();
        assert_eq!(found.standing(), pb::SatisfactionStanding::AtLeast);
        assert_eq!(found.corridor_highest_fen, Some(144));
        let before = index(&counter, &committee(), "2025-12-30").await.unwrap();
        assert_eq!(before.standing(), pb::SatisfactionStanding::Unspecified);
        let never = index(&counter, &committee(), "2023-12-31").await;
        assert_eq!(refused(never), "STANDARD_NOT_FOUND");
        for reader in [
            firm(),
            people::owner(owner(1001)),
            people::community(COMMUNITY),
            street(),
            people::auditor(CITY),
        ] {
            assert!(index(&counter, &reader, "").await.is_ok());
        }
        for hidden in [stranger(), people::street(OTHER_STREET)] {
            assert_eq!(refused(index(&counter, &hidden, "").await), "AREA_NOT_FOUND");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_street_with_too_few_is_left_for_the_city_and_too_few_there_give_no_figure() {
    each(async |counter| {
        // One of the street was handed over too early to be alike.
        let prices = [
            (120, 2, SINCE),
            (128, 2, SINCE),
            (144, 2, "2014-04-30"),
            (180, 1, SINCE),
            (113, 2, "2025-05-01"),
        ];
        fill(&counter, prices).await;
        let found = index(&counter, &committee(), "").await.unwrap();
        assert_eq!(
            shown(&found),
            [(113, true), (120, true), (128, true), (180, false)]
        );
        assert_eq!(
            (found.reach(), found.median_fen, found.index_per_mille),
            (pb::IndexReach::City, Some(120), Some(1_333))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn alone_there_is_nothing_to_compare_with() {
    each(async |counter| {
        counter.record(standard(160, "2024-01-01")).await.unwrap();
        let found = index(&counter, &firm(), "").await.unwrap();
        assert_eq!((found.median_fen, found.index_per_mille), (None, None));
        assert_eq!((found.corridor_lowest_fen, shown(&found).len()), (None, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_score_comes_from_street_or_authority_and_from_nobody_else() {
    each(async |counter| {
        for caller in [firm(), committee(), people::community(COMMUNITY)] {
            assert_eq!(refused(score(&counter, &caller, AREA, 800).await), "NOT_ALLOWED");
        }
        let elsewhere = people::street(OTHER_STREET);
        assert_eq!(
            refused(score(&counter, &elsewhere, AREA, 800).await),
            "AREA_NOT_FOUND"
        );
        for (per_mille, reason) in [(-1, "SCORE_INVALID"), (1_001, "SCORE_INVALID")] {
            assert_eq!(refused(score(&counter, &street(), AREA, per_mille).await), reason);
        }
        let first = score(&counter, &street(), AREA, 1_000).await.unwrap();
        assert_eq!(
            refused(score(&counter, &street(), AREA, 1_000).await),
            "SATISFACTION_UNCHANGED"
        );
        let mended = score(&counter, &street(), AREA, 0).await.unwrap();
        assert_eq!(
            (mended.version, &mended.satisfaction_id),
            (2, &first.satisfaction_id)
        );
        let (street, authority) = (street(), people::authority(CITY));
        let (one, two) = tokio::join!(
            score(&counter, &street, AREA, 500),
            score(&counter, &authority, AREA, 600)
        );
        assert!(one.is_ok() || two.is_ok(), "{one:?} {two:?}");
        let versions = counter.desk.told(&first.satisfaction_id).await;
        let versions: Vec<i64> = versions.iter().map(|(_, version)| *version).collect();
        assert_eq!(versions, (1..=versions.len() as i64).collect::<Vec<_>>());
    })
    .await;
}
