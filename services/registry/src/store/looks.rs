//! Looks at people in clear, as rows: written once, only repeats under the same key are counted.

use chrono::{DateTime, Utc};
use db::StoreError;
use ids::{LookId, OwnerId, StaffId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use sealing::Sealer;
use uuid::Uuid;

use super::entity::look::{ActiveModel, Column, Entity, Model};
use super::{Tx, export_looks, owners, text};
use crate::domain::look::{Look, LookKind, Seen};

/// The seal of a reason is bound to this field.
const REASON: &str = "look.reason";

/// An owner.
const OWNER: &str = "owner";
/// Somebody of a firm.
const STAFF: &str = "staff";

/// A page of the looks at somebody, those by a file too, the newest first.
///
/// # Errors
/// As the statement; `Corrupt` where a seal does not open.
pub async fn list(
    connection: &impl ConnectionTrait,
    sealer: &Sealer,
    seen: Seen,
    before: Option<LookId>,
    limit: u64,
) -> Result<Vec<Look>, StoreError> {
    let (what, id) = word(seen);
    let mut select = Entity::find()
        .filter(Column::SeenId.eq(id))
        .filter(Column::Seen.eq(what));
    if let Some(before) = before {
        select = select.filter(Column::Id.lt(before.as_uuid()));
    }
    let rows = select
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(connection)
        .await?;
    let mut looks = rows
        .into_iter()
        .map(|row| from_row(sealer, row))
        .collect::<Result<Vec<_>, _>>()?;
    if let Seen::Owner(owner_id) = seen {
        // The first of each list are the first of both: ids of both are in the order of time.
        looks.extend(export_looks::of_owner(connection, owner_id, before, limit).await?);
    }
    looks.sort_by_key(|look| std::cmp::Reverse(look.id));
    looks.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(looks)
}

impl Tx {
    /// Records a look.
    ///
    /// # Errors
    /// As the statement.
    pub async fn insert_look(&self, sealer: &Sealer, look: &Look) -> Result<(), StoreError> {
        let (what, id) = word(look.seen);
        let row = ActiveModel {
            id: Set(look.id.as_uuid()),
            seen_id: Set(id),
            seen: Set(what.to_owned()),
            kind: Set(<&str>::from(look.kind).to_owned()),
            account: Set(look.account.clone()),
            role: Set(look.role.clone()),
            division_code: Set(look.division.clone()),
            reason_sealed: Set(sealer
                .seal(REASON, &look.id.to_string(), &look.reason)
                .map_err(owners::unsealable)?),
            fields: Set(serde_json::to_string(&look.fields)?),
            looked_at: Set(look.looked_at),
            times: Set(look.times),
            last_at: Set(look.last_at),
        };
        db::insert_chunked(self.connection(), [row], None).await?;
        Ok(())
    }

    /// Counts that what a look showed is shown again.
    ///
    /// # Errors
    /// `Conflict` where there is no such look.
    pub async fn repeat_look(&self, id: LookId, at: DateTime<Utc>) -> Result<(), StoreError> {
        let counted = Entity::update_many()
            .col_expr(Column::Times, Expr::col(Column::Times).add(1))
            .col_expr(Column::LastAt, Expr::value(at))
            .filter(Column::Id.eq(id.as_uuid()))
            .exec(self.connection())
            .await?;
        if counted.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::Conflict)
        }
    }
}

/// What somebody is, as a word of the table, and the id.
fn word(seen: Seen) -> (&'static str, Uuid) {
    match seen {
        Seen::Owner(id) => (OWNER, id.as_uuid()),
        Seen::Staff(id) => (STAFF, id.as_uuid()),
    }
}

fn from_row(sealer: &Sealer, row: Model) -> Result<Look, StoreError> {
    let id = LookId::from_uuid(row.id);
    let kind = text::read("looks", &row.kind)?;
    let seen = match row.seen.as_str() {
        OWNER => Seen::Owner(OwnerId::from_uuid(row.seen_id)),
        STAFF => Seen::Staff(StaffId::from_uuid(row.seen_id)),
        other => return Err(StoreError::Corrupt(format!("a look at a {other}"))),
    };
    let call = match (kind, seen) {
        (LookKind::Revealed, Seen::Owner(_)) => "registry.RevealOwner",
        (LookKind::Revealed, Seen::Staff(_)) => "registry.RevealStaff",
        (LookKind::Found, Seen::Owner(_)) => "registry.FindOwner",
        (LookKind::Found, Seen::Staff(_)) => {
            return Err(StoreError::Corrupt("nobody finds people of firms".into()));
        }
        (LookKind::Exported, _) => {
            return Err(StoreError::Corrupt("a file among the single looks".into()));
        }
    };
    Ok(Look {
        id,
        seen,
        kind,
        call: call.to_owned(),
        account: row.account,
        role: row.role,
        division: row.division_code,
        reason: sealer
            .open(REASON, &id.to_string(), &row.reason_sealed)
            .map_err(owners::unsealable)?,
        fields: serde_json::from_str(&row.fields)?,
        looked_at: row.looked_at,
        times: row.times,
        last_at: row.last_at,
    })
}
