//! Loading whole files.

mod co_owners;
mod equipment;
mod faults;
pub mod file;
mod inspections;
mod parking;
mod rows;
mod workbooks;
