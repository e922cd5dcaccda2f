//! Rows. They never leave the store.

pub(super) mod agent;
pub(super) mod area;
pub(super) mod building;
pub(super) mod division;
pub(super) mod firm;
pub(super) mod holding;
pub(super) mod home;
pub(super) mod import;
pub(super) mod import_error;
pub(super) mod import_part;
pub(super) mod import_portion;
pub(super) mod look;
pub(super) mod objection;
pub(super) mod owner;
pub(super) mod owner_record;
pub(super) mod owner_twin;
pub(super) mod ownership;
pub(super) mod ownership_owner;
pub(super) mod published_roll;
pub(super) mod representation;
pub(super) mod roll_code;
pub(super) mod roll_line;
pub(super) mod set_up;
