//! The service's error: its own refusals, and what every call may answer.

use rpc::Kind;

use crate::domain::Refusal;

/// The error of a use case.
pub type AppError = rpc::AppError<Refusal>;

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        AppError::Refused(refusal)
    }
}

impl rpc::Refusal for Refusal {
    fn kind(&self) -> Kind {
        match self {
            Refusal::AreaNotFound { .. } | Refusal::BallotNotFound { .. } => Kind::NotFound,
            Refusal::BuildingNotInArea { .. }
            | Refusal::NoticeTooShort { .. }
            | Refusal::WindowTooShort { .. }
            | Refusal::WindowTooLong { .. } => Kind::Invalid,
            Refusal::BallotWrongState { .. }
            | Refusal::RollEmpty
            | Refusal::VotingNotOpen { .. }
            | Refusal::VotingClosed { .. } => Kind::WrongState,
            Refusal::AlreadyVoted { .. } => Kind::AlreadyExists,
            Refusal::NotOnRoll { .. } | Refusal::CastByAnother { .. } => Kind::NotAllowed,
        }
    }

    fn reason(&self) -> &'static str {
        self.into()
    }

    fn zh(&self) -> String {
        self.message_zh()
    }
}
