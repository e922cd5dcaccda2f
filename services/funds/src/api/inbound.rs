//! Events of registry and committees as this service understands them.

use chrono::NaiveDate;
use ids::{BuildingId, DivisionCode, DrawId};
use money::{Area, Fraction};
use proto::{committees, common, registry};
use rpc::{Invalid, field};

use crate::app::RegistryChange;
use crate::domain::ballot::{BallotOutcome, BallotWithdrawal, Tally};
use crate::domain::home::{Building, Home, HomeUse, ManagedArea, Ownership, SaleState};
use crate::domain::moves::BuildingMove;
use crate::domain::warranty::BuildingFacts;

type Pb<T> = Result<T, Invalid>;

/// A field that an event of our own contract must have: without it the event becomes a dead letter.
fn lacking(field: &'static str) -> Invalid {
    Invalid::new(
        field,
        "EVENT_MALFORMED",
        "is missing or cannot be read",
        "缺失或无法读取",
    )
}

/// An area as it is now.
pub fn area(event: registry::v1::AreaRegistered) -> Pb<RegistryChange> {
    let area = event.area.ok_or_else(|| lacking("area"))?;
    let division: DivisionCode = area
        .division_code
        .parse()
        .map_err(|_| lacking("area.divisionCode"))?;
    Ok(RegistryChange::Area(ManagedArea {
        id: field::id("area.areaId", &area.area_id)?,
        number: area.number,
        name: area.name,
        division,
        developer_id: field::optional_id("area.developerId", &area.developer_id)?,
        manager_id: field::optional_id("area.managerId", &area.manager_id)?,
        version: area.version,
    }))
}

/// A building as it is now.
pub fn building(event: registry::v1::BuildingRegistered) -> Pb<RegistryChange> {
    let building = event.building.ok_or_else(|| lacking("building"))?;
    Ok(RegistryChange::Building(Building {
        id: field::id("building.buildingId", &building.building_id)?,
        area_id: field::id("building.areaId", &building.area_id)?,
        number: building.number,
    }))
}

/// Homes as they are now.
pub fn homes(event: registry::v1::HomesRegistered) -> Pb<RegistryChange> {
    let area_id = field::id("areaId", &event.area_id)?;
    let building_id = field::id("buildingId", &event.building_id)?;
    let home = |home: registry::v1::Home| -> Pb<Home> {
        Ok(Home {
            id: field::id("homes.homeId", &home.home_id)?,
            area_id,
            building_id: home_building(&home, building_id)?,
            home_use: home_use(home.r#use())?,
            sale_state: sale_state(home.sale_state())?,
            stairwell: home.stairwell,
            room: home.room,
            unit_number: home.unit_number,
            exclusive_area: Area(home.exclusive_area),
            delivered_on: match home.delivered_on.as_str() {
                "" => None,
                day => Some(field::date("homes.deliveredOn", day)?),
            },
            owner_ids: owners(&home.owner_ids)?,
        })
    };
    let homes = event.homes.into_iter().map(home).collect::<Pb<Vec<_>>>()?;
    Ok(RegistryChange::Homes { area_id, homes })
}

fn home_building(home: &registry::v1::Home, of_event: BuildingId) -> Pb<BuildingId> {
    Ok(field::optional_id("homes.buildingId", &home.building_id)?.unwrap_or(of_event))
}

fn owners(owner_ids: &[String]) -> Pb<Vec<ids::OwnerId>> {
    owner_ids
        .iter()
        .map(|owner_id| field::id("ownerIds", owner_id))
        .collect()
}

fn home_use(home_use: common::v1::HomeUse) -> Pb<HomeUse> {
    use common::v1::HomeUse as Wire;
    match home_use {
        Wire::Unspecified => Err(lacking("homes.use")),
        Wire::Residential => Ok(HomeUse::Residential),
        Wire::Commercial => Ok(HomeUse::Commercial),
        Wire::Parking => Ok(HomeUse::Parking),
    }
}

fn sale_state(state: common::v1::SaleState) -> Pb<SaleState> {
    use common::v1::SaleState as Wire;
    match state {
        Wire::Unspecified => Err(lacking("homes.saleState")),
        Wire::Unsold => Ok(SaleState::Unsold),
        Wire::Sold => Ok(SaleState::Sold),
        Wire::Delivered => Ok(SaleState::Delivered),
    }
}

/// Owners as they are now.
pub fn ownerships(event: registry::v1::OwnershipsRecorded) -> Pb<RegistryChange> {
    event
        .ownerships
        .into_iter()
        .map(ownership)
        .collect::<Pb<Vec<_>>>()
        .map(RegistryChange::Ownerships)
}

/// The owners after a transfer.
pub fn transfer(event: registry::v1::HomeTransferred) -> Pb<RegistryChange> {
    let after = event.after.ok_or_else(|| lacking("after"))?;
    Ok(RegistryChange::Ownerships(vec![ownership(after)?]))
}

/// The homes that were handed over.
pub fn delivery(event: registry::v1::HomesDelivered) -> Pb<RegistryChange> {
    let home_ids = event.home_ids.iter().map(|id| field::id("homeIds", id));
    Ok(RegistryChange::Delivery {
        home_ids: home_ids.collect::<Pb<Vec<_>>>()?,
        on: field::date("deliveredOn", &event.delivered_on)?,
    })
}

/// The firm that manages an area now.
pub fn manager(event: registry::v1::AreaManagerChanged) -> Pb<RegistryChange> {
    Ok(RegistryChange::Manager {
        area_id: field::id("areaId", &event.area_id)?,
        manager_id: field::optional_id("managerId", &event.manager_id)?,
    })
}

/// An area that ended: nobody manages it, so nobody proposes draws for it any more.
pub fn end(event: registry::v1::AreaEnded) -> Pb<RegistryChange> {
    let area = event.area.ok_or_else(|| lacking("area"))?;
    Ok(RegistryChange::Manager {
        area_id: field::id("area.areaId", &area.area_id)?,
        manager_id: None,
    })
}

/// A building that moved to another area.
pub fn moved(event: registry::v1::BuildingMoved) -> Pb<RegistryChange> {
    let building = event.building.ok_or_else(|| lacking("building"))?;
    let home_ids = event.home_ids.iter().map(|id| field::id("homeIds", id));
    let at = event.moved_at.as_ref().map(|at| (at.seconds, at.nanos));
    Ok(RegistryChange::Move(BuildingMove {
        building: Building {
            id: field::id("building.buildingId", &building.building_id)?,
            area_id: field::id("building.areaId", &building.area_id)?,
            number: building.number,
        },
        from_area_id: field::id("fromAreaId", &event.from_area_id)?,
        home_ids: home_ids.collect::<Pb<Vec<_>>>()?,
        at: field::instant("movedAt", at)?,
        version: building.version,
    }))
}

/// The homes that were sold.
pub fn sale(event: registry::v1::HomesSold) -> Pb<RegistryChange> {
    let home_ids = event.home_ids.iter().map(|id| field::id("homeIds", id));
    Ok(RegistryChange::Sale(home_ids.collect::<Pb<Vec<_>>>()?))
}

/// The exclusive area that a home has from now on.
pub fn correction(event: registry::v1::HomeCorrected) -> Pb<RegistryChange> {
    let after = event.after.ok_or_else(|| lacking("after"))?;
    Ok(RegistryChange::Correction {
        home_id: field::id("homeId", &event.home_id)?,
        exclusive_area: Area(after.exclusive_area),
    })
}

/// What a building's documents say, and which building it is.
pub fn building_facts(event: registry::v1::BuildingFactsRecorded) -> Pb<(BuildingId, BuildingFacts)> {
    let facts = event.facts.ok_or_else(|| lacking("facts"))?;
    let completed_on = match facts.completed_on.as_str() {
        "" => None,
        day => Some(field::date("facts.completedOn", day)?),
    };
    // Zero is how the contract says that the documents do not tell.
    let years = u32::try_from(facts.design_life_years).map_err(|_| lacking("facts.designLifeYears"))?;
    let read = BuildingFacts {
        completed_on,
        design_life_years: Some(years).filter(|years| *years > 0),
    };
    Ok((field::id("facts.buildingId", &facts.building_id)?, read))
}

/// A merger of divisions: which survives, which end, and from what day on.
pub fn merger(event: registry::v1::DivisionsMerged) -> Pb<(DivisionCode, Vec<DivisionCode>, NaiveDate)> {
    let code = |code: &String| code.parse().map_err(|_| lacking("code"));
    let from = event.from_codes.iter().map(code).collect::<Pb<Vec<_>>>()?;
    let on = field::date("effectiveOn", &event.effective_on)?;
    Ok((code(&event.into_code)?, from, on))
}

fn ownership(ownership: registry::v1::Ownership) -> Pb<Ownership> {
    Ok(Ownership {
        home_id: field::id("ownership.homeId", &ownership.home_id)?,
        owner_ids: owners(&ownership.owner_ids)?,
    })
}

/// A decided ballot; `None` where it is not of a draw.
pub fn outcome(event: committees::v1::BallotDecided) -> Pb<Option<BallotOutcome>> {
    let ballot = event.ballot.ok_or_else(|| lacking("ballot"))?;
    let Some(draw_id): Option<DrawId> = field::optional_id("ballot.drawId", &ballot.draw_id)? else {
        return Ok(None);
    };
    let result = ballot.result.ok_or_else(|| lacking("ballot.result"))?;
    let frozen_at = ballot
        .announced_at
        .map(|at| field::instant("ballot.announcedAt", Some((at.seconds, at.nanos))))
        .transpose()?;
    Ok(Some(BallotOutcome {
        ballot_id: field::id("ballot.ballotId", &ballot.ballot_id)?,
        draw_id,
        frozen_at,
        roll: tally(ballot.roll.as_ref()).ok_or_else(|| lacking("ballot.roll"))?,
        turnout: tally(ballot.turnout.as_ref()).ok_or_else(|| lacking("ballot.turnout"))?,
        approval: tally(result.r#for.as_ref()).ok_or_else(|| lacking("ballot.result.for"))?,
        enough_took_part: result.enough_took_part,
        passed: result.passed,
        participation_required: fraction(result.participation_required.as_ref())
            .ok_or_else(|| lacking("ballot.result.participationRequired"))?,
        approval_required: fraction(result.approval_required.as_ref())
            .ok_or_else(|| lacking("ballot.result.approvalRequired"))?,
        approval_strict: result.approval_strict,
    }))
}

fn tally(tally: Option<&committees::v1::Tally>) -> Option<Tally> {
    tally.map(|tally| Tally {
        heads: tally.heads,
        area: Area(tally.area),
    })
}

fn fraction(fraction: Option<&committees::v1::Fraction>) -> Option<Fraction> {
    let fraction = fraction?;
    Fraction::new(fraction.numerator, fraction.denominator).ok()
}

/// A withdrawn ballot; `None` where it is not of a draw.
pub fn withdrawal(event: committees::v1::BallotWithdrawn) -> Pb<Option<BallotWithdrawal>> {
    let ballot = event.ballot.ok_or_else(|| lacking("ballot"))?;
    let Some(draw_id): Option<DrawId> = field::optional_id("ballot.drawId", &ballot.draw_id)? else {
        return Ok(None);
    };
    Ok(Some(BallotWithdrawal {
        ballot_id: field::id("ballot.ballotId", &ballot.ballot_id)?,
        draw_id,
        reason: ballot.withdrawal_reason,
    }))
}
