//! An import as its callers make one.

use access::Principal;
use proto::registry::v1 as pb;
use proto::registry::v1::import_service_client::ImportServiceClient;
use rpc::Peer;
use rpc::client::MESSAGE_BYTES_MAX;
use sea_orm::{ConnectionTrait, Statement};
use sha2::{Digest, Sha256};
use testkit::people;
use tonic::Status;

use crate::world::*;

/// An import and the file that is sent for it.
pub struct File<'a> {
    registry: &'a TestRegistry,
    content: Vec<u8>,
    pub import_id: String,
}

pub fn client(registry: &TestRegistry) -> ImportServiceClient<Peer> {
    ImportServiceClient::new(registry.peer())
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX)
}

pub fn begin_request(kind: pb::TableKind, mode: pb::ImportMode, content: &[u8]) -> pb::BeginImportRequest {
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
    pub async fn begin(
        registry: &'a TestRegistry,
        kind: pb::TableKind,
        mode: pb::ImportMode,
        content: impl Into<Vec<u8>>,
    ) -> File<'a> {
        let content = content.into();
        let request = begin_request(kind, mode, &content);
        Self::begin_as(registry, request, content).await.unwrap()
    }

    pub async fn begin_as(
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

    pub async fn part_as(
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

    pub async fn part(&self, offset: usize, content: &[u8]) -> Result<pb::Import, Status> {
        let key = format!("{}-{offset}-{}", self.import_id, content.len());
        self.part_as(&people::authority(CITY), &key, offset, content)
            .await
    }

    /// Sends everything in parts of that size.
    pub async fn send(&self, size: usize) {
        for (place, part) in self.content.chunks(size).enumerate() {
            self.part(place * size, part).await.unwrap();
        }
    }

    /// Sends everything and lets it be loaded.
    pub async fn load(&self) -> pb::Import {
        self.send(1_000_000).await;
        self.registry.world.pump().await;
        self.get().await
    }

    pub async fn get(&self) -> pb::Import {
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

    pub async fn cancel(&self) -> Result<pb::Import, Status> {
        let message = pb::CancelImportRequest {
            import_id: self.import_id.clone(),
        };
        let request = self.registry.world.request(&people::authority(CITY), message);
        let answer = client(self.registry).cancel_import(request).await?;
        Ok(answer.into_inner())
    }

    /// All errors, page by page.
    pub async fn errors(&self) -> Vec<pb::RowError> {
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

pub async fn count(registry: &TestRegistry, table: &str) -> i64 {
    let reader = registry.world.hosted("registry").store.reader();
    let sql = format!("SELECT count(*) AS n FROM {table}");
    let row = reader
        .query_one_raw(Statement::from_string(reader.get_database_backend(), sql))
        .await
        .unwrap();
    row.unwrap().try_get("", "n").unwrap()
}

/// Homes of building 1, then of building 2, in one table.
pub fn many_homes(each: u32) -> String {
    let mut table = HOMES_HEADER.to_owned();
    for building in 1..=2 {
        for number in 1..=each {
            table += &home_row(building, number, "DELIVERED");
        }
    }
    table
}

pub fn state(import: &pb::Import) -> pb::ImportState {
    import.state()
}
