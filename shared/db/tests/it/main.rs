//! One way to the database, on SQLite and PostgreSQL alike.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod errors;
mod inserts;
mod many;
mod migrations;
mod outages;
mod setting;
mod writes;
