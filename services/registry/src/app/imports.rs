//! Loading whole files: taken in parts, read into portions, and recorded portion by portion.

mod begin_import;
mod cancel_import;
mod portion;
mod read_imports;
mod reading;
mod run_import;
mod upload_part;
mod workbook;

pub use begin_import::BeginImport;
pub use run_import::RUN_IMPORT;
pub use upload_part::UploadPart;

use rpc::CallContext;

use super::App;
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::import::{Import, ImportEvent};
use crate::error::AppError;
use crate::store::{Tx, divisions};

impl App {
    /// Saves a changed import and tells of it.
    async fn save_import(&self, tx: &mut Tx, ctx: &CallContext, after: &Import) -> Result<(), AppError> {
        tx.save_import(after).await?;
        self.tell_import(tx, ctx, ImportEvent::of(after), after.version)
            .await
    }

    async fn tell_import(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        event: ImportEvent,
        version: i64,
    ) -> Result<(), AppError> {
        let happened = Happened {
            division: divisions::city(tx.connection()).await?,
            version,
            event: RegistryEvent::Import(event),
        };
        tx.publish(ctx, [&happened]).await?;
        Ok(())
    }
}
