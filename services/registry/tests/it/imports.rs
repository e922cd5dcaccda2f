//! Loading whole files.

mod faults;
mod file;
mod rows;
mod workbooks;
