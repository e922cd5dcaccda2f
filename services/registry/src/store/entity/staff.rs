//! People of firms: sealed, with the masked forms beside.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "staff")]
pub struct Model {
    /// Made when recorded.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The firm.
    pub firm_id: Uuid,
    /// Name, sealed.
    pub name_sealed: String,
    /// Name as others see it.
    pub name_masked: String,
    /// What they do.
    pub role: String,
    /// Mobile number, sealed.
    pub mobile_sealed: Option<String>,
    /// Keyed hash of the mobile number, in hexadecimal, to screen for ties.
    pub mobile_index: Option<String>,
    /// Mobile number as others see it; may be empty.
    pub mobile_masked: String,
    /// First day.
    pub employed_on: Date,
    /// Last day.
    pub left_on: Option<Date>,
    /// Areas of which they are project manager now, as JSON.
    pub area_ids: String,
    /// One higher with every change.
    pub version: i64,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
