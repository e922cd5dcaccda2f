//! Tables of ownerships with past owners: each home's history is recorded as a whole, or refused.

use proto::registry::v1 as pb;
use testkit::{backends, people};

use crate::world::*;

const HEADER: &str = "unit_number,owner_name,document_kind,document_number,owned_since,owned_until\n";

fn row(number: u32, serial: u32, since: &str, until: &str) -> String {
    format!(
        "{},张三,CITIZEN_ID,{},{since},{until}\n",
        unit(1, number),
        citizen(serial).as_str()
    )
}

/// Two homes of building 1, handed over.
async fn with_homes(backend: testkit::Backend) -> TestRegistry {
    let registry = TestRegistry::with_area(backend).await;
    let homes: String = (1..=2).map(|number| home_row(1, number, "DELIVERED")).collect();
    registry
        .load(pb::TableKind::Homes, &(HOMES_HEADER.to_owned() + &homes))
        .await;
    registry
}

#[tokio::test(flavor = "multi_thread")]
async fn past_owners_are_recorded_and_told_apart_from_the_present_ones() {
    for backend in backends().await {
        let registry = with_homes(backend).await;
        // In any order; two who owned together; one who sold and bought again; one home without a past.
        let table = HEADER.to_owned()
            + &row(1, 1, "2024-01-01", "")
            + &row(1, 2, "2022-01-01", "2024-01-01")
            + &row(1, 3, "2022-01-01", "2024-01-01")
            + &row(1, 1, "2020-05-01", "2022-01-01")
            + &row(2, 4, "2020-05-01", "");
        let report = registry.load(pb::TableKind::Ownerships, &table).await;
        assert_eq!((report.rows, report.recorded), (5, 5));

        let stored = registry.outbox().await.pop().unwrap();
        let event: pb::OwnershipsRecorded = serde_json::from_str(&stored.body).unwrap();
        let mut lasting: Vec<_> = event
            .ownerships
            .iter()
            .map(|held| (held.home_id.clone(), held.since.as_str(), held.until.as_str()))
            .collect();
        lasting.sort_unstable();
        let mut expected = vec![
            (home(1, 1).to_string(), "2024-01-01", ""),
            (home(1, 2).to_string(), "2020-05-01", ""),
        ];
        expected.sort_unstable();
        assert_eq!(
            lasting, expected,
            "who follows the present owners only stays right"
        );
        let past: Vec<_> = event
            .past
            .iter()
            .map(|held| (held.owner_ids.len(), held.since.as_str(), held.until.as_str()))
            .collect();
        assert_eq!(
            past,
            [(1, "2020-05-01", "2022-01-01"), (2, "2022-01-01", "2024-01-01")]
        );

        // The roll of a past day is counted with the owners of that day.
        let past_day: chrono::DateTime<chrono::Utc> = "2023-06-01T04:00:00Z".parse().unwrap();
        let request = pb::StreamRollRequest {
            scope: Some(proto::common::v1::Scope {
                building_ids: vec![building("1").to_string()],
                ..whole_area()
            }),
            as_of: Some(past_day.into()),
            ..Default::default()
        };
        let roll = registry
            .roll_of(&people::community(COMMUNITY), request)
            .await
            .unwrap();
        let entry = roll
            .iter()
            .find(|entry| entry.home_id == home(1, 1).to_string())
            .unwrap();
        let mut co_owners = [owner(2), owner(3)].map(|id| id.to_string());
        co_owners.sort_unstable();
        assert_eq!(entry.owner_ids, co_owners);

        let events = registry.outbox().await.len();
        // Again, and what was true before the last transfer, and a table that knows no past.
        let old = OWNERSHIPS_HEADER.to_owned() + &row(1, 1, "2020-05-01", "").replace(",\n", "\n");
        for (kind, table) in [("again", &table), ("from before", &old)] {
            let report = registry.load(pb::TableKind::Ownerships, table).await;
            assert_eq!((report.recorded, report.unchanged), (0, report.rows), "{kind}");
        }
        assert_eq!(registry.outbox().await.len(), events);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_with_a_gap_an_overlap_or_no_present_owner_is_refused() {
    for backend in backends().await {
        let registry = with_homes(backend).await;
        let of = async |rows: &[String]| {
            let table = HEADER.to_owned() + &rows.concat();
            registry.error_of(pb::TableKind::Ownerships, &table).await
        };
        let now = || row(1, 2, "2022-01-01", "");
        for until in ["2021-12-31", "2022-01-02", "2020-01-01"] {
            assert_eq!(
                of(&[row(1, 1, "2020-05-01", until), now()]).await,
                "owned_until HISTORY_BROKEN",
                "{until}"
            );
        }
        // Two that both last, beside one that is past.
        let two = [
            row(1, 3, "2019-01-01", "2020-05-01"),
            row(1, 1, "2020-05-01", ""),
            now(),
        ];
        assert_eq!(of(&two).await, "owned_until HISTORY_BROKEN");
        assert_eq!(
            of(&[row(1, 1, "2020-05-01", "2022-01-01")]).await,
            "owned_until HISTORY_ENDED"
        );
        let ended = [
            row(1, 1, "2020-05-01", "2022-01-01"),
            row(1, 2, "2022-01-01", "2023-01-01"),
        ];
        assert_eq!(of(&ended).await, "owned_until HISTORY_ENDED");
        assert_eq!(
            of(&[row(1, 1, "2020-05-01", "soon")]).await,
            "owned_until DATE_MALFORMED"
        );
        assert_eq!(
            of(&[row(1, 1, "2020-05-01", "2026-03-03"), now()]).await,
            "owned_until DATE_IN_THE_FUTURE"
        );
        // Without any end the rows of a home are co-owners, as in a table without the column.
        assert_eq!(
            of(&[row(1, 1, "2020-05-01", ""), now()]).await,
            "owned_since VALUE_DIFFERS"
        );
        let twice = row(1, 1, "2020-05-01", "");
        assert_eq!(of(&[twice.clone(), twice]).await, "document_number DUPLICATE_ROW");

        // A past that stands otherwise is not added to silently.
        registry
            .load(
                pb::TableKind::Ownerships,
                &(HEADER.to_owned() + &row(1, 2, "2022-01-01", "")),
            )
            .await;
        assert_eq!(
            of(&[row(1, 1, "2020-05-01", "2022-01-01"), now()]).await,
            "document_number VALUE_DIFFERS"
        );
    }
}
