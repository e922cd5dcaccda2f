//! The gateway as its clients see it: over a real listener, with services that echo what arrived behind it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

extern crate heju_gateway as gateway;

mod body;
mod clock;
mod documents;
mod echo;
mod errors;
mod files;
mod limits;
mod live;
mod login;
mod mapping;
mod outside;
mod tokens;
mod tracing;
mod world;
