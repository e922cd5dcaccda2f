//! Which contract may stand beside the others of its area: one firm at a time (浙江省物业管理条例 articles 28, 32;
//! 物业管理条例 article 33).

use calendar::{Period, Roll, deadline};
use chrono::NaiveDate;
use ids::{AreaId, BallotId, ContractId, DivisionCode, FirmId};

use super::terms::not_to_come;
use super::{
    Changed, Contract, ContractEvent, ContractKind, ContractRules, ContractState, Filing, Refusal, Terms,
    What,
};

/// A contract to record.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its id.
    pub id: ContractId,
    /// The area.
    pub area_id: AreaId,
    /// The area's community or village.
    pub division: DivisionCode,
    /// The property firm.
    pub firm_id: FirmId,
    /// What sort it is.
    pub kind: ContractKind,
    /// What was agreed.
    pub terms: Terms,
    /// The owners' decision.
    pub ballot_id: Option<BallotId>,
    /// The contract that it renews.
    pub renews_id: Option<ContractId>,
    /// Why the street named the firm.
    pub reason: String,
}

/// The contract as recorded beside `standing`, the contracts of its area that are not over, on the day `today` in China.
///
/// # Errors
/// As [`Terms::check`]; `AREA_HAS_CONTRACT`.
pub fn admit(
    entry: Entry,
    standing: &[Contract],
    today: NaiveDate,
    rules: &ContractRules,
) -> Result<Changed, Refusal> {
    entry.terms.check(entry.kind, today, rules)?;
    if entry.kind == ContractKind::Temporary {
        // It is named because nobody serves now.
        not_to_come(entry.terms.from_on, today)?;
    }
    for other in standing {
        if !makes_way(other, entry.kind, entry.terms.from_on) {
            return Err(Refusal::AreaHasContract {
                ends_on: other.ends_on(),
            });
        }
    }
    // Filing is an act: a last day off moves to the next working day.
    let period = Period::Days(rules.filing_days);
    let filing = Filing {
        due_on: deadline(
            entry.terms.signed_on,
            period,
            Roll::NextWorkingDay,
            rules.holidays,
        ),
        filed: None,
        overdue: false,
    };
    let contract = Contract {
        id: entry.id,
        version: 1,
        area_id: entry.area_id,
        division: entry.division,
        firm_id: entry.firm_id,
        kind: entry.kind,
        terms: entry.terms,
        ballot_id: entry.ballot_id,
        renews_id: entry.renews_id,
        reason: entry.reason,
        filing,
        subcontracts: Vec::new(),
        state: ContractState::Signed,
    };
    let event = ContractEvent {
        what: What::Recorded,
        contract: contract.clone(),
    };
    Ok((contract, event))
}

/// Whether a standing contract leaves room for one of this kind from this day on.
fn makes_way(standing: &Contract, kind: ContractKind, from_on: NaiveDate) -> bool {
    let is_over_before = standing.ends_on().is_some_and(|ends_on| ends_on < from_on);
    match &standing.state {
        // The next contract is signed already; only a stopgap may stand until it begins.
        ContractState::Signed => kind == ContractKind::Temporary && from_on < standing.terms.from_on,
        ContractState::Effective { .. }
        | ContractState::Continuing { .. }
        | ContractState::NoticeGiven { .. } => {
            // Article 940: an early-stage contract ends when the owners' own takes effect. So does a stopgap.
            let yields = match standing.kind {
                ContractKind::EarlyStage | ContractKind::Temporary => kind == ContractKind::Ordinary,
                ContractKind::Ordinary => false,
            };
            is_over_before || (yields && standing.terms.from_on < from_on)
        }
        ContractState::Ended { .. } => true,
    }
}
