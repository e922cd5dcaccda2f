#![doc = include_str!("../README.md")]

pub mod error;
mod file;
mod names;
pub mod prices;
pub mod rule_set;
mod timeline;
pub mod typed;

pub use error::RuleError;
pub use prices::{BuildingType, GuideBand, PriceRules, PricedUse};
pub use rule_set::RuleSet;
pub use timeline::Ruled;
pub use typed::{Approval, FundRules, Rules, SharedPart, VoteRules, WarrantyRules};
