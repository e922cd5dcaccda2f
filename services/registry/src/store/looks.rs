//! Looks at owners in clear, as rows: written once, only repeats under the same key are counted.

use chrono::{DateTime, Utc};
use db::StoreError;
use ids::{LookId, OwnerId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use sealing::Sealer;

use super::entity::look::{ActiveModel, Column, Entity, Model};
use super::{Tx, export_looks, owners, text};
use crate::domain::owner::look::{Look, LookKind};

/// The seal of a reason is bound to this field.
const REASON: &str = "look.reason";

/// A page of the looks at an owner, those by a file too, the newest first.
///
/// # Errors
/// As the statement; `Corrupt` where a seal does not open.
pub async fn list(
    connection: &impl ConnectionTrait,
    sealer: &Sealer,
    owner_id: OwnerId,
    before: Option<LookId>,
    limit: u64,
) -> Result<Vec<Look>, StoreError> {
    let mut select = Entity::find().filter(Column::OwnerId.eq(owner_id.as_uuid()));
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
    // The first of each list are the first of both: ids of both are in the order of time.
    looks.extend(export_looks::of_owner(connection, owner_id, before, limit).await?);
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
        let row = ActiveModel {
            id: Set(look.id.as_uuid()),
            owner_id: Set(look.owner_id.as_uuid()),
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

fn from_row(sealer: &Sealer, row: Model) -> Result<Look, StoreError> {
    let id = LookId::from_uuid(row.id);
    let kind = text::read("looks", &row.kind)?;
    let call = match kind {
        LookKind::Revealed => "registry.RevealOwner",
        LookKind::Found => "registry.FindOwner",
        LookKind::Exported => return Err(StoreError::Corrupt("a file among the single looks".into())),
    };
    Ok(Look {
        id,
        owner_id: OwnerId::from_uuid(row.owner_id),
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
