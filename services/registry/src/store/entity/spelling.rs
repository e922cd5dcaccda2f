//! How names are typed on a Latin keyboard.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "spellings")]
pub struct Model {
    /// The area or firm that bears the name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The name in pinyin without tones and blanks, `hupanhuayuan`; what is not Chinese stands as it is, in small letters.
    pub pinyin: String,
    /// Its initials, `hphy`.
    pub initials: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
