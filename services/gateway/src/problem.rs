//! The one body of every refusal, whoever made it: a service, the transcoder, a limit or the router.

use std::borrow::Cow;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use tonic::{Code, Status};
use tonic_types::StatusExt;

/// Most bytes of a body that the transcoder wrote which are read to mend it.
const PROXY_BODY_MAX: usize = 256 * 1024;

/// Why a request was refused or failed, as the schema `Error` of the API says it.
///
/// It travels in the extensions of a response with an empty body; [`Problem::render`] writes the body once, at the
/// outermost layer, where the trace is known.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    http: StatusCode,
    code: Code,
    reason: Cow<'static, str>,
    zh: String,
    en: String,
    retry_after_s: Option<u64>,
}

impl Problem {
    /// A problem with the HTTP status of its code.
    pub(crate) fn new(
        code: Code,
        reason: impl Into<Cow<'static, str>>,
        en: impl Into<String>,
        zh: impl Into<String>,
    ) -> Self {
        let (code, http) = table(code);
        let retry_after_s =
            matches!(code, Code::Aborted | Code::ResourceExhausted | Code::Unavailable).then_some(1);
        Problem {
            http,
            code,
            reason: reason.into(),
            zh: zh.into(),
            en: en.into(),
            retry_after_s,
        }
    }

    /// With another HTTP status than its code's: 405, 413.
    pub(crate) fn with_http(mut self, http: StatusCode) -> Self {
        self.http = http;
        self
    }

    /// Says after how many seconds the same request may succeed.
    pub(crate) fn with_retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds.max(1));
        self
    }

    /// What a token error says; `ISSUER_UNREACHABLE` may pass by itself.
    pub(crate) fn of_token(error: access::TokenError) -> Self {
        let code = if error.is_temporary() {
            Code::Unavailable
        } else {
            Code::Unauthenticated
        };
        Problem::new(code, error.reason(), error.to_string(), error.zh())
    }

    /// A status as a service gave it, with what its details say.
    pub(crate) fn of_grpc(status: &Status) -> Self {
        let reason = status
            .get_details_error_info()
            .map(|info| info.reason)
            .filter(|reason| !reason.is_empty());
        let zh = status
            .get_details_localized_message()
            .map(|message| message.message)
            .filter(|zh| !zh.is_empty());
        Problem::of_status(status.code(), status.message().to_owned(), reason, zh)
    }

    /// An error that one of our services made, or the in-process server: by the gRPC code and what the details hold.
    fn of_status(code: Code, message: String, reason: Option<String>, zh: Option<String>) -> Self {
        let (code, http) = table(code);
        let general = general(code);
        // Text without our details was not written for clients.
        let ours = reason.is_some();
        let mut problem = Problem::new(
            code,
            reason.map_or(Cow::Borrowed(general.0), Cow::Owned),
            if ours { message } else { general.1.to_owned() },
            zh.unwrap_or_else(|| general.2.to_owned()),
        );
        problem.http = http;
        problem
    }

    /// What an answer without our body says by its status alone.
    fn of_http(http: StatusCode) -> Self {
        match http {
            StatusCode::NOT_FOUND => Problem::new(
                Code::NotFound,
                "PATH_UNKNOWN",
                "There is no such path; /openapi.json lists them all.",
                "没有该路径；全部路径见 /openapi.json。",
            ),
            StatusCode::METHOD_NOT_ALLOWED => Problem::new(
                Code::InvalidArgument,
                "METHOD_NOT_ALLOWED",
                "This path does not take this method; the allow header lists those it takes.",
                "该路径不支持此请求方法；可用方法见 allow 响应头。",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => Problem::new(
                Code::InvalidArgument,
                "BODY_TOO_LARGE",
                "The body is too large.",
                "请求内容过大。",
            ),
            _ if http.is_client_error() => Problem::new(
                Code::InvalidArgument,
                "REQUEST_MALFORMED",
                "The request cannot be read.",
                "请求无法识别。",
            ),
            _ => Problem::of_status(Code::Internal, String::new(), None, None),
        }
        .with_http(http)
    }

    /// Writes the response: body, `retry-after`, `www-authenticate`.
    pub(crate) fn render(&self, trace_id: &str) -> Response {
        let body = json!({
            "code": self.code as i32,
            "status": code_name(self.code),
            "reason": self.reason,
            "message": self.zh,
            "messageEn": self.en,
            "traceId": trace_id,
        });
        let mut response = Response::new(Body::from(body.to_string()));
        *response.status_mut() = self.http;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.http == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }

    /// The stable reason.
    pub(crate) fn reason(&self) -> &str {
        &self.reason
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.http.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Marks an answer of 400 and above that is no refusal and stays as it is: readiness, for one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AsItIs;

/// The body in which the transcoder writes an error.
#[derive(Debug, Deserialize)]
struct ProxyError {
    code: i32,
    message: String,
    #[serde(default)]
    details: Vec<Value>,
}

/// What an answer of the transcoder's says.
#[derive(Debug)]
pub(crate) enum Made {
    /// It is not an error.
    Answer(Response),
    /// A service refused or failed.
    ByService(Problem),
    /// The transcoder could not map the request; the text names why, for us and not for the client.
    ByTranscoder(String),
}

/// Tells the transcoder's answers apart.
pub(crate) async fn read(response: Response) -> Made {
    if response.status().as_u16() < 400 {
        return Made::Answer(response);
    }
    let status = response.status();
    if let Some(problem) = response.extensions().get::<Problem>() {
        return Made::ByService(problem.clone());
    }
    let bytes = axum::body::to_bytes(response.into_body(), PROXY_BODY_MAX)
        .await
        .unwrap_or_default();
    let Ok(error) = serde_json::from_slice::<ProxyError>(&bytes) else {
        return Made::ByService(Problem::of_http(status));
    };
    let detail = |name: &str, field: &str| {
        let is = |detail: &&Value| {
            detail["@type"]
                .as_str()
                .is_some_and(|url| url.rsplit('/').next() == Some(name))
        };
        error
            .details
            .iter()
            .find(is)
            .and_then(|detail| detail[field].as_str())
            .map(str::to_owned)
    };
    let reason = detail("google.rpc.ErrorInfo", "reason").filter(|reason| !reason.is_empty());
    let zh = detail("google.rpc.LocalizedMessage", "message").filter(|zh| !zh.is_empty());
    let code = Code::from_i32(error.code);
    if reason.is_none() && code == Code::InvalidArgument {
        return Made::ByTranscoder(error.message);
    }
    Made::ByService(Problem::of_status(code, error.message, reason, zh))
}

/// Makes an error of any maker one of ours, rendered; leaves everything else as it is.
pub(crate) fn shape(response: Response, trace_id: &str) -> Response {
    if response.status().as_u16() < 400 || response.extensions().get::<AsItIs>().is_some() {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let problem = parts
        .extensions
        .remove::<Problem>()
        .unwrap_or_else(|| Problem::of_http(parts.status));
    let mut shaped = problem.render(trace_id);
    // What the router and the layers inside added stays: `allow`, for one.
    for (name, value) in &parts.headers {
        if !shaped.headers().contains_key(name) && name != http::header::CONTENT_LENGTH {
            shaped.headers_mut().insert(name, value.clone());
        }
    }
    shaped.extensions_mut().insert(problem);
    shaped
}

/// The one table from gRPC code to the codes that the API knows, and to HTTP.
fn table(code: Code) -> (Code, StatusCode) {
    match code {
        Code::InvalidArgument | Code::OutOfRange => (Code::InvalidArgument, StatusCode::BAD_REQUEST),
        Code::Unauthenticated => (code, StatusCode::UNAUTHORIZED),
        Code::PermissionDenied => (code, StatusCode::FORBIDDEN),
        Code::NotFound => (code, StatusCode::NOT_FOUND),
        Code::AlreadyExists | Code::FailedPrecondition | Code::Aborted => (code, StatusCode::CONFLICT),
        Code::ResourceExhausted => (code, StatusCode::TOO_MANY_REQUESTS),
        // A call is cancelled only by a deadline or a stopping server: repeating it helps.
        Code::Unavailable | Code::Cancelled => (Code::Unavailable, StatusCode::SERVICE_UNAVAILABLE),
        Code::DeadlineExceeded => (code, StatusCode::GATEWAY_TIMEOUT),
        Code::Ok | Code::Unknown | Code::Unimplemented | Code::Internal | Code::DataLoss => {
            (Code::Internal, StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

/// Reason, English and Chinese text where the maker of a status gave none.
fn general(code: Code) -> (&'static str, &'static str, &'static str) {
    match code {
        Code::InvalidArgument => (
            "REQUEST_MALFORMED",
            "The request cannot be read.",
            "请求无法识别。",
        ),
        Code::Unauthenticated => ("UNAUTHENTICATED", "Sign in first.", "请先登录。"),
        Code::PermissionDenied => (
            "NOT_ALLOWED",
            "Your role does not allow this.",
            "您的角色无权执行此操作。",
        ),
        Code::NotFound => (
            "NOT_FOUND",
            "There is no such thing, or you may not know of it.",
            "该对象不存在，或您无权知悉。",
        ),
        Code::AlreadyExists => ("ALREADY_EXISTS", "It stands already.", "该对象已存在。"),
        Code::FailedPrecondition => (
            "WRONG_STATE",
            "Its state does not allow this.",
            "当前状态不允许此操作。",
        ),
        Code::Aborted => (
            "CONFLICT",
            "It was changed by somebody else at the same moment; repeat the request with the same idempotency key.",
            "数据刚被他人修改，请用同一幂等键重试。",
        ),
        Code::ResourceExhausted => (
            "TOO_MANY_REQUESTS",
            "A limit is reached; slow down.",
            "已达到限额，请放慢请求。",
        ),
        Code::DeadlineExceeded => (
            "DEADLINE_EXCEEDED",
            "The service did not answer in time; repeat the request with the same idempotency key.",
            "服务未能及时答复，请用同一幂等键重试。",
        ),
        Code::Unavailable => (
            "UNAVAILABLE",
            "The service cannot answer just now; repeat the request with the same idempotency key.",
            "服务暂时不可用，请稍后用同一幂等键重试。",
        ),
        _ => (
            "INTERNAL",
            "Something went wrong on our side; report it with the trace id.",
            "系统内部错误，请附追踪编号反馈。",
        ),
    }
}

/// The name of a code, as the API spells it.
fn code_name(code: Code) -> &'static str {
    match code {
        Code::InvalidArgument | Code::OutOfRange => "INVALID_ARGUMENT",
        Code::Unauthenticated => "UNAUTHENTICATED",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::Unavailable | Code::Cancelled => "UNAVAILABLE",
        Code::Ok | Code::Unknown | Code::Unimplemented | Code::Internal | Code::DataLoss => "INTERNAL",
    }
}
