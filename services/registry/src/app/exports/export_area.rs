//! Taking a whole area away as one workbook that imports into an empty registry without a difference.

use ids::AreaId;
use rpc::CallContext;
use strum::IntoEnumIterator;

use super::job::{Job, Look};
use super::reader::{Owners, Source};
use super::{FileFormat, FileStream, Titles, reason_of};
use crate::app::App;
use crate::domain::refusal::Refusal;
use crate::domain::table::TableKind;
use crate::error::AppError;

/// Which area to take away.
#[derive(Debug, Clone, Copy)]
pub struct ExportArea {
    /// The area.
    pub area_id: AreaId,
    /// What the columns are called.
    pub titles: Titles,
}

impl App {
    /// The area with its firms, buildings, homes and the history of who owned them, in clear, a sheet for each kind of
    /// table; that it was taken is recorded before the first byte.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `NOT_ALLOWED`, `REASON_MISSING`; in place of the first piece `EXPORT_TOO_LARGE`.
    pub async fn export_area(&self, ctx: &CallContext, query: ExportArea) -> Result<FileStream, AppError> {
        let turn = self.turn().await?;
        let snapshot = self.store.begin_read().await?;
        let (area, resource) = self.area_for(&snapshot, ctx, query.area_id).await?;
        ctx.permit(&self.access, &resource, || Refusal::AreaNotFound)?;
        let look = Look {
            area_id: area.id,
            building_id: None,
            reason: reason_of(ctx)?,
        };
        let stem = format!("全量-{}-{}", area.number, self.today().format("%Y%m%d"));
        Ok(self.send_file(
            ctx,
            Job {
                snapshot,
                turn,
                source: Source::Areas(vec![area], None),
                sheets: TableKind::iter().collect(),
                owners: Owners::Clear,
                format: FileFormat::Xlsx,
                titles: query.titles,
                stem,
                look: Some(look),
            },
        ))
    }
}
