//! Looks at owners in clear, as rows: only added, never changed.

use db::StoreError;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::Tx;
use super::entity::export_look::ActiveModel;
use crate::domain::export_look::ExportLook;

impl Tx {
    /// Records a look.
    ///
    /// # Errors
    /// As the statement.
    pub async fn insert_export_look(&self, look: &ExportLook) -> Result<(), StoreError> {
        let row = ActiveModel {
            id: Set(Uuid::now_v7()),
            area_id: Set(look.area_id.as_uuid()),
            looked_at: Set(look.looked_at),
            subject: Set(look.subject.clone()),
            role: Set(look.role.clone()),
            action: Set(look.action.clone()),
            reason: Set(look.reason.clone()),
            row_count: Set(look.rows),
            trace_parent: Set(look.trace_parent.clone()),
        };
        db::insert_chunked(self.connection(), [row], None).await?;
        Ok(())
    }
}
