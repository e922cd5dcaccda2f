//! Where bad input is handed in: looks at every answer, and that the books are as before.

use std::collections::BTreeMap;

use anyhow::Result;
use heju_tests::rest::Answer;
use heju_tests::{Caller, People, Platform};
use serde_json::Value;

/// The desk of one platform.
pub struct Desk {
    /// The platform.
    pub platform: Platform,
    /// Who hands in.
    pub people: People,
    keys: u32,
    refused: u32,
    faults: Vec<String>,
    before: BTreeMap<String, i64>,
}

impl Desk {
    /// Opens it.
    pub fn new(platform: Platform, people: People) -> Self {
        Desk {
            platform,
            people,
            keys: 0,
            refused: 0,
            faults: Vec::new(),
            before: BTreeMap::new(),
        }
    }

    /// Panics with everything that was found wrong; where nothing was, the platform is thrown away.
    pub fn close(self) {
        assert!(
            self.faults.is_empty(),
            "{} of {}:\n{}",
            self.faults.len(),
            self.refused,
            self.faults.join("\n")
        );
        println!(
            "{} refusals, each with its reason, in both languages, and without effect",
            self.refused
        );
        self.platform.passed();
    }

    /// A key that was not used before.
    pub fn key(&mut self) -> String {
        self.keys += 1;
        format!("bad-input-{}", self.keys)
    }

    /// Notes what the books hold before something that must change nothing. Events on their way are waited for.
    pub async fn look(&mut self) -> Result<()> {
        self.before = self.at_rest().await?;
        Ok(())
    }

    /// Panics where the books are as they were at the last look: something was accepted, and must be seen in them.
    pub async fn sees_a_change(&self) -> Result<()> {
        assert_ne!(
            self.at_rest().await?,
            self.before,
            "the books do not show what was accepted"
        );
        Ok(())
    }

    /// A write that must be refused.
    pub async fn refuses(
        &mut self,
        who: &Caller,
        path: &str,
        body: &Value,
        expected: (u16, &str),
    ) -> Result<()> {
        let key = self.key();
        self.look().await?;
        let answer = who.post(path, &key, body).await?;
        self.refused(&format!("POST {path} {body}"), &answer, expected)
            .await
    }

    /// A read that must be refused.
    pub async fn refuses_to_tell(&mut self, who: &Caller, path: &str, expected: (u16, &str)) -> Result<()> {
        self.look().await?;
        let answer = who.get(path).await?;
        self.refused(&format!("GET {path}"), &answer, expected).await
    }

    /// The answer is this refusal, whole, and nothing was changed since the last look.
    pub async fn refused(&mut self, what: &str, answer: &Answer, expected: (u16, &str)) -> Result<()> {
        let text = |field: &str| answer.body[field].as_str().unwrap_or_default().to_owned();
        let is_traced = answer.trace_id.len() == 32 && text("traceId") == answer.trace_id;
        let is_coded = answer.body["code"].is_i64() && !text("status").is_empty();
        let seen = format!("{what}: {} {}", answer.status, answer.body);
        self.demand((answer.status, answer.reason()) == expected, || {
            format!("{expected:?} is expected of {seen}")
        });
        self.demand(is_chinese(&text("message")), || {
            format!("no Chinese message in {seen}")
        });
        self.demand(is_english(&text("messageEn")), || {
            format!("no English message in {seen}")
        });
        self.demand(is_traced && is_coded, || {
            format!("trace or code is missing in {seen}")
        });
        self.nothing_changed(&seen).await
    }

    /// A table that was read and is in error: the report tells lines and reasons, and nothing was recorded.
    pub async fn reported(&mut self, what: &str, report: &Value, expected: &[(u32, &str)]) -> Result<()> {
        let empty = Vec::new();
        let errors = report["errors"].as_array().unwrap_or(&empty);
        let told: Vec<(u32, &str)> = errors
            .iter()
            .map(|error| {
                (
                    error["line"].as_u64().unwrap_or_default() as u32,
                    error["reason"].as_str().unwrap_or_default(),
                )
            })
            .collect();
        self.demand(told == expected, || {
            format!("{expected:?} is expected of {what}: {report}")
        });
        for error in errors {
            let text = |field: &str| error[field].as_str().unwrap_or_default();
            let is_told = is_chinese(text("messageZh")) && is_english(text("messageEn"));
            self.demand(is_told, || format!("a message is missing in {error}"));
        }
        self.nothing_changed(what).await
    }

    fn demand(&mut self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.faults.push(fault());
        }
    }

    async fn nothing_changed(&mut self, what: &str) -> Result<()> {
        let after = self.at_rest().await?;
        let changed: Vec<(&String, i64, &i64)> = after
            .iter()
            .filter_map(|(table, count)| {
                let before = self.before.get(table).copied().unwrap_or_default();
                (before != *count).then_some((table, before, count))
            })
            .collect();
        let fault = format!("{what} changed {changed:?}");
        self.demand(changed.is_empty(), || fault);
        self.refused += 1;
        Ok(())
    }

    /// The books when two looks agree: what an earlier write set off has come to its end.
    async fn at_rest(&self) -> Result<BTreeMap<String, i64>> {
        let mut seen = self.platform.books.fingerprint().await?;
        if seen == self.before {
            return Ok(seen);
        }
        for _ in 0..100 {
            tokio::time::sleep(std::time::Duration::from_millis(250)).await;
            let now = self.platform.books.fingerprint().await?;
            if now == seen {
                break;
            }
            seen = now;
        }
        Ok(seen)
    }
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

fn is_english(text: &str) -> bool {
    text.split_whitespace().filter(|word| word.is_ascii()).count() >= 2
}
