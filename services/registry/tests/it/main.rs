//! The registry as its callers see it: every call through its guard, on every database that can be had.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[macro_use]
mod world;

mod as_of;
mod as_of_firms;
mod association;
mod boundaries;
mod boundary_files;
mod contracts;
mod delineation_roles;
mod delineations;
mod deliver_homes;
mod divisions;
mod equipment;
mod events;
mod exports;
mod firm_certificates;
mod firm_staff;
mod firms;
mod holdings;
mod import_history;
mod import_refusals;
mod import_table;
mod imports;
mod objections;
mod owner_agents;
mod owner_records;
mod parking;
mod parts;
mod people_tables;
mod prices;
mod published_rolls;
mod readiness;
mod reads;
mod regroupings;
mod reveal_owner;
mod reveal_staff;
mod roll;
mod rosters;
mod search;
mod service_rooms;
mod set_up;
mod transfer_home;
