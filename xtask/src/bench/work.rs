//! What is measured: votes, and draws proposed.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::load::Request;
use super::stage::Stage;

/// Votes to cast: every owner once on every ballot.
pub struct Votes<'a> {
    stage: &'a Stage,
    ballots: &'a [String],
    next: AtomicUsize,
}

impl<'a> Votes<'a> {
    /// The votes on these ballots.
    pub fn new(stage: &'a Stage, ballots: &'a [String]) -> Self {
        Votes {
            stage,
            ballots,
            next: AtomicUsize::new(0),
        }
    }

    /// The next vote; none when all are cast.
    pub fn next(&self) -> Option<Request> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let voters = &self.stage.voters;
        let ballot_id = self.ballots.get(number / voters.len())?;
        let voter = &voters[number % voters.len()];
        let choice = ["CHOICE_FOR", "CHOICE_AGAINST", "CHOICE_ABSTAIN"][number % 3];
        Some(Request {
            path: format!("/v1/ballots/{ballot_id}/votes"),
            token: voter.token.clone(),
            key: format!("vote-{ballot_id}"),
            body: json!({ "homeId": voter.home_id, "choice": choice }).to_string(),
        })
    }
}

/// Draws to propose for the story's building, as many as anybody asks for.
pub struct Proposals<'a> {
    stage: &'a Stage,
    body: String,
    next: AtomicUsize,
}

impl<'a> Proposals<'a> {
    /// Proposals of the story's firm.
    pub fn new(stage: &'a Stage) -> Self {
        let body = json!({
            "scope": { "areaId": stage.story["area_id"], "buildingIds": [stage.story["building_id"]] },
            "part": "SHARED_PART_ROOF_WATERPROOFING",
            "title": "屋面防水翻修",
            "text": "屋面防水层老化，多户渗漏；拟整体翻修并更换排水口。",
            "budgetFen": "4567890",
        });
        Proposals {
            stage,
            body: body.to_string(),
            next: AtomicUsize::new(0),
        }
    }

    /// The next proposal.
    pub fn next(&self) -> Option<Request> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        Some(Request {
            path: "/v1/draws".into(),
            token: self.stage.firm.clone(),
            key: format!("draw-{number}"),
            body: self.body.clone(),
        })
    }
}
