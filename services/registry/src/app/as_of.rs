//! Reads of a past day: which day is asked for, and what homes and areas were like on it. Who may read is decided as of
//! now, so that a former owner is told no more than a stranger.

use chrono::NaiveDate;
use rpc::CallContext;

use super::tables::distinct;
use super::{App, home_resource};
use crate::domain::area::Area;
use crate::domain::home::{Home, OwnedHome};
use crate::domain::ownership::Ownership;
use crate::domain::refusal::Refusal;
use crate::error::AppError;
use crate::store::{Readable, area_managers, areas, building_areas, home_areas, ownerships};

impl App {
    /// The day that is asked for; none for now.
    ///
    /// # Errors
    /// `DAY_IN_THE_FUTURE`.
    pub(super) fn past_day(&self, as_of: Option<NaiveDate>) -> Result<Option<NaiveDate>, Refusal> {
        let today = self.today();
        match as_of {
            Some(on) if on > today => Err(Refusal::DayInTheFuture { on, today }),
            as_of => Ok(as_of),
        }
    }

    /// Who owned a home then, for a caller who may be told who owns it now: an owner, whom only the own records concern,
    /// is not told who owned it before.
    pub(super) async fn owners_told(
        &self,
        connection: &impl Readable,
        ctx: &CallContext,
        (home, area): (&Home, &Area),
        then: Option<Ownership>,
    ) -> Result<Option<Ownership>, AppError> {
        let resource = home_resource(home, area, then.as_ref());
        let resource = self.in_present_place(connection, resource).await?;
        Ok(then.filter(|_| self.may_name_owners(ctx, &resource)))
    }
}

/// Homes as they were at the end of a day, with who owned them.
pub(super) async fn homes_on(
    connection: &impl Readable,
    homes: Vec<Home>,
    day: NaiveDate,
) -> Result<Vec<OwnedHome>, AppError> {
    let ids: Vec<_> = homes.iter().map(|home| home.id).collect();
    let areas = home_areas::on_day(connection, &ids, day).await?;
    let sales = home_areas::sales(connection, &ids).await?;
    let mut held = ownerships::on_day(connection, &ids, day).await?;
    let building_ids = distinct(homes.iter().map(|home| home.building_id));
    let places = building_areas::on_day(connection, &building_ids, day).await?;
    let then = homes.into_iter().map(|mut home| {
        if let Some((area_id, _)) = places.get(&home.building_id) {
            home.area_id = *area_id;
        }
        let ownership = held.remove(&home.id);
        let (area, sold_on) = (areas.get(&home.id).copied(), sales.get(&home.id).copied());
        OwnedHome {
            home: home.as_of(day, area, sold_on, ownership.is_some()),
            ownership,
        }
    });
    Ok(then.collect())
}

/// Those of the homes whose area of then was registered by the day.
pub(super) async fn in_registered_areas(
    connection: &impl Readable,
    homes: Vec<OwnedHome>,
    day: NaiveDate,
) -> Result<Vec<OwnedHome>, AppError> {
    let ids = distinct(homes.iter().map(|owned| owned.home.area_id));
    let known = areas::find_many(connection, &ids).await?;
    let is_there = |owned: &OwnedHome| {
        let area = known.get(&owned.home.area_id);
        area.is_some_and(|area| area.is_registered_by(day))
    };
    Ok(homes.into_iter().filter(is_there).collect())
}

/// Areas with who managed them at the end of a day, those left out that were registered later.
pub(super) async fn areas_on(
    connection: &impl Readable,
    areas: Vec<Area>,
    day: NaiveDate,
) -> Result<Vec<Area>, AppError> {
    let ids: Vec<_> = areas.iter().map(|area| area.id).collect();
    let managers = area_managers::on_day(connection, &ids, day).await?;
    let registered = areas.into_iter().filter(|area| area.is_registered_by(day));
    let then = registered.map(|area| Area {
        manager_id: managers.get(&area.id).copied().flatten(),
        ended: area.ended.filter(|end| end.on <= day),
        ..area
    });
    Ok(then.collect())
}

/// The area with who managed it at the end of a day.
///
/// # Errors
/// `AREA_NOT_FOUND` where it was registered later.
pub(super) async fn area_on(
    connection: &impl Readable,
    area: Area,
    day: NaiveDate,
) -> Result<Area, AppError> {
    let then = areas_on(connection, vec![area], day).await?.pop();
    Ok(then.ok_or(Refusal::AreaNotFound)?)
}
