//! What every version of a firm held that a later one would hide, as rows: one a version, never changed.

use std::collections::HashMap;

use chrono::NaiveDate;
use db::StoreError;
use ids::FirmId;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entity::firm_version::{ActiveModel, Column, Entity};
use super::firm_records::{membership, membership_columns};
use super::raced;
use crate::domain::firm::history::FirmVersion;
use crate::domain::firm::record::FirmRecord;

/// All versions of these firms, the oldest first, by firm.
///
/// # Errors
/// As the statement.
pub async fn of_firms(
    connection: &impl ConnectionTrait,
    ids: &[FirmId],
) -> Result<HashMap<FirmId, Vec<FirmVersion>>, StoreError> {
    let mut found: HashMap<FirmId, Vec<FirmVersion>> = HashMap::with_capacity(ids.len());
    let ids = ids.iter().map(|id| id.as_uuid());
    let rows = Entity::find()
        .filter(db::one_of(connection.get_database_backend(), Column::FirmId, ids))
        .order_by_asc(Column::Version)
        .all(connection)
        .await?;
    for row in rows {
        let versions = found.entry(FirmId::from_uuid(row.firm_id)).or_default();
        versions.push(FirmVersion {
            since: row.since,
            legal_head: row.head_masked,
            address: row.address,
            phone: row.phone,
            membership: membership(row.member_since, row.membership_ended_on),
        });
    }
    Ok(found)
}

/// Records the first versions of new firms, of which nothing but who they are is known.
///
/// # Errors
/// `Conflict` where one of them was recorded at the same moment.
pub(super) async fn open(
    connection: &impl ConnectionTrait,
    ids: impl Iterator<Item = FirmId>,
) -> Result<(), StoreError> {
    let new = ids.map(|id| ActiveModel {
        firm_id: Set(id.as_uuid()),
        version: Set(1),
        since: Set(None),
        head_masked: Set(String::new()),
        address: Set(String::new()),
        phone: Set(String::new()),
        member_since: Set(None),
        membership_ended_on: Set(None),
    });
    let rows: Vec<_> = new.collect();
    db::insert_chunked(connection, rows, None).await.map_err(raced)?;
    Ok(())
}

/// Records a version whose particulars hold from a day on.
///
/// # Errors
/// `Conflict` where that version was recorded at the same moment.
pub(super) async fn keep(
    connection: &impl ConnectionTrait,
    record: &FirmRecord,
    since: NaiveDate,
) -> Result<(), StoreError> {
    let (member_since, membership_ended_on) = membership_columns(record.membership);
    let row = ActiveModel {
        firm_id: Set(record.firm.id.as_uuid()),
        version: Set(record.version),
        since: Set(Some(since)),
        head_masked: Set(record.legal_head.clone()),
        address: Set(record.address.clone()),
        phone: Set(record.phone.clone()),
        member_since: Set(member_since),
        membership_ended_on: Set(membership_ended_on),
    };
    db::insert_chunked(connection, [row], None).await.map_err(raced)?;
    Ok(())
}
