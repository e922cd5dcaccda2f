//! Taking a part of a file.

use ids::ImportId;
use rpc::CallContext;
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::RUN_IMPORT;
use crate::app::App;
use crate::domain::import::refusal::Refusal;
use crate::domain::import::{Arrival, Import, State};
use crate::error::AppError;
use crate::store::imports;

/// A part.
#[derive(Clone, Serialize)]
pub struct UploadPart {
    /// The import.
    pub import_id: ImportId,
    /// Where in the file it begins, in bytes.
    pub offset: u64,
    /// Its bytes; recognised again by their digest.
    #[serde(serialize_with = "as_digest")]
    pub content: Vec<u8>,
}

fn digest(content: &[u8]) -> String {
    hex::encode(Sha256::digest(content))
}

fn as_digest<S: Serializer>(content: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&digest(content))
}

impl App {
    /// Keeps a part of the file, sealed; the last one lets the reading begin. A part that came already changes nothing.
    ///
    /// # Errors
    /// `NOT_ALLOWED`, `IMPORT_NOT_FOUND`, `IMPORT_NOT_UPLOADING`, `PART_OUT_OF_PLACE`, `PART_DIFFERS`, `CONFLICT`.
    pub async fn upload_part(&self, ctx: &CallContext, command: UploadPart) -> Result<Import, AppError> {
        self.permit_city(ctx)?;
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let import = imports::find(tx.connection(), command.import_id).await?;
        let import = import.ok_or(Refusal::ImportNotFound)?;
        let now = self.clock.now();
        let digest = digest(&command.content);
        let after = match import.arrival(command.offset, command.content.len() as u64, now)? {
            Arrival::Again => {
                let kept = tx.part_digest(import.id, command.offset).await?;
                if kept.as_ref() != Some(&digest) {
                    return Err(Refusal::PartDiffers.into());
                }
                import
            }
            Arrival::Next(after) => {
                tx.insert_part(&self.sealer, import.id, command.offset, &digest, &command.content)
                    .await?;
                self.save_import(&mut tx, ctx, &after).await?;
                if after.state == State::Reading {
                    tx.schedule(ctx, RUN_IMPORT, after.id, now).await?;
                }
                *after
            }
        };
        tx.remember(ctx, &command, command.import_id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
