//! Looks at people in clear: none goes unrecorded, and whom it concerns can read it (个人信息保护法 articles 44, 45, 51).

use chrono::{DateTime, Utc};
use ids::{LookId, OwnerId, StaffId};
use serde::{Deserialize, Serialize};

/// What was done.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum LookKind {
    /// The record was shown in clear.
    Revealed,
    /// The owner was found by the document's number.
    Found,
    /// The owners of an area or a building were taken away as a file.
    Exported,
}

/// At whom somebody looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// An owner.
    Owner(OwnerId),
    /// Somebody whom a firm employs.
    Staff(StaffId),
}

/// Somebody looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Its id, in the order of time.
    pub id: LookId,
    /// At whom.
    pub seen: Seen,
    /// What was done.
    pub kind: LookKind,
    /// By which call, `registry.RevealOwner`.
    pub call: String,
    /// The account that looked.
    pub account: String,
    /// The role in which it looked.
    pub role: String,
    /// The division for which it acts; empty for an owner or a firm, and for a file.
    pub division: String,
    /// Why.
    pub reason: String,
    /// What was shown.
    pub fields: Vec<String>,
    /// When first.
    pub looked_at: DateTime<Utc>,
    /// How often under the same key.
    pub times: i32,
    /// When last.
    pub last_at: DateTime<Utc>,
}
