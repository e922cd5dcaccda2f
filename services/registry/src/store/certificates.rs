//! Certificates as rows: the number is sealed and found by a keyed hash.

use std::collections::HashMap;

use chrono::NaiveDate;
use db::StoreError;
use ids::{CertificateId, FirmId, StaffId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};
use sealing::Sealer;

use super::entity::certificate::{ActiveModel, Column, Entity, Model};
use super::entity::certificate_version as version;
use super::firm_records::unsealable;
use super::versions::Order;
use super::{Tx, raced, text, versions};
use crate::domain::firm::certificate::{Certificate, CertificateVersion, Standing};
use crate::domain::personal::Personal;

/// The seal and the blind index of a number are bound to this field.
const NUMBER: &str = "certificate.number";

/// A page of a firm's certificates by id: those that end by a day, or all.
///
/// # Errors
/// As the statement.
pub async fn list(
    connection: &impl ConnectionTrait,
    firm_id: FirmId,
    ending_by: Option<NaiveDate>,
    after: Option<CertificateId>,
    limit: u64,
) -> Result<Vec<Certificate>, StoreError> {
    let mut select = Entity::find().filter(Column::FirmId.eq(firm_id.as_uuid()));
    if let Some(ending_by) = ending_by {
        select = select.filter(Column::ValidUntil.lte(ending_by));
    }
    let after = after.map(Into::into);
    let rows = versions::page(connection, select, Column::Id, Order::OldestFirst, after, limit).await?;
    rows.into_iter().map(from_row).collect()
}

/// The certificate, where it exists.
///
/// # Errors
/// As the statement.
pub async fn find(
    connection: &impl ConnectionTrait,
    id: CertificateId,
) -> Result<Option<Certificate>, StoreError> {
    Entity::find_by_id(id.as_uuid())
        .one(connection)
        .await?
        .map(from_row)
        .transpose()
}

/// The versions of certificates that counted at the end of a day. What was recorded of one first counts from its first day.
///
/// # Errors
/// As the statement.
pub async fn versions_on(
    connection: &impl ConnectionTrait,
    ids: &[CertificateId],
    day: NaiveDate,
) -> Result<HashMap<CertificateId, CertificateVersion>, StoreError> {
    let mut found = HashMap::with_capacity(ids.len());
    let ids = ids.iter().map(|id| id.as_uuid());
    let by = Condition::any()
        .add(version::Column::Since.is_null())
        .add(version::Column::Since.lte(day));
    let rows = version::Entity::find()
        .filter(db::one_of(
            connection.get_database_backend(),
            version::Column::CertificateId,
            ids,
        ))
        .filter(by)
        .order_by_asc(version::Column::Version)
        .all(connection)
        .await?;
    let versions = rows.into_iter().map(|row| {
        let version = CertificateVersion {
            valid_until: row.valid_until,
            is_withdrawn: row.is_withdrawn,
        };
        (CertificateId::from_uuid(row.certificate_id), version)
    });
    found.extend(versions);
    Ok(found)
}

/// Keeps a version, which counts from a day on; none for the first.
async fn keep(
    connection: &impl ConnectionTrait,
    certificate: &Certificate,
    since: Option<NaiveDate>,
) -> Result<(), StoreError> {
    let row = version::ActiveModel {
        certificate_id: Set(certificate.id.as_uuid()),
        version: Set(certificate.version),
        since: Set(since),
        valid_until: Set(certificate.valid_until),
        is_withdrawn: Set(certificate.standing == Standing::Withdrawn),
    };
    db::insert_chunked(connection, [row], None).await.map_err(raced)?;
    Ok(())
}

fn holder(certificate: &Certificate) -> uuid::Uuid {
    certificate
        .staff_id
        .map_or(certificate.firm_id.as_uuid(), Into::into)
}

fn index(sealer: &Sealer, number: &Personal) -> String {
    hex::encode(sealer.blind_index(NUMBER, number.expose()))
}

impl Tx {
    /// Whether the holder has a certificate of that kind and number already.
    ///
    /// # Errors
    /// As the statement.
    pub async fn knows_certificate(
        &self,
        sealer: &Sealer,
        certificate: &Certificate,
        number: &Personal,
    ) -> Result<bool, StoreError> {
        let known = Entity::find()
            .filter(Column::HolderId.eq(holder(certificate)))
            .filter(Column::Kind.eq(certificate.kind.as_str()))
            .filter(Column::NumberIndex.eq(index(sealer, number)))
            .one(self.connection())
            .await?;
        Ok(known.is_some())
    }

    /// Records a new certificate with its number in clear, which is sealed.
    ///
    /// # Errors
    /// `Conflict` where the same one was recorded at the same moment.
    pub async fn insert_certificate(
        &self,
        sealer: &Sealer,
        certificate: &Certificate,
        number: &Personal,
    ) -> Result<(), StoreError> {
        let sealed = sealer
            .seal(NUMBER, &certificate.id.to_string(), number.expose())
            .map_err(unsealable)?;
        let row = ActiveModel {
            id: Set(certificate.id.as_uuid()),
            firm_id: Set(certificate.firm_id.as_uuid()),
            staff_id: Set(certificate.staff_id.map(Into::into)),
            holder_id: Set(holder(certificate)),
            kind: Set(certificate.kind.clone()),
            number_sealed: Set(sealed),
            number_index: Set(index(sealer, number)),
            number_shown: Set(certificate.number.clone()),
            issued_by: Set(certificate.issued_by.clone()),
            valid_from: Set(certificate.valid_from),
            valid_until: Set(certificate.valid_until),
            standing: Set(<&str>::from(certificate.standing).to_owned()),
            withdrawal_reason: Set(None),
            version: Set(certificate.version),
        };
        db::insert_chunked(self.connection(), [row], None)
            .await
            .map_err(raced)?;
        keep(self.connection(), certificate, None).await
    }

    /// Saves a certificate that was one version lower when it was read, and keeps that version, which counts from today on.
    ///
    /// # Errors
    /// `Conflict` where somebody else changed it since.
    pub async fn save_certificate(
        &self,
        certificate: &Certificate,
        withdrawal_reason: Option<&str>,
        today: NaiveDate,
    ) -> Result<(), StoreError> {
        let row = ActiveModel {
            valid_until: Set(certificate.valid_until),
            standing: Set(<&str>::from(certificate.standing).to_owned()),
            withdrawal_reason: Set(withdrawal_reason.map(str::to_owned)),
            version: Set(certificate.version),
            ..Default::default()
        };
        versions::save(
            self.connection(),
            row,
            (Column::Id, certificate.id.as_uuid()),
            (Column::Version, certificate.version),
        )
        .await?;
        keep(self.connection(), certificate, Some(today)).await
    }
}

fn from_row(row: Model) -> Result<Certificate, StoreError> {
    Ok(Certificate {
        id: CertificateId::from_uuid(row.id),
        firm_id: FirmId::from_uuid(row.firm_id),
        staff_id: row.staff_id.map(StaffId::from_uuid),
        kind: row.kind,
        number: row.number_shown,
        issued_by: row.issued_by,
        valid_from: row.valid_from,
        valid_until: row.valid_until,
        standing: text::read("certificates", &row.standing)?,
        version: row.version,
    })
}
