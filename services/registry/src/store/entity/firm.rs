//! Firms.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "firms")]
pub struct Model {
    /// Derived from the credit code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Natural key.
    pub credit_code: String,
    /// Registered name.
    pub name: String,
    /// `property`, `developer`, `bank`, `auditor` or `contractor`.
    pub kind: String,
    /// One higher with every change.
    pub version: i64,
    /// The firm whose branch it is.
    pub parent_id: Option<Uuid>,
    /// Legal head, sealed.
    pub head_sealed: Option<String>,
    /// Legal head as others see it; may be empty.
    pub head_masked: String,
    /// Registered address; may be empty.
    pub address: String,
    /// Phone of the office; may be empty.
    pub phone: String,
    /// Filing number.
    pub filing_number: Option<String>,
    /// Set exactly where filed.
    pub filed_on: Option<Date>,
    /// First day of the present name.
    pub named_since: Option<Date>,
    /// Names it had, as JSON, the oldest first.
    pub former_names: String,
    /// Day on which it went off the register.
    pub revoked_on: Option<Date>,
    /// Why.
    pub revoke_reason: Option<String>,
    /// First day of the present membership.
    pub member_since: Option<Date>,
    /// Last day of the last membership.
    pub membership_ended_on: Option<Date>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
