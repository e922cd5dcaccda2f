//! Certificates (证书) of firms and of their people, and the clock that watches their last day.

use chrono::{Days, NaiveDate};
use ids::{CertificateId, FirmId, StaffId};
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// How a certificate stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Standing {
    /// It holds.
    Valid,
    /// Its last day is over.
    Expired,
    /// It was withdrawn.
    Withdrawn,
}

/// A certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Made when recorded.
    pub id: CertificateId,
    /// The firm.
    pub firm_id: FirmId,
    /// Who of its people holds it; none for the firm's own.
    pub staff_id: Option<StaffId>,
    /// What it certifies.
    pub kind: String,
    /// Its number as it may be shown: a person's masked.
    pub number: String,
    /// Who issued it; may be empty.
    pub issued_by: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_until: NaiveDate,
    /// How it stands.
    pub standing: Standing,
    /// One higher with every change and with everything that the clock told.
    pub version: i64,
}

/// What of a certificate is kept with every version, because a later one would hide it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CertificateVersion {
    /// Last day.
    pub valid_until: NaiveDate,
    /// Whether it was withdrawn.
    pub is_withdrawn: bool,
}

impl Certificate {
    /// Refuses with `VALIDITY_REVERSED` a validity that ends before it begins.
    pub fn check(self) -> Result<Self, Refusal> {
        if self.valid_until < self.valid_from {
            return Err(Refusal::ValidityReversed {
                from: self.valid_from,
                until: self.valid_until,
            });
        }
        Ok(self)
    }

    /// The certificate at the end of a day, when `version` counted; none before its first day.
    #[must_use]
    pub fn as_of(self, day: NaiveDate, version: CertificateVersion) -> Option<Self> {
        let standing = match version.is_withdrawn {
            true => Standing::Withdrawn,
            false if version.valid_until < day => Standing::Expired,
            false => Standing::Valid,
        };
        (self.valid_from <= day).then_some(Certificate {
            valid_until: version.valid_until,
            standing,
            ..self
        })
    }

    /// The day on which it is told that it ends soon, `days` before its last.
    pub fn expiring_on(&self, days: u32) -> NaiveDate {
        self.valid_until
            .checked_sub_days(Days::new(u64::from(days)))
            .unwrap_or(self.valid_until)
    }

    /// Renews it until a later day; what had expired holds again.
    ///
    /// # Errors
    /// `CERTIFICATE_WITHDRAWN`, `RENEWAL_TOO_SHORT`.
    pub fn renew(mut self, until: NaiveDate) -> Result<Self, Refusal> {
        match self.standing {
            Standing::Withdrawn => return Err(Refusal::CertificateWithdrawn),
            Standing::Valid | Standing::Expired => {}
        }
        if until <= self.valid_until {
            return Err(Refusal::RenewalTooShort {
                until: self.valid_until,
            });
        }
        self.valid_until = until;
        self.standing = Standing::Valid;
        Ok(self.next())
    }

    /// Withdraws it.
    ///
    /// # Errors
    /// `CERTIFICATE_WITHDRAWN`.
    pub fn withdraw(mut self) -> Result<Self, Refusal> {
        match self.standing {
            Standing::Withdrawn => Err(Refusal::CertificateWithdrawn),
            Standing::Valid | Standing::Expired => {
                self.standing = Standing::Withdrawn;
                Ok(self.next())
            }
        }
    }

    /// What the clock tells `days` before the last day; none where that is not so, or not so any more.
    pub fn expiring(self, days: u32, today: NaiveDate) -> Option<Self> {
        match self.standing {
            Standing::Valid => {
                let soon = self.expiring_on(days) <= today && today <= self.valid_until;
                soon.then(|| self.next())
            }
            Standing::Expired | Standing::Withdrawn => None,
        }
    }

    /// What the clock tells when the last day is over; none where that is not so, or not so any more.
    pub fn expire(mut self, today: NaiveDate) -> Option<Self> {
        match self.standing {
            Standing::Valid if self.valid_until < today => {
                self.standing = Standing::Expired;
                Some(self.next())
            }
            Standing::Valid | Standing::Expired | Standing::Withdrawn => None,
        }
    }

    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn certificate() -> Certificate {
        Certificate {
            id: CertificateId::derive("c"),
            firm_id: FirmId::derive("f"),
            staff_id: None,
            kind: "保安服务许可证".into(),
            number: "1".into(),
            issued_by: String::new(),
            valid_from: day("2024-03-01"),
            valid_until: day("2026-05-01"),
            standing: Standing::Valid,
            version: 1,
        }
    }

    #[test]
    fn the_clock_tells_from_thirty_days_before_and_when_the_last_day_is_over() {
        assert_eq!(certificate().expiring_on(30), day("2026-04-01"));
        assert_eq!(certificate().expiring(30, day("2026-03-31")), None);
        assert_eq!(certificate().expiring(30, day("2026-04-01")).unwrap().version, 2);
        assert_eq!(
            certificate().expiring(30, day("2026-05-02")),
            None,
            "it is too late to warn"
        );
        assert_eq!(
            certificate().expire(day("2026-05-01")),
            None,
            "the last day still holds"
        );
        let over = certificate().expire(day("2026-05-02")).unwrap();
        assert_eq!(over.standing, Standing::Expired);
        assert_eq!(over.clone().expire(day("2026-05-03")), None, "told once");
        let again = over.renew(day("2028-05-01")).unwrap();
        assert_eq!((again.standing, again.version), (Standing::Valid, 3));
        assert_eq!(again.expire(day("2026-05-02")), None);
    }

    #[test]
    fn what_was_withdrawn_stays_withdrawn() {
        let gone = certificate().withdraw().unwrap();
        assert_eq!(
            gone.clone().renew(day("2030-01-01")),
            Err(Refusal::CertificateWithdrawn)
        );
        assert_eq!(gone.clone().withdraw(), Err(Refusal::CertificateWithdrawn));
        assert_eq!(gone.clone().expire(day("2030-01-01")), None);
        assert_eq!(gone.expiring(30, day("2026-05-01")), None);
        let short = certificate().renew(day("2026-05-01")).unwrap_err();
        assert_eq!(<&str>::from(&short), "RENEWAL_TOO_SHORT");
        let mut reversed = certificate();
        reversed.valid_from = day("2026-05-02");
        assert!(reversed.check().is_err());
    }
}
