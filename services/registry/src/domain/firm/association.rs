//! What the industry association (行业协会) keeps of its members: trainings and self-discipline records (自律记录).
//! Both are written once and never changed.

use chrono::NaiveDate;
use ids::{ConductId, FirmId, StaffId, TrainingId};
use serde::{Deserialize, Serialize};

/// A training that people of a firm took part in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Training {
    /// Made when recorded.
    pub id: TrainingId,
    /// The firm.
    pub firm_id: FirmId,
    /// What was taught.
    pub course: String,
    /// Who held it.
    pub organiser: String,
    /// The day.
    pub held_on: NaiveDate,
    /// Hours of teaching.
    pub hours: i32,
    /// Who took part, each once, in order.
    pub staff_ids: Vec<StaffId>,
}

/// What is said of a firm's conduct.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ConductKind {
    /// Praise (表彰).
    Praise,
    /// A talk to remind (约谈提醒).
    Reminder,
    /// Warning (警告).
    Warning,
    /// Criticism before the whole trade (行业通报批评).
    PublicCriticism,
    /// Expulsion from the association (取消会员资格): ends the membership.
    Expulsion,
}

impl ConductKind {
    /// Whether it ends the membership.
    pub fn ends_membership(self) -> bool {
        match self {
            ConductKind::Expulsion => true,
            ConductKind::Praise
            | ConductKind::Reminder
            | ConductKind::Warning
            | ConductKind::PublicCriticism => false,
        }
    }
}

/// A self-discipline record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conduct {
    /// Made when recorded.
    pub id: ConductId,
    /// The firm.
    pub firm_id: FirmId,
    /// What is said.
    pub kind: ConductKind,
    /// Why.
    pub reason: String,
    /// The day.
    pub recorded_on: NaiveDate,
    /// Who decided it.
    pub organiser: String,
}
