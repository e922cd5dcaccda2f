//! Repeats, races, cuts, crashes and the wrong people.

use proto::registry::v1 as pb;
use rust_xlsxwriter::Workbook;
use sea_orm::{ConnectionTrait, Statement};
use testkit::{Backend, backends, people};

use super::file::*;
use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn parts_may_be_repeated_but_leave_no_gap_and_do_not_change() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let table = many_homes(3);
        let file = File::begin(
            &registry,
            pb::TableKind::Homes,
            pb::ImportMode::Strict,
            table.clone(),
        )
        .await;
        let bytes = table.as_bytes();
        let first = file.part(0, &bytes[..100]).await.unwrap();
        assert_eq!((first.received, state(&first)), (100, pb::ImportState::Uploading));
        assert_eq!(
            refused(file.part(101, &bytes[101..200]).await),
            "PART_OUT_OF_PLACE"
        );
        assert_eq!(
            refused(file.part(0, &vec![b'x'; 5 * 1024 * 1024]).await),
            "PART_SIZE_INVALID"
        );
        let authority = people::authority(CITY);
        // Whoever did not hear the answer repeats it, with the same key or another.
        assert_eq!(file.part(0, &bytes[..100]).await.unwrap(), first);
        let again = file.part_as(&authority, "other", 0, &bytes[..100]).await.unwrap();
        assert_eq!(again.received, 100);
        assert_eq!(
            refused(file.part_as(&authority, "k", 0, &bytes[1..101]).await),
            "PART_DIFFERS"
        );
        // Two at once: one of them is the repeat.
        let (one, two) = tokio::join!(
            file.part_as(&authority, "a", 100, &bytes[100..200]),
            file.part_as(&authority, "b", 100, &bytes[100..200])
        );
        let received = [one, two].map(|answer| answer.map(|import| import.received).ok());
        assert!(received.contains(&Some(200)), "{received:?}");
        let kept: Vec<u8> = {
            let reader = registry.world.hosted("registry").store.reader();
            let sql = "SELECT content FROM import_parts WHERE starts_at = 0";
            let row = reader
                .query_one_raw(Statement::from_string(reader.get_database_backend(), sql))
                .await
                .unwrap();
            row.unwrap().try_get("", "content").unwrap()
        };
        assert!(
            !kept.windows(20).any(|window| window == &bytes[..20]),
            "parts are sealed"
        );
        let last = file.part(200, &bytes[200..]).await.unwrap();
        assert_eq!(state(&last), pb::ImportState::Reading);
        registry.world.pump().await;
        assert_eq!(file.get().await.recorded, 6);
        let late = file.part_as(&authority, "late", 0, &bytes[..100]).await;
        assert_eq!(refused(late), "IMPORT_NOT_UPLOADING");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_changed_on_the_way_or_was_cut_fails_with_its_reason() {
    let registry = TestRegistry::with_area(Backend::Sqlite).await;
    let table = many_homes(3).into_bytes();
    let mut request = begin_request(pb::TableKind::Homes, pb::ImportMode::Strict, &table);
    request.sha256 = "0".repeat(64);
    let file = File::begin_as(&registry, request, table).await.unwrap();
    let done = file.load().await;
    assert_eq!(state(&done), pb::ImportState::Failed);
    assert_eq!(done.failure.unwrap().reason, "FILE_DIGEST_WRONG");

    let mut workbook = Workbook::new();
    workbook.add_worksheet().write(0, 0, "credit_code").unwrap();
    let mut content = workbook.save_to_buffer().unwrap();
    content.truncate(content.len() / 2);
    let file = File::begin(&registry, pb::TableKind::Firms, pb::ImportMode::Strict, content).await;
    let failure = file.load().await.failure.unwrap();
    assert_eq!(failure.reason, "TABLE_FILE_BROKEN");
    assert!(failure.message_zh.contains("重新"), "{failure:?}");
    assert_eq!(count(&registry, "import_parts").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_portions_goes_on_where_it_stopped() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let file = File::begin(
            &registry,
            pb::TableKind::Homes,
            pb::ImportMode::Lenient,
            many_homes(2_500),
        )
        .await;
        file.send(4_000_000).await;
        let hosted = registry.world.hosted("registry");
        let step = async || {
            outbox::deadlines::round(&hosted.store, &hosted.deadlines)
                .await
                .unwrap()
        };
        step().await;
        step().await;
        let half = file.get().await;
        assert_eq!(
            (state(&half), half.rows_done),
            (pb::ImportState::Recording, 2_000)
        );
        // Two processes find the next step at the same moment, and each of them goes on.
        while !matches!(state(&file.get().await), pb::ImportState::Finished) {
            tokio::join!(step(), step());
        }
        let done = file.get().await;
        assert_eq!((done.recorded, count(&registry, "homes").await), (5_000, 5_000));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_imports_of_the_same_rows_at_once_record_each_row_once() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let begin = || {
            File::begin(
                &registry,
                pb::TableKind::Homes,
                pb::ImportMode::Lenient,
                many_homes(1_500),
            )
        };
        let (one, two) = (begin().await, begin().await);
        one.send(4_000_000).await;
        two.send(4_000_000).await;
        let hosted = registry.world.hosted("registry");
        let run = async || {
            while !matches!(
                (state(&one.get().await), state(&two.get().await)),
                (pb::ImportState::Finished, pb::ImportState::Finished)
            ) {
                outbox::deadlines::round(&hosted.store, &hosted.deadlines)
                    .await
                    .unwrap();
            }
        };
        tokio::join!(run(), run());
        let (one, two) = (one.get().await, two.get().await);
        assert_eq!(one.recorded + two.recorded, 3_000, "{one:?} {two:?}");
        assert_eq!((one.wrong, two.wrong), (0, 0));
        assert_eq!(count(&registry, "homes").await, 3_000);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_import_keeps_what_was_recorded_and_forgets_the_file() {
    let registry = TestRegistry::with_area(Backend::Sqlite).await;
    let file = File::begin(
        &registry,
        pb::TableKind::Homes,
        pb::ImportMode::Lenient,
        many_homes(2_000),
    )
    .await;
    file.send(4_000_000).await;
    let hosted = registry.world.hosted("registry");
    for _ in 0..2 {
        outbox::deadlines::round(&hosted.store, &hosted.deadlines)
            .await
            .unwrap();
    }
    assert_eq!(state(&file.cancel().await.unwrap()), pb::ImportState::Cancelled);
    registry.world.pump().await;
    assert_eq!(state(&file.get().await), pb::ImportState::Cancelled);
    assert_eq!(count(&registry, "homes").await, 2_000);
    assert_eq!(count(&registry, "import_portions").await, 0);
    assert_eq!(refused(file.cancel().await), "IMPORT_ENDED");
    let message = pb::ListImportsRequest {
        page_size: 1,
        page_token: String::new(),
    };
    let request = registry.world.request(&people::authority(CITY), message);
    let page = client(&registry)
        .list_imports(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(page.imports[0].import_id, file.import_id);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_city_and_its_operators_import() {
    let registry = TestRegistry::with_area(Backend::Sqlite).await;
    let table = many_homes(1);
    let request = begin_request(pb::TableKind::Homes, pb::ImportMode::Check, table.as_bytes());
    let file = File::begin(&registry, pb::TableKind::Homes, pb::ImportMode::Check, table).await;
    for caller in [
        people::street(STREET),
        people::community(COMMUNITY),
        people::authority(STREET),
    ] {
        let begun = registry.world.request(&caller, request.clone());
        assert_eq!(
            refused(client(&registry).begin_import(begun).await),
            "NOT_ALLOWED"
        );
        assert_eq!(refused(file.part_as(&caller, "k", 0, b"x").await), "NOT_ALLOWED");
        let message = pb::GetImportRequest {
            import_id: file.import_id.clone(),
        };
        let read = registry.world.request(&caller, message);
        assert_eq!(refused(client(&registry).get_import(read).await), "NOT_ALLOWED");
    }
    let unknown = pb::GetImportRequest {
        import_id: ids::ImportId::generate().to_string(),
    };
    let read = registry.world.request(&people::administrator(), unknown);
    assert_eq!(
        refused(client(&registry).get_import(read).await),
        "IMPORT_NOT_FOUND"
    );
}
