//! Beginning an import.

use ids::ImportId;
use rpc::CallContext;
use serde::Serialize;

use crate::app::App;
use crate::domain::import::{Import, ImportEvent, Request};
use crate::error::AppError;

/// An import to begin.
#[derive(Debug, Clone, Serialize)]
pub struct BeginImport {
    /// What is asked.
    pub request: Request,
}

impl App {
    /// Begins an import; the parts of its file follow.
    ///
    /// # Errors
    /// `NOT_ALLOWED`.
    pub async fn begin_import(&self, ctx: &CallContext, command: BeginImport) -> Result<Import, AppError> {
        self.permit_city(ctx)?;
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let import = Import::begin(ImportId::generate(), command.request.clone(), self.clock.now());
        tx.insert_import(&import).await?;
        self.tell_import(&mut tx, ctx, ImportEvent::Begun(import.clone()), import.version)
            .await?;
        tx.remember(ctx, &command, import.id, &import).await?;
        tx.commit().await?;
        Ok(import)
    }
}
