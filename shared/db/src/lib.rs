#![doc = include_str!("../README.md")]

pub mod config;
pub mod connect;
pub mod error;
pub mod insert;
pub mod many;
pub mod migrate;
pub mod rows;

pub use config::Config;
pub use connect::Database;
pub use error::StoreError;
pub use insert::insert_chunked;
pub use many::{one_of, one_of_texts};
pub use migrate::migrate;
pub use rows::OverRows;
