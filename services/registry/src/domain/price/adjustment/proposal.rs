//! Proposing a price adjustment.

use chrono::{Datelike, NaiveDate};
use rules::PriceRules;

use super::{Adjustment, Changed, Line, NewLine, Proposal, State};
use crate::domain::price::standard::{check, pricing};
use crate::domain::price::{FeeStandard, Refusal, What};

/// Proposes a plan beside the standards of its area that hold today.
///
/// # Errors
/// `AUDIT_YEAR_WRONG` unless last year was audited, `AUDITOR_IS_FIRM`, `EFFECTIVE_DAY_NOT_TO_COME`, `LINE_TWICE`,
/// `STANDARD_NOT_FOUND`, `STANDARD_SUPERSEDED` where another price is recorded for later, `PRICE_UNCHANGED`,
/// `GRADE_UNKNOWN`, `PRICE_OUT_OF_BAND`.
pub fn propose(
    proposal: Proposal,
    standing: &[FeeStandard],
    today: NaiveDate,
    rules: &PriceRules,
) -> Result<Changed, Refusal> {
    let last_year = today.year() - 1;
    if proposal.audit.year != last_year {
        return Err(Refusal::AuditYearWrong { year: last_year });
    }
    if proposal.audit.auditor == proposal.firm_code {
        return Err(Refusal::AuditorIsFirm);
    }
    if proposal.effective_from <= today {
        return Err(Refusal::EffectiveDayNotToCome { today });
    }
    let mut lines: Vec<Line> = Vec::with_capacity(proposal.lines.len());
    for new in proposal.lines {
        if lines.iter().any(|line| line.new.homes == new.homes) {
            return Err(Refusal::LineTwice);
        }
        lines.push(line(new, standing, today, rules)?);
    }
    let adjustment = Adjustment {
        id: proposal.id,
        version: 1,
        area_id: proposal.area_id,
        division: proposal.division,
        firm_id: proposal.firm_id,
        lines,
        effective_from: proposal.effective_from,
        reason: proposal.reason,
        audit: proposal.audit,
        proposed_on: today,
        state: State::Proposed,
    };
    Ok((adjustment, What::Proposed))
}

fn line(
    new: NewLine,
    standing: &[FeeStandard],
    today: NaiveDate,
    rules: &PriceRules,
) -> Result<Line, Refusal> {
    let mut of_homes = standing.iter().filter(|standard| standard.homes == new.homes);
    let before = of_homes.find(|standard| standard.holds_on(today));
    let before = before.ok_or(Refusal::StandardNotFound)?;
    if let Some(until) = before.effective_until {
        return Err(Refusal::StandardSuperseded { until });
    }
    if (before.price, before.grade) == (new.price, new.grade) {
        return Err(Refusal::PriceUnchanged);
    }
    // The owners are to decide, so only what stays guided then is guided here.
    check(new.homes, new.price, new.grade, pricing(new.homes, true), rules)?;
    Ok(Line {
        new,
        standard_id: before.id,
        price_before: before.price,
        grade_before: before.grade,
    })
}
