//! Live events: what happens in the caller's jurisdiction, as server-sent events that can be resumed.
//!
//! Each service has its own stream; the answer merges them. The `id` of an event is the place reached in all of them,
//! so that a client that comes back with `Last-Event-ID` misses nothing and gets nothing twice.

mod place;
mod subscribers;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use access::token::Verifier;
use access::{Principal, Role};
use async_nats::jetstream::Message;
use async_nats::jetstream::consumer::{DeliverPolicy, pull};
use axum::Router;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use events::Bus;
use futures::stream::{self, BoxStream, Stream, StreamExt};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use tokio_util::sync::CancellationToken;
use tonic::Code;
use tracing::Span;

use crate::config::EventsConfig;
use crate::limits::Rates;
use crate::problem::Problem;
use place::Place;
use subscribers::{Seat, Subscribers};

/// Events fetched ahead per stream: a slow reader holds no more than this.
const FETCHED_AHEAD: i64 = 64;
/// How long NATS may take to open the streams.
const OPEN_WITHIN: Duration = Duration::from_secs(5);
/// How often it is looked whether the token still holds.
const TOKEN_CHECK_EVERY: Duration = Duration::from_secs(30);
/// After how many milliseconds browsers come back when the connection is lost.
const COME_BACK_MS: Duration = Duration::from_secs(2);

/// What the route needs.
struct Live {
    bus: Bus,
    verifier: Verifier,
    rates: Arc<Rates>,
    subscribers: Subscribers,
    heartbeat: Duration,
    stop: CancellationToken,
}

/// `GET /v1/events/stream`.
pub(crate) fn routes(
    bus: Bus,
    verifier: Verifier,
    rates: Arc<Rates>,
    config: &EventsConfig,
    stop: CancellationToken,
) -> Router {
    let live = Live {
        bus,
        verifier,
        rates,
        subscribers: Subscribers::new(config.streams_per_account, config.streams_max),
        heartbeat: Duration::from_secs(config.heartbeat_s),
        stop,
    };
    Router::new()
        .route("/v1/events/stream", get(subscribe))
        .with_state(Arc::new(live))
}

async fn subscribe(State(live): State<Arc<Live>>, headers: HeaderMap) -> Result<Response, Problem> {
    let authorization = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = access::bearer(authorization)
        .map_err(Problem::of_token)?
        .to_owned();
    let verified = live.verifier.verify(&token, chrono::Utc::now()).await;
    let principal = verified.map_err(Problem::of_token)?;
    Span::current().record("enduser.id", principal.subject.as_str());
    live.rates.check_account(&principal.subject)?;
    let filter = filter(&principal)?;
    let asked = headers
        .get("last-event-id")
        .map(|value| Place::parse(value.to_str().unwrap_or_default()));
    let asked = asked.transpose()?;
    let seat = live.subscribers.sit(&principal.subject)?;

    let opened = tokio::time::timeout(OPEN_WITHIN, open(&live.bus, &filter, asked)).await;
    let (place, messages) = opened.map_err(|_| unavailable())??;
    tracing::info!(subject = %principal.subject, filter, "a stream of events was opened");

    let told = told(place, messages);
    let until = ended(Arc::clone(&live), token);
    // The seat is given back when the connection ends, whoever ends it.
    let told = told.take_until(until).map(move |event| seated(&seat, event));
    let heartbeat = KeepAlive::new().interval(live.heartbeat).text("heartbeat");
    let mut response = Sse::new(told).keep_alive(heartbeat).into_response();
    // A proxy that buffers would hold events back.
    response
        .headers_mut()
        .insert("x-accel-buffering", http::HeaderValue::from_static("no"));
    Ok(response)
}

/// Which events the caller may see: an officer or auditor those of the jurisdiction, the authority and the administrator
/// without one all; nobody else any, because events are not filtered by owner or firm.
fn filter(principal: &Principal) -> Result<String, Problem> {
    const OFFICIAL: [Role; 6] = [
        Role::Community,
        Role::Street,
        Role::Authority,
        Role::Department,
        Role::Auditor,
        Role::Administrator,
    ];
    let of_the_city = principal.has_role(Role::Authority) || principal.has_role(Role::Administrator);
    match &principal.jurisdiction {
        Some(division) if OFFICIAL.into_iter().any(|role| principal.has_role(role)) => {
            Ok(events::subject::within(division))
        }
        None if of_the_city => Ok(format!("{}.>", events::subject::ROOT)),
        Some(_) | None => Err(Problem::new(
            Code::PermissionDenied,
            "NOT_ALLOWED",
            "Live events are open to offices with a jurisdiction only; read your own records by the other calls.",
            "实时事件仅向有管辖区划的机构开放；本人记录请通过其他接口查询。",
        )),
    }
}

fn unavailable() -> Problem {
    Problem::new(
        Code::Unavailable,
        "UNAVAILABLE",
        "Live events cannot be had just now; come back with the same Last-Event-ID.",
        "实时事件暂时不可用，请稍后携带相同的 Last-Event-ID 重连。",
    )
}

/// A message with the stream it comes from.
type Delivered = (&'static str, Result<Message, pull::OrderedError>);

/// Opens a consumer on every stream of the contract, at the place asked for or at the end.
async fn open(
    bus: &Bus,
    filter: &str,
    asked: Option<Place>,
) -> Result<(Place, BoxStream<'static, Delivered>), Problem> {
    let down = |error: &dyn std::fmt::Display| {
        tracing::warn!(%error, "live events cannot be opened");
        unavailable()
    };
    let mut place = Place::default();
    let mut all = Vec::new();
    for service in place::services() {
        let mut stream = bus
            .jetstream
            .get_stream(events::subject::stream_name(service))
            .await
            .map_err(|error| down(&error))?;
        let last = stream
            .info()
            .await
            .map_err(|error| down(&error))?
            .state
            .last_sequence;
        // A service that is newer than the client's place begins with its first event.
        let reached = asked.as_ref().map_or(last, |asked| asked.reached(service));
        if reached > last {
            return Err(place::invalid());
        }
        place.reach(service, reached);
        let config = pull::OrderedConfig {
            filter_subject: filter.to_owned(),
            deliver_policy: DeliverPolicy::ByStartSequence {
                start_sequence: reached + 1,
            },
            max_batch: FETCHED_AHEAD,
            ..pull::OrderedConfig::default()
        };
        let consumer = stream
            .create_consumer(config)
            .await
            .map_err(|error| down(&error))?;
        let messages = consumer.messages().await.map_err(|error| down(&error))?;
        all.push(messages.map(move |message| (service, message)).boxed());
    }
    Ok((place, stream::select_all(all).boxed()))
}

/// The events as the client is told them; ends at the first error, and the client comes back to where it was.
fn told(
    place: Place,
    messages: BoxStream<'static, Delivered>,
) -> impl Stream<Item = Result<Event, Infallible>> + Send {
    // Names the place before anything happens: a client that loses the connection now misses nothing either.
    let first = Event::default().id(place.to_string()).retry(COME_BACK_MS);
    let rest = stream::unfold((place, messages), async |(mut place, mut messages)| {
        loop {
            let (service, message) = messages.next().await?;
            let message = message
                .inspect_err(|error| tracing::warn!(%error, "a stream of events broke off"))
                .ok()?;
            let sequence = message.info().ok()?.stream_sequence;
            // A consumer that was made anew may begin too early.
            if sequence <= place.reached(service) {
                continue;
            }
            place.reach(service, sequence);
            let kind = message
                .headers
                .as_ref()
                .and_then(|headers| headers.get("ce-type"));
            let kind = kind.map_or("message", |kind| kind.as_str()).to_owned();
            let data = String::from_utf8_lossy(&message.payload).into_owned();
            let event = Event::default().id(place.to_string()).event(kind).data(data);
            return Some((event, (place, messages)));
        }
    });
    stream::once(async { first }).chain(rest).map(Ok)
}

/// Ends with the process, or when the token no longer holds.
async fn ended(live: Arc<Live>, token: String) {
    loop {
        tokio::select! {
            () = live.stop.cancelled() => return,
            () = tokio::time::sleep(TOKEN_CHECK_EVERY) => {}
        }
        match live.verifier.verify(&token, chrono::Utc::now()).await {
            Err(error) if !error.is_temporary() => return,
            Ok(_) | Err(_) => {}
        }
    }
}

/// Keeps the seat as long as the stream lives.
fn seated<T>(_: &Seat, event: T) -> T {
    event
}
