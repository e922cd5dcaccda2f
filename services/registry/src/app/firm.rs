//! Firms in full: filing, change, association, certificates, people.

use access::{Resource, ResourceKind};
use ids::{DivisionCode, FirmId};
use rpc::CallContext;

use super::App;
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::firm::event::FirmEvent;
use crate::domain::firm::record::FirmRecord;
use crate::domain::firm::refusal::Refusal;
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::error::AppError;
use crate::store::{Readable, Tx, divisions, firm_records};

pub mod association;
pub mod certificates;
pub mod change;
pub mod file;
pub mod membership;
pub mod project_managers;
pub mod reads;
pub mod reveal_staff;
pub mod staff;

/// A firm, its people and its certificates, as the policies see them: the firm itself is its own manager.
fn firm_resource(id: FirmId, city: DivisionCode) -> Resource {
    Resource::new(ResourceKind::Firm, id)
        .with_division(city)
        .with_manager(id)
}

/// What a caller who may not know of a firm is answered.
fn unknown() -> AnyRefusal {
    Refusal::FirmNotFound.into()
}

impl App {
    /// A firm that is registered and that the caller may do this to, with the city it is registered in.
    async fn firm_for(
        &self,
        connection: &impl Readable,
        ctx: &CallContext,
        id: FirmId,
    ) -> Result<(FirmRecord, DivisionCode), AppError> {
        let city = divisions::city(connection).await?;
        let found = firm_records::find(connection, id).await?;
        let firm = found.ok_or(Refusal::FirmNotFound)?;
        let resource = firm_resource(id, city).with_association(firm.is_member());
        ctx.permit(&self.access, &resource, unknown)?;
        Ok((firm, city))
    }
}

/// Puts an event of a firm or its people into the outbox.
async fn publish(
    tx: &mut Tx,
    ctx: &CallContext,
    city: DivisionCode,
    event: FirmEvent,
) -> Result<(), AppError> {
    let happened = Happened {
        division: city,
        version: event.version(),
        event: RegistryEvent::Firm(event),
    };
    tx.publish(ctx, [&happened]).await?;
    Ok(())
}
