//! The fund's use cases as its callers see them: through the API, on every database that can be had here.
#![allow(clippy::unwrap_used, clippy::expect_used)]

// As the other crates of the workspace call it.
extern crate heju_funds as funds;

mod accept_work;
mod check_draw;
mod events;
mod import_deposits;
mod large_area;
mod list_draws;
mod mergers;
mod moved_homes;
mod on_ballot;
mod pay_draw;
mod places;
mod propose_draw;
mod replica_of_a_city;
mod replicate_registry;
mod sources;
mod statement;
mod town;
mod transitions;
mod trial_balance;
mod warranties;
mod withdraw_draw;
