//! Loading whole files: in parts, in portions, strictly and leniently, through repeats, races and cuts.

use std::fmt::Write as _;

use access::Principal;
use ids::CreditCode;
use proto::registry::v1 as pb;
use proto::registry::v1::import_service_client::ImportServiceClient;
use rpc::Peer;
use rpc::client::MESSAGE_BYTES_MAX;
use rust_xlsxwriter::Workbook;
use sea_orm::{ConnectionTrait, Statement};
use sha2::{Digest, Sha256};
use testkit::{Backend, backends, people};
use tonic::Status;

use crate::world::*;

/// An import and the file that is sent for it.
struct File<'a> {
    registry: &'a TestRegistry,
    content: Vec<u8>,
    import_id: String,
}

fn client(registry: &TestRegistry) -> ImportServiceClient<Peer> {
    ImportServiceClient::new(registry.peer())
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX)
}

fn begin_request(kind: pb::TableKind, mode: pb::ImportMode, content: &[u8]) -> pb::BeginImportRequest {
    pb::BeginImportRequest {
        kind: kind.into(),
        workbook: kind == pb::TableKind::Unspecified,
        mode: mode.into(),
        file_name: "表.csv".into(),
        file_size: content.len() as i64,
        sha256: hex::encode(Sha256::digest(content)),
        columns: Vec::new(),
        header_line: 0,
    }
}

impl<'a> File<'a> {
    async fn begin(
        registry: &'a TestRegistry,
        kind: pb::TableKind,
        mode: pb::ImportMode,
        content: impl Into<Vec<u8>>,
    ) -> File<'a> {
        let content = content.into();
        let request = begin_request(kind, mode, &content);
        Self::begin_as(registry, request, content).await.unwrap()
    }

    async fn begin_as(
        registry: &'a TestRegistry,
        request: pb::BeginImportRequest,
        content: Vec<u8>,
    ) -> Result<File<'a>, Status> {
        let request = registry.world.request(&people::authority(CITY), request);
        let import = client(registry).begin_import(request).await?.into_inner();
        Ok(File {
            registry,
            content,
            import_id: import.import_id,
        })
    }

    async fn part_as(
        &self,
        caller: &Principal,
        key: &str,
        offset: usize,
        content: &[u8],
    ) -> Result<pb::Import, Status> {
        let message = pb::UploadPartRequest {
            import_id: self.import_id.clone(),
            offset: offset as i64,
            content: content.to_vec(),
        };
        let request = self.registry.world.request_with_key(caller, key, message);
        let answer = client(self.registry).upload_part(request).await?;
        Ok(answer.into_inner())
    }

    async fn part(&self, offset: usize, content: &[u8]) -> Result<pb::Import, Status> {
        let key = format!("{}-{offset}-{}", self.import_id, content.len());
        self.part_as(&people::authority(CITY), &key, offset, content)
            .await
    }

    /// Sends everything in parts of that size.
    async fn send(&self, size: usize) {
        for (place, part) in self.content.chunks(size).enumerate() {
            self.part(place * size, part).await.unwrap();
        }
    }

    /// Sends everything and lets it be loaded.
    async fn load(&self) -> pb::Import {
        self.send(1_000_000).await;
        self.registry.world.pump().await;
        self.get().await
    }

    async fn get(&self) -> pb::Import {
        let message = pb::GetImportRequest {
            import_id: self.import_id.clone(),
        };
        let request = self.registry.world.request(&people::authority(CITY), message);
        client(self.registry)
            .get_import(request)
            .await
            .unwrap()
            .into_inner()
    }

    async fn cancel(&self) -> Result<pb::Import, Status> {
        let message = pb::CancelImportRequest {
            import_id: self.import_id.clone(),
        };
        let request = self.registry.world.request(&people::authority(CITY), message);
        let answer = client(self.registry).cancel_import(request).await?;
        Ok(answer.into_inner())
    }

    /// All errors, page by page.
    async fn errors(&self) -> Vec<pb::RowError> {
        let mut errors = Vec::new();
        let mut page_token = String::new();
        loop {
            let message = pb::ListImportErrorsRequest {
                import_id: self.import_id.clone(),
                page_size: 2,
                page_token,
            };
            let request = self.registry.world.request(&people::authority(CITY), message);
            let page = client(self.registry)
                .list_import_errors(request)
                .await
                .unwrap()
                .into_inner();
            errors.extend(page.errors);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return errors;
            }
        }
    }
}

async fn count(registry: &TestRegistry, table: &str) -> i64 {
    let reader = registry.world.hosted("registry").store.reader();
    let sql = format!("SELECT count(*) AS n FROM {table}");
    let row = reader
        .query_one_raw(Statement::from_string(reader.get_database_backend(), sql))
        .await
        .unwrap();
    row.unwrap().try_get("", "n").unwrap()
}

/// Homes of building 1, then of building 2, in one table.
fn many_homes(each: u32) -> String {
    let mut table = HOMES_HEADER.to_owned();
    for building in 1..=2 {
        for number in 1..=each {
            table += &home_row(building, number, "DELIVERED");
        }
    }
    table
}

fn state(import: &pb::Import) -> pb::ImportState {
    import.state()
}

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
        assert_eq!((done.recorded, done.wrong), (0, 1));
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

/// A workbook of an estate: its sheets in an order of their own.
fn estate(area_area: &str) -> Vec<u8> {
    let lines = |text: String| text.lines().map(ToOwned::to_owned).collect::<Vec<_>>();
    let owners = ownership_row(1, 1, 1) + &ownership_row(1, 1, 2) + &ownership_row(1, 2, 3);
    let sheets = [
        ("产权", lines(OWNERSHIPS_HEADER.to_owned() + &owners)),
        (
            "homes",
            lines(
                HOMES_HEADER.to_owned()
                    + &home_row(1, 1, "DELIVERED").replace("100.00", area_area)
                    + &home_row(1, 2, "SOLD"),
            ),
        ),
        ("说明", vec!["随便写".into()]),
        ("幢", lines(format!("area_number,number,floors\n{AREA},1,18\n"))),
        ("物业管理区域", lines(areas(&[(AREA, COMMUNITY)]))),
        ("企业", lines(firms())),
    ];
    let mut workbook = Workbook::new();
    for (name, lines) in sheets {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        for (row, line) in (0..).zip(lines) {
            for (column, cell) in (0..).zip(line.split(',')) {
                sheet.write(row, column, cell).unwrap();
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_is_checked_and_recorded_as_a_whole() {
    for backend in backends().await {
        let registry = TestRegistry::new(backend).await;
        let load = async |mode, area: &str| {
            let file = File::begin(&registry, pb::TableKind::Unspecified, mode, estate(area)).await;
            (file.load().await, file.errors().await)
        };
        let (checked, errors) = load(pb::ImportMode::Check, "89.37").await;
        assert_eq!(
            (state(&checked), errors.len()),
            (pb::ImportState::Finished, 0),
            "{errors:?}"
        );
        assert_eq!((checked.rows, checked.recorded), (9, 0));
        assert_eq!(
            count(&registry, "areas").await,
            0,
            "a check leaves nothing behind"
        );
        let (refused, errors) = load(pb::ImportMode::Strict, "0").await;
        assert_eq!(state(&refused), pb::ImportState::Refused);
        // The home that is wrong is not there for its owners either.
        let told: Vec<_> = errors
            .iter()
            .map(|error| (error.sheet.as_str(), error.line))
            .collect();
        assert_eq!(told, [("homes", 2), ("ownerships", 2), ("ownerships", 3)]);
        assert_eq!(count(&registry, "firms").await, 0);
        let (done, errors) = load(pb::ImportMode::Strict, "89.37").await;
        assert_eq!(
            (state(&done), done.recorded),
            (pb::ImportState::Finished, 9),
            "{errors:?}"
        );
        assert_eq!(
            (count(&registry, "homes").await, count(&registry, "owners").await),
            (2, 3)
        );
        let (again, _) = load(pb::ImportMode::Strict, "89.37").await;
        assert_eq!((again.recorded, again.unchanged), (0, 9));
        registry.world.assert_no_dead_letters().await;
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
