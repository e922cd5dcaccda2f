//! Ending an import before it is done.

use ids::ImportId;
use rpc::CallContext;
use serde::Serialize;

use crate::app::App;
use crate::domain::import::Import;
use crate::domain::import::refusal::Refusal;
use crate::error::AppError;
use crate::store::imports;

/// Which import to end.
#[derive(Debug, Clone, Copy, Serialize)]
struct CancelImport {
    import_id: ImportId,
}

impl App {
    /// Ends an import and forgets its file. What was recorded stays.
    ///
    /// # Errors
    /// `NOT_ALLOWED`, `IMPORT_NOT_FOUND`, `IMPORT_ENDED`, `CONFLICT`.
    pub async fn cancel_import(&self, ctx: &CallContext, import_id: ImportId) -> Result<Import, AppError> {
        self.permit_city(ctx)?;
        let command = CancelImport { import_id };
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let import = imports::find(tx.connection(), import_id).await?;
        let after = import.ok_or(Refusal::ImportNotFound)?.cancel(self.clock.now())?;
        self.save_import(&mut tx, ctx, &after).await?;
        tx.delete_parts(import_id).await?;
        tx.delete_portions(import_id).await?;
        tx.remember(ctx, &command, import_id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
