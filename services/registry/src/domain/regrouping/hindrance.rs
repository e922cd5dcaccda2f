//! What stands in the way of carrying a regrouping out, because it would falsify something that runs.

use chrono::NaiveDate;
use ids::AreaId;

use super::plan::Plan;
use super::refusal::Refusal;
use crate::domain::contract::{Contract, ContractState, Successor};

/// What runs in an area concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// The area.
    pub area_id: AreaId,
    /// Whether a roll is published: its denominator would change under the objections.
    pub roll_published: bool,
    /// Whether a price adjustment is under way: its owners would be others at the end.
    pub prices_open: bool,
    /// The contracts that bind or wait for their term.
    pub contracts: Vec<Contract>,
}

/// A contract of an area that ends, and the contract of the survivor that comes in its place.
pub type MakesWay<'a> = (&'a Contract, Successor);

/// Which contracts make way for the survivor's, from `effective_on` on; `today` is the last day that may be.
///
/// # Errors
/// `AREA_ROLL_PUBLISHED`, `AREA_PRICES_OPEN`; `AREA_CONTRACT_BINDS` where an area that ends has a contract with another
/// firm than the survivor's, or one whose term is to come: the merger does not end what firm and owners agreed;
/// `REGROUPING_DAY_WRONG` where one of these contracts, or the survivor's, had not run for a day by then.
pub fn check<'a>(
    plan: &Plan,
    running: &'a [Running],
    effective_on: NaiveDate,
    today: NaiveDate,
) -> Result<Vec<MakesWay<'a>>, Refusal> {
    if running.iter().any(|area| area.roll_published) {
        return Err(Refusal::AreaRollPublished);
    }
    if running.iter().any(|area| area.prices_open) {
        return Err(Refusal::AreaPricesOpen);
    }
    let of = |id: AreaId| running.iter().filter(move |area| area.area_id == id);
    let going_on = of(plan.receiver())
        .flat_map(|area| &area.contracts)
        .find(|contract| contract.state.is_binding());
    let mut making_way = Vec::new();
    for contract in plan
        .ended()
        .iter()
        .flat_map(|id| of(*id))
        .flat_map(|area| &area.contracts)
    {
        let successor = going_on.filter(|one| one.firm_id == contract.firm_id);
        match (&contract.state, successor) {
            (
                ContractState::Effective { .. }
                | ContractState::Continuing { .. }
                | ContractState::NoticeGiven { .. },
                Some(successor),
            ) => {
                // A contract has a day at least, and only one that runs comes in the place of another.
                let began = contract.terms.from_on.max(successor.terms.from_on);
                if effective_on <= began {
                    let earliest = began.succ_opt().unwrap_or(NaiveDate::MAX);
                    return Err(Refusal::RegroupingDayWrong { earliest, today });
                }
                making_way.push((
                    contract,
                    Successor {
                        id: successor.id,
                        firm_id: successor.firm_id,
                        from_on: effective_on,
                    },
                ));
            }
            (
                ContractState::Signed
                | ContractState::Effective { .. }
                | ContractState::Continuing { .. }
                | ContractState::NoticeGiven { .. },
                _,
            ) => return Err(Refusal::AreaContractBinds),
            (ContractState::Ended { .. }, _) => {}
        }
    }
    Ok(making_way)
}
