#![doc = include_str!("../README.md")]
// What cannot be set up must fail at once and loudly.
#![allow(clippy::unwrap_used, clippy::expect_used)]

pub mod binary;
pub mod books;
pub mod city;
pub mod event_stream;
pub mod expected;
pub mod people;
pub mod platform;
pub mod process;
pub mod repair;
pub mod rest;
pub mod streams;
pub mod tokens;

pub use people::People;
pub use platform::{Layout, Platform};
pub use rest::{Answer, Caller};
