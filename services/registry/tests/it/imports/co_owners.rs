//! A home of which one owner's row is wrong gets no owners at all: the others would count as if they were all.

use proto::registry::v1 as pb;
use testkit::backends;

use super::file::*;
use crate::world::*;

const COUNTED: &str = "unit_number,owner_name,document_kind,document_number,owned_since,owner_count\n";

/// A row of an owner of a home of building 1 that `count` own together.
fn row(number: u32, serial: u32, count: &str) -> String {
    format!("{},{count}\n", ownership_row(1, number, serial).trim_end())
}

/// What became of a table in lenient mode: rows recorded, and line, column and reason of each error.
async fn load(registry: &TestRegistry, table: String) -> (i32, Vec<(i32, String, String)>) {
    let file = File::begin(
        registry,
        pb::TableKind::Ownerships,
        pb::ImportMode::Lenient,
        table,
    )
    .await;
    let done = file.load().await;
    assert_eq!(state(&done), pb::ImportState::Finished, "{done:?}");
    let errors = file.errors().await;
    assert!(errors.iter().all(|error| {
        let says_so = error.message_en.contains("none of its owners is recorded");
        says_so || !["OWNERSHIP_INCOMPLETE", "OWNER_COUNT_DIFFERS"].contains(&error.reason.as_str())
    }));
    assert_eq!(
        done.recorded + done.unchanged + done.wrong,
        done.rows,
        "every row is accounted for"
    );
    let told = errors
        .into_iter()
        .map(|error| (error.line, error.column, error.reason));
    (done.recorded, told.collect())
}

fn told(line: i32, column: &str, reason: &str) -> (i32, String, String) {
    (line, column.to_owned(), reason.to_owned())
}

async fn with_homes(backend: testkit::Backend) -> TestRegistry {
    let registry = TestRegistry::with_area(backend).await;
    let homes: String = (1..=3).map(|number| home_row(1, number, "DELIVERED")).collect();
    registry
        .load(pb::TableKind::Homes, &(HOMES_HEADER.to_owned() + &homes))
        .await;
    registry
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistyped_unit_number_of_a_co_owner_is_found_by_the_declared_number_of_owners() {
    for backend in backends().await {
        let registry = with_homes(backend).await;
        // The second owner of home 1 stands under a number that no home has, that of home 2 under the number of home 3.
        let unknown = row(1, 12, "2").replace(&unit(1, 1), &unit(1, 9));
        let table = [
            COUNTED,
            &row(1, 11, "2"),
            &unknown,
            &row(2, 21, "2"),
            &row(3, 22, "2"),
            &row(3, 31, "1"),
        ];
        let (recorded, errors) = load(&registry, table.concat()).await;
        assert_eq!((recorded, count(&registry, "ownerships").await), (0, 0));
        assert_eq!(
            errors,
            [
                told(2, "owner_count", "OWNER_COUNT_DIFFERS"),
                told(3, "unit_number", "REFERENCE_UNKNOWN"),
                told(4, "owner_count", "OWNER_COUNT_DIFFERS"),
                // Two rows now, and the home's own is said to be the only one.
                told(5, "", "OWNERSHIP_INCOMPLETE"),
                told(6, "owner_count", "OWNER_COUNT_DIFFERS"),
            ]
        );
        let mended = [
            COUNTED,
            &row(1, 11, "2"),
            &row(1, 12, "2"),
            &row(2, 21, "2"),
            &row(2, 22, "2"),
            &row(3, 31, "1"),
        ];
        let (recorded, errors) = load(&registry, mended.concat()).await;
        assert_eq!((recorded, errors), (5, vec![]));
        assert_eq!(count(&registry, "ownerships").await, 3);
        assert_eq!(count(&registry, "ownership_owners").await, 5);
        // Said nowhere, it is not asked for.
        let again = [COUNTED, &row(1, 11, ""), &row(1, 12, "")].concat();
        assert_eq!(load(&registry, again).await, (0, vec![]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_broken_or_names_an_owner_twice_leaves_its_home_without_owners() {
    for backend in backends().await {
        let registry = with_homes(backend).await;
        let broken = row(1, 12, "2").replace(",张三", ",张,三");
        let table = [
            COUNTED,
            &row(1, 11, ""),
            &broken,
            // Somebody typed the document of the first owner again.
            &row(2, 21, ""),
            &row(2, 21, "").replace("张三", "李四"),
            &row(3, 31, ""),
        ];
        let (recorded, errors) = load(&registry, table.concat()).await;
        assert_eq!((recorded, count(&registry, "ownerships").await), (1, 1));
        assert_eq!(
            errors,
            [
                told(2, "", "OWNERSHIP_INCOMPLETE"),
                told(3, "", "COLUMN_COUNT_WRONG"),
                told(4, "", "OWNERSHIP_INCOMPLETE"),
                told(5, "document_number", "DUPLICATE_ROW"),
            ]
        );
    }
}
