//! Members of rosters: sealed, with the masked forms beside.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roster_members")]
pub struct Model {
    /// Made when enrolled.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// `mediator` or `expert`.
    pub kind: String,
    /// Name, sealed.
    pub name_sealed: String,
    /// Name as others see it.
    pub name_masked: String,
    /// Profession.
    pub profession: String,
    /// Who employs them.
    pub employer_credit_code: Option<String>,
    /// Mobile number, sealed.
    pub mobile_sealed: String,
    /// Keyed hash of the mobile number, in hexadecimal: part of the natural key.
    pub mobile_index: String,
    /// Mobile number as others see it.
    pub mobile_masked: String,
    /// The division.
    pub division_code: String,
    /// First day.
    pub valid_from: Date,
    /// Last day.
    pub valid_until: Date,
    /// `active`, `suspended` or `removed`.
    pub standing: String,
    /// Why suspended or removed.
    pub standing_reason: Option<String>,
    /// One higher with every change.
    pub version: i64,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
