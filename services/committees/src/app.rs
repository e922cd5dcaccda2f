//! What the service does: a use case a file.

mod announce_ballot;
mod cast_vote;
mod close_ballot;
mod get_ballot;
mod list_ballots;
mod list_own_votes;
mod on_divisions_merged;
mod on_draw_withdrawn;
mod on_price_adjustment_over;
mod on_price_ballot_requested;
mod on_vote_requested;
mod places;
mod prepare_ballot;
mod replicate_registry;
mod resource;
mod withdraw_ballot;

use std::sync::Arc;

use access::Access;
use calendar::{Clock, today};
use chrono::{DateTime, Utc};
use rpc::General;
use rules::{RuleSet, VoteRules};

pub use announce_ballot::AnnounceBallot;
pub use cast_vote::CastVote;
pub use list_ballots::ListBallots;
pub use prepare_ballot::PrepareBallot;
pub use replicate_registry::RegistryChange;
pub use withdraw_ballot::WithdrawBallot;

pub use crate::store::{AreaRecord, BallotView, BuildingRecord, OwnershipRecord};

use crate::error::AppError;
use crate::peers::Registry;
use crate::store::Store;

/// The deadline at which a ballot is counted.
pub const CLOSE_BALLOT: &str = "close_ballot";

/// The service's use cases. Cheap to clone.
#[derive(Clone)]
pub struct App {
    store: Store,
    clock: Arc<dyn Clock>,
    access: Access,
    rules: Arc<RuleSet>,
    registry: Registry,
}

impl App {
    /// The use cases over a store; rolls are asked of `registry`.
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        access: Access,
        rules: Arc<RuleSet>,
        registry: Registry,
    ) -> Self {
        App {
            store,
            clock,
            access,
            rules,
            registry,
        }
    }

    /// The rules of voting of the day in China at this instant.
    ///
    /// # Errors
    /// `INTERNAL` where the rule set has a gap on that day.
    fn vote_rules(&self, at: DateTime<Utc>) -> Result<VoteRules, AppError> {
        let rules = self.rules.at(today(at)).map_err(|error| General::Internal {
            source: Box::new(error),
        })?;
        Ok(rules.vote)
    }
}
