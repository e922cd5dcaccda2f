//! How long an event takes from the answer of its write to a client of the live events.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::connection::Connection;
use super::load;
use super::stage::Stage;
use super::work::Votes;
use crate::up;

/// How many events are timed.
pub const COUNT: usize = 500;
/// Longest wait for one of them.
const WITHIN: Duration = Duration::from_secs(10);

/// What the reader of the live events tells.
enum Told {
    /// The stream is open: what happens from now on is told.
    Open,
    /// A vote was told of.
    Vote { vote_id: String, at: Instant },
}

/// Casts votes one after the other and times their events, sorted. An event that is there before the answer counts
/// as zero.
pub fn measure(stage: &Stage, votes: &Votes) -> Result<Vec<Duration>> {
    let gateway = stage.platform.run.gateway.clone();
    let token = load::sign_in_all(&gateway, &["authority".to_owned()], up::DEMO_PASSWORD)?;
    let token = token.first().context("the authority cannot sign in")?.to_string();
    let (tell, told) = mpsc::channel();
    let address = gateway.clone();
    // Ends with the platform, which closes the stream.
    std::thread::spawn(move || {
        if let Err(error) = listen(&address, &token, &tell) {
            eprintln!("live events: {error:#}");
        }
    });
    let Ok(Told::Open) = told.recv_timeout(WITHIN) else {
        bail!("the live events did not open")
    };

    let mut connection = Connection::open(&gateway)?;
    let mut answered = HashMap::with_capacity(COUNT);
    for _ in 0..COUNT {
        let request = votes.next().context("too few ballots to time events")?;
        let answer: Value = serde_json::from_str(&connection.post(&request)?)?;
        let at = Instant::now();
        answered.insert(
            answer["voteId"]
                .as_str()
                .context("a vote without an id")?
                .to_owned(),
            at,
        );
    }
    collect(answered, &told)
}

fn collect(mut answered: HashMap<String, Instant>, told: &Receiver<Told>) -> Result<Vec<Duration>> {
    let mut delays = Vec::with_capacity(answered.len());
    while !answered.is_empty() {
        let Ok(told) = told.recv_timeout(WITHIN) else {
            bail!("{} events did not come", answered.len())
        };
        if let Told::Vote { vote_id, at } = told
            && let Some(sent) = answered.remove(&vote_id)
        {
            delays.push(at.saturating_duration_since(sent));
        }
    }
    delays.sort();
    Ok(delays)
}

fn listen(gateway: &str, token: &str, tell: &Sender<Told>) -> Result<()> {
    let agent: ureq::Agent = ureq::Agent::config_builder().build().into();
    let answer = agent
        .get(format!("{gateway}/v1/events/stream"))
        .header("authorization", format!("Bearer {token}"))
        .call()
        .context("opening the live events")?;
    for line in BufReader::new(answer.into_body().into_reader()).lines() {
        // The platform was stopped.
        let Ok(line) = line else { return Ok(()) };
        let at = Instant::now();
        let message = if line.starts_with("retry:") {
            Told::Open
        } else if let Some(vote_id) = line.strip_prefix("data:").and_then(vote_id) {
            Told::Vote { vote_id, at }
        } else {
            continue;
        };
        // Whoever asked has all it wanted.
        if tell.send(message).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

fn vote_id(data: &str) -> Option<String> {
    let event: Value = serde_json::from_str(data.trim()).ok()?;
    Some(event["voteId"].as_str()?.to_owned())
}
