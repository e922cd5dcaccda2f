//! The generated city, read back from its files.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod accounts;
mod city;
mod folder;
mod integrity;
mod reading;
mod story;
