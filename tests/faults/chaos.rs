//! What kills: one or two victims at a time, at random moments, up again after a short while.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use heju_tests::Platform;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::dice::Dice;

/// How long everything is left alone between two kills, in milliseconds.
const PEACE_MS: (u64, u64) = (700, 3_000);
/// How many times longer, when as many were killed as the run asks for: the rest of the work need not take for ever.
const CALM: u64 = 4;
/// How long a victim stays down, in milliseconds.
const DOWN_MS: (u64, u64) = (50, 1_500);
/// Out of 100 times a second victim goes down with the first.
const TWO_AT_ONCE: u64 = 15;

/// Kills until it is stopped.
pub struct Chaos {
    kills: Arc<AtomicUsize>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<BTreeMap<&'static str, usize>>>,
}

impl Chaos {
    /// Begins; goes on after `enough` kills, less often.
    pub fn start(platform: Arc<Platform>, mut dice: Dice, enough: usize) -> Self {
        let kills = Arc::new(AtomicUsize::new(0));
        let (stop, mut stopped) = oneshot::channel();
        let counter = kills.clone();
        let task = tokio::spawn(async move {
            let mut killed = BTreeMap::new();
            // Every victim once in a random order, then again in another: none is spared by chance.
            let mut queue = Vec::new();
            loop {
                let calm = if counter.load(Ordering::Relaxed) >= enough {
                    CALM
                } else {
                    1
                };
                let peace = Duration::from_millis(dice.between(PEACE_MS.0, PEACE_MS.1) * calm);
                if tokio::time::timeout(peace, &mut stopped).await.is_ok() {
                    return Ok(killed);
                }
                if let Some((name, end)) = platform.ended_by_themselves().first() {
                    bail!("{name} ended by itself, without having been killed: {end}");
                }
                let count = if dice.chance(TWO_AT_ONCE) { 2 } else { 1 };
                let mut down: Vec<&'static str> = Vec::new();
                while down.len() < count {
                    if queue.is_empty() {
                        queue = dice.shuffled(platform.victims());
                    }
                    let victim = queue.pop().context("there is nothing to kill")?;
                    if !down.contains(&victim) {
                        down.push(victim);
                    }
                }
                println!("        kill {}", down.join(" and "));
                for victim in &down {
                    platform.kill(victim);
                    *killed.entry(*victim).or_default() += 1;
                    counter.fetch_add(1, Ordering::Relaxed);
                }
                tokio::time::sleep(Duration::from_millis(dice.between(DOWN_MS.0, DOWN_MS.1))).await;
                for victim in &down {
                    platform
                        .start_again(victim)
                        .with_context(|| format!("starting {victim} again"))?;
                }
            }
        });
        Chaos { kills, stop, task }
    }

    /// How many were killed so far.
    pub fn kills(&self) -> usize {
        self.kills.load(Ordering::Relaxed)
    }

    /// Ends it with everything up again; returns who was killed how often.
    pub async fn stop(self) -> Result<BTreeMap<&'static str, usize>> {
        // Where the task has failed, nobody listens, and joining it says why.
        let _ = self.stop.send(());
        self.task.await?
    }
}
