//! Events of other services to use cases.

mod prices;

use ids::{AreaId, DivisionCode, DrawId};
use money::Fen;
use outbox::{Reaction, Reactions, Received, Replica};
use proto::common::v1 as common;
use proto::funds::v1 as funds;
use proto::registry::v1 as registry;
use rpc::{Invalid, field};
use rules::SharedPart;

use super::convert::scope;
use crate::app::{App, AreaRecord, BuildingRecord, OwnershipRecord, RegistryChange};
use crate::domain::DrawRequest;
use crate::error::AppError;

/// The service's reactions.
pub fn reactions(app: App) -> Reactions {
    Reactions::new()
        .with(replicate_registry(app.clone()))
        .with(on_divisions_merged(app.clone()))
        .with(prices::on_price_ballot_requested(app.clone()))
        .with(prices::on_price_adjustment_over(app.clone()))
        .with(on_vote_requested(app.clone()))
        .with(on_draw_withdrawn(app))
}

/// Not a part of the replica: a division has versions that no event tells of, and a division ends once, so mergers may
/// come in any order.
fn on_divisions_merged(app: App) -> Reaction {
    Reaction::new("on_divisions_merged", "registry").on(
        move |ctx, received: Received<registry::DivisionsMerged>| {
            let app = app.clone();
            async move {
                let event = received.event;
                let into = division(&event.into_code)?;
                let from = event.from_codes.iter().map(|code| division(code));
                let from = from.collect::<Result<Vec<_>, _>>()?;
                let on = field::date("effectiveOn", &event.effective_on)?;
                app.on_divisions_merged(&ctx, into, &from, on).await
            }
        },
    )
}

fn on_vote_requested(app: App) -> Reaction {
    Reaction::new("on_vote_requested", "funds").on(
        move |ctx, received: Received<funds::DrawVoteRequested>| {
            let app = app.clone();
            async move {
                app.on_vote_requested(&ctx, draw_request(received.event.draw)?)
                    .await
            }
        },
    )
}

fn on_draw_withdrawn(app: App) -> Reaction {
    Reaction::new("on_draw_withdrawn", "funds").on(move |ctx, received: Received<funds::DrawWithdrawn>| {
        let app = app.clone();
        async move {
            let draw = received.event.draw.unwrap_or_default();
            let draw_id: DrawId = field::id("drawId", &draw.draw_id)?;
            app.on_draw_withdrawn(&ctx, draw_id, draw.outcome_reason).await
        }
    })
}

fn replicate_registry(app: App) -> Replica<RegistryChange> {
    /// One kind of event of the registry, read by a function of its own.
    macro_rules! change {
        ($event:ty, $read:path) => {
            |event: $event| $read(event)
        };
    }
    Replica::new("replicate_registry", "registry", move |batch| {
        let app = app.clone();
        Box::pin(async move { app.replicate_registry(batch).await })
    })
    .on(change!(registry::AreaRegistered, area))
    .on(change!(registry::BuildingRegistered, building))
    .on(change!(registry::HomesRegistered, homes))
    .on(change!(registry::OwnershipsRecorded, ownerships))
    .on(change!(registry::HomeTransferred, transfer))
    .on(change!(registry::HomesDelivered, elsewhere))
    .on(change!(registry::HomesSold, elsewhere))
    .on(change!(registry::HomeCorrected, elsewhere))
    .on(change!(registry::BuildingFactsRecorded, elsewhere))
    .on(change!(registry::AreaManagerChanged, manager))
    .on(change!(registry::AreaEnded, end))
    .on(change!(registry::BuildingMoved, moved))
    .on(change!(registry::SetUpDue, elsewhere))
}

fn area(event: registry::AreaRegistered) -> Result<RegistryChange, AppError> {
    let area = event.area.unwrap_or_default();
    Ok(RegistryChange::Area(AreaRecord {
        area_id: field::id::<ids::kinds::Area>("areaId", &area.area_id)?,
        division: division(&area.division_code)?,
        manager_id: field::optional_id("managerId", &area.manager_id)?,
        developer_id: field::optional_id("developerId", &area.developer_id)?,
    }))
}

fn manager(event: registry::AreaManagerChanged) -> Result<RegistryChange, AppError> {
    Ok(RegistryChange::Manager {
        area_id: field::id::<ids::kinds::Area>("areaId", &event.area_id)?,
        manager_id: field::optional_id("managerId", &event.manager_id)?,
    })
}

/// An area that ended: nobody manages it any more. Its ballots stay as they are.
fn end(event: registry::AreaEnded) -> Result<RegistryChange, AppError> {
    let area = event.area.unwrap_or_default();
    Ok(RegistryChange::Manager {
        area_id: field::id::<ids::kinds::Area>("areaId", &area.area_id)?,
        manager_id: None,
    })
}

fn moved(event: registry::BuildingMoved) -> Result<RegistryChange, AppError> {
    let building = event.building.unwrap_or_default();
    Ok(RegistryChange::Move {
        building: BuildingRecord {
            building_id: field::id("buildingId", &building.building_id)?,
            area_id: field::id::<ids::kinds::Area>("areaId", &building.area_id)?,
            number: building.number,
        },
        home_ids: event
            .home_ids
            .iter()
            .map(|id| field::id("homeIds", id))
            .collect::<Result<_, _>>()?,
    })
}

fn building(event: registry::BuildingRegistered) -> Result<RegistryChange, AppError> {
    let building = event.building.unwrap_or_default();
    let area_id: AreaId = field::id("areaId", &building.area_id)?;
    Ok(RegistryChange::Building(BuildingRecord {
        building_id: field::id("buildingId", &building.building_id)?,
        area_id,
        number: building.number,
    }))
}

fn homes(event: registry::HomesRegistered) -> Result<RegistryChange, AppError> {
    let owned = event
        .homes
        .iter()
        .map(|home| ownership(&home.home_id, &home.owner_ids));
    owners(&event.building_id, owned)
}

fn ownerships(event: registry::OwnershipsRecorded) -> Result<RegistryChange, AppError> {
    let owned = event
        .ownerships
        .iter()
        .map(|ownership_of| ownership(&ownership_of.home_id, &ownership_of.owner_ids));
    owners(&event.building_id, owned)
}

fn transfer(event: registry::HomeTransferred) -> Result<RegistryChange, AppError> {
    let after = event.after.unwrap_or_default();
    owners(&event.building_id, [ownership(&after.home_id, &after.owner_ids)])
}

/// Nothing that is kept here changes, but the aggregate's version does, and versions are followed without a gap.
fn elsewhere<E>(_event: E) -> Result<RegistryChange, AppError> {
    Ok(RegistryChange::Elsewhere)
}

fn owners(
    building_id: &str,
    homes: impl IntoIterator<Item = Result<OwnershipRecord, Invalid>>,
) -> Result<RegistryChange, AppError> {
    let homes = homes.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(RegistryChange::Owners {
        building_id: field::id("buildingId", building_id)?,
        homes,
    })
}

fn ownership(home_id: &str, owner_ids: &[String]) -> Result<OwnershipRecord, Invalid> {
    Ok(OwnershipRecord {
        home_id: field::id("homeId", home_id)?,
        owner_ids: owner_ids
            .iter()
            .map(|id| field::id("ownerIds", id))
            .collect::<Result<_, _>>()?,
    })
}

fn draw_request(draw: Option<funds::Draw>) -> Result<DrawRequest, AppError> {
    let draw = draw.unwrap_or_default();
    let part = common::SharedPart::try_from(draw.part).unwrap_or_default();
    Ok(DrawRequest {
        draw_id: field::id("drawId", &draw.draw_id)?,
        scope: scope(draw.scope.unwrap_or_default())?,
        division: division(&draw.division_code)?,
        part: shared_part(part),
        title: draw.title,
        text: draw.text,
        budget: Fen(draw.budget_fen),
    })
}

fn shared_part(part: common::SharedPart) -> SharedPart {
    match part {
        common::SharedPart::RoofWaterproofing => SharedPart::RoofWaterproofing,
        common::SharedPart::Structure => SharedPart::Structure,
        common::SharedPart::Lift => SharedPart::Lift,
        common::SharedPart::WiringAndPipes => SharedPart::WiringAndPipes,
        common::SharedPart::FireEquipment => SharedPart::FireEquipment,
        // Funds never asks for a vote on a draw that does not say its part.
        common::SharedPart::Other | common::SharedPart::Unspecified => SharedPart::Other,
    }
}

fn division(code: &str) -> Result<DivisionCode, Invalid> {
    code.parse::<DivisionCode>()
        .map_err(|error| Invalid::new("divisionCode", error.reason(), error.to_string(), error.zh()))
}
