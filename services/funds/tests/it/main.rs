//! The fund's use cases as its callers see them: through the API, on every database that can be had here.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod accept_work;
mod check_draw;
mod events;
mod import_deposits;
mod list_draws;
mod on_ballot;
mod pay_draw;
mod propose_draw;
mod replicate_registry;
mod statement;
mod town;
mod transitions;
mod trial_balance;
mod withdraw_draw;
