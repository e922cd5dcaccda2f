//! What happened to divisions.

use chrono::NaiveDate;
use ids::DivisionCode;

/// What happened to a division; the code is the aggregate's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DivisionEvent {
    /// It gets another name from a day on.
    Renamed {
        /// The division.
        code: DivisionCode,
        /// Until then.
        before: String,
        /// From then on.
        name: String,
        /// The day.
        on: NaiveDate,
    },
    /// Others are merged into it from a day on.
    Merged {
        /// The division that survives.
        into: DivisionCode,
        /// Those that end, by code.
        from: Vec<DivisionCode>,
        /// The first day on which they are no more.
        on: NaiveDate,
    },
}
