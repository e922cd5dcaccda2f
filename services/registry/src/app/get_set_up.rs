//! How far the hand-over of an area has come.

use chrono::NaiveDate;
use ids::AreaId;
use rpc::CallContext;

use super::App;
use crate::domain::refusal::Refusal;
use crate::domain::set_up::SetUp;
use crate::error::AppError;
use crate::store::building_areas::Estate;
use crate::store::{homes, set_ups};

impl App {
    /// How far the hand-over of an area has come today, or had come at the end of a day, and since when its first assembly
    /// is to be prepared.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, also where it was not registered on that day yet; `NOT_ALLOWED`, `DAY_IN_THE_FUTURE`.
    pub async fn get_set_up(
        &self,
        ctx: &CallContext,
        area_id: AreaId,
        as_of: Option<NaiveDate>,
    ) -> Result<SetUp, AppError> {
        let day = self.past_day(as_of)?;
        let snapshot = self.store.begin_read().await?;
        let (area, resource) = self.area_for(&snapshot, ctx, area_id).await?;
        ctx.permit(&self.access, &resource, || Refusal::AreaNotFound)?;
        if day.is_some_and(|day| !area.is_registered_by(day)) {
            return Err(Refusal::AreaNotFound.into());
        }
        let progress = match day {
            Some(day) => {
                let estate = Estate::on_day(&snapshot, area.id, day).await?;
                homes::progress_on(&snapshot, &estate, day).await?
            }
            None => homes::progress(&snapshot, area.id).await?,
        };
        let due = set_ups::find(&snapshot, area.id).await?;
        Ok(SetUp {
            area_id: area.id,
            progress,
            due: due.filter(|(_, on)| day.is_none_or(|day| *on <= day)),
            article: self.set_up_rules()?.article,
        })
    }
}
