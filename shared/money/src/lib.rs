#![doc = include_str!("../README.md")]

pub mod amount;
pub mod area;
pub mod error;
pub mod fraction;
pub mod split;

pub use amount::Fen;
pub use area::Area;
pub use error::AmountError;
pub use fraction::{Fraction, FractionError};
pub use split::{SplitError, split_by_largest_remainder};
