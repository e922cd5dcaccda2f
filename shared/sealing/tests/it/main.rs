//! Sealing, opening, finding and masking, from outside.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod mask;
mod sealer;
