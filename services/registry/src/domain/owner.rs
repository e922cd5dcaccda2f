//! Owners (业主). What is here is masked; names and numbers in clear exist only on the way into the seal.

use std::fmt;

use chrono::NaiveDate;
use ids::{CitizenId, CodeError, CreditCode, OwnerId};
use serde::{Deserialize, Serialize};

pub mod agent;
pub mod event;
pub mod holding;
pub mod record;
pub mod refusal;
pub mod representation;

/// An owner as others may see one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// Derived from the document with the platform's key.
    pub id: OwnerId,
    /// Name, masked; a legal person's in full.
    pub name: String,
    /// True for a company or other organisation (法人).
    pub legal_person: bool,
    /// Document number, masked; a credit code in full.
    pub document_number: String,
}

impl Owner {
    /// What proves who the owner is.
    pub fn document_kind(&self) -> DocumentKind {
        if self.legal_person {
            DocumentKind::CreditCode
        } else {
            DocumentKind::CitizenId
        }
    }
}

/// What proves who an owner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DocumentKind {
    /// Citizen identity number (公民身份号码).
    CitizenId,
    /// Unified social credit code (统一社会信用代码).
    CreditCode,
}

/// A document that was checked. Personal data: `Debug` shows the kind only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Document {
    kind: DocumentKind,
    number: String,
}

impl Document {
    /// Reads a document's number, check character included.
    ///
    /// # Errors
    /// What is wrong with it, without repeating it.
    pub fn read(kind: DocumentKind, number: &str) -> Result<Self, CodeError> {
        let number = match kind {
            DocumentKind::CitizenId => number.parse::<CitizenId>()?.as_str().to_owned(),
            DocumentKind::CreditCode => number.parse::<CreditCode>()?.as_str().to_owned(),
        };
        Ok(Document { kind, number })
    }

    /// What it is.
    pub fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// The number in clear: to be sealed, never logged.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// True where it is a company's.
    pub fn is_of_legal_person(&self) -> bool {
        match self.kind {
            DocumentKind::CitizenId => false,
            DocumentKind::CreditCode => true,
        }
    }

    /// The day of birth that a citizen's number holds; none of a company. Never told to anybody: only ages are computed.
    pub fn born_on(&self) -> Option<NaiveDate> {
        match self.kind {
            DocumentKind::CitizenId => Some(self.number.parse::<CitizenId>().ok()?.born_on()),
            DocumentKind::CreditCode => None,
        }
    }

    /// `CITIZEN_ID:…`: the natural key of the owner, from which the id is derived with the platform's key.
    pub fn natural_key(&self) -> String {
        let kind: &str = self.kind.into();
        format!("{kind}:{}", self.number)
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// An owner in clear, as a table names one. `Debug` hides the name.
#[derive(Clone, PartialEq, Eq)]
pub struct NamedOwner {
    /// Derived from the document with the platform's key.
    pub id: OwnerId,
    /// The document.
    pub document: Document,
    /// The name in clear.
    pub name: String,
}

impl fmt::Debug for NamedOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NamedOwner")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
