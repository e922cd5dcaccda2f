//! Postings of the ledger.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "postings")]
pub struct Model {
    /// `posting_…`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// `deposit`, `reservation`, `release`, `payment` or `transfer`.
    pub kind: String,
    /// The area.
    pub area_id: Uuid,
    /// The draw.
    pub draw_id: Option<Uuid>,
    /// The vote behind it.
    pub ballot_id: Option<Uuid>,
    /// The bank's reference of a deposit.
    pub reference: Option<String>,
    /// Title of the draw, or the reference.
    pub text: String,
    /// Day of a deposit at the bank.
    pub paid_on: Option<Date>,
    /// When it was posted.
    pub posted_at: DateTimeUtc,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
