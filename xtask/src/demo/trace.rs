//! The trace behind the story: one, through gateway, funds, NATS, committees and back.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::Value;

use crate::rest::Caller;
use crate::run_file::RunFile;

/// Longest wait for spans to be exported.
const WITHIN: Duration = Duration::from_secs(15);
/// What the trace must cover: the check sets off the vote, and the vote sets off the reservation.
const HOPS: [(&str, &str); 7] = [
    ("gateway", ""),
    ("funds", "funds.CheckDraw"),
    ("committees", "committees.on_vote_requested"),
    ("committees", "committees.AnnounceBallot"),
    ("registry", "registry.StreamRoll"),
    ("committees", "committees.close_ballot"),
    ("funds", "funds.on_ballot_decided"),
];

/// Names the trace and shows what it covers.
pub fn show(run: &RunFile, trace_id: &str) -> Result<()> {
    let viewer = Caller::anonymous(&run.traces);
    let started = Instant::now();
    loop {
        let answer = viewer.get(&format!("/traces/{trace_id}"))?;
        let spans = spans_of(&answer.body);
        let services: BTreeSet<&str> = spans.iter().filter_map(|span| span["service"].as_str()).collect();
        let covered = |(service, name): &(&str, &str)| {
            spans.iter().any(|span| {
                span["service"] == *service
                    && (name.is_empty() || span["name"].as_str().is_some_and(|n| n == *name))
            })
        };
        if HOPS.iter().all(covered) {
            println!(
                "one trace, {} spans, through {} (over NATS and back): {}/traces/{trace_id}",
                spans.len(),
                services.into_iter().collect::<Vec<_>>().join(", "),
                run.traces
            );
            return Ok(());
        }
        if started.elapsed() > WITHIN {
            let missing: Vec<_> = HOPS.iter().filter(|hop| !covered(hop)).collect();
            bail!(
                "the trace {trace_id} lacks {missing:?}; it has {} spans of {services:?}",
                spans.len()
            );
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn spans_of(body: &Value) -> Vec<Value> {
    body.as_array()
        .or_else(|| body["spans"].as_array())
        .cloned()
        .unwrap_or_default()
}
