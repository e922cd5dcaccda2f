//! That somebody took the owners of an area away in clear: who, when, why, how many rows.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ids::{AreaId, BuildingId, OwnerId};

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
    /// Whether the file names every owner of its place, past ones too: who that is follows from the ownerships.
    pub names_owners: bool,
    /// Whom it names beside them, and of whom of them it shows more.
    pub people: BTreeMap<OwnerId, Shown>,
}

/// What a file shows of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shown {
    /// The name.
    pub name: bool,
    /// The document number.
    pub document_number: bool,
    /// The mobile number.
    pub mobile: bool,
}

impl Shown {
    /// What ownerships show of an owner.
    pub const OWNER: Shown = Shown {
        name: true,
        document_number: true,
        mobile: false,
    };

    /// This and that.
    #[must_use]
    pub fn and(self, other: Shown) -> Shown {
        Shown {
            name: self.name || other.name,
            document_number: self.document_number || other.document_number,
            mobile: self.mobile || other.mobile,
        }
    }

    /// The fields, as looks name them.
    pub fn fields(self) -> Vec<&'static str> {
        let fields = [
            (self.name, "name"),
            (self.document_number, "document_number"),
            (self.mobile, "mobile"),
        ];
        fields
            .into_iter()
            .filter_map(|(shown, field)| shown.then_some(field))
            .collect()
    }
}
