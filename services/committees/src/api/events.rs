//! What happened, as messages of the contract on their way into the outbox.

use outbox::Message;
use proto::committees::v1 as pb;

use crate::domain::{Ballot, BallotEvent, VoteCast};

impl From<&BallotEvent> for Message {
    fn from(event: &BallotEvent) -> Self {
        match event {
            BallotEvent::Prepared(ballot) => of_ballot(
                &pb::BallotPrepared {
                    ballot: message(ballot),
                },
                ballot,
            ),
            BallotEvent::Announced(ballot) => of_ballot(
                &pb::BallotAnnounced {
                    ballot: message(ballot),
                },
                ballot,
            ),
            BallotEvent::Decided(ballot) => of_ballot(
                &pb::BallotDecided {
                    ballot: message(ballot),
                },
                ballot,
            ),
            BallotEvent::Withdrawn(ballot) => of_ballot(
                &pb::BallotWithdrawn {
                    ballot: message(ballot),
                },
                ballot,
            ),
            BallotEvent::VoteCast(told) => vote_cast(told),
        }
    }
}

fn message(ballot: &Ballot) -> Option<pb::Ballot> {
    Some(ballot.into())
}

fn of_ballot<E: proto::Event>(event: &E, ballot: &Ballot) -> Message {
    Message::of(event, ballot.id, ballot.version, &ballot.division)
}

fn vote_cast(told: &VoteCast) -> Message {
    let event = pb::VoteCast {
        vote_id: told.vote_id.to_string(),
        ballot_id: told.ballot_id.to_string(),
        home_ids: told.home_ids.iter().map(ToString::to_string).collect(),
        area: told.area.0,
        cast_at: Some(told.cast_at.into()),
    };
    // A vote stands as it was cast: it has one version.
    Message::of(&event, told.vote_id, 1, &told.division)
}
