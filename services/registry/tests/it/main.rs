//! The registry as its callers see it: every call through its guard, on every database that can be had.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod deliver_homes;
mod events;
mod exports;
mod import_history;
mod import_refusals;
mod import_table;
mod imports;
mod reads;
mod roll;
mod set_up;
mod transfer_home;
mod world;
