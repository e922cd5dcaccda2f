//! Objections to published rolls. Their texts are sealed: people write names into them.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "objections")]
pub struct Model {
    /// In the order of time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Roll.
    pub roll_id: Uuid,
    /// Who objects.
    pub owner_id: Uuid,
    /// What is wrong, sealed.
    pub text_sealed: String,
    /// When.
    pub raised_at: DateTimeUtc,
    /// Whether the roll was wrong; null before the answer.
    pub upheld: Option<bool>,
    /// The answer, sealed; null before it.
    pub answer_sealed: Option<String>,
    /// When; null before.
    pub answered_at: Option<DateTimeUtc>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
