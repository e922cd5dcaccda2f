//! Areas.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "areas")]
pub struct Model {
    /// Derived from the filing number.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Natural key.
    pub number: String,
    /// Name.
    pub name: String,
    /// Community or village.
    pub division_code: String,
    /// Developer.
    pub developer_id: Option<Uuid>,
    /// Property firm.
    pub manager_id: Option<Uuid>,
    /// Version of the area.
    pub version: i64,
    /// Day on which its delineation was approved; none where the tables brought it.
    pub registered_on: Option<Date>,
    /// First day on which it was no area any more.
    pub ended_on: Option<Date>,
    /// The area that its buildings belong to since; set exactly where it ended.
    pub successor_id: Option<Uuid>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
