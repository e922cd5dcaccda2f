//! Ballots.

use sea_orm::entity::prelude::*;

/// One ballot.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ballots")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Area of the scope.
    pub area_id: Uuid,
    /// Buildings of the scope, as a JSON list; never queried.
    pub building_ids: String,
    /// Stairwells of the scope, as a JSON list; never queried.
    pub stairwells: String,
    /// The community or village: officers find it by prefix.
    pub division: String,
    /// What is decided.
    pub matter: String,
    /// A line that says it.
    pub title: String,
    /// The whole proposal.
    pub text: String,
    /// The draw that asked for the vote.
    pub draw_id: Option<Uuid>,
    /// The price adjustment that asked for the vote.
    pub adjustment_id: Option<Uuid>,
    /// Order of lists.
    pub prepared_at: DateTimeUtc,
    /// `prepared`, `announced`, `decided` or `withdrawn`.
    pub state: String,
    /// When the roll was frozen; null before.
    pub announced_at: Option<DateTimeUtc>,
    /// Votes are taken from here; null before the announcement.
    pub opens_at: Option<DateTimeUtc>,
    /// Votes are taken before this; null before the announcement.
    pub closes_at: Option<DateTimeUtc>,
    /// Heads on the roll; null before the announcement.
    pub roll_heads: Option<i64>,
    /// Area on the roll in 0.01 m²; null before the announcement.
    pub roll_area: Option<i64>,
    /// The count with its rule, as JSON; never queried, null before it.
    pub outcome: Option<String>,
    /// When it was counted.
    pub decided_at: Option<DateTimeUtc>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTimeUtc>,
    /// Why it was withdrawn.
    pub withdrawal_reason: Option<String>,
    /// One higher with every change.
    pub version: i64,
}

/// None: rows are joined by hand where a query needs it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
