//! Rows. They never leave the store.

pub(super) mod area;
pub(super) mod ballot_use;
pub(super) mod building;
pub(super) mod contract;
pub(super) mod decided_ballot;
pub(super) mod division;
pub(super) mod firm;
pub(super) mod home;
pub(super) mod import;
pub(super) mod import_error;
pub(super) mod import_part;
pub(super) mod import_portion;
pub(super) mod management_mode;
pub(super) mod owner;
pub(super) mod ownership;
pub(super) mod ownership_owner;
pub(super) mod set_up;
pub(super) mod spelling;
