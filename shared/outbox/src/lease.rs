//! Leases: one leader at a time for what only one process should do.
//!
//! A lease saves work; it is never the guarantee. Who leads is also fenced off where it acts, because a process may
//! sleep past the end of its lease without knowing.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use db::{Database, StoreError};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::entity::lease;

/// How long a leader leads without renewing: how long work stands still after a leader was killed.
pub const TERM: Duration = Duration::from_secs(3);

/// A lease that this process may hold.
#[derive(Debug, Clone)]
pub struct Lease {
    database: Database,
    name: &'static str,
    holder: Uuid,
}

impl Lease {
    /// The lease `name` in `database`, for a holder of its own.
    pub fn new(database: Database, name: &'static str) -> Self {
        Lease {
            database,
            name,
            holder: Uuid::now_v7(),
        }
    }

    /// Takes or renews the lease; true where this process leads for another term.
    ///
    /// # Errors
    /// As the statement.
    pub async fn take(&self) -> Result<bool, StoreError> {
        let now = Utc::now();
        let until = end_of_term(now);
        let taken = lease::Entity::update_many()
            .col_expr(lease::Column::Holder, Expr::value(self.holder))
            .col_expr(lease::Column::ExpiresAt, Expr::value(until))
            .filter(lease::Column::Name.eq(self.name))
            .filter(
                Condition::any()
                    .add(lease::Column::Holder.eq(self.holder))
                    .add(lease::Column::ExpiresAt.lt(now)),
            )
            .exec(self.database.writer())
            .await?;
        if taken.rows_affected == 1 {
            return Ok(true);
        }
        let row = lease::ActiveModel {
            name: Set(self.name.to_owned()),
            holder: Set(self.holder),
            expires_at: Set(until),
        };
        let inserted = lease::Entity::insert(row)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(self.database.writer())
            .await?;
        Ok(inserted == 1)
    }

    /// Gives the lease back, so that another process leads at once.
    ///
    /// # Errors
    /// As the statement.
    pub async fn give_back(&self) -> Result<(), StoreError> {
        lease::Entity::delete_many()
            .filter(lease::Column::Name.eq(self.name))
            .filter(lease::Column::Holder.eq(self.holder))
            .exec(self.database.writer())
            .await?;
        Ok(())
    }
}

fn end_of_term(now: DateTime<Utc>) -> DateTime<Utc> {
    now + TimeDelta::from_std(TERM).unwrap_or_else(|_| TimeDelta::zero())
}
