//! How a refusal looks to an HTTP client: one body for all, and the statuses that every call shares.

use crate::catalog::{Call, REASONS_OF_TOKEN};
use crate::document::json::{Json, object};

const TRACE_ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// The gRPC codes that a refusal may have, by name.
const STATUSES: &[(&str, i64, &str)] = &[
    ("INVALID_ARGUMENT", 3, "HTTP 400: mend the request."),
    (
        "DEADLINE_EXCEEDED",
        4,
        "HTTP 504: repeat it with the same idempotency key.",
    ),
    (
        "NOT_FOUND",
        5,
        "HTTP 404: there is no such thing, or you may not know of it.",
    ),
    ("ALREADY_EXISTS", 6, "HTTP 409: it stands already; read it."),
    ("PERMISSION_DENIED", 7, "HTTP 403: your role does not allow it."),
    (
        "RESOURCE_EXHAUSTED",
        8,
        "HTTP 429: a limit is reached; slow down.",
    ),
    (
        "FAILED_PRECONDITION",
        9,
        "HTTP 409: its state does not allow it; read it, then decide.",
    ),
    (
        "ABORTED",
        10,
        "HTTP 409: somebody else changed it at the same moment; repeat with the same idempotency key.",
    ),
    (
        "INTERNAL",
        13,
        "HTTP 500: an error of ours; report it with the trace id.",
    ),
    (
        "UNAVAILABLE",
        14,
        "HTTP 503: repeat it later with the same idempotency key.",
    ),
    ("UNAUTHENTICATED", 16, "HTTP 401: log in."),
];

/// One refusal that every call may make, as the shared responses show it.
struct Shared {
    name: &'static str,
    about: &'static str,
    status: &'static str,
    reason: &'static str,
    zh: &'static str,
    en: &'static str,
}

const UNAUTHENTICATED: Shared = Shared {
    name: "Unauthenticated",
    about: "No token, or none that holds: `TOKEN_MISSING`, `TOKEN_MALFORMED`, `TOKEN_EXPIRED`, `TOKEN_NOT_YET_VALID`, \
        `TOKEN_FORGED`, `TOKEN_FOR_ANOTHER_SERVICE`, `TOKEN_ISSUER_UNKNOWN`, `TOKEN_CLAIMS_INVALID`.",
    status: "UNAUTHENTICATED",
    reason: "TOKEN_MISSING",
    zh: "请先登录：请求未携带令牌",
    en: "Log in first: the request carries no token.",
};
const NOT_ALLOWED: Shared = Shared {
    name: "NotAllowed",
    about: "The caller may not do this (`NOT_ALLOWED`).",
    status: "PERMISSION_DENIED",
    reason: "NOT_ALLOWED",
    zh: "您的角色无权执行此操作。",
    en: "Your role does not allow this.",
};
const INTERNAL: Shared = Shared {
    name: "Internal",
    about: "An error of ours (`INTERNAL`); report it with the trace id.",
    status: "INTERNAL",
    reason: "INTERNAL",
    zh: "系统内部错误，请附追踪编号反馈。",
    en: "Something went wrong on our side; report it with the trace id.",
};
const UNAVAILABLE: Shared = Shared {
    name: "Unavailable",
    about: "Something the call needs does not answer (`UNAVAILABLE`, or `ISSUER_UNREACHABLE` for the keys that tokens are checked with); repeat it later with the same idempotency key.",
    status: "UNAVAILABLE",
    reason: "UNAVAILABLE",
    zh: "服务暂时不可用，请稍后重试。",
    en: "The service cannot answer just now; repeat the request later.",
};

/// The schema of the body of every refusal.
pub(super) fn schema() -> Json {
    object! {
        "type" => "object",
        "title" => "Error",
        "description" => "Why a call was refused or failed.",
        "required" => ["code", "status", "reason", "message", "messageEn", "traceId"],
        "properties" => object! {
            "code" => object! { "type" => "integer", "description" => "The gRPC code.", "examples" => [9] },
            "status" => object! {
                "allOf" => [object! { "$ref" => "#/components/schemas/ErrorStatus" }],
                "description" => "The name of the code.",
            },
            "reason" => object! {
                "type" => "string",
                "description" => "Stable reason: decide by it, not by a message.",
                "pattern" => "^[A-Z][A-Z0-9_]*$",
                "examples" => ["DRAW_WRONG_STATE"],
            },
            "message" => object! { "type" => "string", "description" => "What is wrong and what cures it, in Chinese." },
            "messageEn" => object! { "type" => "string", "description" => "The same in English." },
            "traceId" => object! {
                "type" => "string",
                "description" => "The trace in which it happened, for those who look for the cause.",
                "examples" => [TRACE_ID],
            },
        },
        "examples" => [object! {
            "code" => 9,
            "status" => "FAILED_PRECONDITION",
            "reason" => "DRAW_WRONG_STATE",
            "message" => "该使用申请已划转，不能撤回。",
            "messageEn" => "The draw is paid; it cannot be withdrawn.",
            "traceId" => TRACE_ID,
        }],
    }
}

/// The schema of `status`.
pub(super) fn status_schema() -> Json {
    let lines: Vec<String> = STATUSES
        .iter()
        .map(|(name, code, about)| format!("- `{name}` ({code}): {about}"))
        .collect();
    object! {
        "type" => "string",
        "title" => "ErrorStatus",
        "description" => format!("What sort of refusal it is.\n\n{}", lines.join("\n")),
        "enum" => STATUSES.iter().map(|(name, ..)| *name).collect::<Vec<_>>(),
    }
}

/// The responses that calls refer to.
pub(super) fn responses() -> Json {
    let shared = [UNAUTHENTICATED, NOT_ALLOWED, INTERNAL, UNAVAILABLE];
    Json::Object(
        shared
            .iter()
            .map(|one| (one.name.to_owned(), response(one)))
            .collect(),
    )
}

fn response(shared: &Shared) -> Json {
    let code = STATUSES
        .iter()
        .find(|(name, ..)| *name == shared.status)
        .map_or(2, |(_, code, _)| *code);
    let example = object! {
        "code" => code,
        "status" => shared.status,
        "reason" => shared.reason,
        "message" => shared.zh,
        "messageEn" => shared.en,
        "traceId" => TRACE_ID,
    };
    object! {
        "description" => shared.about,
        "content" => object! {
            "application/json" => object! { "schema" => error_reference(), "example" => example },
        },
    }
}

fn error_reference() -> Json {
    object! { "$ref" => "#/components/schemas/Error" }
}

fn refusal(about: String) -> Json {
    object! {
        "description" => about,
        "content" => object! { "application/json" => object! { "schema" => error_reference() } },
    }
}

/// Adds to the responses of a call what it may refuse with.
///
/// The contract gives reasons, not their statuses, so those of the call's own stand under `4XX`, but for what is not found.
pub(super) fn add_to(responses: Json, call: &Call) -> Json {
    let (missing, others): (Vec<&str>, Vec<&str>) = call
        .all_reasons()
        .into_iter()
        .filter(|reason| !REASONS_OF_TOKEN.contains(reason) && !["UNAVAILABLE", "INTERNAL"].contains(reason))
        .partition(|reason| reason.ends_with("_NOT_FOUND"));
    let mut responses = responses;
    if !call.public {
        responses = responses
            .with("401", shared(&UNAUTHENTICATED))
            .with("403", shared(&NOT_ALLOWED));
    }
    if !missing.is_empty() {
        responses = responses.with(
            "404",
            refusal(format!(
                "There is no such thing, or you may not know of it: {}.",
                listed(&missing)
            )),
        );
    }
    responses
        .with("4XX", refusal(format!("Refused: {}.", listed(&others))))
        .with("500", shared(&INTERNAL))
        .with("503", shared(&UNAVAILABLE))
}

/// The responses of a path of the gateway's own that asks for a token.
pub(super) fn add_token_errors(responses: Json) -> Json {
    responses
        .with("401", shared(&UNAUTHENTICATED))
        .with("403", shared(&NOT_ALLOWED))
}

fn shared(one: &Shared) -> Json {
    object! { "$ref" => format!("#/components/responses/{}", one.name) }
}

fn listed(reasons: &[&str]) -> String {
    reasons
        .iter()
        .map(|reason| format!("`{reason}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
