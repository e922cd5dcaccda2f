//! Empty tables to fill in and import.

use rpc::CallContext;

use super::{FileFormat, FileStream, Titles, pieces, template};
use crate::app::App;
use crate::domain::table::TableKind;
use crate::error::AppError;

/// Which empty table to give.
#[derive(Debug, Clone, Copy)]
pub struct GetTemplate {
    /// What it is to hold.
    pub kind: TableKind,
    /// How it is written.
    pub format: FileFormat,
    /// What the columns are called.
    pub titles: Titles,
}

impl App {
    /// A table with its first row only; as a workbook with a sheet that explains each column.
    ///
    /// # Errors
    /// `NOT_ALLOWED` without a token of a person.
    pub async fn get_template(&self, ctx: &CallContext, query: GetTemplate) -> Result<FileStream, AppError> {
        self.permit_city(ctx)?;
        let GetTemplate { kind, format, titles } = query;
        let stem = format!("{}-模板", kind.zh());
        let made = tokio::task::spawn_blocking(move || template::write(kind, format, titles)).await;
        let file = made.map_err(pieces::internal)??;
        Ok(pieces::stream_of(file, format.name(&stem), format.content_type()))
    }
}
