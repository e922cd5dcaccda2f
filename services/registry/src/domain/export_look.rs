//! That somebody took the owners of an area away in clear: who, when, why, how many rows.

use chrono::{DateTime, Utc};
use ids::{AreaId, BuildingId};

/// A look at the owners of an area in clear, by a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportLook {
    /// The area.
    pub area_id: AreaId,
    /// Only this building of it; none for the whole area.
    pub building_id: Option<BuildingId>,
    /// When the file was asked for.
    pub looked_at: DateTime<Utc>,
    /// Whose account.
    pub subject: String,
    /// In which role.
    pub role: String,
    /// By which call.
    pub action: String,
    /// Why, in the caller's words; never empty.
    pub reason: String,
    /// Rows that name an owner.
    pub rows: i64,
    /// The trace of the call.
    pub trace_parent: Option<String>,
}
