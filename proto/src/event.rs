//! What a message needs to be published as an event.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A message that is published as an event: one that carries the option `heju.options.v1.event`.
///
/// Its subject is `heju.v1.<SERVICE>.<AGGREGATE>.<NAME>.<city>.<street>.<community>`, its stream `HEJU_<SERVICE>`.
/// The implementations are generated; nothing else implements it.
pub trait Event: prost::Message + Clone + Default + Serialize + DeserializeOwned + 'static {
    /// The full name of the message, used as `ce-type`: `heju.funds.v1.DrawProposed`.
    const TYPE: &'static str;
    /// The service that publishes it: `funds`.
    const SERVICE: &'static str;
    /// The aggregate it belongs to: `draw`.
    const AGGREGATE: &'static str;
    /// What happened, in the past tense: `proposed`.
    const NAME: &'static str;
}

include!(concat!(env!("OUT_DIR"), "/events.rs"));
