//! Divisions, duties, departments and boundaries: messages into commands, answers into messages.

use chrono::NaiveDate;
use ids::DivisionCode;
use proto::registry::v1 as pb;
use rpc::field::{self, Invalid};

use super::optional_division;
use crate::app::division::boundaries::{LocatePoint, SetBoundary};
use crate::app::division::merge_divisions::MergeDivisions;
use crate::app::division::rename_division::RenameDivision;
use crate::domain::division::boundary::{Boundary, Place};
use crate::domain::division::duty::{Competence, Department, Duty};
use crate::domain::division::record::{DivisionRecord, MERGED_MAX};
use crate::domain::division::{Division, Level};

/// Longest name of a division.
const NAME_LENGTH_MAX: usize = 100;

/// Reads a division code that must be there; refuses with `DIVISION_CODE_MALFORMED`.
pub(in crate::api) fn division(name: &'static str, text: &str) -> Result<DivisionCode, Invalid> {
    optional_division(name, text)?.ok_or_else(|| {
        Invalid::new(
            name,
            "DIVISION_CODE_MALFORMED",
            "must be a code of 6, 9 or 12 digits",
            "应为 6、9 或 12 位区划代码",
        )
    })
}

/// Reads a day that may be absent; refuses with `DATE_MALFORMED`.
pub(in crate::api) fn optional_date(name: &'static str, text: &str) -> Result<Option<NaiveDate>, Invalid> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    field::date(name, text).map(Some)
}

/// Reads a level that may be absent.
pub(in crate::api) fn optional_level(level: pb::DivisionLevel) -> Option<Level> {
    match level {
        pb::DivisionLevel::Unspecified => None,
        pb::DivisionLevel::City => Some(Level::City),
        pb::DivisionLevel::Street => Some(Level::Street),
        pb::DivisionLevel::Community => Some(Level::Community),
        pb::DivisionLevel::Village => Some(Level::Village),
    }
}

pub(super) fn level(level: Level) -> pb::DivisionLevel {
    match level {
        Level::City => pb::DivisionLevel::City,
        Level::Street => pb::DivisionLevel::Street,
        Level::Community => pb::DivisionLevel::Community,
        Level::Village => pb::DivisionLevel::Village,
    }
}

impl TryFrom<pb::RenameDivisionRequest> for RenameDivision {
    type Error = Invalid;

    fn try_from(request: pb::RenameDivisionRequest) -> Result<Self, Invalid> {
        Ok(RenameDivision {
            code: division("code", &request.code)?,
            name: field::text("name", &request.name, NAME_LENGTH_MAX, "DIVISION_NAME_MISSING")?,
            effective_on: field::date("effectiveOn", &request.effective_on)?,
        })
    }
}

impl TryFrom<pb::MergeDivisionsRequest> for MergeDivisions {
    type Error = Invalid;

    fn try_from(request: pb::MergeDivisionsRequest) -> Result<Self, Invalid> {
        let codes = &request.from_codes;
        if codes.is_empty() {
            return Err(Invalid::new(
                "fromCodes",
                "DIVISIONS_MISSING",
                "must name at least one division",
                "至少应填写一个区划",
            ));
        }
        if codes.len() > MERGED_MAX {
            return Err(Invalid::new(
                "fromCodes",
                "TOO_MANY_DIVISIONS",
                format!("at most {MERGED_MAX} are taken"),
                format!("最多 {MERGED_MAX} 个"),
            ));
        }
        let mut from = codes
            .iter()
            .map(|code| division("fromCodes", code))
            .collect::<Result<Vec<_>, _>>()?;
        from.sort_unstable();
        from.dedup();
        Ok(MergeDivisions {
            into: division("intoCode", &request.into_code)?,
            from,
            effective_on: field::date("effectiveOn", &request.effective_on)?,
        })
    }
}

impl TryFrom<pb::SetDivisionBoundaryRequest> for SetBoundary {
    type Error = Invalid;

    fn try_from(request: pb::SetDivisionBoundaryRequest) -> Result<Self, Invalid> {
        Ok(SetBoundary {
            place: Place::Division(division("code", &request.code)?),
            geojson: request.geojson,
            valid_from: field::date("validFromOn", &request.valid_from_on)?,
        })
    }
}

impl TryFrom<pb::SetAreaBoundaryRequest> for SetBoundary {
    type Error = Invalid;

    fn try_from(request: pb::SetAreaBoundaryRequest) -> Result<Self, Invalid> {
        Ok(SetBoundary {
            place: Place::Area(field::id("areaId", &request.area_id)?),
            geojson: request.geojson,
            valid_from: field::date("validFromOn", &request.valid_from_on)?,
        })
    }
}

impl TryFrom<pb::LocatePointRequest> for LocatePoint {
    type Error = Invalid;

    fn try_from(request: pb::LocatePointRequest) -> Result<Self, Invalid> {
        Ok(LocatePoint {
            longitude: request.longitude_e7,
            latitude: request.latitude_e7,
            as_of: optional_date("asOfOn", &request.as_of_on)?,
        })
    }
}

/// A division through time, as it is on the day.
pub(in crate::api) fn record(record: DivisionRecord, today: NaiveDate) -> pb::DivisionRecord {
    let present = Division {
        name: record.name_on(today).to_owned(),
        ..record.listed.clone()
    };
    pb::DivisionRecord {
        division: Some(present.into()),
        names: record
            .names
            .into_iter()
            .map(|name| pb::DivisionName {
                name: name.name,
                effective_on: name.on.to_string(),
            })
            .collect(),
        merged_into_code: super::text(record.merged.map(|merged| merged.into)),
        merged_on: super::text(record.merged.map(|merged| merged.on)),
        merged_from_codes: record.merged_from.iter().map(ToString::to_string).collect(),
        version: record.version,
    }
}

impl From<Boundary> for pb::Boundary {
    fn from(boundary: Boundary) -> Self {
        pb::Boundary {
            place_id: boundary.place.to_string(),
            geojson: boundary.geojson,
            valid_from_on: boundary.valid_from.to_string(),
            version: boundary.version,
        }
    }
}

impl From<Duty> for pb::Duty {
    fn from(duty: Duty) -> Self {
        pb::Duty {
            key: duty.key,
            level: level(duty.level).into(),
            text_zh: duty.zh,
            text_en: duty.en,
            source: duty.source,
            verified: duty.verified,
        }
    }
}

impl From<Department> for pb::Department {
    fn from(department: Department) -> Self {
        pb::Department {
            key: department.key,
            name_zh: department.zh,
            name_en: department.en,
            competences: department.competences.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Competence> for pb::Competence {
    fn from(competence: Competence) -> Self {
        pb::Competence {
            matter: competence.matter,
            matter_zh: competence.zh,
            matter_en: competence.en,
            leads: competence.leads,
            source: competence.source,
            verified: competence.verified,
        }
    }
}
