//! Firms in full as rows: the legal head is sealed here, and never opened.

use std::collections::HashMap;

use chrono::NaiveDate;
use db::StoreError;
use ids::FirmId;
use sea_orm::sea_query::LikeExpr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use sealing::Sealer;

use super::entity::firm::{ActiveModel, Column, Entity, Model};
use super::{Tx, firm_versions, firms, spellings, versions};
use crate::domain::firm::FirmKind;
use crate::domain::firm::record::{Filed, FirmRecord, Membership};
use crate::domain::personal::Personal;

/// The seal of a legal head's name is bound to this field.
const HEAD: &str = "firm.legal_head";

/// What firms to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those of this kind.
    pub kind: Option<FirmKind>,
    /// Only the branches of this firm.
    pub parent_id: Option<FirmId>,
    /// Only present members of the association.
    pub members_only: bool,
    /// Only those whose name, pinyin or initials contain each word of this; empty for all.
    pub query: String,
}

/// A page of firms by credit code.
///
/// # Errors
/// As the statement.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<FirmRecord>, StoreError> {
    let mut select = Entity::find();
    if let Some(kind) = filter.kind {
        select = select.filter(Column::Kind.eq(<&str>::from(kind)));
    }
    if let Some(parent_id) = filter.parent_id {
        select = select.filter(Column::ParentId.eq(parent_id.as_uuid()));
    }
    if filter.members_only {
        select = select.filter(Column::MemberSince.is_not_null());
    }
    for word in filter.query.split_whitespace() {
        let contains = LikeExpr::new(spellings::pattern(word)).escape('\\');
        select = select.filter(
            Condition::any()
                .add(Column::Name.into_expr().like(contains))
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

/// The firm in full, where it is registered.
///
/// # Errors
/// As the statement.
pub async fn find(connection: &impl ConnectionTrait, id: FirmId) -> Result<Option<FirmRecord>, StoreError> {
    Entity::find_by_id(id.as_uuid())
        .one(connection)
        .await?
        .map(from_row)
        .transpose()
}

/// Those of the given firms that exist, in full.
///
/// # Errors
/// As the statement.
pub async fn find_many(
    connection: &impl ConnectionTrait,
    ids: &[FirmId],
) -> Result<HashMap<FirmId, FirmRecord>, StoreError> {
    let mut found = HashMap::with_capacity(ids.len());
    let ids = ids.iter().map(|id| id.as_uuid());
    for row in Entity::find()
        .filter(db::one_of(connection.get_database_backend(), Column::Id, ids))
        .all(connection)
        .await?
    {
        let record = from_row(row)?;
        found.insert(record.firm.id, record);
    }
    Ok(found)
}

/// What stands beside a record: written, and read by nobody yet.
#[derive(Debug, Default)]
pub struct Beside<'a> {
    /// The legal head in clear, where it changes.
    pub legal_head: Option<&'a Personal>,
    /// Why the firm goes off the register, where it does.
    pub revoke_reason: Option<&'a str>,
}

impl Tx {
    /// Saves a firm that was one version lower when it was read, and keeps that version; its particulars hold from the day
    /// `since` on.
    ///
    /// # Errors
    /// `Conflict` where somebody else changed it since.
    pub async fn save_firm(
        &self,
        sealer: &Sealer,
        record: &FirmRecord,
        beside: Beside<'_>,
        since: NaiveDate,
    ) -> Result<(), StoreError> {
        let (member_since, membership_ended_on) = membership_columns(record.membership);
        let mut row = ActiveModel {
            name: Set(record.firm.name.clone()),
            version: Set(record.version),
            parent_id: Set(record.parent_id.map(Into::into)),
            head_masked: Set(record.legal_head.clone()),
            address: Set(record.address.clone()),
            phone: Set(record.phone.clone()),
            filing_number: Set(record.filed.as_ref().map(|filed| filed.number.clone())),
            filed_on: Set(record.filed.as_ref().map(|filed| filed.on)),
            named_since: Set(record.named_since),
            former_names: Set(serde_json::to_string(&record.former_names)?),
            revoked_on: Set(record.revoked_on),
            member_since: Set(member_since),
            membership_ended_on: Set(membership_ended_on),
            ..Default::default()
        };
        if let Some(head) = beside.legal_head {
            let sealed = sealer
                .seal(HEAD, &record.firm.id.to_string(), head.expose())
                .map_err(unsealable)?;
            row.head_sealed = Set(Some(sealed));
        }
        if let Some(reason) = beside.revoke_reason {
            row.revoke_reason = Set(Some(reason.to_owned()));
        }
        versions::save(
            self.connection(),
            row,
            (Column::Id, record.firm.id.as_uuid()),
            (Column::Version, record.version),
        )
        .await?;
        firm_versions::keep(self.connection(), record, since).await?;
        // A firm with another name is found by that name.
        let name = [(record.firm.id.as_uuid(), record.firm.name.as_str())];
        spellings::put(self.connection(), name).await
    }
}

/// A field that cannot be sealed or opened; what it holds is not told.
pub(super) fn unsealable(error: sealing::SealError) -> StoreError {
    StoreError::Corrupt(format!("a sealed field: {error}"))
}

/// First day of a present membership, last day of a past one.
pub(super) fn membership_columns(membership: Membership) -> (Option<NaiveDate>, Option<NaiveDate>) {
    match membership {
        Membership::Never => (None, None),
        Membership::Since { on } => (Some(on), None),
        Membership::Ended { on } => (None, Some(on)),
    }
}

/// The membership that two such columns tell.
pub(super) fn membership(member_since: Option<NaiveDate>, ended_on: Option<NaiveDate>) -> Membership {
    match (member_since, ended_on) {
        (Some(on), _) => Membership::Since { on },
        (None, Some(on)) => Membership::Ended { on },
        (None, None) => Membership::Never,
    }
}

fn from_row(row: Model) -> Result<FirmRecord, StoreError> {
    let filed = match (row.filing_number.clone(), row.filed_on) {
        (Some(number), Some(on)) => Some(Filed { number, on }),
        (None, None) => None,
        _ => return Err(StoreError::Corrupt("the filing of a firm".into())),
    };
    let membership = membership(row.member_since, row.membership_ended_on);
    Ok(FirmRecord {
        version: row.version,
        parent_id: row.parent_id.map(FirmId::from_uuid),
        legal_head: row.head_masked.clone(),
        address: row.address.clone(),
        phone: row.phone.clone(),
        filed,
        named_since: row.named_since,
        former_names: serde_json::from_str(&row.former_names)?,
        revoked_on: row.revoked_on,
        membership,
        firm: firms::from_row(row)?,
    })
}
