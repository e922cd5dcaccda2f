//! Files: the bytes of a streamed answer as the body, as fast as the client takes them, and never half a file.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::StreamExt;
use futures::stream::BoxStream;
use proto::common::v1::FileChunk;
use proto::registry::v1 as pb;
use proto::registry::v1::export_service_server::{ExportService, ExportServiceServer};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::metadata::MetadataMap;
use tonic::{Code, Request, Response, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::world::{Setting, World, authority, refused};

const PIECE: usize = 64 * 1024;

type Pieces = mpsc::Receiver<Result<FileChunk, Status>>;

/// A service of files that sends what it is told to and remembers what it was asked.
#[derive(Default)]
struct Shelf {
    seen: Mutex<Option<(Value, MetadataMap)>>,
    next: Mutex<Option<Result<Pieces, Status>>>,
}

impl Shelf {
    fn answer<Q: serde::Serialize>(
        &self,
        request: &Request<Q>,
    ) -> Result<Response<BoxStream<'static, Result<FileChunk, Status>>>, Status> {
        let message = serde_json::to_value(request.get_ref()).unwrap();
        *self.seen.lock().unwrap() = Some((message, request.metadata().clone()));
        let pieces = self
            .next
            .lock()
            .unwrap()
            .take()
            .expect("the test says what to answer")?;
        Ok(Response::new(ReceiverStream::new(pieces).boxed()))
    }

    /// Answers these pieces next.
    async fn will(&self, pieces: Vec<Result<FileChunk, Status>>) {
        let (sender, receiver) = mpsc::channel(pieces.len().max(1));
        for piece in pieces {
            sender.send(piece).await.unwrap();
        }
        *self.next.lock().unwrap() = Some(Ok(receiver));
    }

    /// Answers what is sent from here on next; `room` pieces wait for the client.
    fn will_send(&self, room: usize) -> mpsc::Sender<Result<FileChunk, Status>> {
        let (sender, receiver) = mpsc::channel(room);
        *self.next.lock().unwrap() = Some(Ok(receiver));
        sender
    }

    fn seen(&self) -> (Value, MetadataMap) {
        self.seen.lock().unwrap().clone().expect("a call has arrived")
    }
}

type Stream = BoxStream<'static, Result<FileChunk, Status>>;

#[tonic::async_trait]
impl ExportService for Shelf {
    type ExportTableStream = Stream;
    type ExportAreaStream = Stream;
    type GetTemplateStream = Stream;

    async fn export_table(
        &self,
        request: Request<pb::ExportTableRequest>,
    ) -> Result<Response<Stream>, Status> {
        self.answer(&request)
    }

    async fn export_area(&self, request: Request<pb::ExportAreaRequest>) -> Result<Response<Stream>, Status> {
        self.answer(&request)
    }

    async fn get_template(
        &self,
        request: Request<pb::GetTemplateRequest>,
    ) -> Result<Response<Stream>, Status> {
        self.answer(&request)
    }
}

async fn world() -> (World, Arc<Shelf>) {
    let shelf = Arc::new(Shelf::default());
    let files = tonic::service::Routes::new(ExportServiceServer::from_arc(Arc::clone(&shelf)));
    let world = World::with(Setting {
        files: Some(files),
        ..Setting::default()
    })
    .await;
    (world, shelf)
}

fn first(content: &[u8]) -> FileChunk {
    FileChunk {
        file_name: "房屋.csv".into(),
        content_type: "text/csv; charset=utf-8".into(),
        content: content.to_vec(),
    }
}

fn more(content: &[u8]) -> FileChunk {
    FileChunk {
        content: content.to_vec(),
        ..FileChunk::default()
    }
}

fn refusal() -> Status {
    let mut details = ErrorDetails::with_error_info("AREA_NOT_FOUND", "heju", [] as [(String, String); 0]);
    details.set_localized_message("zh-CN", "未找到该物业管理区域。");
    Status::with_error_details(Code::NotFound, "There is no such area.", details)
}

#[tokio::test]
async fn the_pieces_are_the_body_and_name_and_type_its_headers() {
    let (world, shelf) = world().await;
    shelf
        .will(vec![Ok(first(b"a,b\n")), Ok(more(b"1,")), Ok(more(b"2\n"))])
        .await;
    let path = "/v1/exports?kind=TABLE_KIND_HOMES&areaId=area_1&unmasked=true&format=FILE_FORMAT_CSV_UTF8";
    let answer = world.read(path).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
    assert_eq!(
        answer.headers()["content-disposition"],
        "attachment; filename=\"__.csv\"; filename*=UTF-8''%E6%88%BF%E5%B1%8B.csv"
    );
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert!(answer.headers().contains_key("trace-id"));
    assert!(!answer.headers().contains_key("content-length"));
    assert_eq!(answer.bytes().await.unwrap().as_ref(), b"a,b\n1,2\n");
    let wanted = json!({
        "kind": "TABLE_KIND_HOMES", "areaId": "area_1", "unmasked": true, "format": "FILE_FORMAT_CSV_UTF8"
    });
    assert_eq!(shelf.seen().0, wanted);
}

#[tokio::test]
async fn path_token_key_reason_and_trace_go_along_and_nothing_else() {
    let (world, shelf) = world().await;
    shelf.will(vec![Ok(first(b"x"))]).await;
    let reason = reqwest::header::HeaderValue::from_bytes("移交档案".as_bytes()).unwrap();
    let request = world
        .read("/v1/areas/area_7/export?titles=COLUMN_TITLES_NAMES")
        .header("idempotency-key", "key-1")
        .header("call-reason", reason)
        .header(
            "traceparent",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        )
        .header("cookie", "a=b");
    assert_eq!(request.send().await.unwrap().status(), 200);
    let (message, metadata) = shelf.seen();
    assert_eq!(
        message,
        json!({ "areaId": "area_7", "titles": "COLUMN_TITLES_NAMES" })
    );
    let bytes = |key: &str| metadata.get(key).map(|value| value.as_encoded_bytes().to_vec());
    assert!(bytes("authorization").unwrap().starts_with(b"Bearer ey"));
    assert_eq!(bytes("idempotency-key").unwrap(), b"key-1");
    assert_eq!(bytes("call-reason").unwrap(), "移交档案".as_bytes());
    let trace = String::from_utf8(bytes("traceparent").unwrap()).unwrap();
    assert!(trace.contains("4bf92f3577b34da6a3ce929d0e0e4736"), "{trace}");
    assert!(bytes("cookie").is_none());
}

#[tokio::test]
async fn what_is_refused_before_the_first_piece_is_an_error_like_any_other() {
    let (world, shelf) = world().await;
    // At once, and after the stream began.
    *shelf.next.lock().unwrap() = Some(Err(refusal()));
    let answer = world.read("/v1/areas/area_7/export").send().await.unwrap();
    let (status, reason, en) = refused(answer).await;
    assert_eq!(
        (status, reason.as_str(), en.as_str()),
        (404, "AREA_NOT_FOUND", "There is no such area.")
    );
    shelf.will(vec![Err(refusal())]).await;
    let answer = world.read("/v1/areas/area_7/export").send().await.unwrap();
    assert_eq!(refused(answer).await.1, "AREA_NOT_FOUND");
    shelf
        .will(vec![Err(Status::internal("the password is hunter2"))])
        .await;
    let (status, reason, en) = refused(world.read("/v1/areas/area_7/export").send().await.unwrap()).await;
    assert_eq!((status, reason.as_str()), (500, "INTERNAL"));
    assert!(!en.contains("hunter2"));
    // No file at all is no empty file.
    shelf.will(Vec::new()).await;
    let answer = world.read("/v1/areas/area_7/export").send().await.unwrap();
    assert_eq!(refused(answer).await.0, 500);
}

#[tokio::test]
async fn a_file_that_breaks_off_never_looks_whole() {
    let (world, shelf) = world().await;
    shelf
        .will(vec![
            Ok(first(&vec![b'x'; PIECE])),
            Ok(more(&vec![b'x'; PIECE])),
            Err(Status::internal("the disk is gone")),
        ])
        .await;
    let answer = world
        .read("/v1/exports?kind=TABLE_KIND_HOMES")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.bytes().await.is_err(), "the connection is cut");
    // The next file is not disturbed by it.
    shelf.will(vec![Ok(first(b"x"))]).await;
    let answer = world
        .read("/v1/exports?kind=TABLE_KIND_HOMES")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.bytes().await.unwrap().as_ref(), b"x");
}

#[tokio::test]
async fn a_client_that_takes_nothing_holds_the_service_back_and_one_that_leaves_ends_it() {
    let (world, shelf) = world().await;
    let sender = shelf.will_send(1);
    let piece = vec![b'x'; PIECE];
    sender.send(Ok(first(&piece))).await.unwrap();
    let answer = world
        .read("/v1/exports?kind=TABLE_KIND_HOMES")
        .send()
        .await
        .unwrap();
    // Every buffer on the way fills up, and then nothing moves.
    let mut sent = 0;
    let wait = Duration::from_millis(500);
    while tokio::time::timeout(wait, sender.send(Ok(more(&piece))))
        .await
        .is_ok()
    {
        sent += 1;
        assert!(sent < 2_000, "{sent} pieces of 64 KiB are held somewhere");
    }
    assert!(!sender.is_closed());
    drop(answer);
    tokio::time::timeout(Duration::from_secs(10), sender.closed())
        .await
        .expect("the service is told that nobody listens any more");
}

#[tokio::test]
async fn the_checks_are_those_of_every_call() {
    let (world, _shelf) = world().await;
    let answer = world
        .get("/v1/templates?kind=TABLE_KIND_HOMES")
        .send()
        .await
        .unwrap();
    assert_eq!(refused(answer).await.1, "TOKEN_MISSING");
    let answer = world.read("/v1/templates?colour=red").send().await.unwrap();
    assert_eq!(refused(answer).await.1, "FIELD_UNKNOWN");
    for query in ["kind=TABLE_KIND_SHOES", "format=7.5"] {
        let answer = world
            .read(&format!("/v1/templates?{query}"))
            .send()
            .await
            .unwrap();
        assert_eq!(refused(answer).await.1, "PARAMETER_MALFORMED", "{query}");
    }
    let token = world.token(&authority());
    let head = world
        .client
        .head(format!("{}/v1/templates?kind=TABLE_KIND_HOMES", world.base))
        .bearer_auth(token);
    let answer = head.send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["allow"]),
        (405, &"GET".parse().unwrap())
    );
    let none = World::new().await;
    let answer = none
        .read("/v1/templates?kind=TABLE_KIND_HOMES")
        .send()
        .await
        .unwrap();
    assert_eq!(refused(answer).await.1, "UNAVAILABLE");
}

#[tokio::test]
async fn a_service_that_writes_no_piece_in_time_is_504() {
    let shelf = Arc::new(Shelf::default());
    let files = tonic::service::Routes::new(ExportServiceServer::from_arc(Arc::clone(&shelf)));
    let mut setting = Setting {
        files: Some(files),
        ..Setting::default()
    };
    setting.config.limits.file_timeout_s = 1;
    let world = World::with(setting).await;
    let _sender = shelf.will_send(1);
    let answer = world
        .read("/v1/exports?kind=TABLE_KIND_HOMES")
        .send()
        .await
        .unwrap();
    assert_eq!(refused(answer).await.0, 504);
}
