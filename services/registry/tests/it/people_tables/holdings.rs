//! How homes are held: shares or jointly, registered or in possession, now and once.

use proto::registry::v1 as pb;
use testkit::{Backend, backends, people};

use super::*;
use crate::imports::file::count;

const KIND: pb::TableKind = pb::TableKind::Holdings;

/// A row of a home of building 1.
fn row(number: u32, since: &str, serial: u32, rest: &str) -> String {
    format!("{},{since},{},{rest}\n", unit(1, number), document(serial))
}

fn couple(rest: [&str; 2]) -> String {
    HOLDINGS.to_owned() + &row(1, SINCE, 1, rest[0]) + &row(1, SINCE, 2, rest[1])
}

async fn held(registry: &TestRegistry, number: u32, as_of_on: &str) -> pb::Holding {
    let message = pb::GetHoldingRequest {
        home_id: home(1, number).to_string(),
        as_of_on: as_of_on.to_owned(),
    };
    let request = registry.world.request(&people::street(STREET), message);
    registry.owners().get_holding(request).await.unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn shares_and_titles_are_recorded_as_the_calls_do_and_left_alone_after() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        estate(&registry).await;
        let table = couple(["1/3,REGISTERED,2020-06-01", "2/3,REGISTERED,2020-06-01"])
            + &row(2, SINCE, 3, ",POSSESSION,")
            + &row(4, SINCE, 4, ",REGISTERED,")
            + &row(4, "2022-01-01", 6, "1/2,REGISTERED,")
            + &row(4, "2022-01-01", 5, "1/2,REGISTERED,");
        let report = registry.load(KIND, &table).await;
        assert_eq!((report.rows, report.recorded), (6, 6));
        let couple = held(&registry, 1, "").await;
        assert_eq!((couple.form(), couple.version), (pb::HoldingForm::Shares, 1));
        assert_eq!(couple.registered_on, "2020-06-01");
        let of = |serial| {
            couple
                .shares
                .iter()
                .find(|share| share.owner_id == owner(serial).to_string())
        };
        assert_eq!(
            of(2).map(|share| (share.numerator, share.denominator)),
            Some((2, 3))
        );
        assert_eq!(held(&registry, 2, "").await.title(), pb::Title::Possession);
        let once = held(&registry, 4, "2021-01-01").await;
        assert_eq!(
            (once.form(), once.title()),
            (pb::HoldingForm::Joint, pb::Title::Registered)
        );
        assert_eq!(held(&registry, 4, "").await.shares.len(), 2);
        let events = registry.told_of("HoldingRecorded").await;
        assert_eq!(
            events.iter().map(|event| event.version).collect::<Vec<_>>(),
            [1; 4]
        );
        assert!(
            events.iter().all(|event| event.address.ends_with(PLACE)),
            "{events:?}"
        );

        // The same again; a share is as large in other words.
        let again = table.replace("1/2,", "2/4,");
        let report = registry.load(KIND, &again).await;
        assert_eq!((report.recorded, report.unchanged), (0, 6));
        // The calls go on where the table stopped.
        let message = pb::SetSharesRequest {
            home_id: home(1, 1).to_string(),
            form: pb::HoldingForm::Joint.into(),
            shares: Vec::new(),
        };
        let next = call!(registry, owners.set_shares, &people::street(STREET), "s", message).unwrap();
        assert_eq!(next.version, 2);
        let error = registry.error_of(KIND, &table).await;
        assert_eq!(error, "share VALUE_DIFFERS");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_row_that_cannot_be_is_told() {
    let registry = TestRegistry::with_area(Backend::Sqlite).await;
    estate(&registry).await;
    let homes = HOMES_HEADER.to_owned() + &home_row(3, 1, "SOLD");
    registry.load(pb::TableKind::Homes, &homes).await;
    let owners = OWNERSHIPS_HEADER.to_owned() + &ownership_row(3, 1, 9);
    registry.load(pb::TableKind::Ownerships, &owners).await;
    let one = |rest: &str| HOLDINGS.to_owned() + &row(2, SINCE, 3, rest);
    let of_building_3 = |rest: &str| {
        one(rest)
            .replace(&unit(1, 2), &unit(3, 1))
            .replace(&document(3), &document(9))
    };
    for (table, expected) in [
        (
            couple(["1/3,REGISTERED,", "1/3,REGISTERED,"]),
            "share SHARES_NOT_WHOLE",
        ),
        (
            couple(["1/2,REGISTERED,", ",REGISTERED,"]),
            "share SHARES_OF_OTHERS",
        ),
        (
            couple(["0/2,REGISTERED,", "1/1,REGISTERED,"]),
            "share SHARE_MALFORMED",
        ),
        (
            couple(["0.5,REGISTERED,", "1/2,REGISTERED,"]),
            "share SHARE_MALFORMED",
        ),
        (
            couple([",REGISTERED,", ",REGISTERED,2020-06-01"]),
            "registered_on VALUE_DIFFERS",
        ),
        (couple([",REGISTERED,", ",POSSESSION,"]), "title VALUE_DIFFERS"),
        (
            HOLDINGS.to_owned() + &row(1, SINCE, 1, ",REGISTERED,"),
            "document_number OWNERS_DIFFER",
        ),
        (
            HOLDINGS.to_owned() + &row(2, SINCE, 4, ",REGISTERED,"),
            "document_number OWNERS_DIFFER",
        ),
        (
            HOLDINGS.to_owned() + &row(2, "2021-01-01", 3, ",REGISTERED,"),
            "owned_since REFERENCE_UNKNOWN",
        ),
        (
            HOLDINGS.to_owned() + &row(9, SINCE, 3, ",REGISTERED,"),
            "unit_number REFERENCE_UNKNOWN",
        ),
        (
            one(",REGISTERED,2020-04-30"),
            "registered_on TITLE_BEFORE_OWNERSHIP",
        ),
        (one(",REGISTERED,2026-03-03"), "registered_on DATE_IN_THE_FUTURE"),
        (one(",POSSESSION,2020-06-01"), "registered_on VALUE_UNEXPECTED"),
        (one(",BOUGHT,"), "title VALUE_UNKNOWN"),
        (of_building_3(",POSSESSION,"), "title HOME_NOT_DELIVERED"),
        (
            one(",REGISTERED,") + &row(2, SINCE, 3, ",REGISTERED,"),
            "document_number DUPLICATE_ROW",
        ),
    ] {
        assert_eq!(registry.error_of(KIND, &table).await, expected, "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holding_is_recorded_whole_or_not_at_all() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        estate(&registry).await;
        let table = couple(["1/2,REGISTERED,", "half,REGISTERED,"]) + &row(2, SINCE, 3, ",REGISTERED,");
        let (recorded, _, errors) = leniently(&registry, KIND, &table).await;
        assert_eq!(
            (recorded, errors),
            (
                1,
                vec![
                    told(2, "", "HOLDING_INCOMPLETE"),
                    told(3, "share", "SHARE_MALFORMED")
                ]
            )
        );
        assert_eq!(count(&registry, "holdings").await, 1);
        // Of rows that differ from what stands, the others are told too.
        registry
            .load(KIND, &couple(["1/2,REGISTERED,", "1/2,REGISTERED,"]))
            .await;
        let other = couple(["1/2,REGISTERED,", "1/3,REGISTERED,"]);
        let (recorded, unchanged, errors) = leniently(&registry, KIND, &other).await;
        assert_eq!((recorded, unchanged), (0, 0));
        assert_eq!(
            errors,
            [
                told(2, "", "HOLDING_INCOMPLETE"),
                told(3, "share", "VALUE_DIFFERS")
            ]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_a_home_are_not_torn_by_a_portion() {
    let registry = TestRegistry::with_area(Backend::Sqlite).await;
    let homes: String = (1..=1_001)
        .map(|number| home_row(1, number, "DELIVERED"))
        .collect();
    registry
        .load(pb::TableKind::Homes, &(HOMES_HEADER.to_owned() + &homes))
        .await;
    let pair = |number: u32| [10_000 + 2 * number, 10_001 + 2 * number];
    let owners = (1..=1_001).flat_map(|number| pair(number).map(|serial| ownership_row(1, number, serial)));
    let owners = OWNERSHIPS_HEADER.to_owned() + &owners.collect::<String>();
    registry.load(pb::TableKind::Ownerships, &owners).await;
    // A home alone before them lets the portion end between two rows of one home.
    let alone = pair(1_001).map(|serial| row(1_001, SINCE, serial, "1/2,REGISTERED,"));
    let rows = (1..=1_000)
        .flat_map(|number| pair(number).map(|serial| row(number, SINCE, serial, "1/2,REGISTERED,")));
    let table = HOLDINGS.to_owned() + &alone[0] + &rows.collect::<String>() + &alone[1];
    let (recorded, _, errors) = leniently(&registry, KIND, &table).await;
    assert_eq!(recorded, 2_000);
    assert_eq!(
        errors,
        [
            told(2, "document_number", "OWNERS_DIFFER"),
            told(2_003, "unit_number", "ROWS_SCATTERED")
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_tables_at_the_same_moment_each_home_is_recorded_once() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        estate(&registry).await;
        let table = couple(["1/2,REGISTERED,", "1/2,REGISTERED,"]);
        let (one, other) = tokio::join!(
            registry.import(KIND, table.as_bytes()),
            registry.import(KIND, table.as_bytes())
        );
        let recorded = [one, other].into_iter().map(|answer| match answer {
            Ok(report) => {
                assert_eq!(report.errors, []);
                report.recorded
            }
            Err(status) => {
                assert_eq!(rpc::failure::reason_of(&status), "CONFLICT");
                0
            }
        });
        assert_eq!(recorded.sum::<i32>(), 2);
        assert_eq!(registry.told_of("HoldingRecorded").await.len(), 1);
    }
}
