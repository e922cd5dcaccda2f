//! Refusals and errors: what a caller may see of them, and the one mapping to a gRPC status.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::field::Invalid;

/// The `domain` of every `ErrorInfo` that we send.
pub const ERROR_DOMAIN: &str = "heju";

/// What sort of thing went wrong, and so what the caller can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request is wrong in itself: mend it.
    Invalid,
    /// No valid token: log in.
    Unauthenticated,
    /// The caller may not: ask somebody who may.
    NotAllowed,
    /// There is no such thing, or the caller may not know of it.
    NotFound,
    /// It stands already: read it.
    AlreadyExists,
    /// The thing is in a state that does not allow it: read it, then decide.
    WrongState,
    /// Somebody else changed it at the same moment: repeat with the same key.
    Conflict,
    /// A limit is reached: slow down.
    Exhausted,
    /// Something we depend on is down, or we are stopping: repeat later with the same key.
    Unavailable,
    /// A bug of ours: report it with the trace id.
    Bug,
}

impl Kind {
    /// The gRPC code of this kind.
    pub fn code(self) -> Code {
        match self {
            Kind::Invalid => Code::InvalidArgument,
            Kind::Unauthenticated => Code::Unauthenticated,
            Kind::NotAllowed => Code::PermissionDenied,
            Kind::NotFound => Code::NotFound,
            Kind::AlreadyExists => Code::AlreadyExists,
            Kind::WrongState => Code::FailedPrecondition,
            Kind::Conflict => Code::Aborted,
            Kind::Exhausted => Code::ResourceExhausted,
            Kind::Unavailable => Code::Unavailable,
            Kind::Bug => Code::Internal,
        }
    }

    /// True where the same request may succeed later, unchanged.
    pub fn may_retry(self) -> bool {
        matches!(self, Kind::Conflict | Kind::Exhausted | Kind::Unavailable)
    }
}

/// An expected answer that is part of the contract: a service's own refusals implement it.
///
/// `Display` is the English message for the client, `zh` the Chinese one; neither holds internal text.
pub trait Refusal: Error + Send + Sync + 'static {
    /// What sort it is.
    fn kind(&self) -> Kind;
    /// The stable reason string, such as `DRAW_WRONG_STATE`.
    fn reason(&self) -> &'static str;
    /// The message in Chinese.
    fn zh(&self) -> String;
}

/// What any call of any service may answer besides its own refusals.
#[derive(Debug, thiserror::Error)]
pub enum General {
    /// A field of the request is wrong.
    #[error("{0}")]
    Invalid(#[from] Invalid),
    /// A write came without the `idempotency-key` header.
    #[error(
        "Send an idempotency-key header of 1 to 128 visible characters: the same key repeats the same request safely."
    )]
    IdempotencyKeyMissing,
    /// The key was used before with another request.
    #[error("This idempotency key was used for another request; use a new key.")]
    IdempotencyKeyReused,
    /// The caller may know of the thing, and may not do this to it.
    #[error("Your role does not allow {action} here.")]
    NotAllowed {
        /// The action, `funds.PayDraw`.
        action: String,
    },
    /// No token, or one that does not hold.
    #[error("{message}")]
    Unauthenticated {
        /// Reason string of the token error.
        reason: &'static str,
        /// English text.
        message: String,
        /// Chinese text.
        zh: String,
    },
    /// Somebody else changed it at the same moment.
    #[error(
        "It was changed by somebody else at the same moment; repeat the request with the same idempotency key."
    )]
    Conflict,
    /// The store, the bus or a peer does not answer.
    #[error("The service cannot answer just now; repeat the request with the same idempotency key.")]
    Unavailable {
        /// What does not answer; for the log only.
        what: &'static str,
        /// Why; for the log only.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// A bug of ours.
    #[error("Something went wrong on our side; report it with the trace id.")]
    Internal {
        /// Why; for the log only.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// A service that we asked refused; its answer is passed on as it is.
    #[error("{}", .0.message())]
    Peer(Status),
}

impl Refusal for General {
    fn kind(&self) -> Kind {
        match self {
            General::Invalid(_) | General::IdempotencyKeyMissing | General::IdempotencyKeyReused => {
                Kind::Invalid
            }
            General::NotAllowed { .. } => Kind::NotAllowed,
            General::Unauthenticated { .. } => Kind::Unauthenticated,
            General::Conflict => Kind::Conflict,
            General::Unavailable { .. } => Kind::Unavailable,
            General::Internal { .. } => Kind::Bug,
            General::Peer(status) => match status.code() {
                Code::InvalidArgument => Kind::Invalid,
                Code::Unauthenticated => Kind::Unauthenticated,
                Code::PermissionDenied => Kind::NotAllowed,
                Code::NotFound => Kind::NotFound,
                Code::AlreadyExists => Kind::AlreadyExists,
                Code::FailedPrecondition => Kind::WrongState,
                Code::Aborted => Kind::Conflict,
                Code::ResourceExhausted => Kind::Exhausted,
                Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled => Kind::Unavailable,
                _ => Kind::Bug,
            },
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            General::Invalid(invalid) => invalid.reason,
            General::IdempotencyKeyMissing => "IDEMPOTENCY_KEY_MISSING",
            General::IdempotencyKeyReused => "IDEMPOTENCY_KEY_REUSED",
            General::NotAllowed { .. } => "NOT_ALLOWED",
            General::Unauthenticated { reason, .. } => reason,
            General::Conflict => "CONFLICT",
            General::Unavailable { .. } => "UNAVAILABLE",
            General::Internal { .. } => "INTERNAL",
            General::Peer(_) => "PEER",
        }
    }

    fn zh(&self) -> String {
        match self {
            General::Invalid(invalid) => invalid.zh.clone(),
            General::IdempotencyKeyMissing => {
                "请在 idempotency-key 请求头中提供 1 至 128 个可见字符的幂等键：同一键可安全重发同一请求。"
                    .into()
            }
            General::IdempotencyKeyReused => "该幂等键已用于另一请求，请换用新的键。".into(),
            General::NotAllowed { action } => format!("您的角色无权在此执行 {action}。"),
            General::Unauthenticated { zh, .. } => zh.clone(),
            General::Conflict => "数据刚被他人修改，请用同一幂等键重试。".into(),
            General::Unavailable { .. } => "服务暂时不可用，请稍后用同一幂等键重试。".into(),
            General::Internal { .. } => "系统内部错误，请附追踪编号反馈。".into(),
            General::Peer(status) => status.message().to_owned(),
        }
    }
}

/// The error of a use case: a refusal of the service's own, or one that every call may have.
///
/// Each service says `pub type AppError = rpc::AppError<Refusal>;` and `impl From<Refusal> for AppError`, so that `?`
/// works in its use cases.
#[derive(Debug)]
pub enum AppError<R> {
    /// The service's own refusal.
    Refused(R),
    /// One that every call may have.
    General(General),
}

impl<R: Refusal> AppError<R> {
    fn inner(&self) -> &dyn Refusal {
        match self {
            AppError::Refused(refusal) => refusal,
            AppError::General(general) => general,
        }
    }
}

impl<R: Refusal> fmt::Display for AppError<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.inner(), f)
    }
}

impl<R: Refusal> Error for AppError<R> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.inner().source()
    }
}

impl<R> From<General> for AppError<R> {
    fn from(general: General) -> Self {
        AppError::General(general)
    }
}

impl<R> From<Invalid> for AppError<R> {
    fn from(invalid: Invalid) -> Self {
        AppError::General(General::Invalid(invalid))
    }
}

impl<R> From<Status> for AppError<R> {
    /// The answer of a peer: passed on, except that a peer's trouble is never shown as ours to mend.
    fn from(status: Status) -> Self {
        AppError::General(match status.code() {
            Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled | Code::Unknown => {
                General::Unavailable {
                    what: "peer",
                    source: Box::new(status),
                }
            }
            Code::Internal | Code::DataLoss | Code::Unimplemented => General::Internal {
                source: Box::new(status),
            },
            _ => General::Peer(status),
        })
    }
}

impl<R: Refusal> From<AppError<R>> for Status {
    fn from(error: AppError<R>) -> Self {
        match error {
            AppError::General(General::Peer(status)) => status,
            AppError::General(general) => status_of(&general),
            AppError::Refused(refusal) => status_of(&refusal),
        }
    }
}

impl From<General> for Status {
    fn from(general: General) -> Self {
        status_of(&general)
    }
}

impl From<Invalid> for Status {
    fn from(invalid: Invalid) -> Self {
        status_of(&General::Invalid(invalid))
    }
}

/// The one mapping from a refusal to a status: code, English message, and details with the stable reason,
/// the Chinese message and the trace id.
///
/// A bug or an outage is logged here with its whole chain, because the caller is not told it.
pub fn status_of(refusal: &dyn Refusal) -> Status {
    let kind = refusal.kind();
    let trace = telemetry::trace_id_of_current().unwrap_or_default();
    match kind {
        Kind::Bug => {
            tracing::error!(reason = refusal.reason(), error = %chain(refusal), "a call failed by a bug")
        }
        Kind::Unavailable => {
            tracing::warn!(reason = refusal.reason(), error = %chain(refusal), "a call failed by an outage");
        }
        _ => tracing::debug!(reason = refusal.reason(), "a call was refused"),
    }
    let metadata = HashMap::from([("zh".to_owned(), refusal.zh()), ("traceId".to_owned(), trace)]);
    let mut details = ErrorDetails::with_error_info(refusal.reason(), ERROR_DOMAIN, metadata);
    details.set_localized_message("zh-CN", refusal.zh());
    Status::with_error_details(kind.code(), refusal.to_string(), details)
}

/// The error and its causes on one line.
pub fn chain(refusal: &dyn Refusal) -> String {
    let mut text = refusal.to_string();
    let mut source = refusal.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// A use case's error with its type forgotten: what the loops around reactions and deadlines need to know.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What sort it is.
    pub kind: Kind,
    /// Its reason string.
    pub reason: &'static str,
    /// The whole chain, for the log and the dead letter.
    pub report: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason, self.report)
    }
}

impl Error for Failure {}

impl<R: Refusal> From<AppError<R>> for Failure {
    fn from(error: AppError<R>) -> Self {
        let inner = error.inner();
        Failure {
            kind: inner.kind(),
            reason: inner.reason(),
            report: chain(inner),
        }
    }
}

/// Reads the stable reason of a status that one of our services sent; empty where there is none.
pub fn reason_of(status: &Status) -> String {
    status
        .get_details_error_info()
        .map(|info| info.reason)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("The draw is paid.")]
    struct Paid;

    impl Refusal for Paid {
        fn kind(&self) -> Kind {
            Kind::WrongState
        }
        fn reason(&self) -> &'static str {
            "DRAW_WRONG_STATE"
        }
        fn zh(&self) -> String {
            "该申请已划转。".into()
        }
    }

    #[test]
    fn a_refusal_reaches_the_client_with_reason_and_both_messages() {
        let status = Status::from(AppError::Refused(Paid));
        assert_eq!(status.code(), Code::FailedPrecondition);
        assert_eq!(status.message(), "The draw is paid.");
        assert_eq!(reason_of(&status), "DRAW_WRONG_STATE");
        let details = status.get_error_details();
        assert_eq!(
            details.localized_message().map(|m| m.message.as_str()),
            Some("该申请已划转。")
        );
    }

    #[test]
    fn internal_text_never_reaches_the_client() {
        let error: AppError<Paid> = General::Internal {
            source: "password of the database is hunter2".into(),
        }
        .into();
        let status = Status::from(error);
        assert_eq!(status.code(), Code::Internal);
        assert!(!format!("{status:?}").contains("hunter2"));
    }

    #[test]
    fn an_outage_of_a_peer_may_be_retried_and_its_refusal_is_passed_on() {
        let down: AppError<Paid> = Status::unavailable("gone").into();
        assert_eq!(Failure::from(down).kind, Kind::Unavailable);
        let refused: AppError<Paid> = Status::from(AppError::Refused(Paid)).into();
        let passed = Status::from(refused);
        assert_eq!(reason_of(&passed), "DRAW_WRONG_STATE");
    }
}
