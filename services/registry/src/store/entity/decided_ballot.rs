//! Decided ballots, as committees told of them.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "decided_ballots")]
pub struct Model {
    /// The ballot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Area.
    pub area_id: Uuid,
    /// Whether all of the area voted.
    pub of_whole_area: bool,
    /// Item of Civil Code article 278, 1 to 9.
    pub item: i16,
    /// Whether the owners agreed.
    pub passed: bool,
    /// Day of the count.
    pub decided_on: Date,
    /// Price adjustment that asked for it.
    pub adjustment_id: Option<Uuid>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
