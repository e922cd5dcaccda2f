//! What is told to the server of each event: handled, to be delivered again later, or given up and kept.

use std::pin::pin;
use std::time::Duration;

use async_nats::jetstream::Message;
use async_nats::jetstream::message::AckKind;
use events::{Envelope, durable};
use futures::future::{Either, select};
use rpc::{Failure, Kind};

use super::Reaction;
use crate::{Store, dead_letters};

/// Failures after which an event that is refused or breaks us becomes a dead letter.
const ATTEMPTS_MAX: i64 = 5;
/// Failures after which an event that waits for an earlier one, or loses every race, becomes a dead letter.
const ATTEMPTS_MAX_CONFLICT: i64 = 60;
/// Longest wait between deliveries.
const BACKOFF_MAX: Duration = Duration::from_secs(10);
/// Time in which a process that ends leaves the consumer.
const HAND_BACK_AFTER: Duration = Duration::from_millis(200);

/// The event of a message; a foreign message is passed over for ever.
pub(super) async fn read(reaction: &Reaction, message: &Message) -> Option<Envelope> {
    match Envelope::read(message.headers.as_ref(), message.payload.clone()) {
        Ok(envelope) => Some(envelope),
        Err(error) => {
            // Nothing of ours writes such a message, and it has no id to keep it under.
            tracing::error!(reaction = reaction.name, subject = %message.subject, %error, "a foreign message was passed over");
            acknowledge(message, AckKind::Term).await;
            None
        }
    }
}

/// Handles messages, and says so to the server for as long as it takes: a slow handler is not delivered its event again.
///
/// Both go on side by side: where NATS is away, nobody waits for it inside a transaction.
pub(super) async fn attended<T>(messages: &[Message], handling: impl Future<Output = T>) -> T {
    let attending = async {
        loop {
            tokio::time::sleep(durable::ACK_WAIT / 3).await;
            for message in messages {
                acknowledge(message, AckKind::Progress).await;
            }
        }
    };
    match select(pin!(handling), pin!(attending)).await {
        Either::Left((done, _)) => done,
        Either::Right((never, _)) => never,
    }
}

/// Tells the server what became of an event, after the commit.
pub(super) async fn settle(
    store: &Store,
    reaction: &Reaction,
    message: &Message,
    envelope: &Envelope,
    outcome: Result<(), Failure>,
) {
    let failure = match outcome {
        Ok(()) => {
            reaction.attempts.forget(envelope.id);
            return acknowledge(message, AckKind::Ack).await;
        }
        Err(failure) => failure,
    };
    match limit(failure.kind).map(|limit| (limit, reaction.attempts.failed(envelope.id))) {
        Some((limit, attempts)) if attempts >= limit => {
            match dead_letters::bury(store, reaction.name, envelope, &failure, attempts).await {
                Ok(()) => {
                    reaction.attempts.forget(envelope.id);
                    acknowledge(message, AckKind::Term).await;
                }
                Err(error) => {
                    tracing::warn!(reaction = reaction.name, %error, "the dead letter cannot be written yet");
                    acknowledge(message, AckKind::Nak(Some(BACKOFF_MAX))).await;
                }
            }
        }
        counted => {
            let delivered = message.info().map_or(1, |info| info.delivered);
            let attempts = counted.map_or(delivered, |(_, attempts)| attempts);
            tracing::debug!(reaction = reaction.name, delivered, attempts, %failure, "the event is delivered again later");
            acknowledge(message, AckKind::Nak(Some(backoff(attempts)))).await;
        }
    }
}

/// Gives back what was delivered and nobody will handle here, so that the next process need not wait until the time to
/// acknowledge it is over. It comes again when this process no longer asks for any.
pub(super) async fn hand_back(message: &Message) {
    acknowledge(message, AckKind::Nak(Some(HAND_BACK_AFTER))).await;
}

/// Failures of this kind after which an event is given up. An outage is waited out for as long as it lasts, and does
/// not count; everything else ends in a dead letter.
fn limit(kind: Kind) -> Option<i64> {
    match kind {
        Kind::Unavailable | Kind::Exhausted => None,
        Kind::Conflict => Some(ATTEMPTS_MAX_CONFLICT),
        _ => Some(ATTEMPTS_MAX),
    }
}

fn backoff(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts.clamp(1, 10) - 1).unwrap_or(0);
    (Duration::from_millis(50) * 2_u32.pow(doublings)).min(BACKOFF_MAX)
}

async fn acknowledge(message: &Message, kind: AckKind) {
    // A lost acknowledgement means one more delivery, which the inbox makes harmless.
    if let Err(error) = message.ack_with(kind).await {
        tracing::debug!(%error, "an acknowledgement was not sent");
    }
}
