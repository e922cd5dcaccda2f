//! Firms as rows.

use std::collections::HashMap;

use db::StoreError;
use ids::FirmId;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::entity::firm::{ActiveModel, Column, Entity, Model};
use super::{KEYS_PER_READ, Tx, raced, text};
use crate::domain::firm::{Firm, FirmKind};

/// A page of firms by credit code, of one kind or of all.
///
/// # Errors
/// As the statement.
pub async fn list(
    connection: &impl ConnectionTrait,
    kind: Option<FirmKind>,
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<Firm>, StoreError> {
    let mut select = Entity::find();
    if let Some(kind) = kind {
        select = select.filter(Column::Kind.eq(<&str>::from(kind)));
    }
    if let Some(after) = after {
        select = select.filter(Column::CreditCode.gt(after));
    }
    let rows = select
        .order_by_asc(Column::CreditCode)
        .limit(limit)
        .all(connection)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// Those of the given firms that exist.
///
/// # Errors
/// As the statement.
pub async fn find_many(
    connection: &impl ConnectionTrait,
    ids: &[FirmId],
) -> Result<HashMap<FirmId, Firm>, StoreError> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(KEYS_PER_READ) {
        let ids = chunk.iter().map(|id| id.as_uuid());
        for row in Entity::find()
            .filter(Column::Id.is_in(ids))
            .all(connection)
            .await?
        {
            let firm = from_row(row)?;
            found.insert(firm.id, firm);
        }
    }
    Ok(found)
}

impl Tx {
    /// Records new firms.
    ///
    /// # Errors
    /// `Conflict` where one of them was recorded at the same moment.
    pub async fn insert_firms(&self, firms: &[Firm]) -> Result<(), StoreError> {
        db::insert_chunked(self.connection(), firms.iter().map(to_row), None)
            .await
            .map_err(raced)?;
        Ok(())
    }
}

fn to_row(firm: &Firm) -> ActiveModel {
    ActiveModel {
        id: Set(firm.id.as_uuid()),
        credit_code: Set(firm.credit_code.to_string()),
        name: Set(firm.name.clone()),
        kind: Set(<&str>::from(firm.kind).to_owned()),
    }
}

fn from_row(row: Model) -> Result<Firm, StoreError> {
    Ok(Firm {
        id: FirmId::from_uuid(row.id),
        credit_code: text::read("firms", &row.credit_code)?,
        kind: text::read("firms", &row.kind)?,
        name: row.name,
    })
}
