//! Firms (企业): property firms, developers, banks and others. Names and codes are public and never masked.

pub mod association;
pub mod certificate;
pub mod event;
pub mod history;
pub mod record;
pub mod refusal;
pub mod staff;

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
    /// Bank (银行).
    Bank,
    /// Auditor (会计师事务所、审计机构).
    Auditor,
    /// Contractor for one service or trade (专业服务单位).
    Contractor,
}

/// A firm, as every other service knows it. What else is known of it is its [`record::FirmRecord`].
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
