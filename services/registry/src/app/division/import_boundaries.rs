//! Recording the boundaries of many places from one file.

use access::Resource;
use chrono::NaiveDate;
use ids::DivisionCode;
use rpc::{CallContext, General};
use serde::Serialize;

use super::feature_file::{self, BoundariesReport, FeatureFindings, PlacedFeature, PropertyNames};
use crate::app::directory::directory;
use crate::app::import_table::digest;
use crate::app::tables::distinct;
use crate::app::{App, acting_as};
use crate::domain::division::boundary::{Boundary, Place};
use crate::domain::division::feature::FeatureFault;
use crate::domain::division::refusal::Refusal;
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::import::Mode;
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::error::AppError;
use crate::store::{Tx, boundaries, divisions};

/// Under these actions boundaries are recorded one by one: whoever may do that to a place may do it with a file.
const SET_OF_DIVISION: &str = "registry.SetDivisionBoundary";
const SET_OF_AREA: &str = "registry.SetAreaBoundary";

/// A file of boundaries to record.
#[derive(Debug, Clone, Serialize)]
pub struct ImportBoundaries {
    /// The FeatureCollection as it was sent; recognised again by its digest.
    #[serde(serialize_with = "digest")]
    pub geojson: String,
    /// From this day on, all of them.
    pub valid_from: NaiveDate,
    /// What to do with them.
    pub mode: Mode,
    /// The properties that name the places.
    pub properties: PropertyNames,
}

impl App {
    /// Checks a file of boundaries and records those that do not stand the same on the day, in one transaction.
    ///
    /// A report with which nothing was recorded is not remembered: the same key may carry the mended file.
    ///
    /// # Errors
    /// `NOT_ALLOWED`, what [`feature_file::read`] refuses; `CONFLICT` where somebody else records the boundary of one of the
    /// places at the same moment.
    pub async fn import_boundaries(
        &self,
        ctx: &CallContext,
        command: ImportBoundaries,
    ) -> Result<BoundariesReport, AppError> {
        self.permit_city(ctx)?;
        let city = directory()?.extent;
        let (geojson, properties) = (command.geojson.clone(), command.properties.clone());
        // Every edge is compared with every other: too long for the threads that answer calls.
        let read = tokio::task::spawn_blocking(move || feature_file::read(&geojson, &properties, &city));
        let (features, mut findings) = read.await.map_err(|error| General::Internal {
            source: Box::new(error),
        })??;

        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let placed = self.permitted(&tx, ctx, features, &mut findings).await?;
        let new = changed(&tx, placed, command.valid_from, &mut findings).await?;
        let records = match command.mode {
            Mode::Check => false,
            Mode::Strict => !findings.has_errors(),
            Mode::Lenient => true,
        };
        if !records || new.is_empty() {
            return Ok(findings.report(0));
        }
        let recorded: Vec<Boundary> = new.iter().map(|(_, boundary)| boundary.clone()).collect();
        tx.insert_boundaries(&recorded).await?;
        let happened: Vec<Happened> = new
            .into_iter()
            .map(|(division, boundary)| Happened {
                division,
                version: boundary.version,
                event: RegistryEvent::BoundarySet(boundary),
            })
            .collect();
        tx.publish(ctx, &happened).await?;
        let report = findings.report(recorded.len());
        tx.remember(ctx, &command, "boundaries", &report).await?;
        tx.commit().await?;
        Ok(report)
    }

    /// Those of the Features whose place is there and whose boundary the caller may record, with the division it lies in.
    async fn permitted(
        &self,
        tx: &Tx,
        ctx: &CallContext,
        features: Vec<PlacedFeature>,
        findings: &mut FeatureFindings,
    ) -> Result<Vec<(DivisionCode, PlacedFeature)>, AppError> {
        let (of_division, of_area) = (acting_as(ctx, SET_OF_DIVISION), acting_as(ctx, SET_OF_AREA));
        let places = || features.iter().map(|feature| feature.place);
        let codes = distinct(places().filter_map(Place::division));
        let listed = divisions::find_many(tx.connection(), &codes).await?;
        // Held, so that no merger ends one of them meanwhile.
        let areas = tx.hold_areas(places().filter_map(Place::area)).await?;
        let (mergers, today) = (divisions::mergers(tx.connection()).await?, self.today());
        let decide = |place: Place| -> Result<DivisionCode, AppError> {
            match place {
                Place::Division(code) => {
                    let unknown = || AnyRefusal::from(Refusal::DivisionNotFound { code });
                    of_division.permit(&self.access, &Resource::division(code), unknown)?;
                    listed.get(&code).ok_or_else(unknown)?;
                    Ok(code)
                }
                Place::Area(area_id) => {
                    let area = areas.get(&area_id).ok_or(AnyRefusal::AreaNotFound)?;
                    let resource = Resource::area(area_id, area.division).placed(&mergers, today);
                    of_area.permit(&self.access, &resource, || AnyRefusal::AreaNotFound)?;
                    area.stands()?;
                    Ok(area.division)
                }
            }
        };
        let decided: Vec<_> = places().map(decide).collect();
        let mut permitted = Vec::with_capacity(features.len());
        for (feature, decided) in features.into_iter().zip(decided) {
            match decided {
                Ok(division) => permitted.push((division, feature)),
                Err(AppError::Refused(refusal)) => findings.fault(&feature.tag, &refusal.into()),
                Err(AppError::General(General::NotAllowed { .. })) => {
                    findings.fault(&feature.tag, &FeatureFault::NotAllowed);
                }
                Err(other) => return Err(other),
            }
        }
        Ok(permitted)
    }
}

/// The boundaries that are to be recorded; those that stand the same on the day are counted, those that come too late
/// noted as wrong.
async fn changed(
    tx: &Tx,
    features: Vec<(DivisionCode, PlacedFeature)>,
    valid_from: NaiveDate,
    findings: &mut FeatureFindings,
) -> Result<Vec<(DivisionCode, Boundary)>, AppError> {
    let places: Vec<Place> = features.iter().map(|(_, feature)| feature.place).collect();
    let latest = boundaries::find_many(tx.connection(), &places, None).await?;
    let standing = boundaries::find_many(tx.connection(), &places, Some(valid_from)).await?;
    let mut new = Vec::new();
    for (division, PlacedFeature { tag, place, shape }) in features {
        if standing
            .get(&place)
            .is_some_and(|standing| standing.geojson == shape.geojson)
        {
            findings.unchanged();
            continue;
        }
        let before = latest.get(&place);
        match Boundary::after(before, place, shape.geojson, shape.extent, valid_from) {
            Ok(boundary) => new.push((division, boundary)),
            Err(refusal) => findings.fault(&tag, &AnyRefusal::from(refusal).into()),
        }
    }
    Ok(new)
}
