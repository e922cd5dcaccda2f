//! Certificates: the number sealed, with the form that is shown beside.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "certificates")]
pub struct Model {
    /// Made when recorded.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The firm.
    pub firm_id: Uuid,
    /// Who of its people holds it.
    pub staff_id: Option<Uuid>,
    /// The person, else the firm: part of the natural key.
    pub holder_id: Uuid,
    /// What it certifies.
    pub kind: String,
    /// Number, sealed.
    pub number_sealed: String,
    /// Keyed hash of the number, in hexadecimal.
    pub number_index: String,
    /// Number as others see it: a person's masked.
    pub number_shown: String,
    /// Who issued it; may be empty.
    pub issued_by: String,
    /// First day.
    pub valid_from: Date,
    /// Last day.
    pub valid_until: Date,
    /// `valid`, `expired` or `withdrawn`.
    pub standing: String,
    /// Why it was withdrawn.
    pub withdrawal_reason: Option<String>,
    /// One higher with every change.
    pub version: i64,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
