//! The errors of an import as a file.

use testkit::{backends, people};

use super::*;
use crate::imports::file::{self, File as Import};

const TITLES: [&str; 7] = [
    "工作表",
    "行号",
    "列",
    "单元格内容",
    "原因代码",
    "问题与处理办法",
    "Problem and cure",
];

async fn take(
    registry: &TestRegistry,
    caller: &Principal,
    message: pb::DownloadImportReportRequest,
) -> Result<File, Status> {
    let request = registry.world.request(caller, message);
    whole(file::client(registry).download_import_report(request).await).await
}

fn report(import_id: &str, format: pb::FileFormat) -> pb::DownloadImportReportRequest {
    pb::DownloadImportReportRequest {
        import_id: import_id.to_owned(),
        format: format.into(),
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_error_is_a_row_of_the_file_whatever_its_format() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=1).await;
        // More errors than the file is read by, and than a list has on a page.
        let mut table = "area_number,number,floors\n".to_owned();
        for number in 10..1_215 {
            table += &format!("{AREA},{number},=1+1\n");
        }
        let import = Import::begin(&registry, pb::TableKind::Buildings, pb::ImportMode::Check, table).await;
        assert_eq!(import.load().await.wrong, 1_205);
        let listed = import.errors().await;
        let authority = people::authority(CITY);
        let (xlsx, utf8, gb18030) = (
            take(
                &registry,
                &authority,
                report(&import.import_id, pb::FileFormat::Xlsx),
            )
            .await,
            take(
                &registry,
                &authority,
                report(&import.import_id, pb::FileFormat::CsvUtf8),
            )
            .await,
            take(
                &registry,
                &authority,
                report(&import.import_id, pb::FileFormat::CsvGb18030),
            )
            .await,
        );
        let utf8 = utf8.unwrap();
        assert_eq!(utf8.content_type, "text/csv; charset=utf-8");
        assert_eq!(utf8.name, format!("导入错误-{}.csv", import.import_id));
        let rows = csv(&utf8);
        assert_eq!(rows[0], TITLES);
        assert_eq!(rows.len(), 1 + listed.len());
        for (row, error) in rows[1..].iter().zip(&listed) {
            let line = error.line.to_string();
            // What a spreadsheet would run is told behind an apostrophe.
            let expected = [
                "幢",
                &line,
                "层数",
                "'=1+1",
                &error.reason,
                &error.message_zh,
                &error.message_en,
            ];
            assert_eq!(row, &expected);
        }
        let gb18030 = gb18030.unwrap();
        let (text, _, broken) = encoding_rs::GB18030.decode(&gb18030.content);
        assert!(!broken);
        assert_eq!(rows_of(text.as_bytes()), rows);
        let xlsx = xlsx.unwrap();
        let sheets = sheets(&xlsx);
        assert_eq!((sheets.len(), sheets[0].0.as_str()), (1, "导入错误"));
        assert_eq!(sheets[0].1.len(), rows.len());
        assert_eq!(sheets[0].1[1][3], "=1+1", "a text in a workbook");

        let named = pb::DownloadImportReportRequest {
            titles: pb::ColumnTitles::Names.into(),
            ..report(&import.import_id, pb::FileFormat::CsvUtf8)
        };
        let named = csv(&take(&registry, &authority, named).await.unwrap());
        assert_eq!(
            named[0],
            [
                "sheet",
                "line",
                "column",
                "value",
                "reason",
                "message_zh",
                "message_en"
            ]
        );
        assert_eq!(named[1][..3], ["buildings", "2", "floors"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_stay_masked_and_a_report_without_errors_has_its_first_row() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=1).await;
        let table = OWNERSHIPS_HEADER.to_owned() + &ownership_row(1, 1, 1001).replace("张三", "欧阳修远");
        let wrong = Import::begin(&registry, pb::TableKind::Ownerships, pb::ImportMode::Check, table).await;
        assert_eq!(wrong.load().await.wrong, 1);
        let authority = people::authority(CITY);
        let file = take(
            &registry,
            &authority,
            report(&wrong.import_id, pb::FileFormat::CsvUtf8),
        )
        .await;
        let file = file.unwrap();
        let text = String::from_utf8(file.content).unwrap();
        assert!(
            !text.contains("欧阳修远") && !text.contains(citizen(1001).as_str()),
            "{text}"
        );
        assert!(text.contains("VALUE_DIFFERS"));

        let right = OWNERSHIPS_HEADER.to_owned() + &ownership_row(1, 1, 1001);
        let right = Import::begin(&registry, pb::TableKind::Ownerships, pb::ImportMode::Check, right).await;
        assert_eq!(right.load().await.wrong, 0);
        for format in [pb::FileFormat::Xlsx, pb::FileFormat::CsvUtf8] {
            let file = take(&registry, &authority, report(&right.import_id, format))
                .await
                .unwrap();
            let rows = match format {
                pb::FileFormat::CsvUtf8 => csv(&file),
                _ => sheets(&file).remove(0).1,
            };
            assert_eq!(rows, [TITLES]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_for_those_who_list_the_errors() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let table = "area_number,number,floors\n".to_owned();
        let import = Import::begin(
            &registry,
            pb::TableKind::Buildings,
            pb::ImportMode::Check,
            table + AREA + ",9,x\n",
        )
        .await;
        import.load().await;
        let message = report(&import.import_id, pb::FileFormat::CsvUtf8);
        assert!(
            take(&registry, &people::administrator(), message.clone())
                .await
                .is_ok()
        );
        for nobody in [
            people::street(STREET),
            people::authority(STREET),
            people::firm(manager()),
            people::auditor(CITY),
        ] {
            assert_eq!(
                refused(take(&registry, &nobody, message.clone()).await),
                "NOT_ALLOWED"
            );
        }
        let unknown = report(&ids::ImportId::generate().to_string(), pb::FileFormat::Xlsx);
        let authority = people::authority(CITY);
        assert_eq!(
            refused(take(&registry, &authority, unknown).await),
            "IMPORT_NOT_FOUND"
        );
        let unlisted = pb::DownloadImportReportRequest { format: 9, ..message };
        assert_eq!(
            refused(take(&registry, &authority, unlisted).await),
            "FILE_FORMAT_UNKNOWN"
        );
    }
}
