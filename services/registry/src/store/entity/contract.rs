//! Contracts of property service.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contracts")]
pub struct Model {
    /// In the order of recording.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Version of the contract.
    pub version: i64,
    /// Area.
    pub area_id: Uuid,
    /// Community or village of the area.
    pub division_code: String,
    /// Property firm.
    pub firm_id: Uuid,
    /// `early_stage`, `ordinary` or `temporary`.
    pub kind: String,
    /// `signed`, `effective`, `continuing`, `notice_given` or `ended`.
    pub state: String,
    /// First day of the term.
    pub from_on: Date,
    /// Last day as far as it is known.
    pub ends_on: Option<Date>,
    /// The contract as JSON; the columns beside it are what is searched by.
    pub detail: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
