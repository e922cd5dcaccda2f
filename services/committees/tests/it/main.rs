//! The service through its own rpcs, events and deadlines, on every database that can be had.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod announce_ballot;
mod cast_vote;
mod close_ballot;
mod draws;
mod list_ballots;
mod mergers;
mod migrations;
mod prepare_ballot;
mod price_ballots;
mod registry_peer;
mod replica;
mod replica_of_a_city;
mod secrecy;
mod sources;
mod stage;
mod transitions;
mod voters;
mod withdraw_ballot;
