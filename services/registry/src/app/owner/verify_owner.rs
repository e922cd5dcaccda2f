//! Recording what the comparison of an owner with the real-estate register gave.

use ids::OwnerId;
use rpc::CallContext;
use serde::Serialize;

use super::happened;
use crate::app::App;
use crate::domain::owner::event::OwnerEvent;
use crate::domain::owner::record::{OwnerRecord, Verification};
use crate::error::AppError;
use crate::store::owner_records;

/// A comparison.
#[derive(Debug, Clone, Serialize)]
pub struct VerifyOwner {
    /// Whose.
    pub owner_id: OwnerId,
    /// What it gave; never open.
    pub verification: Verification,
}

impl App {
    /// Records a comparison with the register.
    ///
    /// # Errors
    /// `OWNER_NOT_FOUND`, `NOT_ALLOWED`, `VERIFIED_IN_THE_FUTURE`, `VERIFIED_BEFORE_LAST`, `CONFLICT`.
    pub async fn verify_owner(
        &self,
        ctx: &CallContext,
        command: VerifyOwner,
    ) -> Result<OwnerRecord, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let permitted = self.owner_for(tx.connection(), ctx, command.owner_id).await?;
        let before = owner_records::find(tx.connection(), command.owner_id).await?;
        let record = before.verify(command.verification, self.today())?;

        tx.save_owner_record(&record).await?;
        let event = OwnerEvent::Verified {
            owner_id: command.owner_id,
            verification: record.verification,
        };
        tx.publish(ctx, [&happened(permitted.division, record.version, event)])
            .await?;
        tx.remember(ctx, &command, command.owner_id, &record).await?;
        tx.commit().await?;
        Ok(record)
    }
}
