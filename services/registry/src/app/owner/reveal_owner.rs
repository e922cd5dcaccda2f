//! Showing an owner in clear: the look is recorded in the transaction whose end lets the answer leave.

use std::fmt;

use ids::{LookId, OwnerId};
use rpc::{CallContext, General};
use serde::Serialize;

use super::{Permitted, happened};
use crate::app::App;
use crate::app::looks::reason_of;
use crate::domain::look::{LookKind, Seen};
use crate::domain::owner::event::OwnerEvent;
use crate::error::AppError;
use crate::store::{Tx, owner_records};

/// Which owner to show.
#[derive(Debug, Clone, Serialize)]
pub struct RevealOwner {
    /// Whom.
    pub owner_id: OwnerId,
}

/// An owner in clear. Personal data: `Debug` shows the ids only, and it cannot be serialised into a table.
#[derive(Clone)]
pub struct Revealed {
    /// Whom.
    pub owner_id: OwnerId,
    /// Name.
    pub name: String,
    /// Company or other organisation.
    pub legal_person: bool,
    /// Document number.
    pub document_number: String,
    /// Mobile number; none where none is recorded.
    pub mobile: Option<String>,
    /// The look as it was recorded.
    pub look_id: LookId,
}

impl fmt::Debug for Revealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Revealed")
            .field("owner_id", &self.owner_id)
            .field("look_id", &self.look_id)
            .finish_non_exhaustive()
    }
}

impl App {
    /// Shows an owner in clear and records who looked, in which role, when, why and at what. A repeat with the same key is
    /// asked for permission anew and counted with the first look: nothing in clear is ever remembered.
    ///
    /// # Errors
    /// `REASON_MISSING`, `OWNER_NOT_FOUND`, `NOT_ALLOWED`, `CONFLICT`.
    pub async fn reveal_owner(&self, ctx: &CallContext, command: RevealOwner) -> Result<Revealed, AppError> {
        let reason = reason_of(ctx)?;
        let id = command.owner_id;
        let mut tx = self.store.begin_write().await?;
        let permitted = self.owner_for(tx.connection(), ctx, id).await?;
        let mobile = tx.mobile_of(&self.sealer, id).await?;
        let look_id = match tx.replay::<LookId>(ctx, &command).await? {
            Some(first) => {
                tx.repeat_look(first, self.clock.now()).await?;
                first
            }
            None => {
                let mut fields = vec!["name", "document_number"];
                if mobile.is_some() {
                    fields.push("mobile");
                }
                let look_id = self
                    .record_look(&mut tx, ctx, &permitted, LookKind::Revealed, reason, &fields)
                    .await?;
                tx.remember(ctx, &command, id, &look_id).await?;
                look_id
            }
        };
        let clear = tx.in_clear(&self.sealer, id).await?;
        let (name, document_number) = clear.ok_or_else(|| General::Internal {
            source: "an owner that was just read is gone".into(),
        })?;
        tx.commit().await?;
        Ok(Revealed {
            owner_id: id,
            name,
            legal_person: permitted.owner.legal_person,
            document_number,
            mobile,
            look_id,
        })
    }

    /// Records a look at an owner and tells it.
    pub(super) async fn record_look(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        permitted: &Permitted,
        kind: LookKind,
        reason: String,
        fields: &[&str],
    ) -> Result<LookId, AppError> {
        let owner_id = permitted.owner.id;
        let mut record = owner_records::find(tx.connection(), owner_id).await?;
        record.version += 1;
        let seen = (Seen::Owner(owner_id), kind);
        let look = self.look(ctx, &permitted.role, seen, reason, fields);
        tx.save_owner_record(&record).await?;
        tx.insert_look(&self.sealer, &look).await?;
        let event = OwnerEvent::LookedAt {
            owner_id,
            look_id: look.id,
            kind,
            role: look.role,
            fields: look.fields,
        };
        tx.publish(ctx, [&happened(permitted.division, record.version, event)])
            .await?;
        Ok(look.id)
    }
}
