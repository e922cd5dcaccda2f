//! Duties (职责) of the three levels, and the departments (部门) with what each is competent for: published data.

use super::Level;

/// A duty of a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Its key, which does not change.
    pub key: String,
    /// The level that has it; a village has those of a community.
    pub level: Level,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// The article or task it follows from.
    pub source: String,
    /// False where the source is still to be compared with the official text.
    pub verified: bool,
}

/// A department with its competence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// Its key, which does not change.
    pub key: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// What it leads, then what it takes part in.
    pub competences: Vec<Competence>,
}

/// What a department does in a matter (事项).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Competence {
    /// The matter's key, which does not change.
    pub matter: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// True where the department leads.
    pub leads: bool,
    /// The article it follows from.
    pub source: String,
    /// False where the source is still to be compared with the official text.
    pub verified: bool,
}
