//! The error of every use case: a refusal of the registry, or one that any call may have.

use crate::domain::contract;
use crate::domain::price;
use crate::domain::refusal::{Kind, Refusal};
use crate::domain::regrouping;
use crate::domain::{delineation, division, import};
use crate::domain::{firm, part, roster};
use crate::domain::{owner, roll};

/// What a use case answers where it does not do what it was asked.
pub type AppError = rpc::AppError<Refusal>;

impl From<contract::Refusal> for AppError {
    fn from(refusal: contract::Refusal) -> Self {
        AppError::Refused(refusal.into())
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        AppError::Refused(refusal)
    }
}

impl From<price::Refusal> for AppError {
    fn from(refusal: price::Refusal) -> Self {
        AppError::Refused(refusal.into())
    }
}

impl From<regrouping::refusal::Refusal> for AppError {
    fn from(refusal: regrouping::refusal::Refusal) -> Self {
        AppError::Refused(refusal.into())
    }
}

impl From<import::refusal::Refusal> for AppError {
    fn from(refusal: import::refusal::Refusal) -> Self {
        AppError::Refused(refusal.into())
    }
}

impl From<firm::refusal::Refusal> for AppError {
    fn from(refusal: firm::refusal::Refusal) -> Self {
        AppError::Refused(refusal.into())
    }
}

impl From<division::refusal::Refusal> for AppError {
    fn from(refusal: division::refusal::Refusal) -> Self {
        AppError::Refused(refusal.into())
    }
}

impl From<owner::refusal::Refusal> for AppError {
    fn from(refusal: owner::refusal::Refusal) -> Self {
        AppError::Refused(refusal.into())
    }
}

impl From<roster::refusal::Refusal> for AppError {
    fn from(refusal: roster::refusal::Refusal) -> Self {
        AppError::Refused(refusal.into())
    }
}

impl From<part::refusal::Refusal> for AppError {
    fn from(refusal: part::refusal::Refusal) -> Self {
        AppError::Refused(refusal.into())
    }
}

impl From<roll::refusal::Refusal> for AppError {
    fn from(refusal: roll::refusal::Refusal) -> Self {
        AppError::Refused(refusal.into())
    }
}

impl From<delineation::refusal::Refusal> for AppError {
    fn from(refusal: delineation::refusal::Refusal) -> Self {
        AppError::Refused(refusal.into())
    }
}

impl rpc::Refusal for Refusal {
    fn kind(&self) -> rpc::Kind {
        match Refusal::kind(self) {
            Kind::Invalid => rpc::Kind::Invalid,
            Kind::NotFound => rpc::Kind::NotFound,
            Kind::WrongState => rpc::Kind::WrongState,
        }
    }

    fn reason(&self) -> &'static str {
        Refusal::reason(self)
    }

    fn zh(&self) -> String {
        Refusal::zh(self)
    }
}
