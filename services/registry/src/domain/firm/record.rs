//! A firm in full: its filing, its names through time, its branches' parent, and whether the association counts it.

use chrono::NaiveDate;
use ids::FirmId;
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use super::{Firm, FirmKind};

/// A name that a firm had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerName {
    /// The name.
    pub name: String,
    /// Its first day; none where it is the first that is known.
    pub since: Option<NaiveDate>,
}

/// That the authority filed a firm (备案).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filed {
    /// Filing number.
    pub number: String,
    /// Day of the filing.
    pub on: NaiveDate,
}

/// Whether the industry association (行业协会) counts a firm among its members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Membership {
    /// It never did.
    Never,
    /// It does.
    Since {
        /// First day of the present membership.
        on: NaiveDate,
    },
    /// It did.
    Ended {
        /// Last day of the last membership.
        on: NaiveDate,
    },
}

/// A firm in full. The legal head is masked; the seal is the store's business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirmRecord {
    /// Who it is.
    pub firm: Firm,
    /// One higher with every change.
    pub version: i64,
    /// The firm whose branch (分支机构) it is.
    pub parent_id: Option<FirmId>,
    /// Legal head (法定代表人), masked; empty where none is recorded.
    pub legal_head: String,
    /// Registered address; empty where none is recorded.
    pub address: String,
    /// Phone of the office; empty where none is recorded.
    pub phone: String,
    /// Its filing; none before.
    pub filed: Option<Filed>,
    /// First day of the present name; none where it is the first that is known.
    pub named_since: Option<NaiveDate>,
    /// Names it had, the oldest first.
    pub former_names: Vec<FormerName>,
    /// Day on which it went off the register; none while it stands.
    pub revoked_on: Option<NaiveDate>,
    /// Whether it is a member of the association.
    pub membership: Membership,
}

/// What is filed of a firm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filing {
    /// Registered name, which must be the firm's.
    pub name: String,
    /// What it does, which must be what is recorded.
    pub kind: FirmKind,
    /// The firm whose branch it is, in full.
    pub parent: Option<FirmRecord>,
    /// Legal head, masked.
    pub legal_head: String,
    /// Registered address.
    pub address: String,
    /// Phone of the office.
    pub phone: String,
    /// Filing number.
    pub number: String,
    /// Day of the filing.
    pub on: NaiveDate,
}

/// What of a firm changes; none leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Legal head, masked.
    pub legal_head: Option<String>,
    /// Registered address.
    pub address: Option<String>,
    /// Phone of the office.
    pub phone: Option<String>,
}

/// Refuses with `DAY_IN_THE_FUTURE` a day that is still to come.
pub fn has_come(on: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    if on > today {
        return Err(Refusal::DayInTheFuture { on, today });
    }
    Ok(())
}

impl FirmRecord {
    /// A firm of which nothing is known but who it is.
    pub fn new(firm: Firm) -> Self {
        FirmRecord {
            firm,
            version: 1,
            parent_id: None,
            legal_head: String::new(),
            address: String::new(),
            phone: String::new(),
            filed: None,
            named_since: None,
            former_names: Vec::new(),
            revoked_on: None,
            membership: Membership::Never,
        }
    }

    /// Refuses with `FIRM_REVOKED` a firm that is off the register.
    pub fn stands(&self) -> Result<(), Refusal> {
        match self.revoked_on {
            Some(on) => Err(Refusal::FirmRevoked { on }),
            None => Ok(()),
        }
    }

    /// Files the firm, once; `today` is in China.
    ///
    /// # Errors
    /// `FIRM_REVOKED`, `FIRM_FILED`, `FIRM_KIND_DIFFERS`, `NAME_DIFFERS`, `PARENT_IS_BRANCH`, `DAY_IN_THE_FUTURE`.
    pub fn file(mut self, filing: Filing, today: NaiveDate) -> Result<Self, Refusal> {
        self.stands()?;
        if let Some(filed) = &self.filed {
            return Err(Refusal::FirmFiled { on: filed.on });
        }
        if filing.kind != self.firm.kind {
            return Err(Refusal::FirmKindDiffers);
        }
        if filing.name != self.firm.name {
            return Err(Refusal::NameDiffers { name: self.firm.name });
        }
        has_come(filing.on, today)?;
        if let Some(parent) = &filing.parent {
            parent.stands()?;
            // A branch has no branches of its own, and nothing is its own branch.
            if parent.parent_id.is_some() || parent.firm.id == self.firm.id {
                return Err(Refusal::ParentIsBranch);
            }
        }
        self.parent_id = filing.parent.map(|parent| parent.firm.id);
        self.legal_head = filing.legal_head;
        self.address = filing.address;
        self.phone = filing.phone;
        self.filed = Some(Filed {
            number: filing.number,
            on: filing.on,
        });
        Ok(self.next())
    }

    /// Changes particulars.
    ///
    /// # Errors
    /// `FIRM_REVOKED`; `CHANGE_EMPTY` where nothing is changed.
    pub fn change(mut self, change: Change) -> Result<Self, Refusal> {
        self.stands()?;
        if change == Change::default() {
            return Err(Refusal::ChangeEmpty);
        }
        if let Some(head) = change.legal_head {
            self.legal_head = head;
        }
        if let Some(address) = change.address {
            self.address = address;
        }
        if let Some(phone) = change.phone {
            self.phone = phone;
        }
        Ok(self.next())
    }

    /// Gives the firm another name from a day on; the old one is kept.
    ///
    /// # Errors
    /// `FIRM_REVOKED`, `NAME_UNCHANGED`, `DAY_IN_THE_FUTURE`; `RENAMED_BEFORE` where the present name is younger.
    pub fn rename(mut self, name: String, on: NaiveDate, today: NaiveDate) -> Result<Self, Refusal> {
        self.stands()?;
        if name == self.firm.name {
            return Err(Refusal::NameUnchanged);
        }
        has_come(on, today)?;
        if let Some(since) = self.named_since.filter(|since| *since >= on) {
            return Err(Refusal::RenamedBefore { since });
        }
        self.former_names.push(FormerName {
            name: std::mem::replace(&mut self.firm.name, name),
            since: self.named_since,
        });
        self.named_since = Some(on);
        Ok(self.next())
    }

    /// The name it had on a day.
    pub fn name_on(&self, day: NaiveDate) -> &str {
        if self.named_since.is_none_or(|since| since <= day) {
            return &self.firm.name;
        }
        self.former_names
            .iter()
            .rev()
            .find(|former| former.since.is_none_or(|since| since <= day))
            .or_else(|| self.former_names.first())
            .map_or(&self.firm.name, |former| &former.name)
    }

    /// Takes the firm off the register.
    ///
    /// # Errors
    /// `FIRM_REVOKED`, `DAY_IN_THE_FUTURE`.
    pub fn revoke(mut self, on: NaiveDate, today: NaiveDate) -> Result<Self, Refusal> {
        self.stands()?;
        has_come(on, today)?;
        self.revoked_on = Some(on);
        Ok(self.next())
    }

    /// Makes the firm a member of the association.
    ///
    /// # Errors
    /// `FIRM_REVOKED`, `ASSOCIATION_JOINED`, `ASSOCIATION_DAY_TOO_EARLY`, `DAY_IN_THE_FUTURE`.
    pub fn join(mut self, on: NaiveDate, today: NaiveDate) -> Result<Self, Refusal> {
        self.stands()?;
        has_come(on, today)?;
        match self.membership {
            Membership::Since { on } => return Err(Refusal::AssociationJoined { on }),
            Membership::Ended { on: left } if on <= left => {
                return Err(Refusal::AssociationDayTooEarly { after: left });
            }
            Membership::Ended { .. } | Membership::Never => {}
        }
        self.membership = Membership::Since { on };
        Ok(self.next())
    }

    /// Whether the association counts it a member now.
    pub fn is_member(&self) -> bool {
        match self.membership {
            Membership::Since { .. } => true,
            Membership::Never | Membership::Ended { .. } => false,
        }
    }

    /// Ends the membership. A firm off the register may still leave.
    ///
    /// # Errors
    /// `ASSOCIATION_NOT_JOINED`, `ASSOCIATION_DAY_TOO_EARLY`, `DAY_IN_THE_FUTURE`.
    pub fn leave(mut self, on: NaiveDate, today: NaiveDate) -> Result<Self, Refusal> {
        has_come(on, today)?;
        match self.membership {
            Membership::Since { on: joined } if on < joined => {
                Err(Refusal::AssociationDayTooEarly { after: joined })
            }
            Membership::Since { .. } => {
                self.membership = Membership::Ended { on };
                Ok(self.next())
            }
            Membership::Never | Membership::Ended { .. } => Err(Refusal::AssociationNotJoined),
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
    use ids::CreditCode;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn firm(body: &str) -> FirmRecord {
        let credit_code: CreditCode = format!("{body}{}", CreditCode::check_char(body).unwrap())
            .parse()
            .unwrap();
        FirmRecord::new(Firm {
            id: Firm::id_of(&credit_code),
            credit_code,
            name: "和居".into(),
            kind: FirmKind::Property,
        })
    }

    fn one() -> FirmRecord {
        firm("91330783MA2E40030")
    }

    fn filing() -> Filing {
        Filing {
            name: "和居".into(),
            kind: FirmKind::Property,
            parent: None,
            legal_head: "张*".into(),
            address: "东阳".into(),
            phone: "0579".into(),
            number: "1".into(),
            on: day("2026-03-02"),
        }
    }

    fn reason<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> &'static str {
        answer.unwrap_err().into()
    }

    #[test]
    fn a_firm_is_filed_once_under_what_is_recorded_of_it() {
        let today = day("2026-03-02");
        let filed = one().file(filing(), today).unwrap();
        assert_eq!((filed.version, filed.legal_head.as_str()), (2, "张*"));
        assert_eq!(reason(filed.clone().file(filing(), today)), "FIRM_FILED");
        let wrong = |change: fn(&mut Filing)| {
            let mut filing = filing();
            change(&mut filing);
            reason(one().file(filing, today))
        };
        assert_eq!(wrong(|f| f.kind = FirmKind::Bank), "FIRM_KIND_DIFFERS");
        assert_eq!(wrong(|f| f.name = "他".into()), "NAME_DIFFERS");
        assert_eq!(wrong(|f| f.on = day("2026-03-03")), "DAY_IN_THE_FUTURE");
        assert_eq!(wrong(|f| f.parent = Some(one())), "PARENT_IS_BRANCH");
    }

    #[test]
    fn a_branch_has_a_standing_parent_that_is_no_branch() {
        let today = day("2026-03-02");
        let parent = firm("91330783MA2E40031");
        let with = |parent: FirmRecord| Filing {
            parent: Some(parent),
            ..filing()
        };
        let branch = one().file(with(parent.clone()), today).unwrap();
        assert_eq!(branch.parent_id, Some(parent.firm.id));
        let third = firm("91330783MA2E40032");
        assert_eq!(
            reason(third.clone().file(with(branch), today)),
            "PARENT_IS_BRANCH"
        );
        let gone = parent.revoke(today, today).unwrap();
        assert_eq!(reason(third.file(with(gone), today)), "FIRM_REVOKED");
    }

    #[test]
    fn the_name_of_any_day_is_known() {
        let today = day("2026-03-02");
        let renamed = one().rename("二".into(), day("2021-01-01"), today).unwrap();
        assert_eq!(
            reason(renamed.clone().rename("三".into(), day("2021-01-01"), today)),
            "RENAMED_BEFORE"
        );
        assert_eq!(
            reason(renamed.clone().rename("二".into(), today, today)),
            "NAME_UNCHANGED"
        );
        let again = renamed.rename("三".into(), day("2025-01-01"), today).unwrap();
        assert_eq!(again.version, 3);
        for (on, name) in [
            ("2000-01-01", "和居"),
            ("2020-12-31", "和居"),
            ("2021-01-01", "二"),
            ("2024-12-31", "二"),
            ("2025-01-01", "三"),
            ("2026-03-02", "三"),
        ] {
            assert_eq!(again.name_on(day(on)), name, "{on}");
        }
    }

    #[test]
    fn membership_begins_ends_and_begins_again_on_a_later_day() {
        let today = day("2026-03-02");
        assert_eq!(reason(one().leave(today, today)), "ASSOCIATION_NOT_JOINED");
        let member = one().join(day("2025-01-01"), today).unwrap();
        assert_eq!(reason(member.clone().join(today, today)), "ASSOCIATION_JOINED");
        assert_eq!(
            reason(member.clone().leave(day("2024-12-31"), today)),
            "ASSOCIATION_DAY_TOO_EARLY"
        );
        let left = member.leave(day("2025-06-30"), today).unwrap();
        assert_eq!(reason(left.clone().leave(today, today)), "ASSOCIATION_NOT_JOINED");
        assert_eq!(
            reason(left.clone().join(day("2025-06-30"), today)),
            "ASSOCIATION_DAY_TOO_EARLY"
        );
        assert_eq!(left.join(day("2025-07-01"), today).unwrap().version, 4);
    }

    #[test]
    fn a_firm_off_the_register_does_nothing_but_leave() {
        let today = day("2026-03-02");
        let gone = one().join(today, today).unwrap().revoke(today, today).unwrap();
        assert_eq!(reason(gone.clone().file(filing(), today)), "FIRM_REVOKED");
        assert_eq!(
            reason(gone.clone().rename("二".into(), today, today)),
            "FIRM_REVOKED"
        );
        assert_eq!(reason(gone.clone().change(Change::default())), "FIRM_REVOKED");
        assert_eq!(reason(gone.clone().join(today, today)), "FIRM_REVOKED");
        assert_eq!(reason(gone.clone().revoke(today, today)), "FIRM_REVOKED");
        assert!(gone.leave(today, today).is_ok());
        assert_eq!(reason(one().change(Change::default())), "CHANGE_EMPTY");
    }
}
