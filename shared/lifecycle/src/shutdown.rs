//! From the signal of the operating system to the token every loop listens to.

use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// The wish to end this process, in two steps.
///
/// *Requested*: a signal came; the process becomes unready but still answers.
/// *Stopped*: the token is cancelled; loops end and servers accept no more.
/// [`crate::drain`] leads from the first to the second.
/// A second signal means *now*: waiting is cut short.
#[derive(Debug, Clone, Default)]
pub struct Shutdown {
    requested: CancellationToken,
    stop: CancellationToken,
    hurry: CancellationToken,
}

impl Shutdown {
    /// Listens to SIGINT and SIGTERM from now on; must be called inside a Tokio runtime.
    ///
    /// # Errors
    /// When the operating system refuses the handlers.
    pub fn on_signals() -> io::Result<Self> {
        let shutdown = Self::default();
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let listener = shutdown.clone();
        tokio::spawn(async move {
            loop {
                let name = tokio::select! {
                    Some(()) = interrupt.recv() => "SIGINT",
                    Some(()) = terminate.recv() => "SIGTERM",
                    else => break,
                };
                if listener.is_requested() {
                    tracing::warn!(signal = name, "second signal: ending without waiting");
                    listener.hurry.cancel();
                    break;
                }
                tracing::info!(signal = name, "shutdown requested");
                listener.request();
            }
        });
        Ok(shutdown)
    }

    /// A shutdown that only [`Shutdown::request`] begins, for tests and embedding.
    pub fn manual() -> Self {
        Self::default()
    }

    /// Asks for the shutdown; asking again changes nothing.
    pub fn request(&self) {
        self.requested.cancel();
    }

    /// Ends when the shutdown is requested.
    pub async fn requested(&self) {
        self.requested.cancelled().await;
    }

    /// Whether the shutdown is requested.
    pub fn is_requested(&self) -> bool {
        self.requested.is_cancelled()
    }

    /// The token that is cancelled when loops must end and servers accept no more.
    pub fn token(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Cancels the token, requesting the shutdown if nobody did.
    pub fn stop(&self) {
        self.requested.cancel();
        self.stop.cancel();
    }

    /// Whether the token is cancelled.
    pub fn is_stopped(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Cuts every waiting of the drain short, as a second signal does.
    pub fn hurry(&self) {
        self.hurry.cancel();
    }

    /// Ends when waiting is to be cut short.
    pub(crate) async fn hurried(&self) {
        self.hurry.cancelled().await;
    }
}
