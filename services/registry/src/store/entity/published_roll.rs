//! Rolls that are or were published; of an area at most one is at a time.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "published_rolls")]
pub struct Model {
    /// In the order of time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Area.
    pub area_id: Uuid,
    /// Community or village of the area.
    pub division_code: String,
    /// The day as of which it is frozen.
    pub as_of_on: Date,
    /// First day of the publicity.
    pub from_on: Date,
    /// Last day of the publicity.
    pub until_on: Date,
    /// `published`, `ended` or `withdrawn`.
    pub state: String,
    /// Homes.
    pub homes: i64,
    /// Heads.
    pub heads: i64,
    /// In 0.01 m².
    pub exclusive_area: i64,
    /// Whether lines show rooms.
    pub shows_rooms: bool,
    /// Where the length of the publicity is written.
    pub article: String,
    /// One higher with every change.
    pub version: i64,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
