//! The registry as its callers see it: every call through its guard, on every database that can be had.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod boundaries;
mod delineation_roles;
mod delineations;
mod deliver_homes;
mod divisions;
mod events;
mod import_refusals;
mod import_table;
mod imports;
mod reads;
mod roll;
mod search;
mod service_rooms;
mod set_up;
mod transfer_home;
mod world;
