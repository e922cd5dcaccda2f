//! Which event of which service leads to which use case.

use committees::v1::{BallotDecided, Matter};
use outbox::{Reaction, Reactions, Received};
use proto::committees;
use rpc::{CallContext, Invalid, field};

use crate::app::App;
use crate::domain::contract::DecidedBallot;

/// All reactions.
pub fn all(app: &App) -> Reactions {
    Reactions::new().with(on_ballot_decided(app.clone()))
}

fn on_ballot_decided(app: App) -> Reaction {
    Reaction::new("on_ballot_decided", "committees").on(
        move |ctx: CallContext, received: Received<BallotDecided>| {
            let app = app.clone();
            async move { app.on_ballot_decided(&ctx, decided(received.event)?).await }
        },
    )
}

/// A decided ballot, as far as the registry needs it.
fn decided(event: BallotDecided) -> Result<DecidedBallot, Invalid> {
    let ballot = event.ballot.ok_or_else(|| lacking("ballot"))?;
    let scope = ballot.scope.as_ref().ok_or_else(|| lacking("ballot.scope"))?;
    let result = ballot.result.as_ref().ok_or_else(|| lacking("ballot.result"))?;
    let decided_at = result.decided_at.as_ref().map(|at| (at.seconds, at.nanos));
    let decided_at = field::instant("ballot.result.decidedAt", decided_at)?;
    Ok(DecidedBallot {
        id: field::id("ballot.ballotId", &ballot.ballot_id)?,
        area_id: field::id("ballot.scope.areaId", &scope.area_id)?,
        of_whole_area: scope.building_ids.is_empty() && scope.stairwells.is_empty(),
        item: item(ballot.matter()).ok_or_else(|| lacking("ballot.matter"))?,
        passed: result.passed,
        decided_on: calendar::today(decided_at),
        adjustment_id: field::optional_id("ballot.adjustmentId", &ballot.adjustment_id)?,
    })
}

/// The item of Civil Code article 278 that a matter is.
fn item(matter: Matter) -> Option<u8> {
    match matter {
        Matter::Unspecified => None,
        Matter::RulesOfProcedure => Some(1),
        Matter::Covenant => Some(2),
        Matter::CommitteeElection => Some(3),
        Matter::PropertyFirm => Some(4),
        Matter::FundUse => Some(5),
        Matter::FundRaising => Some(6),
        Matter::Rebuilding => Some(7),
        Matter::SharedPartsUse => Some(8),
        Matter::Other => Some(9),
    }
}

/// A field that an event of our own contract must have: without it the event becomes a dead letter.
fn lacking(field: &'static str) -> Invalid {
    Invalid::new(
        field,
        "EVENT_MALFORMED",
        "is missing or cannot be read",
        "缺失或无法读取",
    )
}
