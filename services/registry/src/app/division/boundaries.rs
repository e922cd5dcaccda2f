//! Boundaries of divisions and areas.

use access::Resource;
use chrono::NaiveDate;
use ids::DivisionCode;
use rpc::CallContext;
use serde::Serialize;

use super::get_division::division_record;
use crate::app::App;
use crate::app::directory::directory;
use crate::app::shape;
use crate::domain::division::Division;
use crate::domain::division::boundary::{Boundary, Place};
use crate::domain::division::refusal::Refusal;
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::error::AppError;
use crate::store::{Readable, areas, boundaries, divisions};

/// A boundary to record.
#[derive(Debug, Clone, Serialize)]
pub struct SetBoundary {
    /// What it bounds.
    pub place: Place,
    /// GeoJSON as it was sent.
    pub geojson: String,
    /// From this day on.
    pub valid_from: NaiveDate,
}

/// A point on a day.
#[derive(Debug, Clone, Copy)]
pub struct LocatePoint {
    /// Longitude in 0.0000001 degrees.
    pub longitude: i64,
    /// Latitude in 0.0000001 degrees.
    pub latitude: i64,
    /// The day; none for today.
    pub as_of: Option<NaiveDate>,
}

impl App {
    /// Records a boundary after the check that it is one and lies in the city.
    ///
    /// # Errors
    /// `NOT_ALLOWED`, `DIVISION_NOT_FOUND` or `AREA_NOT_FOUND`, `AREA_ENDED`, what [`shape::read`] refuses, `BOUNDARY_CHANGED_LATER`,
    /// `CONFLICT`.
    pub async fn set_boundary(&self, ctx: &CallContext, command: SetBoundary) -> Result<Boundary, AppError> {
        // A long check that asks nobody: before the transaction.
        let shape = shape::read(&command.geojson, &directory()?.extent);
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let division = self.place_for(tx.connection(), ctx, command.place).await?;
        if let Place::Area(area_id) = command.place {
            // Held, so that no merger ends it meanwhile.
            let area = tx.hold_area(area_id).await?;
            area.ok_or(AnyRefusal::AreaNotFound)?.stands()?;
        }
        let shape = shape?;
        let before = boundaries::find(tx.connection(), command.place, None).await?;
        let after = Boundary::after(
            before.as_ref(),
            command.place,
            shape.geojson,
            shape.extent,
            command.valid_from,
        )?;
        tx.insert_boundaries(std::slice::from_ref(&after)).await?;
        let happened = Happened {
            division,
            version: after.version,
            event: RegistryEvent::BoundarySet(after.clone()),
        };
        tx.publish(ctx, [&happened]).await?;
        tx.remember(ctx, &command, command.place, &after).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// The boundary of a place on a day, today where none is said.
    ///
    /// # Errors
    /// `NOT_ALLOWED`, `DIVISION_NOT_FOUND` or `AREA_NOT_FOUND`, `BOUNDARY_NOT_FOUND`.
    pub async fn get_boundary(
        &self,
        ctx: &CallContext,
        place: Place,
        as_of: Option<NaiveDate>,
    ) -> Result<Boundary, AppError> {
        let snapshot = self.store.begin_read().await?;
        self.place_for(&snapshot, ctx, place).await?;
        let day = as_of.unwrap_or_else(|| self.today());
        let found = boundaries::find(&snapshot, place, Some(day)).await?;
        Ok(found.ok_or(Refusal::BoundaryNotFound)?)
    }

    /// The divisions whose boundary of the day holds a point, from the city down.
    ///
    /// # Errors
    /// `NOT_ALLOWED` without a token of a person, `POINT_OUTSIDE_CITY`.
    pub async fn locate_point(
        &self,
        ctx: &CallContext,
        query: LocatePoint,
    ) -> Result<Vec<Division>, AppError> {
        self.permit_city(ctx)?;
        let LocatePoint {
            longitude,
            latitude,
            as_of,
        } = query;
        if !directory()?.extent.holds_point(longitude, latitude) {
            return Err(Refusal::PointOutsideCity.into());
        }
        let day = as_of.unwrap_or_else(|| self.today());
        let snapshot = self.store.begin_read().await?;
        let around = boundaries::around(&snapshot, longitude, latitude, day).await?;
        let inside = around
            .into_iter()
            .filter(|boundary| shape::holds(&boundary.geojson, longitude, latitude))
            .filter_map(|boundary| boundary.place.division());
        let codes: Vec<DivisionCode> = inside.collect();
        Ok(divisions::of_codes(&snapshot, &codes, day).await?)
    }

    /// Checks that a place exists and that the caller may do this to it; answers the division it lies in.
    async fn place_for(
        &self,
        connection: &impl Readable,
        ctx: &CallContext,
        place: Place,
    ) -> Result<DivisionCode, AppError> {
        match place {
            Place::Division(code) => {
                let resource = Resource::division(code);
                ctx.permit(&self.access, &resource, || {
                    AnyRefusal::from(Refusal::DivisionNotFound { code })
                })?;
                division_record(connection, code).await?;
                Ok(code)
            }
            Place::Area(area_id) => {
                let area = areas::find(connection, area_id).await?;
                let area = area.ok_or(AnyRefusal::AreaNotFound)?;
                let resource = Resource::area(area_id, area.division);
                let resource = self.in_present_place(connection, resource).await?;
                ctx.permit(&self.access, &resource, || AnyRefusal::AreaNotFound)?;
                Ok(area.division)
            }
        }
    }
}
