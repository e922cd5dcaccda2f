//! Finding an owner by the number of the document, through the keyed hash.

use access::Resource;
use ids::{DivisionCode, DivisionLevel, OwnerId};
use rpc::{CallContext, General};
use serde::Serialize;

use super::{Permitted, divisions_of};
use crate::app::App;
use crate::app::looks::reason_of;
use crate::domain::look::LookKind;
use crate::domain::owner::refusal::Refusal;
use crate::domain::owner::{Document, Owner};
use crate::domain::refusal::Refusal as RegistryRefusal;
use crate::error::AppError;
use crate::store::{divisions, owners};

/// What to find. The document is in clear: `Debug` hides it, and what is remembered of it is the keyed id.
#[derive(Debug, Clone)]
pub struct FindOwner {
    /// The document.
    pub document: Document,
    /// Where: an owner with a home in it; the whole city finds every owner.
    pub division: DivisionCode,
}

/// The search as it is remembered: a plain hash of a document number would let anybody try numbers.
#[derive(Serialize)]
struct Search {
    owner_id: OwnerId,
    division: DivisionCode,
}

impl App {
    /// The owner with a document, masked; none where there is none in the division. The search is remembered with its reason
    /// either way, and what it found is a look that the owner can read.
    ///
    /// # Errors
    /// `REASON_MISSING`, `DIVISION_NOT_FOUND`, `NOT_ALLOWED`, `CONFLICT`.
    pub async fn find_owner(&self, ctx: &CallContext, query: FindOwner) -> Result<Option<Owner>, AppError> {
        let reason = reason_of(ctx)?;
        let search = Search {
            owner_id: self.sealer.derive_id(&query.document.natural_key()),
            division: query.division,
        };
        let mut tx = self.store.begin_write().await?;
        let resource = Resource::division(query.division);
        if !self.access.allows(&ctx.actor, ctx.action, &resource) {
            let knows = self.access.allows(&ctx.actor, "registry.ListAreas", &resource);
            return Err(if knows {
                let action = ctx.action.to_owned();
                General::NotAllowed { action }.into()
            } else {
                RegistryRefusal::from(Refusal::DivisionNotFound).into()
            });
        }
        if let Some(first) = tx.replay(ctx, &search).await? {
            return Ok(first);
        }
        let mut found = owners::find(tx.connection(), search.owner_id).await?;
        let lives_in = divisions_of(tx.connection(), search.owner_id).await?;
        let here = query.division.level() == DivisionLevel::City
            || lives_in.iter().any(|division| query.division.contains(division));
        found = found.filter(|_| here);
        if let Some(owner) = &found {
            let role = self.access.acting_role(&ctx.actor, ctx.action, &resource);
            let permitted = Permitted {
                owner: owner.clone(),
                division: match lives_in[..] {
                    [only] => only,
                    _ => divisions::city(tx.connection()).await?,
                },
                role: role
                    .map_or(ctx.actor.acting_role(), access::Role::as_str)
                    .to_owned(),
            };
            let fields = ["document_number"];
            self.record_look(&mut tx, ctx, &permitted, LookKind::Found, reason, &fields)
                .await?;
        }
        tx.remember(ctx, &search, search.owner_id, &found).await?;
        tx.commit().await?;
        Ok(found)
    }
}
