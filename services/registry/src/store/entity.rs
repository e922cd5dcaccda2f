//! Rows. They never leave the store.

pub(super) mod area;
pub(super) mod boundary;
pub(super) mod building;
pub(super) mod delineation;
pub(super) mod division;
pub(super) mod division_name;
pub(super) mod firm;
pub(super) mod home;
pub(super) mod import;
pub(super) mod import_error;
pub(super) mod import_part;
pub(super) mod import_portion;
pub(super) mod owner;
pub(super) mod ownership;
pub(super) mod ownership_owner;
pub(super) mod service_room_check;
pub(super) mod set_up;
pub(super) mod spelling;
