//! Divisions: duties, departments, names, mergers and boundaries.

pub mod boundaries;
pub mod feature_file;
pub mod get_division;
pub mod import_boundaries;
pub mod lists;
pub mod merge_divisions;
pub mod rename_division;
