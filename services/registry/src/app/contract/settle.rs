//! Letting the calendar do what is due in an area: contracts take effect, run out and end, and its manager follows, and
//! its project manager with the firm.

use calendar::start_of_day;
use chrono::NaiveDate;
use rpc::CallContext;

use super::{App, told};
use crate::domain::area::Area;
use crate::domain::contract::{Contract, ContractRules, ContractState, Event, Successor};
use crate::error::AppError;
use crate::store::{Tx, contracts};

/// Name of the deadline on which a contract is looked at.
pub const LOOK_AT_CONTRACT: &str = "look_at_contract";

impl App {
    /// Does what is due by today in an area that is held. `subject` is the contract that was just changed or whose
    /// deadline this is: its next deadline is set anew.
    pub(in crate::app) async fn settle(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        area: &mut Area,
        subject: Option<Contract>,
    ) -> Result<(), AppError> {
        let (rules, today) = (self.contract_rules()?, self.today());
        let standing = contracts::standing(tx.connection(), area.id).await?;
        let (binding, mut signed): (Vec<_>, Vec<_>) = standing
            .into_iter()
            .partition(|contract| contract.state.is_binding());
        signed.sort_by_key(|contract| contract.terms.from_on);
        let mut bound = None;
        let mut ended: Vec<Contract> = Vec::new();
        if let Some(subject) = &subject
            && !subject.state.is_binding()
            && subject.state != ContractState::Signed
        {
            ended.push(subject.clone());
            self.pass(tx, ctx, area, subject.clone(), None, &rules).await?;
        }
        for contract in binding {
            let next = signed.first().map(Contract::as_successor);
            let after = self.pass(tx, ctx, area, contract, next, &rules).await?;
            place(after, &mut bound, &mut ended);
        }
        let successors: Vec<Successor> = signed.iter().map(Contract::as_successor).collect();
        for (contract, place_after) in signed.into_iter().zip(1..) {
            if contract.terms.from_on <= today
                && let Some(before) = bound.take()
            {
                let changed = before.make_way(contract.as_successor(), &rules)?;
                let after = self.save(tx, ctx, area, &before, changed).await?;
                self.reschedule(tx, ctx, &after, &rules).await?;
                ended.push(after);
            }
            let next = successors.get(place_after).copied();
            let after = self.pass(tx, ctx, area, contract, next, &rules).await?;
            place(after, &mut bound, &mut ended);
        }
        if let Some(subject) = subject {
            let now = contracts::find(tx.connection(), subject.id).await?;
            self.reschedule(tx, ctx, &now.unwrap_or(subject), &rules).await?;
        }
        self.follow_manager(tx, ctx, area, bound.as_ref(), &ended).await
    }

    /// Everything that the calendar has done to one contract by today.
    async fn pass(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        area: &Area,
        mut contract: Contract,
        successor: Option<Successor>,
        rules: &ContractRules<'_>,
    ) -> Result<Contract, AppError> {
        let (today, version) = (self.today(), contract.version);
        while let Some(changed) = contract.pass(today, successor, rules) {
            contract = self.save(tx, ctx, area, &contract, changed).await?;
        }
        if contract.version > version {
            self.reschedule(tx, ctx, &contract, rules).await?;
        }
        Ok(contract)
    }

    /// Sets the day on which the calendar may next do something to it.
    pub(in crate::app) async fn reschedule(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        contract: &Contract,
        rules: &ContractRules<'_>,
    ) -> Result<(), AppError> {
        tx.unschedule(LOOK_AT_CONTRACT, contract.id).await?;
        if let Some(day) = contract.next_on(self.today(), rules) {
            tx.schedule(ctx, LOOK_AT_CONTRACT, contract.id, start_of_day(day))
                .await?;
        }
        Ok(())
    }

    /// The firm that is bound manages the area; when its contract is over and no other binds, nobody does.
    async fn follow_manager(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        area: &mut Area,
        bound: Option<&Contract>,
        ended: &[Contract],
    ) -> Result<(), AppError> {
        let previous_manager_id = area.manager_id;
        let (manager_id, since) = match bound {
            Some(contract) => (Some(contract.firm_id), contract.terms.from_on),
            None => {
                let left = ended
                    .iter()
                    .find(|contract| Some(contract.firm_id) == previous_manager_id);
                // A manager from the city's tables stays until a contract says otherwise.
                let Some(last_on) = left.and_then(Contract::ends_on) else {
                    return Ok(());
                };
                (None, last_on.succ_opt().unwrap_or(NaiveDate::MAX))
            }
        };
        if manager_id == previous_manager_id {
            return Ok(());
        }
        area.manager_id = manager_id;
        area.version += 1;
        tx.save_area_manager(area, since).await?;
        let event = Event::AreaManagerChanged {
            area_id: area.id,
            manager_id,
            previous_manager_id,
            since,
        };
        let told = told(area, area.version, event);
        tx.publish(ctx, [&told]).await?;
        self.end_project_manager(tx, ctx, area, since).await
    }
}

fn place(contract: Contract, bound: &mut Option<Contract>, ended: &mut Vec<Contract>) {
    match &contract.state {
        ContractState::Effective { .. }
        | ContractState::Continuing { .. }
        | ContractState::NoticeGiven { .. } => *bound = Some(contract),
        ContractState::Ended { .. } => ended.push(contract),
        ContractState::Signed => {}
    }
}
