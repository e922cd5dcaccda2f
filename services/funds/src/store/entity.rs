//! Rows as sea-orm sees them. They never leave the store.

pub(super) mod account;
pub(super) mod area;
pub(super) mod building;
pub(super) mod building_fact;
pub(super) mod building_move;
pub(super) mod draw;
pub(super) mod draw_scope;
pub(super) mod entry;
pub(super) mod home;
pub(super) mod home_owner;
pub(super) mod merger;
pub(super) mod posting;
pub(super) mod share;
