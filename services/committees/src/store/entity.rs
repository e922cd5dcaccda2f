//! Rows as the database holds them; they never leave the store.

pub mod adjustment;
pub mod area;
pub mod ballot;
pub mod building;
pub mod draw;
pub mod home_owner;
pub mod merger;
pub mod roll_head;
pub mod roll_home;
pub mod roll_owner;
pub mod roll_voter;
pub mod vote;
