//! Versions of firms.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "firm_versions")]
pub struct Model {
    /// Firm.
    #[sea_orm(primary_key, auto_increment = false)]
    pub firm_id: Uuid,
    /// Version of the firm.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    /// Day from which the particulars are known to hold; none for as long as anything is known.
    pub since: Option<Date>,
    /// Legal head as others see it; may be empty.
    pub head_masked: String,
    /// Registered address; may be empty.
    pub address: String,
    /// Phone of the office; may be empty.
    pub phone: String,
    /// First day of the membership that lasted then.
    pub member_since: Option<Date>,
    /// Last day of the last membership before it.
    pub membership_ended_on: Option<Date>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
