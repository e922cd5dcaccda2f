//! A contract of a past day. Days are kept with everything that happens to a contract, so how it stood follows from what is
//! known of it now.

use chrono::NaiveDate;

use super::{Contract, ContractState, HandBack, Notice};

impl Contract {
    /// The contract as it stood at the end of a day; none before it was signed, or began where that was sooner.
    ///
    /// Of two notices the first is not kept, and its time counts as that before the second. A subcontract counts from its
    /// first day on.
    #[must_use]
    pub fn as_of(mut self, day: NaiveDate) -> Option<Self> {
        if day < self.terms.signed_on.min(self.terms.from_on) {
            return None;
        }
        self.filing.overdue &= self.filing.due_on < day;
        self.filing.filed = self.filing.filed.filter(|(on, _)| *on <= day);
        self.subcontracts.retain(|given| given.from_on <= day);
        self.state = match self.state.clone() {
            ContractState::Ended {
                on,
                cause,
                notice,
                successor_id,
                hand_back,
            } if on < day => ContractState::Ended {
                on,
                cause,
                notice,
                successor_id,
                hand_back: hand_back.map(|due| due.on_day(day)),
            },
            ContractState::Ended { on, notice, .. } => self.running_on(day, notice.zip(Some(on))),
            ContractState::NoticeGiven { notice, ends_on } => self.running_on(day, Some((notice, ends_on))),
            ContractState::Signed | ContractState::Effective { .. } | ContractState::Continuing { .. } => {
                self.running_on(day, None)
            }
        };
        Some(self)
    }

    /// How far it was while it was not over; with the notice that it came to, and the last day by that.
    fn running_on(&self, day: NaiveDate, noticed: Option<(Notice, NaiveDate)>) -> ContractState {
        let (from_on, until_on) = (self.terms.from_on, self.terms.until_on);
        match (noticed, until_on) {
            (Some((notice, ends_on)), _) if notice.on <= day => {
                ContractState::NoticeGiven { notice, ends_on }
            }
            _ if day < from_on => ContractState::Signed,
            (_, Some(until_on)) if day <= until_on => ContractState::Effective {
                until_on,
                warned: false,
            },
            (_, Some(until_on)) => ContractState::Continuing {
                since: until_on.succ_opt().unwrap_or(until_on),
            },
            (_, None) => ContractState::Continuing { since: from_on },
        }
    }
}

impl HandBack {
    /// How far it was at the end of a day.
    fn on_day(mut self, day: NaiveDate) -> Self {
        self.overdue &= self.due_on < day;
        self.done.retain(|_, on| *on <= day);
        self
    }
}
