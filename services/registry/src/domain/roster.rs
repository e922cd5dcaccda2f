//! Rosters (名册) of mediators (人民调解员) and evaluation experts (评标专家), masked.

pub mod refusal;

use chrono::NaiveDate;
use ids::{CreditCode, DivisionCode, FirmId, RosterMemberId};
use serde::{Deserialize, Serialize};

use self::refusal::Refusal;
use super::firm::Firm;

/// Which roster.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RosterKind {
    /// People's mediators (人民调解员).
    Mediator,
    /// Experts who evaluate bids (评标专家).
    Expert,
}

/// How a member stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Standing {
    /// May be drawn or chosen within the validity.
    Active,
    /// Suspended.
    Suspended,
    /// Off the roster for good.
    Removed,
}

/// Somebody on a roster, masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterMember {
    /// Made when enrolled.
    pub id: RosterMemberId,
    /// Which roster.
    pub kind: RosterKind,
    /// Name, masked.
    pub name: String,
    /// Profession.
    pub profession: String,
    /// Who employs them; none where nobody does.
    pub employer: Option<CreditCode>,
    /// Mobile number, masked.
    pub mobile: String,
    /// Keyed hash of the mobile number in hexadecimal: finds ties, tells nothing.
    pub conflict_token: String,
    /// The city for an expert, the division they mediate in for a mediator.
    pub division: DivisionCode,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_until: NaiveDate,
    /// How they stand.
    pub standing: Standing,
    /// One higher with every change.
    pub version: i64,
}

/// What of a member changes; none leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Profession.
    pub profession: Option<String>,
    /// Who employs them; some none where nobody does any more.
    pub employer: Option<Option<CreditCode>>,
    /// Mobile number, masked, with its keyed hash.
    pub mobile: Option<(String, String)>,
    /// Last day.
    pub valid_until: Option<NaiveDate>,
}

impl RosterMember {
    /// The employer as a firm of the register.
    pub fn employer_id(&self) -> Option<FirmId> {
        self.employer.as_ref().map(Firm::id_of)
    }

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

    /// Whether they may be drawn or chosen on a day.
    pub fn is_usable_on(&self, day: NaiveDate) -> bool {
        match self.standing {
            Standing::Active => self.valid_from <= day && day <= self.valid_until,
            Standing::Suspended | Standing::Removed => false,
        }
    }

    /// Changes particulars; a suspended member may be changed as well.
    ///
    /// # Errors
    /// `ROSTER_MEMBER_REMOVED`, `CHANGE_EMPTY`, `VALIDITY_REVERSED`.
    pub fn change(mut self, change: Change) -> Result<Self, Refusal> {
        self.is_on_it()?;
        if change == Change::default() {
            return Err(Refusal::ChangeEmpty);
        }
        if let Some(profession) = change.profession {
            self.profession = profession;
        }
        if let Some(employer) = change.employer {
            self.employer = employer;
        }
        if let Some((masked, token)) = change.mobile {
            self.mobile = masked;
            self.conflict_token = token;
        }
        if let Some(until) = change.valid_until {
            self.valid_until = until;
        }
        self.check().map(Self::next)
    }

    /// Suspends them.
    ///
    /// # Errors
    /// `ROSTER_MEMBER_REMOVED`, `ROSTER_MEMBER_SUSPENDED`.
    pub fn suspend(self) -> Result<Self, Refusal> {
        match self.standing {
            Standing::Active => Ok(self.standing(Standing::Suspended)),
            Standing::Suspended => Err(Refusal::RosterMemberSuspended),
            Standing::Removed => Err(Refusal::RosterMemberRemoved),
        }
    }

    /// Ends a suspension.
    ///
    /// # Errors
    /// `ROSTER_MEMBER_REMOVED`, `ROSTER_MEMBER_NOT_SUSPENDED`.
    pub fn reinstate(self) -> Result<Self, Refusal> {
        match self.standing {
            Standing::Suspended => Ok(self.standing(Standing::Active)),
            Standing::Active => Err(Refusal::RosterMemberNotSuspended),
            Standing::Removed => Err(Refusal::RosterMemberRemoved),
        }
    }

    /// Takes them off the roster for good.
    ///
    /// # Errors
    /// `ROSTER_MEMBER_REMOVED`.
    pub fn remove(self) -> Result<Self, Refusal> {
        self.is_on_it()?;
        Ok(self.standing(Standing::Removed))
    }

    fn is_on_it(&self) -> Result<(), Refusal> {
        match self.standing {
            Standing::Active | Standing::Suspended => Ok(()),
            Standing::Removed => Err(Refusal::RosterMemberRemoved),
        }
    }

    fn standing(mut self, standing: Standing) -> Self {
        self.standing = standing;
        self.next()
    }

    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

/// What happened on a roster. Names and numbers are left out where it becomes a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RosterEvent {
    /// Somebody was put on it.
    Enrolled(RosterMember),
    /// Particulars changed.
    Changed(RosterMember),
    /// Suspended or reinstated.
    StandingChanged(RosterMember),
    /// Off it for good.
    StruckOff(RosterMember),
}

impl RosterEvent {
    /// Who it is about.
    pub fn member(&self) -> &RosterMember {
        match self {
            RosterEvent::Enrolled(member)
            | RosterEvent::Changed(member)
            | RosterEvent::StandingChanged(member)
            | RosterEvent::StruckOff(member) => member,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn member() -> RosterMember {
        RosterMember {
            id: RosterMemberId::derive("m"),
            kind: RosterKind::Expert,
            name: "赵*".into(),
            profession: "给排水".into(),
            employer: None,
            mobile: "139****1234".into(),
            conflict_token: "00".into(),
            division: "330783".parse().unwrap(),
            valid_from: day("2026-03-02"),
            valid_until: day("2029-03-01"),
            standing: Standing::Active,
            version: 1,
        }
    }

    fn reason<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> &'static str {
        answer.unwrap_err().into()
    }

    /// Every standing with every command.
    #[test]
    fn what_may_be_done_depends_on_how_they_stand() {
        let suspended = member().suspend().unwrap();
        let removed = member().remove().unwrap();
        assert_eq!(reason(member().reinstate()), "ROSTER_MEMBER_NOT_SUSPENDED");
        assert_eq!(reason(suspended.clone().suspend()), "ROSTER_MEMBER_SUSPENDED");
        assert_eq!(suspended.clone().reinstate().unwrap().version, 3);
        assert!(suspended.clone().remove().is_ok());
        let change = || Change {
            profession: Some("电气".into()),
            ..Change::default()
        };
        assert!(suspended.change(change()).is_ok());
        for refused in [
            removed.clone().suspend(),
            removed.clone().reinstate(),
            removed.clone().remove(),
            removed.clone().change(change()),
        ] {
            assert_eq!(reason(refused), "ROSTER_MEMBER_REMOVED");
        }
    }

    #[test]
    fn nobody_is_drawn_outside_the_validity_or_while_suspended() {
        assert!(member().is_usable_on(day("2026-03-02")));
        assert!(member().is_usable_on(day("2029-03-01")));
        assert!(!member().is_usable_on(day("2026-03-01")));
        assert!(!member().is_usable_on(day("2029-03-02")));
        assert!(!member().suspend().unwrap().is_usable_on(day("2026-03-02")));
        let short = Change {
            valid_until: Some(day("2026-03-01")),
            ..Change::default()
        };
        assert_eq!(reason(member().change(short)), "VALIDITY_REVERSED");
        assert_eq!(reason(member().change(Change::default())), "CHANGE_EMPTY");
    }
}
