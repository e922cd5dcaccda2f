//! Every call and every event of the contract, read from the descriptors once, on first use.
//!
//! The gateway routes by it, the access tests walk over it, the public documents are written from it.

mod comments;

use std::sync::LazyLock;

use prost_reflect::{
    DescriptorPool, DynamicMessage, MessageDescriptor, MethodDescriptor, ServiceDescriptor, Value,
};

pub use comments::comment;

use crate::options::v1 as options;

/// Reasons with which every call that asks for a token may refuse, besides its own: no valid token, or not this caller.
pub const REASONS_OF_TOKEN: &[&str] = &[
    "TOKEN_MISSING",
    "TOKEN_MALFORMED",
    "TOKEN_EXPIRED",
    "TOKEN_NOT_YET_VALID",
    "TOKEN_FORGED",
    "TOKEN_FOR_ANOTHER_SERVICE",
    "TOKEN_ISSUER_UNKNOWN",
    "TOKEN_CLAIMS_INVALID",
    "ISSUER_UNREACHABLE",
    "NOT_ALLOWED",
];

/// Reasons with which every call may refuse, besides its own.
pub const REASONS_OF_EVERY_CALL: &[&str] = &[
    "BODY_MALFORMED",
    "ID_MALFORMED",
    "ID_OF_OTHER_KIND",
    "CONFLICT",
    "UNAVAILABLE",
    "INTERNAL",
];

/// Reasons with which every call that changes something may refuse, besides its own.
pub const REASONS_OF_WRITES: &[&str] = &["IDEMPOTENCY_KEY_MISSING", "IDEMPOTENCY_KEY_REUSED"];

/// Reasons with which every call that answers in pages may refuse, besides its own.
pub const REASONS_OF_PAGES: &[&str] = &["PAGE_SIZE_INVALID", "PAGE_TOKEN_INVALID"];

/// An rpc, with what the contract says about it.
#[derive(Clone, Debug)]
pub struct Call {
    /// Full name: `heju.funds.v1.FundsService.ProposeDraw`.
    pub full_name: String,
    /// Path on the wire of gRPC: `/heju.funds.v1.FundsService/ProposeDraw`.
    pub grpc_path: String,
    /// The service that answers it: `funds`.
    pub service: String,
    /// Name within the service: `ProposeDraw`.
    pub name: String,
    /// How it is reached over HTTP; `None` exactly where it is internal.
    pub http: Option<Http>,
    /// True where it changes something and therefore needs the `idempotency-key` header.
    pub write: bool,
    /// The stable reasons with which it may refuse, besides those every call has, in the order of the proto.
    pub reasons: Vec<String>,
    /// True where no token is asked for.
    pub public: bool,
    /// True where only services call it: no HTTP path, not in the public documents.
    pub internal: bool,
    /// True where the answer is a file: a stream of `heju.common.v1.FileChunk`.
    pub file: bool,
    /// True where the answer is a stream.
    pub server_streaming: bool,
    /// What the proto says about it, in Markdown, a line per line of the comment.
    pub comment: String,
    /// The message asked with.
    pub input: MessageDescriptor,
    /// The message answered with.
    pub output: MessageDescriptor,
}

/// The HTTP side of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Http {
    /// Method in upper case: `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    pub method: &'static str,
    /// Path template with parameters named as in the proto: `/v1/draws/{draw_id}/check`.
    pub path: String,
    /// The request field that is the body; `*` for the whole message, empty where there is no body.
    pub body: String,
}

/// A message that is published as an event, with its address.
#[derive(Clone, Debug)]
pub struct EventType {
    /// Full name, used as `ce-type`: `heju.funds.v1.DrawProposed`.
    pub full_name: String,
    /// The service that publishes it: `funds`.
    pub service: String,
    /// The aggregate it belongs to: `draw`.
    pub aggregate: String,
    /// What happened: `proposed`.
    pub name: String,
    /// Pattern of its subject: `heju.v1.funds.draw.proposed.<city>.<street>.<community>`.
    pub subject: String,
    /// The stream that keeps it: `HEJU_FUNDS`.
    pub stream: String,
    /// What the proto says about it, in Markdown.
    pub comment: String,
    /// The message.
    pub message: MessageDescriptor,
}

impl Call {
    /// All reasons with which the call may refuse: its own, those every call has, and those of its kind.
    pub fn all_reasons(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.reasons.iter().map(String::as_str).collect();
        if !self.public {
            all.extend(REASONS_OF_TOKEN);
        }
        all.extend(REASONS_OF_EVERY_CALL);
        if self.write {
            all.extend(REASONS_OF_WRITES);
        }
        if self.input.get_field_by_name("page_size").is_some() {
            all.extend(REASONS_OF_PAGES);
        }
        all
    }
}

/// The descriptors of all of Heju's protos and what they import.
pub fn descriptor_pool() -> &'static DescriptorPool {
    #[expect(
        clippy::expect_used,
        reason = "build.rs wrote the bytes, and a test decodes them"
    )]
    static POOL: LazyLock<DescriptorPool> = LazyLock::new(|| {
        DescriptorPool::decode(crate::DESCRIPTORS).expect("the embedded descriptors decode")
    });
    &POOL
}

/// Every rpc, internal ones too, by full name of the service, then in the order of the proto.
pub fn calls() -> &'static [Call] {
    static CALLS: LazyLock<Vec<Call>> = LazyLock::new(|| {
        let mut services: Vec<_> = services().collect();
        services.sort_by(|a, b| a.full_name().cmp(b.full_name()));
        services
            .iter()
            .flat_map(|service| {
                service
                    .methods()
                    .map(|method| call_of(&method))
                    .collect::<Vec<_>>()
            })
            .collect()
    });
    &CALLS
}

/// Finds a call by its path on the wire of gRPC, `/heju.funds.v1.FundsService/ProposeDraw`.
pub fn find_call(grpc_path: &str) -> Option<&'static Call> {
    calls().iter().find(|call| call.grpc_path == grpc_path)
}

/// Every event, by service, then in the order of the proto.
pub fn events() -> &'static [EventType] {
    static EVENTS: LazyLock<Vec<EventType>> = LazyLock::new(|| {
        let mut events: Vec<_> = descriptor_pool().all_messages().filter_map(event_of).collect();
        // Stable: within a service the order of the proto is kept.
        events.sort_by(|a, b| a.service.cmp(&b.service));
        events
    });
    &EVENTS
}

/// Finds an event by its full name, as `ce-type` carries it.
pub fn find_event(full_name: &str) -> Option<&'static EventType> {
    events().iter().find(|event| event.full_name == full_name)
}

/// The example of a field, from the option `heju.options.v1.example`; `None` where there is none or it is not JSON.
pub fn example(field: &prost_reflect::FieldDescriptor) -> Option<serde_json::Value> {
    let option = descriptor_pool().get_extension_by_name("heju.options.v1.example")?;
    let options = field.options();
    if !options.has_extension(&option) {
        return None;
    }
    serde_json::from_str(options.get_extension(&option).as_str()?).ok()
}

/// Heju's own services.
pub(crate) fn services() -> impl Iterator<Item = ServiceDescriptor> {
    descriptor_pool()
        .services()
        .filter(|service| service.package_name().starts_with("heju."))
}

/// `funds` of `heju.funds.v1`.
pub(crate) fn service_of(package: &str) -> &str {
    package.split('.').nth(1).unwrap_or(package)
}

fn call_of(method: &MethodDescriptor) -> Call {
    let service = method.parent_service();
    let options: options::Call = option(&method.options(), "heju.options.v1.call").unwrap_or_default();
    Call {
        full_name: method.full_name().to_owned(),
        grpc_path: format!("/{}/{}", service.full_name(), method.name()),
        service: service_of(service.package_name()).to_owned(),
        name: method.name().to_owned(),
        http: http_of(method),
        write: options.write,
        reasons: options.reasons,
        public: options.public,
        internal: options.internal,
        file: options.file,
        server_streaming: method.is_server_streaming(),
        comment: comment(&method.parent_file(), method.path())
            .unwrap_or_default()
            .to_owned(),
        input: method.input(),
        output: method.output(),
    }
}

fn http_of(method: &MethodDescriptor) -> Option<Http> {
    let extension = descriptor_pool().get_extension_by_name("google.api.http")?;
    let options = method.options();
    if !options.has_extension(&extension) {
        return None;
    }
    let value = options.get_extension(&extension);
    let rule = value.as_message()?;
    let text = |field: &str| match rule.get_field_by_name(field).as_deref() {
        Some(Value::String(text)) => text.clone(),
        _ => String::new(),
    };
    [
        ("get", "GET"),
        ("post", "POST"),
        ("put", "PUT"),
        ("patch", "PATCH"),
        ("delete", "DELETE"),
    ]
    .into_iter()
    .find(|(field, _)| rule.has_field_by_name(field))
    .map(|(field, method)| Http {
        method,
        path: text(field),
        body: text("body"),
    })
}

fn event_of(message: MessageDescriptor) -> Option<EventType> {
    let event: options::Event = option(&message.options(), "heju.options.v1.event")?;
    let service = service_of(message.package_name()).to_owned();
    Some(EventType {
        full_name: message.full_name().to_owned(),
        subject: format!(
            "heju.v1.{service}.{}.{}.<city>.<street>.<community>",
            event.aggregate, event.name
        ),
        stream: format!("HEJU_{}", service.to_uppercase()),
        aggregate: event.aggregate,
        name: event.name,
        comment: comment(&message.parent_file(), message.path())
            .unwrap_or_default()
            .to_owned(),
        service,
        message,
    })
}

/// Reads one of our message-typed options; `None` where it is not set.
fn option<T: prost::Message + Default>(options: &DynamicMessage, name: &str) -> Option<T> {
    let extension = descriptor_pool().get_extension_by_name(name)?;
    if !options.has_extension(&extension) {
        return None;
    }
    options
        .get_extension(&extension)
        .as_message()?
        .transcode_to()
        .ok()
}
