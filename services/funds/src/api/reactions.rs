//! Which event of which service leads to which use case.

use outbox::{Incoming, Reaction, Reactions, Received};
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

fn replicate_registry(app: App) -> Reaction {
    use registry::v1::{
        AreaRegistered, BuildingFactsRecorded, BuildingRegistered, HomeCorrected, HomeTransferred,
        HomesDelivered, HomesRegistered, HomesSold, OwnershipsRecorded, SetUpDue,
    };
    Reaction::new("replicate_registry", "registry")
        .on(follow::<AreaRegistered>(&app, inbound::area))
        .on(follow::<BuildingRegistered>(&app, inbound::building))
        .on(follow::<HomesRegistered>(&app, inbound::homes))
        .on(follow::<OwnershipsRecorded>(&app, inbound::ownerships))
        .on(follow::<HomeTransferred>(&app, inbound::transfer))
        .on(follow::<HomesDelivered>(&app, inbound::delivery))
        .on(follow::<HomesSold>(&app, inbound::sale))
        .on(follow::<HomeCorrected>(&app, inbound::correction))
        .on(follow::<BuildingFactsRecorded>(&app, |_| {
            Ok(RegistryChange::Elsewhere)
        }))
        .on(follow::<SetUpDue>(&app, |_| Ok(RegistryChange::Elsewhere)))
}

type Change<E> = fn(E) -> Result<RegistryChange, Invalid>;

/// One kind of event of the registry, read by `read` and followed.
fn follow<E: proto::Event>(
    app: &App,
    read: Change<E>,
) -> impl Fn(CallContext, Received<E>) -> futures::future::BoxFuture<'static, Result<(), AppError>>
+ Clone
+ Send
+ Sync
+ 'static {
    let app = app.clone();
    move |ctx, received| {
        let app = app.clone();
        Box::pin(async move {
            let incoming: Incoming = received.incoming;
            let change = read(received.event)?;
            app.replicate_registry(&ctx, &incoming, change).await
        })
    }
}
