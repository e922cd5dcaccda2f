//! What becomes of the rows: strictly, leniently, checked only, from CSV and from spreadsheets.

use std::fmt::Write as _;

use ids::CreditCode;
use proto::registry::v1 as pb;
use rust_xlsxwriter::Workbook;
use testkit::{Backend, backends};

use super::file::*;
use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_several_portions_is_recorded_once_and_stands_unchanged_the_second_time() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let table = many_homes(2_500);
        let file = File::begin(
            &registry,
            pb::TableKind::Homes,
            pb::ImportMode::Strict,
            table.clone(),
        )
        .await;
        let done = file.load().await;
        assert_eq!(state(&done), pb::ImportState::Finished, "{done:?}");
        assert_eq!(
            (done.rows, done.rows_done, done.recorded, done.wrong),
            (5_000, 5_000, 5_000, 0)
        );
        assert_eq!(count(&registry, "homes").await, 5_000);
        assert_eq!(
            count(&registry, "import_parts").await,
            0,
            "nothing of the file is kept"
        );
        assert_eq!(count(&registry, "import_portions").await, 0);
        let versions: Vec<i64> = registry
            .outbox()
            .await
            .into_iter()
            .filter(|event| event.aggregate == done.import_id)
            .map(|event| event.version)
            .collect();
        assert_eq!(
            versions,
            (1..=done.version).collect::<Vec<_>>(),
            "each step is told, without a gap"
        );

        // The same homes from a spreadsheet.
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for (row, line) in (0..).zip(table.lines()) {
            for (column, cell) in (0..).zip(line.split(',')) {
                sheet.write(row, column, cell).unwrap();
            }
        }
        let content = workbook.save_to_buffer().unwrap();
        let again = File::begin(&registry, pb::TableKind::Homes, pb::ImportMode::Strict, content).await;
        let done = again.load().await;
        assert_eq!(state(&done), pb::ImportState::Finished, "{done:?}");
        assert_eq!((done.recorded, done.unchanged), (0, 5_000));
        registry.world.assert_no_dead_letters().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strict_import_with_a_wrong_row_records_nothing_and_tells_each_error_masked() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=3).await;
        let good = ownership_row(2, 1, 7001);
        let homes = HOMES_HEADER.to_owned() + &home_row(2, 1, "DELIVERED") + &home_row(2, 2, "DELIVERED");
        registry.load(pb::TableKind::Homes, &homes).await;
        let number = citizen(7002);
        let wrong = format!("{}X", &number.as_str()[..17]);
        let table = OWNERSHIPS_HEADER.to_owned()
            + &good
            + &ownership_row(2, 2, 7002).replace(number.as_str(), &wrong);
        let table = table + &ownership_row(1, 1, 1001).replace("张三", "欧阳修远");
        let file = File::begin(
            &registry,
            pb::TableKind::Ownerships,
            pb::ImportMode::Strict,
            table.clone(),
        )
        .await;
        let before = count(&registry, "ownerships").await;
        let done = file.load().await;
        assert_eq!(state(&done), pb::ImportState::Refused, "{done:?}");
        assert_eq!((done.recorded, done.wrong), (0, 2));
        assert_eq!(count(&registry, "ownerships").await, before);
        let errors = file.errors().await;
        let told: Vec<_> = errors
            .iter()
            .map(|error| {
                (
                    error.sheet.as_str(),
                    error.line,
                    error.column.as_str(),
                    error.reason.as_str(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("ownerships", 3, "document_number", "CODE_CHECK_WRONG"),
                ("ownerships", 4, "owner_name", "VALUE_DIFFERS"),
            ]
        );
        let text = format!("{errors:?}");
        assert!(
            !text.contains(&wrong) && !text.contains("欧阳修远") && !text.contains("张三"),
            "{text}"
        );
        assert!(
            errors[0].value.starts_with("3307") && errors[1].value.contains('*'),
            "{text}"
        );

        // Leniently the right row is recorded, and the others are reported again.
        let file = File::begin(
            &registry,
            pb::TableKind::Ownerships,
            pb::ImportMode::Lenient,
            table,
        )
        .await;
        let done = file.load().await;
        assert_eq!(state(&done), pb::ImportState::Finished);
        assert_eq!((done.recorded, done.wrong), (1, 2));
        assert_eq!(count(&registry, "ownerships").await, before + 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_with_one_unreadable_owner_is_not_recorded_with_the_others() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let homes = HOMES_HEADER.to_owned() + &home_row(1, 1, "DELIVERED");
        registry.load(pb::TableKind::Homes, &homes).await;
        let nameless = ownership_row(1, 1, 2).replace("张三", "");
        let table = OWNERSHIPS_HEADER.to_owned() + &ownership_row(1, 1, 1) + &nameless;
        let file = File::begin(
            &registry,
            pb::TableKind::Ownerships,
            pb::ImportMode::Lenient,
            table,
        )
        .await;
        let done = file.load().await;
        assert_eq!((done.recorded, done.wrong), (0, 2), "neither row is recorded");
        assert_eq!(
            (
                count(&registry, "ownerships").await,
                count(&registry, "owners").await
            ),
            (0, 0)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_records_nothing() {
    let registry = TestRegistry::with_area(Backend::Sqlite).await;
    let before = registry.outbox().await.len();
    let file = File::begin(
        &registry,
        pb::TableKind::Homes,
        pb::ImportMode::Check,
        many_homes(3),
    )
    .await;
    let done = file.load().await;
    assert_eq!(state(&done), pb::ImportState::Finished);
    assert_eq!((done.rows, done.recorded, done.wrong), (6, 0, 0));
    assert_eq!(count(&registry, "homes").await, 0);
    let events = registry.outbox().await;
    assert!(
        events[before..]
            .iter()
            .all(|event| event.aggregate == done.import_id)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_are_mapped_and_others_are_told() {
    let registry = TestRegistry::new(Backend::Sqlite).await;
    let mut table = "序号,统一社会信用代码,单位全称,企业类型\n".to_owned();
    for (place, body) in ["91330783MA2E40029", "91330783MA2E40030"].iter().enumerate() {
        let check = CreditCode::check_char(body).unwrap();
        writeln!(table, "{place},{body}{check},和居（演示）{place},PROPERTY").unwrap();
    }
    let (gbk, _, _) = encoding_rs::GB18030.encode(&table);
    let mut request = begin_request(pb::TableKind::Firms, pb::ImportMode::Strict, &gbk);
    request.columns = vec![pb::ColumnMapping {
        column: "name".into(),
        title: "单位全称".into(),
    }];
    let file = File::begin_as(&registry, request.clone(), gbk.to_vec())
        .await
        .unwrap();
    let done = file.load().await;
    assert_eq!(
        (done.recorded, done.ignored_columns),
        (2, vec!["序号".to_owned()])
    );
    request.columns[0].column = "colour".into();
    let wrong = File::begin_as(&registry, request.clone(), gbk.to_vec()).await;
    assert_eq!(refused(wrong.map(|_| ())), "COLUMN_MAPPING_INVALID");
    request.columns.clear();
    request.file_size = 0;
    let empty = File::begin_as(&registry, request, gbk.to_vec()).await;
    assert_eq!(refused(empty.map(|_| ())), "FILE_SIZE_INVALID");
}
