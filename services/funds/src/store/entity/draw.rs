//! Draws on the fund.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "draws")]
pub struct Model {
    /// `draw_…`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// One higher with every change.
    pub version: i64,
    /// The area.
    pub area_id: Uuid,
    /// Division code of the community.
    pub division: String,
    /// What is repaired.
    pub part: String,
    /// A line that says it.
    pub title: String,
    /// Plan, contractor, reasons.
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// In fen.
    pub budget: i64,
    /// The firm that proposed it.
    pub proposer_id: Option<Uuid>,
    /// When.
    pub proposed_at: DateTimeUtc,
    /// The state in a word.
    pub state: String,
    /// The vote behind it.
    pub ballot_id: Option<Uuid>,
    /// The state with its data, as JSON; never queried.
    #[sea_orm(column_type = "Text")]
    pub detail: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
