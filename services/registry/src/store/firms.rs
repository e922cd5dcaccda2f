//! Firms as rows.

use std::collections::HashMap;

use db::StoreError;
use ids::FirmId;
use sea_orm::sea_query::LikeExpr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::entity::firm::{ActiveModel, Column, Entity, Model};
use super::{Tx, firm_versions, raced, spellings, text};
use crate::domain::firm::{Firm, FirmKind};

/// A page of firms by credit code: of one kind or of all, and only those whose name, code, pinyin or initials contain each
/// word of `query`.
///
/// # Errors
/// As the statement.
pub async fn list(
    connection: &impl ConnectionTrait,
    kind: Option<FirmKind>,
    query: &str,
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<Firm>, StoreError> {
    let mut select = Entity::find();
    if let Some(kind) = kind {
        select = select.filter(Column::Kind.eq(<&str>::from(kind)));
    }
    for word in query.split_whitespace() {
        let contains = || LikeExpr::new(spellings::pattern(word)).escape('\\');
        select = select.filter(
            Condition::any()
                .add(Column::Name.into_expr().like(contains()))
                .add(Column::CreditCode.into_expr().like(contains()))
                .add(Column::Id.in_subquery(spellings::spelt(word))),
        );
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
    let ids = ids.iter().map(|id| id.as_uuid());
    let among = db::one_of(connection.get_database_backend(), Column::Id, ids);
    let rows = Entity::find().filter(among).all(connection).await?;
    rows.into_iter()
        .map(|row| from_row(row).map(|firm| (firm.id, firm)))
        .collect()
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
        firm_versions::open(self.connection(), firms.iter().map(|firm| firm.id)).await?;
        let names = firms.iter().map(|firm| (firm.id.as_uuid(), firm.name.as_str()));
        spellings::put(self.connection(), names).await
    }
}

fn to_row(firm: &Firm) -> ActiveModel {
    ActiveModel {
        id: Set(firm.id.as_uuid()),
        credit_code: Set(firm.credit_code.to_string()),
        name: Set(firm.name.clone()),
        kind: Set(<&str>::from(firm.kind).to_owned()),
        // What else there is of it begins as the columns' defaults say.
        ..Default::default()
    }
}

pub(super) fn from_row(row: Model) -> Result<Firm, StoreError> {
    Ok(Firm {
        id: FirmId::from_uuid(row.id),
        credit_code: text::read("firms", &row.credit_code)?,
        kind: text::read("firms", &row.kind)?,
        name: row.name,
    })
}
