//! Tables of what was before: exclusive areas that were corrected, days of sales, buildings that came from elsewhere.

use proto::registry::v1 as pb;
use testkit::{backends, people};

use super::{csv, of_area};
use crate::world::*;

const HEADER: &str = "unit_number,area_turn,exclusive_area,source,counts_since,document_digest,reason\n";
/// SHA-256 of nothing.
const DIGEST: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn table(rows: &[String]) -> String {
    format!("{HEADER}{}\n", rows.join("\n"))
}

/// Homes 1 and 2 of building 1 have 100.00 m² each.
fn first(number: u32, area: &str) -> String {
    format!("{},0,{area},CONTRACT,,,", unit(1, number))
}

fn second(number: u32, area: &str, source: &str, since: &str) -> String {
    format!("{},1,{area},{source},{since},{DIGEST},", unit(1, number))
}

#[tokio::test(flavor = "multi_thread")]
async fn areas_through_time_are_recorded_and_rolls_of_then_count_them() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=2).await;
        let kind = pb::TableKind::ExclusiveAreas;
        let rows = [first(1, "98.50"), second(1, "100.00", "SURVEY", "2021-03-01")];
        let report = registry.load(kind, &table(&rows)).await;
        assert_eq!((report.recorded, report.unchanged), (2, 0));
        let stored = registry.outbox().await;
        let event = stored
            .iter()
            .rfind(|event| event.kind.ends_with("HomeCorrected"))
            .unwrap();
        let told: pb::HomeCorrected = serde_json::from_str(&event.body).unwrap();
        let after = told.after.unwrap();
        assert_eq!(
            (told.exclusive_area_before, after.exclusive_area),
            (9_850, 10_000)
        );
        assert_eq!(after.since, "2021-03-01");

        let area_on = async |day: &str| {
            let request = pb::StreamRollRequest {
                scope: Some(whole_area()),
                as_of: Some(
                    format!("{day}T04:00:00Z")
                        .parse::<chrono::DateTime<chrono::Utc>>()
                        .unwrap()
                        .into(),
                ),
                ..Default::default()
            };
            let roll = registry.roll_of(&people::community(COMMUNITY), request).await;
            roll.unwrap()
                .iter()
                .map(|entry| entry.exclusive_area)
                .sum::<i64>()
        };
        assert_eq!(area_on("2021-02-28").await, 19_850);
        assert_eq!(area_on("2021-03-01").await, 20_000);

        // What stands is left alone, and another history is told.
        let report = registry.load(kind, &table(&rows)).await;
        assert_eq!((report.recorded, report.unchanged), (0, 2));
        let other = [first(1, "98.51"), second(1, "100.00", "SURVEY", "2021-03-01")];
        let error = registry.error_of(kind, &table(&other)).await;
        assert_eq!(error, "exclusive_area VALUE_DIFFERS");
        let longer = format!("{},2,100.00,REGISTER,2022-01-01,{DIGEST},", unit(1, 1));
        let error = registry.error_of(kind, &table(&[longer])).await;
        assert_eq!(error, "area_turn VALUE_DIFFERS");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_that_no_corrections_could_have_made_is_told_with_its_row() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=2).await;
        let unknown = format!("{},0,98.50,CONTRACT,,,", unit(1, 99));
        let whole = [first(1, "98.50"), second(1, "100.00", "SURVEY", "2021-03-01")];
        let wrong: [(&[String], &str); 12] = [
            (&[unknown], "unit_number REFERENCE_UNKNOWN"),
            (&[first(1, "98.50")], "area_turn EXCLUSIVE_AREA_UNCHANGED"),
            (&whole[1..], "area_turn TURN_MISSING"),
            (
                &[first(1, "98.50"), second(1, "99.00", "SURVEY", "2021-03-01")],
                "exclusive_area VALUE_DIFFERS",
            ),
            (
                &[first(1, "98.50"), second(1, "100.00", "CONTRACT", "2021-03-01")],
                "exclusive_area AREA_SOURCE_NOT_BETTER",
            ),
            (
                &[first(1, "98.50"), second(1, "100.00", "SURVEY", "2026-03-03")],
                "counts_since DATE_IN_THE_FUTURE",
            ),
            (
                &[first(1, "98.50"), second(1, "100.00", "SURVEY", "")],
                "counts_since VALUE_MISSING",
            ),
            (
                &[first(1, "98.50"), second(1, "100.00", "GUESS", "2021-03-01")],
                "source VALUE_UNKNOWN",
            ),
            (
                &[
                    first(1, "98.50"),
                    second(1, "100.00", "SURVEY", "2021-03-01").replace(DIGEST, "abc"),
                ],
                "document_digest DIGEST_MALFORMED",
            ),
            (
                &[first(1, "98.50").replace(",,,", &format!(",,{DIGEST},"))],
                "document_digest VALUE_UNEXPECTED",
            ),
            (
                &[
                    whole[0].clone(),
                    second(1, "99.00", "SURVEY", "2021-03-01"),
                    format!("{},2,100.00,REGISTER,2020-03-01,{DIGEST},", unit(1, 1)),
                ],
                "counts_since DAY_TOO_EARLY",
            ),
            (
                &[whole[0].clone(), whole[1].clone(), whole[1].clone()],
                "area_turn DUPLICATE_ROW",
            ),
        ];
        for (rows, expected) in wrong {
            let error = registry
                .error_of(pb::TableKind::ExclusiveAreas, &table(rows))
                .await;
            assert_eq!(error, expected, "{rows:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_building_keeps_the_id_it_came_with_and_a_home_the_day_of_its_sale() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let id = ids::BuildingId::derive("elsewhere");
        let buildings = format!("area_number,number,floors,building_id\n{AREA},9,6,{id}\n");
        registry.load(pb::TableKind::Buildings, &buildings).await;
        let header = HOMES_HEADER.trim_end();
        let row = |sold_on: &str| {
            format!(
                "{header},sold_on\n{AREA},9,1,101,{},80.00,RESIDENTIAL,SOLD,,{sold_on}\n",
                unit(9, 1)
            )
        };
        let report = registry.load(pb::TableKind::Homes, &row("2020-01-31")).await;
        assert_eq!(report.recorded, 1);
        let event = registry.outbox().await.pop().unwrap();
        let told: pb::HomesRegistered = serde_json::from_str(&event.body).unwrap();
        assert_eq!(
            (told.building_id, &told.sales[0].sold_on[..]),
            (id.to_string(), "2020-01-31")
        );
        // A table without the day says nothing against it, one with another day does.
        let report = registry.load(pb::TableKind::Homes, &row("")).await;
        assert_eq!(report.unchanged, 1);
        let error = registry.error_of(pb::TableKind::Homes, &row("2020-02-01")).await;
        assert_eq!(error, "sold_on VALUE_DIFFERS");
        let unsold = row("2020-01-31").replace("SOLD,,", "UNSOLD,,");
        let error = registry.error_of(pb::TableKind::Homes, &unsold).await;
        assert_eq!(error, "sold_on VALUE_UNEXPECTED");

        let authority = people::authority(CITY);
        for kind in [pb::TableKind::BuildingFacts, pb::TableKind::ExclusiveAreas] {
            let file = registry.take(&authority, of_area(kind)).await.unwrap();
            assert_eq!(csv(&file).len(), 1, "nothing of this kind is recorded");
            let hidden = registry.take(&people::street(OTHER_STREET), of_area(kind)).await;
            assert_eq!(refused(hidden), "AREA_NOT_FOUND");
        }
        let file = registry.take(&authority, of_area(pb::TableKind::Buildings)).await;
        let rows = csv(&file.unwrap());
        let own: Vec<&str> = rows
            .iter()
            .filter(|row| row[1] == "9")
            .map(|row| &row[3][..])
            .collect();
        assert_eq!(own, [&id.to_string()[..]]);
        // Under another id it is another building, whose number is taken.
        let other = buildings.replace(&id.to_string(), &ids::BuildingId::derive("other").to_string());
        let error = registry.error_of(pb::TableKind::Buildings, &other).await;
        assert_eq!(error, "building_id VALUE_DIFFERS");
        let malformed = buildings.replace(&id.to_string(), "building_1");
        let error = registry.error_of(pb::TableKind::Buildings, &malformed).await;
        assert_eq!(error, "building_id TEXT_MALFORMED");
    }
}
