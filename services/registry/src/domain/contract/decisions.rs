//! What people do with a contract: pure decisions.

use std::collections::BTreeSet;

use calendar::{Period, Roll, counted_back, deadline};
use chrono::NaiveDate;
use ids::{BallotId, CreditCode};

use super::subcontract::{given_twice, most_given_away};
use super::terms::not_to_come;
use super::{
    Changed, Contract, ContractKind, ContractRules, ContractState, EndCause, Item, Notice, Refusal, Service,
    Subcontract, Successor, What, Why,
};

/// Most subcontracts of one contract: its events stay small.
const SUBCONTRACTS_MAX: usize = 50;

impl Contract {
    /// Takes it on file today. Later than due is late, not impossible; a contract that is over may still be filed.
    ///
    /// # Errors
    /// `CONTRACT_FILED`.
    pub fn file(&self, number: String, today: NaiveDate) -> Result<Changed, Refusal> {
        match &self.filing.filed {
            Some((on, _)) => Err(Refusal::ContractFiled { on: *on }),
            None => Ok(self.changed(What::Filed, |after| after.filing.filed = Some((today, number)))),
        }
    }

    /// The first day of a renewal that is signed on `signed_on`: the day after the term.
    ///
    /// # Errors
    /// `CONTRACT_NOT_RENEWABLE`, `CONTRACT_WRONG_STATE`, `RENEWAL_TOO_LATE`.
    pub fn renewal_from(&self, signed_on: NaiveDate) -> Result<NaiveDate, Refusal> {
        match self.kind {
            ContractKind::Temporary => return Err(Refusal::ContractNotRenewable),
            ContractKind::EarlyStage | ContractKind::Ordinary => {}
        }
        match &self.state {
            ContractState::Effective { until_on, .. } if signed_on > *until_on => {
                Err(Refusal::RenewalTooLate { until: *until_on })
            }
            ContractState::Effective { until_on, .. } => Ok(until_on.succ_opt().unwrap_or(NaiveDate::MAX)),
            ContractState::Signed
            | ContractState::Continuing { .. }
            | ContractState::NoticeGiven { .. }
            | ContractState::Ended { .. } => Err(self.wrong_state()),
        }
    }

    /// The owners dismiss the firm by a decision of `decided_on`, with notice on `on` (Civil Code article 946).
    ///
    /// It ends when the time of notice is over, or with its term where that is sooner. A notice of another kind gives
    /// way where the dismissal ends the contract sooner.
    ///
    /// # Errors
    /// `CONTRACT_DAY_TO_COME`, `NOTICE_BEFORE_BALLOT`, `CONTRACT_WRONG_STATE`.
    pub fn dismiss(
        &self,
        ballot_id: BallotId,
        decided_on: NaiveDate,
        on: NaiveDate,
        today: NaiveDate,
        rules: &ContractRules,
    ) -> Result<Changed, Refusal> {
        not_to_come(on, today)?;
        not_before(on, decided_on)?;
        let agreed = self.terms.dismissal_notice_days;
        let days = agreed.unwrap_or(rules.dismissal_notice_days);
        let over = after_notice(on, days, rules);
        let why = Why::Dismissed { ballot_id };
        match &self.state {
            ContractState::Effective { until_on, .. } => Ok(self.noticed(on, why, over.min(*until_on))),
            ContractState::Continuing { .. } => Ok(self.noticed(on, why, over)),
            ContractState::NoticeGiven { notice, ends_on } => match notice.why {
                Why::NotRenewed { .. } | Why::IndefiniteEnded { .. } if over < *ends_on => {
                    Ok(self.noticed(on, why, over))
                }
                Why::Dismissed { .. } | Why::NotRenewed { .. } | Why::IndefiniteEnded { .. } => {
                    Err(self.wrong_state())
                }
            },
            ContractState::Signed | ContractState::Ended { .. } => Err(self.wrong_state()),
        }
    }

    /// The firm says on `on` that it does not go on after the term (article 947). Too late is a breach, and recorded as
    /// such; it does not keep the firm, so the contract ends with its term all the same.
    ///
    /// # Errors
    /// `CONTRACT_DAY_TO_COME`, `CONTRACT_NOT_RENEWABLE`, `CONTRACT_RENEWED`, `CONTRACT_WRONG_STATE`.
    pub fn decline_renewal(
        &self,
        on: NaiveDate,
        successor: Option<Successor>,
        today: NaiveDate,
        rules: &ContractRules,
    ) -> Result<Changed, Refusal> {
        not_to_come(on, today)?;
        match self.kind {
            ContractKind::Temporary => return Err(Refusal::ContractNotRenewable),
            ContractKind::EarlyStage | ContractKind::Ordinary => {}
        }
        match &self.state {
            ContractState::Effective { until_on, .. } => {
                if successor.is_some_and(|next| next.firm_id == self.firm_id) {
                    return Err(Refusal::ContractRenewed);
                }
                let agreed = self.terms.non_renewal_notice_days;
                let days = agreed.unwrap_or(rules.non_renewal_notice_days);
                let due_on = counted_back(*until_on, Period::Days(days), rules.holidays);
                let why = Why::NotRenewed {
                    due_on,
                    late: on > due_on,
                };
                Ok(self.noticed(on, why, *until_on))
            }
            ContractState::Signed
            | ContractState::Continuing { .. }
            | ContractState::NoticeGiven { .. }
            | ContractState::Ended { .. } => Err(self.wrong_state()),
        }
    }

    /// A party ends the indefinite term with notice on `on` (article 948): the owners by their decision, the firm alone.
    ///
    /// # Errors
    /// `CONTRACT_DAY_TO_COME`, `NOTICE_BEFORE_BALLOT`, `CONTRACT_WRONG_STATE`.
    pub fn end_indefinite(
        &self,
        decision: Option<(BallotId, NaiveDate)>,
        on: NaiveDate,
        today: NaiveDate,
        rules: &ContractRules,
    ) -> Result<Changed, Refusal> {
        not_to_come(on, today)?;
        if let Some((_, decided_on)) = decision {
            not_before(on, decided_on)?;
        }
        match &self.state {
            ContractState::Continuing { .. } => {
                let ends_on = after_notice(on, rules.indefinite_notice_days, rules);
                let ballot_id = decision.map(|(ballot_id, _)| ballot_id);
                Ok(self.noticed(on, Why::IndefiniteEnded { ballot_id }, ends_on))
            }
            ContractState::Signed
            | ContractState::Effective { .. }
            | ContractState::NoticeGiven { .. }
            | ContractState::Ended { .. } => Err(self.wrong_state()),
        }
    }

    /// The street found that the firm left, and served until `on`.
    ///
    /// # Errors
    /// `CONTRACT_DAY_TO_COME`, `TERM_REVERSED` before the contract began, `CONTRACT_WRONG_STATE`.
    pub fn abandon(
        &self,
        on: NaiveDate,
        today: NaiveDate,
        rules: &ContractRules,
    ) -> Result<Changed, Refusal> {
        not_to_come(on, today)?;
        match &self.state {
            ContractState::Effective { .. }
            | ContractState::Continuing { .. }
            | ContractState::NoticeGiven { .. } => {
                if on < self.terms.from_on {
                    return Err(Refusal::TermReversed {
                        from: self.terms.from_on,
                        until: on,
                    });
                }
                Ok(self.end(on, EndCause::Abandoned, None, rules))
            }
            ContractState::Signed | ContractState::Ended { .. } => Err(self.wrong_state()),
        }
    }

    /// Another contract took effect, and this one has ended by it (article 940).
    ///
    /// # Errors
    /// `CONTRACT_WRONG_STATE`.
    pub fn make_way(&self, successor: Successor, rules: &ContractRules) -> Result<Changed, Refusal> {
        let on = successor.from_on.pred_opt().unwrap_or(NaiveDate::MIN);
        match &self.state {
            ContractState::Effective { .. }
            | ContractState::Continuing { .. }
            | ContractState::NoticeGiven { .. } => {
                Ok(self.end(on, EndCause::Succeeded, Some(successor), rules))
            }
            ContractState::Signed | ContractState::Ended { .. } => Err(self.wrong_state()),
        }
    }

    /// Something was handed back on `on` (article 949).
    ///
    /// # Errors
    /// `CONTRACT_DAY_TO_COME`, `HAND_BACK_NOT_DUE`, `HAND_BACK_CONFIRMED`, `CONTRACT_WRONG_STATE`.
    pub fn confirm_hand_back(
        &self,
        items: &BTreeSet<Item>,
        on: NaiveDate,
        today: NaiveDate,
    ) -> Result<Changed, Refusal> {
        not_to_come(on, today)?;
        let mut done = match &self.state {
            ContractState::Ended {
                hand_back: Some(due), ..
            } => due.done.clone(),
            ContractState::Ended { hand_back: None, .. } => return Err(Refusal::HandBackNotDue),
            ContractState::Signed
            | ContractState::Effective { .. }
            | ContractState::Continuing { .. }
            | ContractState::NoticeGiven { .. } => return Err(self.wrong_state()),
        };
        for item in items {
            if let Some(before) = done.insert(*item, on) {
                return Err(Refusal::HandBackConfirmed { on: before });
            }
        }
        Ok(self.changed(What::HandedBack, |after| {
            if let ContractState::Ended {
                hand_back: Some(due), ..
            } = &mut after.state
            {
                due.done = done;
            }
        }))
    }

    /// The firm gives special services to another; `own` is the firm's credit code.
    ///
    /// # Errors
    /// `CONTRACTOR_IS_FIRM`, `TERM_REVERSED`, `SERVICE_NOT_PROMISED`, `SERVICE_SUBCONTRACTED`, `WHOLE_SUBCONTRACTED`,
    /// `TOO_MANY_SUBCONTRACTS`, `CONTRACT_WRONG_STATE`.
    pub fn subcontract(&self, new: Subcontract, own: &CreditCode) -> Result<Changed, Refusal> {
        match &self.state {
            ContractState::Signed
            | ContractState::Effective { .. }
            | ContractState::Continuing { .. }
            | ContractState::NoticeGiven { .. } => {}
            ContractState::Ended { .. } => return Err(self.wrong_state()),
        }
        if new.contractor == *own {
            return Err(Refusal::ContractorIsFirm);
        }
        if new.until_on < new.from_on {
            return Err(Refusal::TermReversed {
                from: new.from_on,
                until: new.until_on,
            });
        }
        if let Some(service) = new.services.difference(&self.terms.services).next() {
            return Err(Refusal::ServiceNotPromised {
                service: service_name(*service),
            });
        }
        if most_given_away(&self.subcontracts, &new).is_superset(&self.terms.services) {
            return Err(Refusal::WholeSubcontracted);
        }
        if let Some(service) = given_twice(&self.subcontracts, &new) {
            return Err(Refusal::ServiceSubcontracted {
                service: service_name(service),
            });
        }
        if self.subcontracts.len() >= SUBCONTRACTS_MAX {
            return Err(Refusal::TooManySubcontracts {
                max: SUBCONTRACTS_MAX,
            });
        }
        Ok(self.changed(What::Subcontracted, |after| after.subcontracts.push(new)))
    }

    fn noticed(&self, on: NaiveDate, why: Why, ends_on: NaiveDate) -> Changed {
        let notice = Notice { on, why };
        self.changed(What::NoticeGiven, |after| {
            after.state = ContractState::NoticeGiven { notice, ends_on };
        })
    }
}

fn service_name(service: Service) -> &'static str {
    service.into()
}

/// The last day of a time of notice. It only has to run, so a last day off stays.
fn after_notice(on: NaiveDate, days: u32, rules: &ContractRules) -> NaiveDate {
    deadline(on, Period::Days(days), Roll::Keep, rules.holidays)
}

fn not_before(on: NaiveDate, decided_on: NaiveDate) -> Result<(), Refusal> {
    if on < decided_on {
        Err(Refusal::NoticeBeforeBallot { on, decided_on })
    } else {
        Ok(())
    }
}
