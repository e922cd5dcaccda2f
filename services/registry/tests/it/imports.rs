//! Loading whole files.

mod co_owners;
mod faults;
pub mod file;
mod rows;
mod workbooks;
