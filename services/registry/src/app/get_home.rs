//! Reading one home.

use chrono::NaiveDate;
use db::StoreError;
use ids::HomeId;
use rpc::{CallContext, General};

use super::{App, as_of, home_resource};
use crate::domain::area::Area;
use crate::domain::building::Building;
use crate::domain::home::OwnedHome;
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::{Readable, areas, homes, ownerships};

impl App {
    /// The home now, or as of the end of a day, with its owners where the caller may be told them.
    ///
    /// # Errors
    /// `HOME_NOT_FOUND` where it is not, where its area was not registered yet, or where the caller may not know of it;
    /// `DAY_IN_THE_FUTURE`.
    pub async fn get_home(
        &self,
        ctx: &CallContext,
        id: HomeId,
        as_of: Option<NaiveDate>,
    ) -> Result<OwnedHome, AppError> {
        let day = self.past_day(as_of)?;
        let snapshot = self.store.begin_read().await?;
        let (mut owned, area) = load(&snapshot, id).await?;
        let resource = home_resource(&owned.home, &area, owned.ownership.as_ref());
        let resource = self.in_present_place(&snapshot, resource).await?;
        ctx.permit(&self.access, &resource, || Refusal::HomeNotFound)?;
        let may_name = self.may_name_owners(ctx, &resource);
        if let Some(day) = day {
            let then = as_of::homes_on(&snapshot, vec![owned.home], day).await?.pop();
            owned = then.ok_or(Refusal::HomeNotFound)?;
            let area_then = areas::find(&snapshot, owned.home.area_id).await?;
            if !area_then.is_some_and(|area| area.is_registered_by(day)) {
                return Err(Refusal::HomeNotFound.into());
            }
            let of = (&owned.home, &area);
            owned.ownership = self.owners_told(&snapshot, ctx, of, owned.ownership).await?;
        }
        if !may_name {
            owned.ownership = None;
        }
        Ok(owned)
    }
}

/// A home with its owners and its area.
pub(super) async fn load(connection: &impl Readable, id: HomeId) -> Result<(OwnedHome, Area), AppError> {
    let home = homes::find(connection, id).await?.ok_or(Refusal::HomeNotFound)?;
    let area = areas::find(connection, home.area_id).await?;
    let area = area.ok_or_else(|| General::Internal {
        source: format!("{id} is in no area").into(),
    })?;
    let ownership = ownerships::current(connection, &[id]).await?.remove(&id);
    Ok((OwnedHome { home, ownership }, area))
}

/// Refuses where the building came to another area after the home was read: what is permitted was decided by the old one.
///
/// # Errors
/// `Conflict`.
pub(super) fn stays(building: &Building, area: &Area) -> Result<(), StoreError> {
    if building.area_id == area.id {
        Ok(())
    } else {
        Err(StoreError::Conflict)
    }
}
