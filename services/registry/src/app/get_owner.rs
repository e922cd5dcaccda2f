//! Reading an owner, masked.

use ids::OwnerId;
use rpc::CallContext;

use super::App;
use crate::domain::owner::Owner;
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::owners;

impl App {
    /// The owner, masked: to the owner, and to whoever is responsible for a division in which the owner has a home.
    ///
    /// # Errors
    /// `OWNER_NOT_FOUND` where there is none, or where the caller may not know of one.
    pub async fn get_owner(&self, ctx: &CallContext, id: OwnerId) -> Result<Owner, AppError> {
        let snapshot = self.store.begin_read().await?;
        if ctx.actor.is_service() {
            let owner = owners::find(&snapshot, id).await?;
            return owner.ok_or_else(|| Refusal::OwnerNotFound.into());
        }
        Ok(self.owner_for(&snapshot, ctx, id).await?.owner)
    }
}
