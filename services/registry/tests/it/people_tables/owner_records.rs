//! Mobile numbers and comparisons with the register.

use proto::registry::v1 as pb;
use testkit::{Backend, backends, people};

use super::*;
use crate::imports::file::count;

const KIND: pb::TableKind = pb::TableKind::OwnerRecords;

fn row(serial: u32, rest: &str) -> String {
    format!("{},{rest}\n", document(serial))
}

fn table(rows: &[String]) -> String {
    RECORDS.to_owned() + &rows.concat()
}

async fn record(registry: &TestRegistry, serial: u32) -> pb::OwnerRecord {
    let message = pb::GetOwnerRecordRequest {
        owner_id: owner(serial).to_string(),
    };
    let request = registry.world.request(&people::street(STREET), message);
    registry
        .owners()
        .get_owner_record(request)
        .await
        .unwrap()
        .into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_sealed_and_told_as_the_calls_do() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        estate(&registry).await;
        let company = format!("CREDIT_CODE,{},,VERIFIED,2025-05-05,\n", developer_code());
        let rows = table(&[
            row(1, "138 0000 5678,VERIFIED,2025-05-05,"),
            row(2, "13800005678,OPEN,,"),
            row(3, ",MISMATCH,2025-05-05,CO_OWNERS"),
            row(4, "13900005678,OPEN,,"),
            row(6, ",OPEN,,"),
            company,
        ]);
        let report = registry.load(KIND, &rows).await;
        // Nothing is told of owner 6.
        assert_eq!((report.recorded, report.unchanged), (5, 1));
        let first = record(&registry, 1).await;
        assert_eq!((first.mobile.as_str(), first.version), ("138****5678", 2));
        assert_eq!(
            (first.verification(), first.verified_on.as_str()),
            (pb::Verification::Verified, "2025-05-05")
        );
        let third = record(&registry, 3).await;
        assert_eq!((third.mismatch(), third.version), (pb::Mismatch::CoOwners, 1));
        counts(&registry, &owner(1).to_string(), &["MobileSet", "OwnerVerified"]).await;
        counts(&registry, &owner(2).to_string(), &["MobileSet"]).await;
        counts(&registry, &owner(3).to_string(), &["OwnerVerified"]).await;
        // Events lie where the owner's homes do; who sold the last is told to the city.
        let places: Vec<(String, String)> = registry
            .told_of("MobileSet")
            .await
            .into_iter()
            .map(|event| (event.aggregate, event.address))
            .collect();
        let place = |serial| {
            let id = owner(serial).to_string();
            places
                .iter()
                .find(|(aggregate, _)| *aggregate == id)
                .map(|(_, place)| place.clone())
                .unwrap()
        };
        assert!(place(1).ends_with(PLACE), "{places:?}");
        assert!(place(4).ends_with(".330783.000.000"), "{places:?}");
        // All are called 张三: two with one number are one person.
        assert_eq!(count(&registry, "owner_twins").await, 2);
        let sealed = registry
            .dump(
                "owner_records",
                "COALESCE(mobile_sealed, '-') || COALESCE(mobile_index, '-')",
            )
            .await;
        assert!(!sealed.concat().contains("13800005678"));

        let report = registry.load(KIND, &rows).await;
        assert_eq!((report.recorded, report.unchanged), (0, 6));
        // A number that was not told stays; a comparison follows where there was none.
        let later = table(&[
            row(1, ",VERIFIED,2025-05-05,"),
            row(2, "13800005678,VERIFIED,2026-01-01,"),
        ]);
        let report = registry.load(KIND, &later).await;
        assert_eq!((report.recorded, report.unchanged), (1, 1));
        counts(&registry, &owner(2).to_string(), &["MobileSet", "OwnerVerified"]).await;
        // The third of the name joins them.
        let third = table(&[row(5, "13800005678,OPEN,,")]);
        registry.load(KIND, &third).await;
        assert_eq!(count(&registry, "owner_twins").await, 6);
        assert_eq!(record(&registry, 1).await.mobile, "138****5678");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_row_that_cannot_be_is_told_masked() {
    let registry = TestRegistry::with_area(Backend::Sqlite).await;
    estate(&registry).await;
    registry
        .load(KIND, &table(&[row(1, "13800005678,VERIFIED,2025-05-05,")]))
        .await;
    registry
        .load(KIND, &table(&[row(3, ",MISMATCH,2025-05-05,NAME")]))
        .await;
    let company = format!("CREDIT_CODE,{},13800005678,OPEN,,\n", developer_code());
    for (rows, expected) in [
        (
            vec![row(99, ",VERIFIED,2025-05-05,")],
            "document_number REFERENCE_UNKNOWN",
        ),
        (vec![company], "mobile MOBILE_OF_LEGAL_PERSON"),
        (vec![row(2, "12345,OPEN,,")], "mobile MOBILE_MALFORMED"),
        (vec![row(2, ",OPEN,2025-05-05,")], "verified_on VALUE_UNEXPECTED"),
        (vec![row(2, ",OPEN,,NAME")], "mismatch VALUE_UNEXPECTED"),
        (vec![row(2, ",VERIFIED,,")], "verified_on VALUE_MISSING"),
        (
            vec![row(2, ",VERIFIED,2026-03-03,")],
            "verified_on DATE_IN_THE_FUTURE",
        ),
        (
            vec![row(2, ",VERIFIED,2025-05-05,NAME")],
            "mismatch VALUE_UNEXPECTED",
        ),
        (vec![row(2, ",MISMATCH,2025-05-05,")], "mismatch VALUE_MISSING"),
        (vec![row(2, ",MISMATCH,2025-05-05,AGE")], "mismatch VALUE_UNKNOWN"),
        (vec![row(2, ",MAYBE,,")], "verification VALUE_UNKNOWN"),
        (
            vec![row(1, "13900005678,VERIFIED,2025-05-05,")],
            "mobile VALUE_DIFFERS",
        ),
        (vec![row(1, ",OPEN,,")], "verification VALUE_DIFFERS"),
        (vec![row(1, ",VERIFIED,2025-05-06,")], "verified_on VALUE_DIFFERS"),
        (
            vec![row(3, ",MISMATCH,2025-05-05,HOME")],
            "mismatch VALUE_DIFFERS",
        ),
        (
            vec![row(2, ",OPEN,,"), row(2, ",OPEN,,")],
            "document_number DUPLICATE_ROW",
        ),
    ] {
        assert_eq!(registry.error_of(KIND, &table(&rows)).await, expected, "{rows:?}");
    }
    let wrong = table(&[
        row(1, "13912345678,VERIFIED,2025-05-05,"),
        row(99, "13912345678,OPEN,,"),
    ]);
    let report = registry.import(KIND, wrong.as_bytes()).await.unwrap();
    let text = format!("{report:?}");
    assert!(
        text.contains("138****5678") && text.contains("139****5678"),
        "{text}"
    );
    assert!(
        !text.contains("13912345678") && !text.contains("13800005678"),
        "{text}"
    );
    assert!(!text.contains(citizen(99).as_str()), "{text}");
    // Loading is the authority's.
    let message = pb::ImportTableRequest {
        kind: KIND.into(),
        content: wrong.into_bytes(),
        dry_run: true,
    };
    let request = registry.world.request(&people::street(STREET), message);
    assert_eq!(
        refused(registry.client().import_table(request).await),
        "NOT_ALLOWED"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_table_and_a_call_at_the_same_moment_one_is_last() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        estate(&registry).await;
        let rows = table(&[row(1, "13800005678,VERIFIED,2025-05-05,")]);
        let message = pb::SetMobileRequest {
            owner_id: owner(1).to_string(),
            mobile: "13900005678".into(),
        };
        let request = registry.world.request(&people::street(STREET), message);
        let mut owners = registry.owners();
        let (_table, _call) =
            tokio::join!(registry.import(KIND, rows.as_bytes()), owners.set_mobile(request));
        let events = registry.told(&owner(1).to_string()).await;
        let versions: Vec<_> = events
            .iter()
            .map(|event| event.rsplit(' ').next().unwrap().to_owned())
            .collect();
        let expected: Vec<_> = (1..=events.len()).map(|version| version.to_string()).collect();
        assert_eq!(versions, expected, "{events:?}");
        assert_eq!(record(&registry, 1).await.version, events.len() as i64);
    }
}
