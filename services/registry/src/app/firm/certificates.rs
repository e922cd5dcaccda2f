//! Certificates are recorded, renewed and withdrawn; the clock tells before the last day and after it.

use calendar::{end_of_day, start_of_day};
use chrono::NaiveDate;
use ids::{CertificateId, FirmId, StaffId};
use rpc::CallContext;
use sealing::mask_document;
use serde::Serialize;

use super::{firm_resource, publish};
use crate::app::App;
use crate::domain::firm::certificate::{Certificate, Standing};
use crate::domain::firm::event::FirmEvent;
use crate::domain::firm::refusal::Refusal;
use crate::domain::personal::Personal;
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::error::AppError;
use crate::store::{Tx, certificates, divisions, staff};

/// Name of the deadline that tells that a certificate ends soon.
pub const CERTIFICATE_EXPIRING: &str = "certificate_expiring";
/// Name of the deadline that tells that a certificate has ended.
pub const CERTIFICATE_EXPIRED: &str = "certificate_expired";
/// How long before the last day that is told.
const EXPIRING_DAYS: &str = "certificate_expiring_days";

/// A certificate to record.
#[derive(Debug, Clone, Serialize)]
pub struct RecordCertificate {
    /// The firm.
    pub firm_id: FirmId,
    /// Who of its people holds it; none for the firm's own.
    pub staff_id: Option<StaffId>,
    /// What it certifies.
    pub kind: String,
    /// Its number in clear.
    #[serde(skip)]
    pub number: Personal,
    /// Who issued it; may be empty.
    pub issued_by: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_until: NaiveDate,
}

/// A renewal or a withdrawal.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeCertificate {
    /// The certificate.
    pub certificate_id: CertificateId,
    /// What becomes of it.
    pub change: Change,
}

/// What becomes of a certificate.
#[derive(Debug, Clone, Serialize)]
pub enum Change {
    /// It holds until this day.
    Renewed(NaiveDate),
    /// It is withdrawn, for this reason.
    Withdrawn(String),
}

impl App {
    /// Records a certificate and sets its clock.
    ///
    /// # Errors
    /// `FIRM_NOT_FOUND`, `NOT_ALLOWED`, `FIRM_REVOKED`, `STAFF_NOT_FOUND`, `STAFF_LEFT`, `CERTIFICATE_KNOWN`,
    /// `VALIDITY_REVERSED`, `CONFLICT`.
    pub async fn record_certificate(
        &self,
        ctx: &CallContext,
        command: RecordCertificate,
    ) -> Result<Certificate, AppError> {
        let mut tx = self.store.begin_write().await?;
        let number = &command.number;
        let remembered = (&command, self.fingerprint(&[number]));
        if let Some(first) = tx.replay(ctx, &remembered).await? {
            return Ok(first);
        }
        let (firm, city) = self.firm_for(tx.connection(), ctx, command.firm_id).await?;
        firm.stands()?;
        if let Some(staff_id) = command.staff_id {
            let found = staff::find(tx.connection(), staff_id).await?;
            let holder = found.filter(|staff| staff.firm_id == command.firm_id);
            holder.ok_or(Refusal::StaffNotFound)?.is_employed()?;
        }

        let certificate = Certificate {
            id: CertificateId::generate(),
            firm_id: command.firm_id,
            staff_id: command.staff_id,
            kind: command.kind.clone(),
            // A firm's number is public, a person's is often that of the identity card.
            number: match command.staff_id {
                Some(_) => mask_document(number.expose()),
                None => number.expose().to_owned(),
            },
            issued_by: command.issued_by.clone(),
            valid_from: command.valid_from,
            valid_until: command.valid_until,
            standing: Standing::Valid,
            version: 1,
        }
        .check()?;
        if tx.knows_certificate(&self.sealer, &certificate, number).await? {
            return Err(Refusal::CertificateKnown.into());
        }

        tx.insert_certificate(&self.sealer, &certificate, number).await?;
        let event = FirmEvent::CertificateRecorded(certificate.clone());
        publish(&mut tx, ctx, city, event).await?;
        self.watch_certificate(&mut tx, ctx, &certificate).await?;
        tx.remember(ctx, &remembered, certificate.id, &certificate)
            .await?;
        tx.commit().await?;
        Ok(certificate)
    }

    /// Renews or withdraws a certificate; its clock begins anew or stops.
    ///
    /// # Errors
    /// `CERTIFICATE_NOT_FOUND`, `NOT_ALLOWED`, `CERTIFICATE_WITHDRAWN`, `RENEWAL_TOO_SHORT`, `CONFLICT`.
    pub async fn change_certificate(
        &self,
        ctx: &CallContext,
        command: ChangeCertificate,
    ) -> Result<Certificate, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let found = certificates::find(tx.connection(), command.certificate_id).await?;
        let before = found.ok_or(Refusal::CertificateNotFound)?;
        let city = divisions::city(tx.connection()).await?;
        ctx.permit(&self.access, &firm_resource(before.firm_id, city), || {
            AnyRefusal::from(Refusal::CertificateNotFound)
        })?;

        let (after, reason) = match &command.change {
            Change::Renewed(until) => (before.renew(*until)?, None),
            Change::Withdrawn(reason) => (before.withdraw()?, Some(reason.as_str())),
        };

        tx.save_certificate(&after, reason, self.today()).await?;
        let event = match &command.change {
            Change::Renewed(_) => FirmEvent::CertificateRenewed(after.clone()),
            Change::Withdrawn(_) => FirmEvent::CertificateWithdrawn(after.clone()),
        };
        publish(&mut tx, ctx, city, event).await?;
        self.watch_certificate(&mut tx, ctx, &after).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// The deadline before the last day of a certificate: tells it, once.
    ///
    /// # Errors
    /// Where the store does not answer; the deadline is then tried again.
    pub async fn certificate_expiring(&self, ctx: &CallContext, id: CertificateId) -> Result<(), AppError> {
        let days = self.number_of_today(EXPIRING_DAYS)?;
        self.tell_of_certificate(ctx, id, |certificate, today| {
            let told = certificate.expiring(days, today)?;
            Some((told.clone(), FirmEvent::CertificateExpiring(told)))
        })
        .await
    }

    /// The deadline after the last day of a certificate: it has ended, and that is told, once.
    ///
    /// # Errors
    /// Where the store does not answer; the deadline is then tried again.
    pub async fn certificate_expired(&self, ctx: &CallContext, id: CertificateId) -> Result<(), AppError> {
        self.tell_of_certificate(ctx, id, |certificate, today| {
            let told = certificate.expire(today)?;
            Some((told.clone(), FirmEvent::CertificateExpired(told)))
        })
        .await
    }

    async fn tell_of_certificate(
        &self,
        ctx: &CallContext,
        id: CertificateId,
        decide: impl FnOnce(Certificate, NaiveDate) -> Option<(Certificate, FirmEvent)>,
    ) -> Result<(), AppError> {
        let mut tx = self.store.begin_write().await?;
        if !tx.first_time(ctx).await? {
            return Ok(());
        }
        let found = certificates::find(tx.connection(), id).await?;
        if let Some((after, event)) = found.and_then(|certificate| decide(certificate, self.today())) {
            let city = divisions::city(tx.connection()).await?;
            tx.save_certificate(&after, None, self.today()).await?;
            publish(&mut tx, ctx, city, event).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Sets the clock of a certificate that holds, and stops that of one that does not.
    async fn watch_certificate(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        certificate: &Certificate,
    ) -> Result<(), AppError> {
        tx.unschedule(CERTIFICATE_EXPIRING, certificate.id).await?;
        tx.unschedule(CERTIFICATE_EXPIRED, certificate.id).await?;
        match certificate.standing {
            Standing::Valid => {
                let days = self.number_of_today(EXPIRING_DAYS)?;
                let soon = start_of_day(certificate.expiring_on(days));
                let over = end_of_day(certificate.valid_until);
                tx.schedule(ctx, CERTIFICATE_EXPIRING, certificate.id, soon)
                    .await?;
                tx.schedule(ctx, CERTIFICATE_EXPIRED, certificate.id, over)
                    .await?;
            }
            Standing::Expired | Standing::Withdrawn => {}
        }
        Ok(())
    }
}
