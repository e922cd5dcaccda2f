//! Rows. They never leave the store.

pub(super) mod area;
pub(super) mod building;
pub(super) mod division;
pub(super) mod export_look;
pub(super) mod firm;
pub(super) mod home;
pub(super) mod import;
pub(super) mod import_error;
pub(super) mod import_part;
pub(super) mod import_portion;
pub(super) mod owner;
pub(super) mod ownership;
pub(super) mod ownership_owner;
pub(super) mod set_up;
