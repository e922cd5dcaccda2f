//! Contracts of property service: the use cases, one a file, and what they share.
//!
//! Every change of a contract holds the area's row until the commit, so that what stands beside each other in an area is
//! decided by one transaction at a time.

use std::sync::LazyLock;

use access::{Resource, ResourceKind};
use calendar::{Holidays, HolidaysError};
use ids::{AreaId, BallotId, ContractId, FirmId};
use rpc::{CallContext, General};
use rules::{RuleError, Ruled};

use super::{App, area_resource};
use crate::domain::area::Area;
use crate::domain::contract::{
    Changed, Contract, ContractRules, DecidedBallot, Entry, Event, Purpose, Refusal, admit,
};
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::firm::{Firm, FirmKind};
use crate::domain::refusal;
use crate::error::AppError;
use crate::store::{Readable, Tx, areas, ballots, contracts, firms, homes};

pub mod appoint_temporary_firm;
pub mod change_management_mode;
pub mod confirm_hand_back;
pub mod decline_renewal;
pub mod dismiss_firm;
pub mod end_indefinite;
pub mod file_contract;
pub mod get_contract;
pub mod get_management_mode;
pub mod list_contracts;
pub mod look_at_contract;
pub mod on_ballot_decided;
pub mod record_contract;
pub mod record_early_contract;
pub mod record_subcontract;
pub mod renew_contract;
mod settle;

/// The days off that ship with the program, read once.
static HOLIDAYS: LazyLock<Result<Holidays, HolidaysError>> = LazyLock::new(Holidays::embedded);

impl App {
    /// The numbers of today; grades of service are those of today as well.
    pub(super) fn contract_rules(&self) -> Result<ContractRules<'static>, AppError> {
        let bug = |error: Box<dyn std::error::Error + Send + Sync>| General::Internal { source: error };
        let holidays = HOLIDAYS.as_ref().map_err(|error| bug(error.to_string().into()))?;
        let read = || {
            let rules = self.rules.at(self.today())?;
            let number = |name: &str| {
                let ruled = rules.parameter(name)?;
                Ok::<_, RuleError>(Ruled {
                    value: u32::try_from(ruled.value).unwrap_or(u32::MAX),
                    article: ruled.article.clone(),
                })
            };
            Ok::<_, RuleError>(ContractRules {
                filing_days: number("contract_filing_days")?.value,
                dismissal_notice_days: number("contract_dismissal_notice_days")?.value,
                non_renewal_notice_days: number("contract_non_renewal_notice_days")?.value,
                indefinite_notice_days: number("contract_indefinite_notice_days")?.value,
                hand_back_days: number("contract_hand_back_days")?.value,
                expiry_warning_days: number("contract_expiry_warning_days")?.value,
                temporary_months_max: number("contract_temporary_months_max")?,
                prepayment_months_max: number("contract_prepayment_months_max")?,
                grades: self.rules.prices_at(self.today()).grades_count(),
                holidays,
            })
        };
        Ok(read().map_err(|error| bug(Box::new(error)))?)
    }

    /// An area that the caller may do this to, held, with its contracts as the calendar has them today.
    async fn held_area(&self, tx: &mut Tx, ctx: &CallContext, id: AreaId) -> Result<Area, AppError> {
        let not_found = || refusal::Refusal::AreaNotFound;
        let mut area = tx.hold_area(id).await?.ok_or_else(not_found)?;
        let resource = self
            .in_present_place(tx.connection(), area_resource(&area, None))
            .await?;
        ctx.permit(&self.access, &resource, not_found)?;
        area.stands()?;
        self.settle(tx, ctx, &mut area, None).await?;
        Ok(area)
    }

    /// A contract that the caller may do this to, and its area, held, as the calendar has them today.
    async fn held_contract(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        id: ContractId,
    ) -> Result<(Area, Contract), AppError> {
        let (unheld, resource) = self.contract_for(tx.connection(), ctx, id).await?;
        ctx.permit(&self.access, &resource, || Refusal::ContractNotFound.into())?;
        let mut area = self.area_of(tx, &unheld).await?;
        self.settle(tx, ctx, &mut area, None).await?;
        // Somebody may have changed it before the area was held.
        let contract = contracts::find(tx.connection(), id).await?;
        Ok((area, contract.ok_or(Refusal::ContractNotFound)?))
    }

    /// The area of a contract, held.
    async fn area_of(&self, tx: &Tx, contract: &Contract) -> Result<Area, AppError> {
        let area = tx.hold_area(contract.area_id).await?;
        let area = area.ok_or_else(|| General::Internal {
            source: format!("{} is of no area", contract.id).into(),
        })?;
        Ok(area)
    }

    /// A property firm.
    async fn property_firm(&self, connection: &impl Readable, id: FirmId) -> Result<Firm, AppError> {
        let firm = firms::find_many(connection, &[id]).await?.remove(&id);
        let firm = firm.ok_or(Refusal::FirmNotFound)?;
        match firm.kind {
            FirmKind::Property => Ok(firm),
            FirmKind::Developer | FirmKind::Bank | FirmKind::Auditor | FirmKind::Contractor => {
                Err(Refusal::FirmNotProperty.into())
            }
        }
    }

    /// A passed ballot of the whole area on one of these items, not used for this before.
    pub(super) async fn decision(
        &self,
        tx: &Tx,
        id: BallotId,
        area_id: AreaId,
        items: &[u8],
        purpose: Purpose,
    ) -> Result<DecidedBallot, AppError> {
        let ballot = ballots::find(tx.connection(), id).await?;
        let ballot = ballot.ok_or(Refusal::BallotNotDecided)?;
        ballot.check(area_id, items)?;
        if tx.is_ballot_used(id, purpose).await? {
            return Err(Refusal::BallotUsed.into());
        }
        Ok(ballot)
    }

    /// Records a contract beside those of its area, and lets the calendar do what is due.
    async fn enter(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        area: &mut Area,
        entry: Entry,
    ) -> Result<Contract, AppError> {
        let standing = contracts::standing(tx.connection(), area.id).await?;
        let mut rules = self.contract_rules()?;
        // A price of the contract is told by the grades of its own first day.
        rules.grades = self.rules.prices_at(entry.terms.from_on).grades_count();
        let (contract, event) = admit(entry, &standing, self.today(), &rules)?;
        tx.insert_contract(&contract).await?;
        let told = told(area, contract.version, Event::Contract(Box::new(event)));
        tx.publish(ctx, [&told]).await?;
        self.settled(tx, ctx, area, contract).await
    }

    /// Saves what was decided of a contract, and lets the calendar do what is due.
    async fn change(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        area: &mut Area,
        before: &Contract,
        changed: Changed,
    ) -> Result<Contract, AppError> {
        let after = self.save(tx, ctx, area, before, changed).await?;
        self.settled(tx, ctx, area, after).await
    }

    /// Saves and tells what was decided of a contract, and no more.
    pub(super) async fn save(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        area: &Area,
        before: &Contract,
        (after, event): Changed,
    ) -> Result<Contract, AppError> {
        tx.save_contract(before, &after).await?;
        let told = told(area, after.version, Event::Contract(Box::new(event)));
        tx.publish(ctx, [&told]).await?;
        Ok(after)
    }

    /// The contract after the calendar did what is due in its area.
    async fn settled(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        area: &mut Area,
        contract: Contract,
    ) -> Result<Contract, AppError> {
        let id = contract.id;
        self.settle(tx, ctx, area, Some(contract)).await?;
        let after = contracts::find(tx.connection(), id).await?;
        Ok(after.ok_or(Refusal::ContractNotFound)?)
    }

    /// A contract that exists, with its area, as the policies see it for this caller.
    async fn contract_for(
        &self,
        connection: &impl Readable,
        ctx: &CallContext,
        id: ContractId,
    ) -> Result<(Contract, Resource), AppError> {
        let contract = contracts::find(connection, id).await?;
        let contract = contract.ok_or(Refusal::ContractNotFound)?;
        let area = areas::find(connection, contract.area_id).await?;
        let area = area.ok_or_else(|| General::Internal {
            source: format!("{} is of no area", contract.id).into(),
        })?;
        let own = match ctx.actor.owner_id {
            Some(owner_id) if homes::has_home(connection, owner_id, area.id).await? => Some(owner_id),
            _ => None,
        };
        let resource = contract_resource(&contract, &area).with_owners(own);
        let resource = self.in_present_place(connection, resource).await?;
        Ok((contract, resource))
    }
}

/// A contract; its manager is its own firm, whoever manages the area now.
fn contract_resource(contract: &Contract, area: &Area) -> Resource {
    Resource::new(ResourceKind::Contract, contract.id)
        .with_division(area.division)
        .with_area(area.id)
        .with_manager(contract.firm_id)
        .with_developer(area.developer_id)
}

/// What happened in an area, to tell.
fn told(area: &Area, version: i64, event: Event) -> Happened {
    Happened {
        division: area.division,
        version,
        event: RegistryEvent::Contract(event),
    }
}
