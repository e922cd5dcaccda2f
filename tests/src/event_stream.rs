//! Live events as a browser reads them: server-sent events, resumed with `Last-Event-ID`.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use reqwest::header::ACCEPT;
use serde_json::Value;

use crate::Caller;

/// The path.
const PATH: &str = "/v1/events/stream";

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub struct Live {
    /// The place reached in all streams.
    pub id: String,
    /// Name of the message, `heju.funds.v1.DrawProposed`.
    pub kind: String,
    /// The message.
    pub data: Value,
}

/// An open connection.
pub struct EventStream {
    bytes: BoxStream<'static, reqwest::Result<Bytes>>,
    buffer: Vec<u8>,
    /// The place reached: what a browser would send when it comes back.
    pub last_event_id: String,
}

impl EventStream {
    /// Opens it, at the end or after the place reached before; returns when the place is known.
    ///
    /// # Errors
    /// The refusal.
    pub async fn open(caller: &Caller, last_event_id: Option<&str>, within: Duration) -> Result<Self> {
        let mut request = caller
            .request(reqwest::Method::GET, PATH)
            .header(ACCEPT, "text/event-stream")
            // Longer than any test: the connection ends when it is dropped.
            .timeout(Duration::from_secs(600));
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id);
        }
        let response = request.send().await?;
        if !response.status().is_success() {
            bail!(
                "the stream of events was refused: {} {}",
                response.status(),
                response.text().await?
            );
        }
        let mut stream = EventStream {
            bytes: response.bytes_stream().boxed(),
            buffer: Vec::new(),
            last_event_id: String::new(),
        };
        tokio::time::timeout(within, async {
            while stream.last_event_id.is_empty() {
                stream.block().await?;
            }
            anyhow::Ok(())
        })
        .await
        .context("the stream of events does not begin")??;
        Ok(stream)
    }

    /// The next event.
    ///
    /// # Errors
    /// Where none comes in time, or the connection breaks.
    pub async fn next(&mut self, within: Duration) -> Result<Live> {
        let read = async {
            loop {
                if let Some(event) = self.block().await? {
                    return Ok(event);
                }
            }
        };
        tokio::time::timeout(within, read)
            .await
            .context("no event came in time")?
    }

    /// Reads up to the next empty line; nothing where the block held no data.
    async fn block(&mut self) -> Result<Option<Live>> {
        let end = loop {
            if let Some(at) = self.buffer.windows(2).position(|two| two == b"\n\n") {
                break at;
            }
            let chunk = self.bytes.next().await.context("the stream of events ended")??;
            self.buffer.extend_from_slice(&chunk);
        };
        let block: Vec<u8> = self.buffer.drain(..end + 2).collect();
        let block = String::from_utf8(block)?;
        let field = |name: &str| {
            block
                .lines()
                .filter_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
                .map(str::trim)
                .next()
        };
        if let Some(id) = field("id") {
            id.clone_into(&mut self.last_event_id);
        }
        let Some(data) = field("data") else {
            return Ok(None);
        };
        let kind = field("event").context("an event without a name")?.to_owned();
        Ok(Some(Live {
            id: self.last_event_id.clone(),
            kind,
            data: serde_json::from_str(data)?,
        }))
    }
}
