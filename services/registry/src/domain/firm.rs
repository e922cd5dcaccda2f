//! Firms (企业): developers and property firms. Public records, never masked.

use ids::{CreditCode, FirmId};
use serde::{Deserialize, Serialize};

/// What a firm does.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum FirmKind {
    /// Property firm (物业服务企业).
    Property,
    /// Developer (建设单位).
    Developer,
}

/// A firm. Recorded once; its version is always 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Firm {
    /// Derived from the credit code.
    pub id: FirmId,
    /// Unified social credit code: the natural key.
    pub credit_code: CreditCode,
    /// Registered name.
    pub name: String,
    /// What it does.
    pub kind: FirmKind,
}

impl Firm {
    /// The id of the firm with this credit code.
    pub fn id_of(credit_code: &CreditCode) -> FirmId {
        FirmId::derive(credit_code.as_str())
    }
}
