//! Looks at owners in clear. Never changed but for the count of repeats, never deleted.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "looks")]
pub struct Model {
    /// In the order of time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// At whom.
    pub owner_id: Uuid,
    /// `revealed` or `found`.
    pub kind: String,
    /// Who looked.
    pub account: String,
    /// In which role.
    pub role: String,
    /// For which division; empty for an owner.
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
