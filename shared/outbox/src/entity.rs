//! Rows of the tables that every service has. They never leave this crate.

pub mod command;
pub mod dead_letter;
pub mod deadline;
pub mod inbox;
pub mod lease;
pub mod outbox;
pub mod position;
