//! What the registry knows and decides. Pure: no store, no clock, no transport, no Cedar in here.

pub mod area;
pub mod building;
pub mod delivery;
pub mod division;
pub mod event;
pub mod export_look;
pub mod firm;
pub mod home;
pub mod import;
pub mod owner;
pub mod ownership;
pub mod refusal;
pub mod roll;
pub mod row_fault;
pub mod set_up;
pub mod table;
