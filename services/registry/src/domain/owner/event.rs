//! What happened to the records of owners. Nothing personal is in here.

use chrono::NaiveDate;
use ids::{LookId, OwnerId};

use super::agent::Agent;
use super::holding::Holding;
use super::record::Verification;
use super::representation::Representation;
use crate::domain::look::LookKind;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnerEvent {
    /// Somebody looked at an owner.
    LookedAt {
        /// At whom.
        owner_id: OwnerId,
        /// The look.
        look_id: LookId,
        /// What was done.
        kind: LookKind,
        /// In which role.
        role: String,
        /// What was shown.
        fields: Vec<String>,
    },
    /// A mobile number was recorded or deleted.
    MobileSet {
        /// Whose.
        owner_id: OwnerId,
        /// Whether one is recorded now.
        recorded: bool,
    },
    /// An owner was compared with the register.
    Verified {
        /// Who.
        owner_id: OwnerId,
        /// What it gave.
        verification: Verification,
    },
    /// Somebody acts for an owner.
    AgentNamed {
        /// For whom.
        owner_id: OwnerId,
        /// Who.
        agent: Agent,
    },
    /// Nobody acts for an owner any more.
    AgentEnded {
        /// For whom.
        owner_id: OwnerId,
        /// Who did.
        agent_id: OwnerId,
        /// From which day on.
        until: NaiveDate,
    },
    /// Shares or title were recorded.
    HoldingRecorded(Holding),
    /// Several owners chose who casts their vote.
    RepresentativeChosen {
        /// Who casts it.
        representation: Representation,
        /// The set of owners.
        owner_ids: Vec<OwnerId>,
    },
}
