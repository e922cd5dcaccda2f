//! Recording an owner's mobile number.

use ids::OwnerId;
use rpc::CallContext;
use serde::Serialize;

use super::happened;
use crate::app::App;
use crate::domain::owner::event::OwnerEvent;
use crate::domain::owner::record::{Mobile, OwnerRecord};
use crate::domain::owner::refusal::Refusal;
use crate::error::AppError;
use crate::store::owner_records;

/// A number to record. In clear: `Debug` hides it, and what is remembered of it is the keyed hash.
#[derive(Debug, Clone)]
pub struct SetMobile {
    /// Whose.
    pub owner_id: OwnerId,
    /// The number; none deletes the recorded one.
    pub mobile: Option<Mobile>,
}

#[derive(Serialize)]
struct Remembered {
    owner_id: OwnerId,
    mobile: Option<String>,
}

impl App {
    /// Records or deletes an owner's mobile number, sealed.
    ///
    /// # Errors
    /// `OWNER_NOT_FOUND`, `NOT_ALLOWED`, `MOBILE_OF_LEGAL_PERSON`, `CONFLICT`.
    pub async fn set_mobile(&self, ctx: &CallContext, command: SetMobile) -> Result<OwnerRecord, AppError> {
        let mobile = command.mobile.as_ref();
        let remembered = Remembered {
            owner_id: command.owner_id,
            mobile: mobile.map(|mobile| owner_records::index_of(&self.sealer, mobile)),
        };
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &remembered).await? {
            return Ok(first);
        }
        let permitted = self.owner_for(tx.connection(), ctx, command.owner_id).await?;
        if permitted.owner.legal_person {
            return Err(Refusal::MobileOfLegalPerson.into());
        }
        let mut record = owner_records::find(tx.connection(), command.owner_id).await?;
        record.version += 1;
        record.mobile = mobile.map(|mobile| sealing::mask_mobile(mobile.as_str()));

        tx.save_owner_record(&record).await?;
        tx.save_mobile(&self.sealer, command.owner_id, mobile).await?;
        let event = OwnerEvent::MobileSet {
            owner_id: command.owner_id,
            recorded: mobile.is_some(),
        };
        tx.publish(ctx, [&happened(permitted.division, record.version, event)])
            .await?;
        tx.remember(ctx, &remembered, command.owner_id, &record).await?;
        tx.commit().await?;
        Ok(record)
    }
}
