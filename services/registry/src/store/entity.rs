//! Rows. They never leave the store.

pub(super) mod area;
pub(super) mod building;
pub(super) mod building_facts;
pub(super) mod certificate;
pub(super) mod conduct;
pub(super) mod division;
pub(super) mod equipment;
pub(super) mod firm;
pub(super) mod home;
pub(super) mod home_area;
pub(super) mod home_sale;
pub(super) mod import;
pub(super) mod import_error;
pub(super) mod import_part;
pub(super) mod import_portion;
pub(super) mod inspection;
pub(super) mod owner;
pub(super) mod ownership;
pub(super) mod ownership_owner;
pub(super) mod parking_lot;
pub(super) mod roster_member;
pub(super) mod set_up;
pub(super) mod spelling;
pub(super) mod staff;
pub(super) mod staff_assignment;
pub(super) mod training;
