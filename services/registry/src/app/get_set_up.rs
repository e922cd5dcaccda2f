//! How far the hand-over of an area has come.

use ids::AreaId;
use rpc::CallContext;

use super::App;
use crate::domain::refusal::Refusal;
use crate::domain::set_up::SetUp;
use crate::error::AppError;
use crate::store::{homes, set_ups};

impl App {
    /// How far the hand-over of an area has come today, and since when its first assembly is to be prepared.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `NOT_ALLOWED`.
    pub async fn get_set_up(&self, ctx: &CallContext, area_id: AreaId) -> Result<SetUp, AppError> {
        let snapshot = self.store.begin_read().await?;
        let (area, resource) = self.area_for(&snapshot, ctx, area_id).await?;
        ctx.permit(&self.access, &resource, || Refusal::AreaNotFound)?;
        Ok(SetUp {
            area_id: area.id,
            progress: homes::progress(&snapshot, area.id).await?,
            due: set_ups::find(&snapshot, area.id).await?,
            article: self.set_up_rules()?.article,
        })
    }
}
