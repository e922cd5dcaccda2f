//! The rules of the maintenance fund (住宅专项维修资金), pure: no clock, no store, no wire types.
//!
//! Imports nothing but `ids`, `money`, `calendar`, `thiserror`, `serde` and `strum`; `refusal` also says to `rpc` how a
//! refusal is shown.

pub mod allocation;
pub mod ballot;
pub mod deposit;
pub mod draw;
pub mod event;
pub mod home;
pub mod ledger;
pub mod moves;
pub mod refusal;
pub mod replica;
pub mod scope;
pub mod statement;
pub mod warranty;
