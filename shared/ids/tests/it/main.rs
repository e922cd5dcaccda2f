//! Typed ids and official codes, from outside.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod citizen_id;
mod credit_code;
mod division;
mod id;
mod unit_number;
