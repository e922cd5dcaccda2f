//! Reading one division.

use access::Resource;
use ids::DivisionCode;
use rpc::CallContext;

use crate::app::App;
use crate::domain::division::record::DivisionRecord;
use crate::domain::division::refusal::Refusal;
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::error::AppError;
use crate::store::{Readable, division_records};

impl App {
    /// A division through time.
    ///
    /// # Errors
    /// `DIVISION_NOT_FOUND`.
    pub async fn get_division(
        &self,
        ctx: &CallContext,
        code: DivisionCode,
    ) -> Result<DivisionRecord, AppError> {
        let resource = Resource::division(code);
        ctx.permit(&self.access, &resource, || {
            AnyRefusal::from(Refusal::DivisionNotFound { code })
        })?;
        let snapshot = self.store.begin_read().await?;
        division_record(&snapshot, code).await
    }
}

/// A division that is listed.
pub(super) async fn division_record(
    connection: &impl Readable,
    code: DivisionCode,
) -> Result<DivisionRecord, AppError> {
    let mut found = division_records::find_many(connection, &[code]).await?;
    Ok(found.remove(&code).ok_or(Refusal::DivisionNotFound { code })?)
}
