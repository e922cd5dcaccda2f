//! Tokens and policies as services and the gateway use them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod contract;
mod developers;
mod foreign_issuer;
mod forged_tokens;
mod keys_by_address;
mod mergers;
mod own_records;
mod principals;
mod refusals;
mod server;
mod tokens;
mod world;
