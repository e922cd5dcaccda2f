//! Looks at owners and people of firms in clear. Never changed but for the count of repeats, never deleted.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "looks")]
pub struct Model {
    /// In the order of time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// At whom; the column has its name from when only owners were looked at.
    #[sea_orm(column_name = "owner_id")]
    pub seen_id: Uuid,
    /// What they are: `owner` or `staff`.
    pub seen: String,
    /// `revealed` or `found`.
    pub kind: String,
    /// Who looked.
    pub account: String,
    /// In which role.
    pub role: String,
    /// For which division; empty for an owner or a firm.
    pub division_code: String,
    /// Why, sealed: people write names into reasons.
    pub reason_sealed: String,
    /// What was shown, as a JSON list.
    pub fields: String,
    /// When first.
    pub looked_at: DateTimeUtc,
    /// How often under the same key.
    pub times: i32,
    /// When last.
    pub last_at: DateTimeUtc,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
