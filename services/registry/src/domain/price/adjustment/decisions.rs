//! What people do with a price adjustment once it is proposed.

use calendar::{Holidays, Period, Roll, deadline};
use chrono::NaiveDate;
use ids::{BallotId, FeeStandardId};
use rules::PriceRules;

use super::{Adjustment, Asked, Changed, Outcome, Publicity, Standards, State};
use crate::domain::price::standard::{check, ended, pricing};
use crate::domain::price::{Basis, FeeStandard, Refusal, What};

impl Adjustment {
    /// The committee published audit and plan on that day.
    ///
    /// # Errors
    /// `ADJUSTMENT_WRONG_STATE`, `ADJUSTMENT_DAY_TO_COME`, `PUBLISHED_BEFORE_PROPOSAL`.
    pub fn publish(&self, on: NaiveDate, today: NaiveDate, publicity_days: u32) -> Result<Changed, Refusal> {
        match &self.state {
            State::Proposed => {}
            State::Published(_)
            | State::BallotRequested(_)
            | State::Decided { .. }
            | State::Effective { .. }
            | State::Rejected(_)
            | State::Withdrawn { .. } => return Err(self.wrong_state()),
        }
        if on > today {
            return Err(Refusal::AdjustmentDayToCome { on, today });
        }
        if on < self.proposed_on {
            return Err(Refusal::PublishedBeforeProposal {
                proposed_on: self.proposed_on,
            });
        }
        // It only has to run, so days off do not matter (Civil Code article 203).
        let until_on = deadline(on, Period::Days(publicity_days), Roll::Keep, &Holidays::none());
        let publicity = Publicity {
            on,
            until_on,
            is_over: false,
        };
        Ok(self.changed(What::Published, State::Published(publicity)))
    }

    /// The owners are to decide, once audit and plan were public for long enough.
    ///
    /// # Errors
    /// `ADJUSTMENT_WRONG_STATE`, `PUBLICITY_RUNNING`.
    pub fn request_ballot(&self, objections: Option<u32>, today: NaiveDate) -> Result<Changed, Refusal> {
        match &self.state {
            State::Published(publicity) if today <= publicity.until_on => Err(Refusal::PublicityRunning {
                until: publicity.until_on,
            }),
            State::Published(publicity) => {
                let asked = Asked {
                    publicity: Publicity {
                        is_over: true,
                        ..*publicity
                    },
                    on: today,
                    objections,
                };
                Ok(self.changed(What::BallotRequested, State::BallotRequested(asked)))
            }
            State::Proposed
            | State::BallotRequested(_)
            | State::Decided { .. }
            | State::Effective { .. }
            | State::Rejected(_)
            | State::Withdrawn { .. } => Err(self.wrong_state()),
        }
    }

    /// What the owners decided. `standing` are the standards of the lines, `ids` those of the new ones, in their order.
    ///
    /// New prices begin on the planned day, but never before the day after this one: what holds is displayed before it
    /// holds (物业服务收费管理办法 article 8).
    ///
    /// # Errors
    /// `ADJUSTMENT_WRONG_STATE`, `BALLOT_BEFORE_REQUEST`, `STANDARD_NOT_FOUND`, `GRADE_UNKNOWN`, `PRICE_OUT_OF_BAND` where
    /// a table that was published since is in the way.
    pub fn decide(
        &self,
        (ballot_id, decided_on, passed): (BallotId, NaiveDate, bool),
        standing: &[FeeStandard],
        ids: &[FeeStandardId],
        today: NaiveDate,
        rules: &PriceRules,
    ) -> Result<(Changed, Standards), Refusal> {
        let asked = match &self.state {
            State::BallotRequested(asked) => *asked,
            State::Proposed
            | State::Published(_)
            | State::Decided { .. }
            | State::Effective { .. }
            | State::Rejected(_)
            | State::Withdrawn { .. } => return Err(self.wrong_state()),
        };
        if decided_on < asked.on {
            return Err(Refusal::BallotBeforeRequest {
                decided_on,
                asked_on: asked.on,
            });
        }
        let outcome = Outcome {
            asked,
            ballot_id,
            decided_on,
        };
        if !passed {
            return Ok((self.changed(What::Rejected, State::Rejected(outcome)), Vec::new()));
        }
        let effective_on = self.effective_on(today);
        let basis = Basis::Adjustment {
            id: self.id,
            ballot_id,
        };
        let mut standards = Standards::with_capacity(self.lines.len());
        for (line, id) in self.lines.iter().zip(ids) {
            let before = standing.iter().find(|standard| standard.id == line.standard_id);
            let before = before.ok_or(Refusal::StandardNotFound)?;
            let pricing = pricing(line.new.homes, true);
            let after = FeeStandard {
                id: *id,
                version: 1,
                price: line.new.price,
                grade: line.new.grade,
                pricing,
                band: check(line.new.homes, line.new.price, line.new.grade, pricing, rules)?,
                basis,
                effective_from: effective_on,
                effective_until: None,
                ..before.clone()
            };
            standards.push((after, ended(before, effective_on)));
        }
        let state = State::Decided {
            outcome,
            effective_on,
            standard_ids: standards.iter().map(|(after, _)| after.id).collect(),
        };
        Ok((self.changed(What::Decided, state), standards))
    }

    /// First day of the new prices, were the owners' consent recorded today.
    pub fn effective_on(&self, today: NaiveDate) -> NaiveDate {
        self.effective_from.max(today.succ_opt().unwrap_or(today))
    }

    /// It is given up before the owners decided.
    ///
    /// # Errors
    /// `ADJUSTMENT_WRONG_STATE`.
    pub fn withdraw(&self, reason: String, today: NaiveDate) -> Result<Changed, Refusal> {
        match &self.state {
            State::Proposed | State::Published(_) | State::BallotRequested(_) => {
                let state = State::Withdrawn { on: today, reason };
                Ok(self.changed(What::Withdrawn, state))
            }
            State::Decided { .. }
            | State::Effective { .. }
            | State::Rejected(_)
            | State::Withdrawn { .. } => Err(self.wrong_state()),
        }
    }
}
