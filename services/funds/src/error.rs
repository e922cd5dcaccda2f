//! The error of every use case here.

use rpc::General;

use crate::domain::ledger::LedgerError;
use crate::domain::refusal::Refusal;

/// What a use case of this service answers where it does not succeed.
pub type AppError = rpc::AppError<Refusal>;

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        AppError::Refused(refusal)
    }
}

impl From<LedgerError> for AppError {
    /// No request can cause one: a posting that does not balance or overdraws is a bug of ours.
    fn from(error: LedgerError) -> Self {
        AppError::General(General::Internal {
            source: Box::new(error),
        })
    }
}

/// Rules that do not cover the day: the rule set that the operator gave is incomplete.
pub(crate) fn rules_missing(error: rules::RuleError) -> AppError {
    AppError::General(General::Internal {
        source: Box::new(error),
    })
}
