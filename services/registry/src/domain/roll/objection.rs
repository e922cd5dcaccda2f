//! Objections to a published roll, and their answers (业主大会和业主委员会指导规则 article 12).

use chrono::{DateTime, Utc};
use ids::{ObjectionId, OwnerId, RollId};
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Whether the roll was wrong.
    pub upheld: bool,
    /// The text.
    pub text: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// An objection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// Its id, in the order of time.
    pub id: ObjectionId,
    /// The roll.
    pub roll_id: RollId,
    /// Who objects.
    pub owner_id: OwnerId,
    /// What is wrong.
    pub text: String,
    /// When it was raised.
    pub raised_at: DateTime<Utc>,
    /// The answer; none before.
    pub answer: Option<Answer>,
}

impl Objection {
    /// Answers it.
    ///
    /// # Errors
    /// `OBJECTION_ANSWERED` where it is answered already.
    pub fn answer(mut self, answer: Answer) -> Result<Self, Refusal> {
        if self.answer.is_some() {
            return Err(Refusal::ObjectionAnswered);
        }
        self.answer = Some(answer);
        Ok(self)
    }
}
