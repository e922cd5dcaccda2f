#![doc = include_str!("../README.md")]

pub mod accounts;
mod address;
mod attempts;
pub mod clock;
pub mod config;
mod documents;
mod gateway;
pub mod issuer;
mod limits;
mod live;
mod own;
mod peers;
mod problem;
mod security;
mod serve;
mod trace;
mod transcoding;

pub use accounts::{Account, Accounts, hash_password};
pub use clock::ClockControl;
pub use config::Config;
pub use gateway::{Gateway, Parts};
