//! Loading whole files.

mod faults;
pub mod file;
mod rows;
mod workbooks;
