//! What the registry knows and decides. Pure: no store, no clock, no transport, no Cedar in here.

pub mod area;
pub mod building;
pub mod contract;
pub mod delineation;
pub mod delivery;
pub mod division;
pub mod event;
pub mod export_look;
pub mod firm;
pub mod home;
pub mod import;
pub mod management_mode;
pub mod owner;
pub mod ownership;
pub mod part;
pub mod personal;
pub mod price;
pub mod refusal;
pub mod regrouping;
pub mod roll;
pub mod roster;
pub mod row_fault;
pub mod search;
pub mod service_rooms;
pub mod set_up;
pub mod table;
