//! The steps of a repair (使用申请 → 表决 → 预留 → 验收 → 划转), each as the one whose step it is.

use std::time::Duration;

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::expected::{Scope, Tally};
use crate::people::People;
use crate::rest::{Caller, number, text};

/// Longest wait for what another service does with an event, while nothing is killed.
pub const WITHIN: Duration = Duration::from_secs(30);

/// A repair that is before the owners.
#[derive(Debug, Clone)]
pub struct Vote {
    /// `draw_…`
    pub draw_id: String,
    /// `ballot_…`
    pub ballot_id: String,
    /// The ballot as announced.
    pub ballot: Value,
}

/// When votes are taken.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// From here.
    pub opens_at: DateTime<Utc>,
    /// Before this.
    pub closes_at: DateTime<Utc>,
}

impl Window {
    /// A window that any ballot announced within the next hour of the platform may have.
    pub fn after(now: DateTime<Utc>) -> Self {
        let opens_at = now + TimeDelta::days(17);
        Window {
            opens_at,
            closes_at: opens_at + TimeDelta::days(6),
        }
    }

    /// As the API takes it.
    pub fn json(&self) -> Value {
        json!({ "opensAt": self.opens_at.to_rfc3339(), "closesAt": self.closes_at.to_rfc3339() })
    }
}

impl People {
    /// The platform's time.
    ///
    /// # Errors
    /// Where it is not told.
    pub async fn now(&self) -> Result<DateTime<Utc>> {
        let clock = self.administrator.read("/v1/clock").await?;
        Ok(DateTime::parse_from_rfc3339(&text(&clock["now"])?)?.with_timezone(&Utc))
    }

    /// Moves the platform's clock forward to `to`; does nothing where it is there already.
    ///
    /// # Errors
    /// Where it cannot be moved.
    pub async fn move_clock_to(&self, to: DateTime<Utc>) -> Result<()> {
        let key = format!("clock-{}", to.timestamp_micros());
        let answer = self
            .administrator
            .decide("/v1/clock/advance", &key, &json!({ "to": to.to_rfc3339() }))
            .await?;
        // A gateway that was killed after the move no longer knows that it made it.
        if answer.reason() == "CLOCK_CANNOT_GO_BACK" && self.now().await? >= to {
            return Ok(());
        }
        answer.accepted().context("moving the clock").map(|_| ())
    }

    /// The firm proposes; returns the draw.
    ///
    /// # Errors
    /// The refusal.
    pub async fn propose(&self, scope: &Scope, title: &str, budget_fen: i64, key: &str) -> Result<Value> {
        self.firm
            .write("/v1/draws", key, &proposal(scope, title, budget_fen))
            .await
    }

    /// The community checks; returns the draw.
    ///
    /// # Errors
    /// The refusal.
    pub async fn check(&self, draw_id: &str, key: &str) -> Result<Value> {
        self.community
            .write(
                &format!("/v1/draws/{draw_id}/check"),
                key,
                &json!({ "remark": "现场查看属实" }),
            )
            .await
    }

    /// Waits for the ballot that a checked draw asked for; returns its id.
    ///
    /// # Errors
    /// Where it does not appear.
    pub async fn ballot_of(&self, draw_id: &str, within: Duration) -> Result<String> {
        let path = format!("/v1/ballots?draw_id={draw_id}");
        let there = |page: &Value| {
            page["ballots"]
                .as_array()
                .is_some_and(|ballots| !ballots.is_empty())
        };
        let page = self.community.wait_for(&path, within, there).await?;
        text(&page["ballots"][0]["ballotId"])
    }

    /// The community announces; returns the ballot.
    ///
    /// # Errors
    /// The refusal.
    pub async fn announce(&self, ballot_id: &str, window: Window, key: &str) -> Result<Value> {
        self.community
            .write(&format!("/v1/ballots/{ballot_id}/announce"), key, &window.json())
            .await
    }

    /// Proposes, checks, waits for the ballot and announces it.
    ///
    /// # Errors
    /// The first refusal.
    pub async fn bring_to_the_vote(
        &self,
        scope: &Scope,
        title: &str,
        budget_fen: i64,
        key: &str,
    ) -> Result<(Vote, Window)> {
        let draw = self
            .propose(scope, title, budget_fen, &format!("{key}-propose"))
            .await?;
        let draw_id = text(&draw["drawId"])?;
        self.check(&draw_id, &format!("{key}-check")).await?;
        let ballot_id = self.ballot_of(&draw_id, WITHIN).await?;
        let window = Window::after(self.now().await?);
        let ballot = self
            .announce(&ballot_id, window, &format!("{key}-announce"))
            .await?;
        Ok((
            Vote {
                draw_id,
                ballot_id,
                ballot,
            },
            window,
        ))
    }

    /// Moves the clock past the closing, and waits for the count; returns the ballot.
    ///
    /// # Errors
    /// Where it is not counted in time.
    pub async fn close(&self, vote: &Vote, window: Window) -> Result<Value> {
        self.move_clock_to(window.closes_at + TimeDelta::seconds(1))
            .await?;
        let path = format!("/v1/ballots/{}", vote.ballot_id);
        self.community
            .wait_for(&path, WITHIN, |ballot| ballot["state"] == "BALLOT_STATE_DECIDED")
            .await
    }

    /// Waits until the draw has come to a state; returns it.
    ///
    /// # Errors
    /// Where it does not in time.
    pub async fn draw_in(&self, draw_id: &str, state: &str, within: Duration) -> Result<Value> {
        self.community
            .wait_for(&format!("/v1/draws/{draw_id}"), within, |draw| {
                draw["state"] == state
            })
            .await
    }

    /// The community accepts the work; returns the draw.
    ///
    /// # Errors
    /// The refusal.
    pub async fn accept(&self, draw_id: &str, settled_fen: i64, key: &str) -> Result<Value> {
        let body = json!({ "settledFen": settled_fen.to_string() });
        self.community
            .write(&format!("/v1/draws/{draw_id}/accept"), key, &body)
            .await
    }

    /// The authority has the bank pay; returns the draw.
    ///
    /// # Errors
    /// The refusal.
    pub async fn pay(&self, draw_id: &str, key: &str) -> Result<Value> {
        let body = json!({ "bankReference": format!("ICBC-{}", &draw_id[draw_id.len() - 12..]) });
        self.authority
            .write(&format!("/v1/draws/{draw_id}/pay"), key, &body)
            .await
    }
}

/// A proposal as the API takes it.
pub fn proposal(scope: &Scope, title: &str, budget_fen: i64) -> Value {
    json!({
        "scope": scope.json(),
        "part": "SHARED_PART_ROOF_WATERPROOFING",
        "title": title,
        "text": "屋面防水层老化，多户渗漏；拟整体翻修并更换排水口。",
        "budgetFen": budget_fen.to_string(),
    })
}

/// An owner votes; returns the vote.
///
/// # Errors
/// The refusal.
pub async fn cast_vote(
    voter: &Caller,
    ballot_id: &str,
    home_id: &str,
    choice: &str,
    key: &str,
) -> Result<Value> {
    let body = json!({ "homeId": home_id, "choice": choice });
    voter
        .write(&format!("/v1/ballots/{ballot_id}/votes"), key, &body)
        .await
}

/// Heads and area of a tally.
pub fn tally(value: &Value) -> Tally {
    Tally {
        heads: number(&value["heads"]),
        area: number(&value["area"]),
    }
}
