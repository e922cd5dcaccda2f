//! Money, area, fractions and splits, from outside.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod amount;
mod fraction;
mod split;
