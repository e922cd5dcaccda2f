//! Who calls, why, under which key and in which trace: what every use case is given.

use access::{Access, Principal, Resource};
use ids::EventId;
use tonic::Request;
use uuid::Uuid;

use crate::failure::{AppError, General, Refusal};

/// Metadata key under which a client repeats a write safely.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Metadata key with the caller's reason, recorded with the change.
pub const CALL_REASON: &str = "call-reason";
/// Longest idempotency key.
const KEY_LENGTH_MAX: usize = 128;

/// The key of a write, chosen by the client: 1 to 128 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Reads a key; `None` where it is empty, too long or not visible ASCII.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=KEY_LENGTH_MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| IdempotencyKey(text.to_owned()))
    }

    /// The key as sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What made a use case run. Each cause has its own memory, so that none runs twice.
#[derive(Debug, Clone)]
pub enum Cause {
    /// A client's call; writes need the key.
    Call {
        /// The idempotency key, where one was sent.
        key: Option<IdempotencyKey>,
    },
    /// An event of a service.
    Event {
        /// The durable consumer, `funds--on_ballot_decided`.
        consumer: String,
        /// The event.
        id: EventId,
    },
    /// A deadline of the service's own.
    Deadline {
        /// The row in `deadlines`.
        id: Uuid,
    },
}

/// Everything a use case knows of the one who asked.
#[derive(Debug, Clone)]
pub struct CallContext {
    /// Who acts.
    pub actor: Principal,
    /// The rpc or use case, `funds.ProposeDraw`: the action that policies speak of.
    pub action: &'static str,
    /// What made it run.
    pub cause: Cause,
    /// The caller's reason, where given.
    pub reason: Option<String>,
    /// W3C `traceparent` of the running span, stored with events and deadlines.
    pub trace_parent: Option<String>,
    /// The caller's token, passed on unchanged to other services.
    bearer: Option<String>,
}

/// The action of an rpc, put into the request by the server's layer.
#[derive(Debug, Clone, Copy)]
pub struct Action(pub &'static str);

/// The verified token, put into the request by the server's layer.
#[derive(Debug, Clone)]
pub struct Bearer(pub String);

impl CallContext {
    /// Reads the context of a call that the server's layer let through.
    ///
    /// # Errors
    /// `INTERNAL` where the layer is missing: a call must never run unauthenticated by mistake.
    pub fn from_request<T>(request: &Request<T>) -> Result<Self, General> {
        let missing = |what: &'static str| General::Internal {
            source: format!("request without {what}").into(),
        };
        let extensions = request.extensions();
        let actor = extensions
            .get::<Principal>()
            .cloned()
            .ok_or_else(|| missing("principal"))?;
        let Action(action) = extensions
            .get::<Action>()
            .copied()
            .ok_or_else(|| missing("action"))?;
        let text = |key: &str| {
            request
                .metadata()
                .get(key)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned)
        };
        Ok(CallContext {
            actor,
            action,
            cause: Cause::Call {
                key: text(IDEMPOTENCY_KEY).as_deref().and_then(IdempotencyKey::parse),
            },
            // A reason is words, here mostly Chinese ones: UTF-8, which `to_str` would not read.
            reason: request
                .metadata()
                .get(CALL_REASON)
                .and_then(|value| std::str::from_utf8(value.as_encoded_bytes()).ok())
                .map(|reason| reason.chars().take(500).collect()),
            trace_parent: telemetry::trace_parent_of_current(),
            bearer: extensions.get::<Bearer>().map(|Bearer(token)| token.clone()),
        })
    }

    /// The context of a service that acts on its own: for a reaction or a deadline.
    pub fn of_service(service: &'static str, action: &'static str, cause: Cause) -> Self {
        CallContext {
            actor: Principal::service(service),
            action,
            cause,
            reason: None,
            trace_parent: telemetry::trace_parent_of_current(),
            bearer: None,
        }
    }

    /// The context of a call by `actor` under `key`, made by hand: for tests and for loaders.
    pub fn of_call(actor: Principal, action: &'static str, key: &str) -> Self {
        CallContext {
            actor,
            action,
            cause: Cause::Call {
                key: IdempotencyKey::parse(key),
            },
            reason: None,
            trace_parent: telemetry::trace_parent_of_current(),
            bearer: None,
        }
    }

    /// Refuses where the actor may not do this action to `resource`: with `not_found` where the actor may not even
    /// know of it, with `NOT_ALLOWED` otherwise. A service acting on its own is allowed.
    pub fn permit<R: Refusal>(
        &self,
        access: &Access,
        resource: &Resource,
        not_found: impl FnOnce() -> R,
    ) -> Result<(), AppError<R>> {
        if self.actor.is_service() {
            return Ok(());
        }
        access
            .require(&self.actor, self.action, resource)
            .map_err(|denied| {
                if denied.hidden {
                    AppError::Refused(not_found())
                } else {
                    AppError::General(General::NotAllowed {
                        action: self.action.to_owned(),
                    })
                }
            })
    }

    /// A request to another service: the caller's token and the trace go along, and a deadline.
    pub fn outgoing<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        request.set_timeout(crate::client::CALL_TIMEOUT);
        if let Some(token) = &self.bearer
            && let Ok(value) = format!("Bearer {token}").parse()
        {
            request.metadata_mut().insert("authorization", value);
        }
        if let Some(parent) = telemetry::trace_parent_of_current()
            && let Ok(value) = parent.parse()
        {
            request.metadata_mut().insert("traceparent", value);
        }
        request
    }
}
