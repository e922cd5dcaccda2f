//! Whom several owners chose to cast their vote, through time.

use proto::registry::v1 as pb;
use testkit::{Backend, backends, people};

use super::*;

const KIND: pb::TableKind = pb::TableKind::Representatives;

fn row(serials: &[u32], from: &str, chosen: u32) -> String {
    format!("{AREA},{},{from},{},\n", numbers(serials), document(chosen))
}

fn table(rows: &[String]) -> String {
    REPRESENTATIVES.to_owned() + &rows.concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn choices_follow_one_another_and_the_last_casts_the_vote() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        estate(&registry).await;
        // In whatever order the rows and the owners stand.
        let rows = table(&[
            row(&[2, 1], "2025-01-01", 2),
            row(&[1, 2], "2024-01-01", 1),
            row(&[5, 6], "2023-01-01", 6),
        ]);
        assert_eq!(registry.load(KIND, &rows).await.recorded, 3);
        let roll = registry.roll(whole_area()).await.unwrap();
        assert_eq!(roll[0].voter_ids, [owner(2).to_string()]);
        let chosen = registry.told_of("RepresentativeChosen").await;
        let couple: Vec<_> = chosen
            .iter()
            .filter(|event| event.body.contains(&owner(1).to_string()))
            .collect();
        assert_eq!(
            couple.iter().map(|event| event.version).collect::<Vec<_>>(),
            [1, 2]
        );
        assert!(chosen.iter().all(|event| event.address.ends_with(PLACE)));
        let report = registry.load(KIND, &rows).await;
        assert_eq!((report.recorded, report.unchanged), (0, 3));
        // A call goes on where the table stopped.
        let message = pb::ChooseRepresentativeRequest {
            home_id: home(1, 1).to_string(),
            owner_id: owner(1).to_string(),
            from_on: TODAY.into(),
            document_digest: String::new(),
        };
        let community = people::community(COMMUNITY);
        let next = call!(registry, owners.choose_representative, &community, "c", message).unwrap();
        assert_eq!(next.version, 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_row_that_cannot_be_is_told_masked() {
    let registry = TestRegistry::with_area(Backend::Sqlite).await;
    estate(&registry).await;
    registry
        .load(KIND, &table(&[row(&[1, 2], "2024-01-01", 1)]))
        .await;
    let good = row(&[5, 6], "2024-01-01", 5);
    for (rows, expected) in [
        (
            vec![good.replace(AREA, "330783004015-0099")],
            "area_number REFERENCE_UNKNOWN",
        ),
        (vec![row(&[5, 99], "2024-01-01", 5)], "owners REFERENCE_UNKNOWN"),
        (vec![row(&[3, 5], "2024-01-01", 5)], "owners REFERENCE_UNKNOWN"),
        (vec![row(&[3], "2024-01-01", 3)], "owners OWNER_ALONE"),
        (vec![good.replace(';', ";x;")], "owners CODE_MALFORMED"),
        (
            vec![row(&[5, 6], "2024-01-01", 3)],
            "document_number REPRESENTATIVE_NOT_OWNER",
        ),
        (
            vec![row(&[1, 2], "2023-01-01", 1)],
            "from_on REPRESENTATIVE_BEFORE_LAST",
        ),
        (
            vec![row(&[1, 2], "2024-01-01", 2)],
            "document_number VALUE_DIFFERS",
        ),
        (
            vec![good.clone(), row(&[6, 5], "2024-01-01", 6)],
            "from_on DUPLICATE_ROW",
        ),
        (
            vec![good.replace(",\n", ",xyz\n")],
            "document_digest DIGEST_MALFORMED",
        ),
    ] {
        assert_eq!(registry.error_of(KIND, &table(&rows)).await, expected, "{rows:?}");
    }
    let wrong = table(&[row(&[3, 5], "2024-01-01", 5), row(&[1, 2], "2024-01-01", 2)]);
    let report = registry.import(KIND, wrong.as_bytes()).await.unwrap();
    let text = format!("{report:?}");
    for serial in [1, 2, 3, 5] {
        assert!(!text.contains(citizen(serial).as_str()), "{text}");
    }
}
