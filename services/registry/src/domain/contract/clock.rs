//! What the calendar does with a contract: its term begins and runs out, notices end, what is due becomes overdue.

use calendar::{Period, Roll, counted_back, deadline};
use chrono::NaiveDate;

use super::{
    Changed, Contract, ContractKind, ContractRules, ContractState, EndCause, HandBack, Successor, What,
};

impl Contract {
    /// The first thing that the calendar has done to it by the day `today` in China; none where there is nothing left.
    /// `successor` is the contract of its area whose term is still to begin.
    pub fn pass(
        &self,
        today: NaiveDate,
        successor: Option<Successor>,
        rules: &ContractRules,
    ) -> Option<Changed> {
        if self.filing.filed.is_none() && !self.filing.overdue && self.filing.due_on < today {
            return Some(self.changed(What::FilingOverdue, |after| after.filing.overdue = true));
        }
        match &self.state {
            ContractState::Signed if self.terms.from_on <= today => Some(self.take_effect()),
            ContractState::Effective { until_on, .. } if *until_on < today => {
                Some(self.run_out(*until_on, successor, rules))
            }
            ContractState::Effective {
                until_on,
                warned: false,
            } if successor.is_none() && self.warning_on(*until_on, rules) <= today => {
                Some(self.warn(*until_on))
            }
            ContractState::NoticeGiven { notice, ends_on } if *ends_on < today => {
                Some(self.end(*ends_on, notice.cause(), successor, rules))
            }
            ContractState::Ended {
                hand_back: Some(due), ..
            } if !due.is_complete() && !due.overdue && due.due_on < today => Some(self.miss_hand_back()),
            ContractState::Signed
            | ContractState::Effective { .. }
            | ContractState::Continuing { .. }
            | ContractState::NoticeGiven { .. }
            | ContractState::Ended { .. } => None,
        }
    }

    /// The next day after `today` on which the calendar may do something.
    pub fn next_on(&self, today: NaiveDate, rules: &ContractRules) -> Option<NaiveDate> {
        let filing = (self.filing.filed.is_none() && !self.filing.overdue).then_some(self.filing.due_on);
        let after = |last: NaiveDate| last.succ_opt();
        let [first, second] = match &self.state {
            ContractState::Signed => [Some(self.terms.from_on), None],
            ContractState::Effective { until_on, warned } => {
                let warning = (!warned).then(|| self.warning_on(*until_on, rules));
                [warning, after(*until_on)]
            }
            ContractState::Continuing { .. } => [None, None],
            ContractState::NoticeGiven { ends_on, .. } => [after(*ends_on), None],
            ContractState::Ended { hand_back, .. } => {
                let open = hand_back.as_ref();
                let due = open.filter(|due| !due.is_complete() && !due.overdue);
                [due.and_then(|due| after(due.due_on)), None]
            }
        };
        let days = [filing.and_then(after), first, second].into_iter().flatten();
        days.filter(|day| *day > today).min()
    }

    /// The day on which it is told that the term runs out; its first day where the term is shorter than that.
    fn warning_on(&self, until_on: NaiveDate, rules: &ContractRules) -> NaiveDate {
        let period = Period::Days(rules.expiry_warning_days);
        counted_back(until_on, period, rules.holidays).max(self.terms.from_on)
    }

    fn take_effect(&self) -> Changed {
        self.changed(What::TookEffect, |after| {
            after.state = match after.terms.until_on {
                Some(until_on) => ContractState::Effective {
                    until_on,
                    warned: false,
                },
                // No term was agreed, so it is indefinite from the first day.
                None => ContractState::Continuing {
                    since: after.terms.from_on,
                },
            };
        })
    }

    fn warn(&self, until_on: NaiveDate) -> Changed {
        self.changed(What::Expiring, |after| {
            after.state = ContractState::Effective {
                until_on,
                warned: true,
            };
        })
    }

    /// Article 948: where nobody decided and the service goes on, so does the contract, without a term. What the street
    /// arranged for a time goes on only by a decision of the owners.
    fn run_out(&self, until_on: NaiveDate, successor: Option<Successor>, rules: &ContractRules) -> Changed {
        match (self.kind, successor) {
            (_, Some(_)) => self.end(until_on, EndCause::Succeeded, successor, rules),
            (ContractKind::Temporary, None) => self.end(until_on, EndCause::TermOver, None, rules),
            (ContractKind::EarlyStage | ContractKind::Ordinary, None) => {
                self.changed(What::Continued, |after| {
                    after.state = ContractState::Continuing {
                        since: until_on.succ_opt().unwrap_or(until_on),
                    };
                })
            }
        }
    }

    fn miss_hand_back(&self) -> Changed {
        self.changed(What::HandBackOverdue, |after| {
            if let ContractState::Ended {
                hand_back: Some(due), ..
            } = &mut after.state
            {
                due.overdue = true;
            }
        })
    }

    /// It is over after `on`. Everything goes back, unless the same firm goes on at once (article 949).
    pub(super) fn end(
        &self,
        on: NaiveDate,
        cause: EndCause,
        successor: Option<Successor>,
        rules: &ContractRules,
    ) -> Changed {
        let notice = match &self.state {
            ContractState::NoticeGiven { notice, .. } => Some(notice.clone()),
            ContractState::Signed
            | ContractState::Effective { .. }
            | ContractState::Continuing { .. }
            | ContractState::Ended { .. } => None,
        };
        let goes_on = successor.is_some_and(|next| next.firm_id == self.firm_id);
        let hand_back = (!goes_on).then(|| {
            // Handing back is an act: a last day off moves to the next working day.
            let period = Period::Days(rules.hand_back_days);
            HandBack::due(deadline(on, period, Roll::NextWorkingDay, rules.holidays))
        });
        self.changed(What::Ended, |after| {
            after.state = ContractState::Ended {
                on,
                cause,
                notice,
                successor_id: successor.map(|next| next.id),
                hand_back,
            };
        })
    }
}
