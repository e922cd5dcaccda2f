//! Files of the registers: lists, whole areas, empty tables; and who may have them.

mod dossiers;
pub mod equipped;
mod histories;
mod households;
mod import_report;
mod looks;
mod people;
mod permissions;
mod round_trip;
mod tables;
mod templates;

use std::io::Cursor;

use access::Principal;
use calamine::{Data, Reader, Xlsx};
use proto::common::v1::FileChunk;
use proto::registry::v1 as pb;
use sea_orm::{ConnectionTrait, Statement};
use tonic::{Response, Status, Streaming};

use crate::world::*;

/// A file as it arrived.
#[derive(Debug)]
pub struct File {
    pub name: String,
    pub content_type: String,
    pub content: Vec<u8>,
}

/// The rows of a sheet or a CSV, the first one included.
type Rows = Vec<Vec<String>>;

/// Collects a file; a refusal may come at once or in place of the first piece.
pub async fn whole(answer: Result<Response<Streaming<FileChunk>>, Status>) -> Result<File, Status> {
    let mut pieces = answer?.into_inner();
    let mut file: Option<File> = None;
    while let Some(piece) = pieces.message().await? {
        assert!(piece.content.len() <= 256 * 1024);
        match &mut file {
            None => {
                file = Some(File {
                    name: piece.file_name,
                    content_type: piece.content_type,
                    content: piece.content,
                });
            }
            Some(file) => {
                assert!(piece.file_name.is_empty() && piece.content_type.is_empty());
                file.content.extend(piece.content);
            }
        }
    }
    Ok(file.expect("a file has at least one piece"))
}

impl TestRegistry {
    async fn take(&self, caller: &Principal, request: pb::ExportTableRequest) -> Result<File, Status> {
        self.take_because(caller, "", request).await
    }

    async fn take_because(
        &self,
        caller: &Principal,
        reason: &str,
        request: pb::ExportTableRequest,
    ) -> Result<File, Status> {
        let request = because(reason, self.world.request(caller, request));
        whole(self.exports().export_table(request).await).await
    }

    async fn take_area(&self, caller: &Principal, reason: &str) -> Result<File, Status> {
        let message = pb::ExportAreaRequest {
            area_id: area().to_string(),
            ..Default::default()
        };
        let request = because(reason, self.world.request(caller, message));
        whole(self.exports().export_area(request).await).await
    }

    async fn template(&self, caller: &Principal, request: pb::GetTemplateRequest) -> Result<File, Status> {
        whole(
            self.exports()
                .get_template(self.world.request(caller, request))
                .await,
        )
        .await
    }

    /// The looks recorded: subject, role, action, reason, rows.
    async fn looks(&self) -> Vec<(String, String, String, String, i64)> {
        let reader = self.world.hosted("registry").store.reader();
        let sql = "SELECT subject, role, action, reason, row_count FROM export_looks ORDER BY id";
        let rows = reader
            .query_all_raw(Statement::from_string(reader.get_database_backend(), sql))
            .await
            .unwrap();
        rows.iter()
            .map(|row| {
                let text = |column| row.try_get::<String>("", column).unwrap();
                (
                    text("subject"),
                    text("role"),
                    text("action"),
                    text("reason"),
                    row.try_get("", "row_count").unwrap(),
                )
            })
            .collect()
    }
}

fn because<T>(reason: &str, mut request: tonic::Request<T>) -> tonic::Request<T> {
    if !reason.is_empty() {
        let value = tonic::metadata::AsciiMetadataValue::try_from(reason.as_bytes()).unwrap();
        request.metadata_mut().insert("call-reason", value);
    }
    request
}

fn of(kind: pb::TableKind) -> pb::ExportTableRequest {
    pb::ExportTableRequest {
        kind: kind.into(),
        format: pb::FileFormat::CsvUtf8.into(),
        titles: pb::ColumnTitles::Names.into(),
        ..Default::default()
    }
}

fn of_area(kind: pb::TableKind) -> pb::ExportTableRequest {
    pb::ExportTableRequest {
        area_id: area().to_string(),
        ..of(kind)
    }
}

fn csv(file: &File) -> Rows {
    let text = file.content.strip_prefix(b"\xEF\xBB\xBF").expect("a mark");
    rows_of(text)
}

fn rows_of(text: &[u8]) -> Rows {
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    reader
        .records()
        .map(|record| record.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

/// The sheets of a workbook; every cell is text or empty.
fn sheets(file: &File) -> Vec<(String, Rows)> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(file.content.clone())).unwrap();
    let names = book.sheet_names();
    names
        .into_iter()
        .map(|name| {
            let range = book.worksheet_range(&name).unwrap();
            let cell = |cell: &Data| match cell {
                Data::String(text) => text.clone(),
                Data::Empty => String::new(),
                other => panic!("{name}: {other:?} is no text"),
            };
            let rows = range.rows().map(|row| row.iter().map(cell).collect()).collect();
            (name, rows)
        })
        .collect()
}

fn to_csv(rows: &Rows) -> Vec<u8> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}
