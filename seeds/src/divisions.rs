//! The real divisions (行政区划) of the city, from the list that is part of this crate.

use serde::{Deserialize, Serialize};

use crate::error::{Result, SeedsError};

/// The list as CSV, columns `code,name,level,parent`: 1 city, 18 streets, towns and townships, 388 communities and villages.
pub const DIVISIONS_CSV: &str = include_str!("../divisions/330783.csv");

/// Level of a division.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DivisionLevel {
    /// City (市).
    City,
    /// Street, town or township (街道、镇、乡).
    Street,
    /// Community (社区居委会).
    Community,
    /// Village (村委会).
    Village,
}

/// An administrative division.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Division {
    /// Statistical code: 6 digits for the city, 9 for a street, 12 for a community or village.
    pub code: String,
    /// Official name.
    pub name: String,
    /// Its level.
    pub level: DivisionLevel,
    /// Code of the division above; empty for the city.
    pub parent: String,
}

/// All divisions of the city, in the order of the list: the city, its streets, then communities and villages by code.
pub fn divisions() -> Result<Vec<Division>> {
    csv::Reader::from_reader(DIVISIONS_CSV.as_bytes())
        .deserialize()
        .collect::<std::result::Result<_, _>>()
        .map_err(|error| SeedsError::DivisionsBroken(error.to_string()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_list_is_complete_and_every_parent_is_in_it() {
        let all = divisions().unwrap();
        let count = |level| all.iter().filter(|division| division.level == level).count();
        assert_eq!(all.len(), 407);
        assert_eq!(count(DivisionLevel::City), 1);
        assert_eq!(count(DivisionLevel::Street), 18);
        assert_eq!(
            count(DivisionLevel::Community) + count(DivisionLevel::Village),
            388
        );
        let codes: HashSet<_> = all.iter().map(|division| division.code.as_str()).collect();
        assert_eq!(codes.len(), all.len());
        for division in all
            .iter()
            .filter(|division| division.level != DivisionLevel::City)
        {
            assert!(codes.contains(division.parent.as_str()));
            assert!(division.code.starts_with(&division.parent));
        }
    }
}
