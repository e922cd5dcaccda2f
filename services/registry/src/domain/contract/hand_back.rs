//! The hand-back after a contract's end: rooms, facilities, files (Civil Code article 949).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What is handed back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, strum::EnumIter)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// Property-service rooms (物业服务用房).
    Rooms,
    /// Shared facilities (相关设施).
    Facilities,
    /// Files (必需的相关资料).
    Files,
}

/// How far a hand-back is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandBack {
    /// Last day on which it is in time.
    pub due_on: NaiveDate,
    /// What was handed back, and when.
    pub done: BTreeMap<Item, NaiveDate>,
    /// Whether it was told that something was missing after that day.
    pub overdue: bool,
}

impl HandBack {
    /// Nothing yet.
    pub fn due(due_on: NaiveDate) -> Self {
        HandBack {
            due_on,
            done: BTreeMap::new(),
            overdue: false,
        }
    }

    /// Whether all of it was handed back.
    pub fn is_complete(&self) -> bool {
        use strum::IntoEnumIterator;
        Item::iter().all(|item| self.done.contains_key(&item))
    }
}
