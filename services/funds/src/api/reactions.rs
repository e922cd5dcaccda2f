//! Which event of which service leads to which use case.

use outbox::{Reaction, Reactions, Received, Replica};
use proto::{committees, registry};
use rpc::{CallContext, Invalid};

use super::inbound;
use crate::app::{App, RegistryChange};
use crate::error::AppError;

/// All reactions.
pub fn all(app: &App) -> Reactions {
    Reactions::new()
        .with(on_ballot_decided(app.clone()))
        .with(on_ballot_withdrawn(app.clone()))
        .with(on_building_facts_recorded(app.clone()))
        .with(on_divisions_merged(app.clone()))
        .with(replicate_registry(app.clone()))
}

fn on_ballot_decided(app: App) -> Reaction {
    Reaction::new("on_ballot_decided", "committees").on(
        move |ctx: CallContext, received: Received<committees::v1::BallotDecided>| {
            let app = app.clone();
            async move {
                match inbound::outcome(received.event)? {
                    Some(outcome) => app.on_ballot_decided(&ctx, outcome).await,
                    None => Ok::<(), AppError>(()),
                }
            }
        },
    )
}

fn on_ballot_withdrawn(app: App) -> Reaction {
    Reaction::new("on_ballot_withdrawn", "committees").on(
        move |ctx: CallContext, received: Received<committees::v1::BallotWithdrawn>| {
            let app = app.clone();
            async move {
                match inbound::withdrawal(received.event)? {
                    Some(withdrawal) => app.on_ballot_withdrawn(&ctx, withdrawal).await,
                    None => Ok::<(), AppError>(()),
                }
            }
        },
    )
}

/// Not a part of the replica, though it follows the same stream: a consumer of its own begins at the first event, so what
/// was recorded before anybody here asked for it is found too.
fn on_building_facts_recorded(app: App) -> Reaction {
    Reaction::new("on_building_facts_recorded", "registry").on(
        move |ctx: CallContext, received: Received<registry::v1::BuildingFactsRecorded>| {
            let app = app.clone();
            async move {
                let version = received.incoming.version;
                let (building_id, facts) = inbound::building_facts(received.event)?;
                app.on_building_facts_recorded(&ctx, building_id, version, facts)
                    .await
            }
        },
    )
}

/// Not a part of the replica: a division has versions that no event tells of, and a division ends once, so mergers may
/// come in any order.
fn on_divisions_merged(app: App) -> Reaction {
    Reaction::new("on_divisions_merged", "registry").on(
        move |ctx: CallContext, received: Received<registry::v1::DivisionsMerged>| {
            let app = app.clone();
            async move {
                let (into, from, on) = inbound::merger(received.event)?;
                app.on_divisions_merged(&ctx, into, &from, on).await
            }
        },
    )
}

fn replicate_registry(app: App) -> Replica<RegistryChange> {
    use registry::v1::{
        AreaEnded, AreaManagerChanged, AreaRegistered, BuildingFactsRecorded, BuildingMoved,
        BuildingRegistered, HomeCorrected, HomeTransferred, HomesDelivered, HomesRegistered, HomesSold,
        OwnershipsRecorded, SetUpDue,
    };
    Replica::new("replicate_registry", "registry", move |batch| {
        let app = app.clone();
        Box::pin(async move { app.replicate_registry(batch).await })
    })
    .on(follow::<AreaRegistered>(inbound::area))
    .on(follow::<BuildingRegistered>(inbound::building))
    .on(follow::<HomesRegistered>(inbound::homes))
    .on(follow::<OwnershipsRecorded>(inbound::ownerships))
    .on(follow::<HomeTransferred>(inbound::transfer))
    .on(follow::<HomesDelivered>(inbound::delivery))
    .on(follow::<AreaManagerChanged>(inbound::manager))
    .on(follow::<AreaEnded>(inbound::end))
    .on(follow::<BuildingMoved>(inbound::moved))
    .on(follow::<HomesSold>(inbound::sale))
    .on(follow::<HomeCorrected>(inbound::correction))
    .on(follow::<BuildingFactsRecorded>(|_| Ok(RegistryChange::Elsewhere)))
    .on(follow::<SetUpDue>(|_| Ok(RegistryChange::Elsewhere)))
}

type Change<E> = fn(E) -> Result<RegistryChange, Invalid>;

/// One kind of event of the registry, read by `read` and followed.
fn follow<E: proto::Event>(read: Change<E>) -> impl Fn(E) -> Result<RegistryChange, AppError> {
    move |event| read(event).map_err(AppError::from)
}
