//! What must hold for the whole contract, and for the documents made from it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod calls;
mod comments;
mod documents;
mod events;
mod json;
