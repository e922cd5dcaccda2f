//! Taking the boundaries of a division away as one GeoJSON FeatureCollection.

use std::fs::File;
use std::io::{BufWriter, Seek, Write};

use access::Resource;
use chrono::NaiveDate;
use db::StoreError;
use geojson::JsonObject;
use ids::DivisionCode;
use rpc::CallContext;

use super::pieces::{self, internal};
use super::{FileStream, writer};
use crate::app::{App, shape};
use crate::domain::division::boundary::{Boundary, Place};
use crate::domain::division::refusal::Refusal;
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::error::AppError;
use crate::store::areas::{Filter, Sight};
use crate::store::{Snapshot, areas, boundaries, divisions};

/// Media type (RFC 7946, section 12).
const CONTENT_TYPE: &str = "application/geo+json";
/// Boundaries read at a time.
const PER_PAGE: usize = 100;
/// Areas read at a time.
const AREAS_PER_PAGE: u64 = 500;

/// Which boundaries to take away.
#[derive(Debug, Clone, Copy)]
pub struct ExportBoundaries {
    /// Of this division and of all that lies in it.
    pub division: DivisionCode,
    /// The day; none for today.
    pub as_of: Option<NaiveDate>,
}

/// A place with the properties of its Feature.
type Labelled = (Place, JsonObject);

impl App {
    /// The boundaries that a division, the divisions in it and the areas in it have on a day, as a file that
    /// [`App::import_boundaries`] takes.
    ///
    /// # Errors
    /// `NOT_ALLOWED`, `DIVISION_NOT_FOUND`.
    pub async fn export_boundaries(
        &self,
        ctx: &CallContext,
        query: ExportBoundaries,
    ) -> Result<FileStream, AppError> {
        let ExportBoundaries { division, as_of } = query;
        let unknown = || AnyRefusal::from(Refusal::DivisionNotFound { code: division });
        ctx.permit(&self.access, &Resource::division(division), unknown)?;
        let turn = self.turn().await?;
        let snapshot = self.store.begin_read().await?;
        if !divisions::find_many(&snapshot, &[division])
            .await?
            .contains_key(&division)
        {
            return Err(unknown().into());
        }
        let day = as_of.unwrap_or_else(|| self.today());
        let places = places(&snapshot, division, day).await?;
        let mut file = FeatureWriter::begin()?;
        for page in places.chunks(PER_PAGE) {
            let ids: Vec<Place> = page.iter().map(|(place, _)| *place).collect();
            let mut found = boundaries::find_many(&snapshot, &ids, Some(day)).await?;
            let page = page.iter().filter_map(|(place, properties)| {
                let boundary = found.remove(place)?;
                Some((boundary, properties.clone()))
            });
            let page: Vec<_> = page.collect();
            let written = tokio::task::spawn_blocking(move || file.features(page).map(|()| file));
            file = written.await.map_err(internal)??;
        }
        drop(snapshot);
        drop(turn);
        let name = format!("边界-{division}-{}.geojson", day.format("%Y%m%d"));
        Ok(pieces::stream_of(file.end()?, name, CONTENT_TYPE))
    }
}

/// Everything in a division that may have a boundary on a day: divisions by code, then areas by number.
async fn places(
    snapshot: &Snapshot,
    division: DivisionCode,
    day: NaiveDate,
) -> Result<Vec<Labelled>, AppError> {
    let territory = divisions::mergers(snapshot).await?.territory(division, day);
    let within = divisions::within(snapshot, &territory, day).await?;
    let of_division = within.into_iter().map(|division| {
        let code = division.code.to_string();
        let properties = properties("division_code", code, division.name);
        (Place::Division(division.code), properties)
    });
    let mut places: Vec<Labelled> = of_division.collect();
    let filter = Filter {
        divisions: territory,
        as_of: Some(day),
        sight: Sight {
            everything: true,
            ..Sight::default()
        },
        ..Filter::default()
    };
    let mut after: Option<String> = None;
    loop {
        let page = areas::list(snapshot, &filter, after.as_deref(), AREAS_PER_PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(places);
        };
        after = Some(last.number.clone());
        places.extend(page.into_iter().map(|area| {
            let properties = properties("area_number", area.number, area.name);
            (Place::Area(area.id), properties)
        }));
    }
}

fn properties(key: &str, place: String, name: String) -> JsonObject {
    let members = [(key, place), ("name", name)];
    members
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value.into()))
        .collect()
}

/// A FeatureCollection, a line a Feature.
struct FeatureWriter {
    out: BufWriter<File>,
    is_empty: bool,
}

impl FeatureWriter {
    fn begin() -> Result<Self, AppError> {
        let mut out = BufWriter::new(writer::unnamed()?);
        out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")
            .map_err(internal)?;
        Ok(FeatureWriter { out, is_empty: true })
    }

    fn features(&mut self, features: Vec<(Boundary, JsonObject)>) -> Result<(), AppError> {
        for (boundary, mut properties) in features {
            properties.insert("valid_from_on".into(), boundary.valid_from.to_string().into());
            let feature = shape::labelled(&boundary.geojson, boundary.place.to_string(), properties);
            let feature = feature.ok_or_else(|| StoreError::Corrupt("a boundary is no Feature".into()))?;
            let parting = if self.is_empty { "\n" } else { ",\n" };
            self.is_empty = false;
            write!(self.out, "{parting}{feature}").map_err(internal)?;
        }
        Ok(())
    }

    /// The file, at its beginning.
    fn end(mut self) -> Result<File, AppError> {
        self.out.write_all(b"\n]}\n").map_err(internal)?;
        let mut file = self
            .out
            .into_inner()
            .map_err(|error| internal(error.into_error()))?;
        file.rewind().map_err(internal)?;
        Ok(file)
    }
}
