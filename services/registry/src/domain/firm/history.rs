//! Firms as they were: what every version held that a later one would hide, and the firm of a past day.

use chrono::NaiveDate;

use super::record::{FirmRecord, Membership};

/// What of a firm is kept with every version, because a later one would hide it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirmVersion {
    /// Day from which the particulars are known to hold; none for as long as anything is known.
    pub since: Option<NaiveDate>,
    /// Legal head, masked; empty where none was recorded.
    pub legal_head: String,
    /// Registered address; empty where none was recorded.
    pub address: String,
    /// Phone of the office; empty where none was recorded.
    pub phone: String,
    /// Whether it was a member of the association.
    pub membership: Membership,
}

impl Membership {
    /// The day from which it is so; none where it always was.
    fn began_on(self) -> Option<NaiveDate> {
        match self {
            Membership::Never => None,
            Membership::Since { on } => Some(on),
            // `on` is the last day of it.
            Membership::Ended { on } => Some(on.succ_opt().unwrap_or(NaiveDate::MAX)),
        }
    }
}

impl FirmRecord {
    /// The firm as it was at the end of a day; `versions` are all that are kept of it, the oldest first.
    ///
    /// Name, filing, membership and the register follow the days that were said of them; head, address and phone follow
    /// the days on which they were recorded.
    #[must_use]
    pub fn as_of(mut self, day: NaiveDate, versions: &[FirmVersion]) -> Self {
        let has_begun = |since: Option<NaiveDate>| since.is_none_or(|since| since <= day);
        let particulars = versions.iter().rev().find(|version| has_begun(version.since));
        let (legal_head, address, phone) = particulars
            .map(|then| (then.legal_head.clone(), then.address.clone(), then.phone.clone()))
            .unwrap_or_default();
        (self.legal_head, self.address, self.phone) = (legal_head, address, phone);
        let mut memberships = versions.iter().rev().map(|version| version.membership);
        self.membership = memberships
            .find(|membership| has_begun(membership.began_on()))
            .unwrap_or(Membership::Never);
        if self.filed.as_ref().is_some_and(|filed| filed.on > day) {
            self.filed = None;
            self.parent_id = None;
        }
        self.revoked_on = self.revoked_on.filter(|on| *on <= day);
        // Names that came later are taken back, the youngest first; the first that is known was always there.
        while !has_begun(self.named_since)
            && let Some(before) = self.former_names.pop()
        {
            (self.firm.name, self.named_since) = (before.name, before.since);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use ids::{CreditCode, FirmId};

    use super::*;
    use crate::domain::firm::record::Filed;
    use crate::domain::firm::{Firm, FirmKind};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_firm_of_any_day_is_known() {
        let version = |since: Option<&str>, address: &str, membership| FirmVersion {
            since: since.map(day),
            legal_head: String::new(),
            address: address.into(),
            phone: String::new(),
            membership,
        };
        let (joined, left) = (day("2024-01-01"), day("2024-12-31"));
        let again = Membership::Since {
            on: day("2025-07-01"),
        };
        let versions = [
            version(None, "", Membership::Never),
            version(Some("2023-03-01"), "东阳", Membership::Never),
            version(Some("2024-02-01"), "东阳", Membership::Since { on: joined }),
            version(Some("2025-01-10"), "东阳", Membership::Ended { on: left }),
            // Recorded on one day, and told of an earlier one.
            version(Some("2025-09-01"), "义乌", again),
        ];
        let body = "91330783MA2E40030";
        let credit_code = format!("{body}{}", CreditCode::check_char(body).unwrap());
        let mut now = FirmRecord::new(Firm {
            id: FirmId::derive("f"),
            credit_code: credit_code.parse().unwrap(),
            name: "和居".into(),
            kind: FirmKind::Property,
        });
        now = now
            .rename("二".into(), day("2026-01-01"), day("2026-03-02"))
            .unwrap();
        now.filed = Some(Filed {
            number: "1".into(),
            on: day("2026-03-02"),
        });
        now.parent_id = Some(FirmId::derive("p"));
        (now.address, now.membership) = ("义乌".into(), again);
        for (on, address, membership) in [
            ("2023-02-28", "", Membership::Never),
            ("2023-03-01", "东阳", Membership::Never),
            ("2024-01-01", "东阳", Membership::Since { on: joined }),
            ("2024-12-31", "东阳", Membership::Since { on: joined }),
            ("2025-01-01", "东阳", Membership::Ended { on: left }),
            ("2025-07-01", "东阳", again),
            ("2025-09-01", "义乌", again),
        ] {
            let then = now.clone().as_of(day(on), &versions);
            assert_eq!(
                (then.address.as_str(), then.membership),
                (address, membership),
                "{on}"
            );
            assert_eq!(
                (then.firm.name.as_str(), then.former_names.len()),
                ("和居", 0),
                "{on}"
            );
            assert_eq!((then.filed, then.parent_id), (None, None), "{on}");
        }
        let filed = now.clone().as_of(day("2026-03-02"), &versions);
        assert_eq!(filed, now, "the last day is how it stands");
    }
}
