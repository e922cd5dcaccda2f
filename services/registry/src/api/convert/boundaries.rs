//! Files of boundaries: requests read once, reports written.

use proto::registry::v1 as pb;
use rpc::field::{self, Invalid};

use super::division::{division, optional_date};
use super::imports::mode;
use crate::app::division::feature_file::{BoundariesReport, PropertyNames};
use crate::app::division::import_boundaries::ImportBoundaries;
use crate::app::exports::export_boundaries::ExportBoundaries;
use crate::domain::division::feature::FeatureError;

/// Longest name of a property.
const PROPERTY_LENGTH_MAX: usize = 64;
/// What names the places where the request does not say it; an export writes the same.
const DIVISION_PROPERTY: &str = "division_code";
const AREA_PROPERTY: &str = "area_number";

impl TryFrom<pb::ImportBoundariesRequest> for ImportBoundaries {
    type Error = Invalid;

    fn try_from(request: pb::ImportBoundariesRequest) -> Result<Self, Invalid> {
        let division = property("divisionProperty", &request.division_property, DIVISION_PROPERTY)?;
        let area = property("areaProperty", &request.area_property, AREA_PROPERTY)?;
        if division == area {
            return Err(Invalid::new(
                "areaProperty",
                "PROPERTY_NAMES_EQUAL",
                "must be another than that of divisions",
                "不能与区划的属性名相同",
            ));
        }
        Ok(ImportBoundaries {
            valid_from: field::date("validFromOn", &request.valid_from_on)?,
            mode: mode(request.mode)?,
            properties: PropertyNames { division, area },
            geojson: request.geojson,
        })
    }
}

fn property(name: &'static str, text: &str, otherwise: &str) -> Result<String, Invalid> {
    let text = field::optional_text(name, text, PROPERTY_LENGTH_MAX)?;
    Ok(if text.is_empty() {
        otherwise.to_owned()
    } else {
        text
    })
}

impl TryFrom<pb::ExportBoundariesRequest> for ExportBoundaries {
    type Error = Invalid;

    fn try_from(request: pb::ExportBoundariesRequest) -> Result<Self, Invalid> {
        Ok(ExportBoundaries {
            division: division("code", &request.code)?,
            as_of: optional_date("asOfOn", &request.as_of_on)?,
        })
    }
}

impl From<BoundariesReport> for pb::BoundariesReport {
    fn from(report: BoundariesReport) -> Self {
        let counted = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
        pb::BoundariesReport {
            features: counted(report.features),
            recorded: counted(report.recorded),
            unchanged: counted(report.unchanged),
            errors: report.errors.into_iter().map(Into::into).collect(),
            error_count: counted(report.error_count),
        }
    }
}

impl From<FeatureError> for pb::FeatureError {
    fn from(error: FeatureError) -> Self {
        pb::FeatureError {
            index: i32::try_from(error.index).unwrap_or(i32::MAX),
            place: error.place,
            property: error.property,
            reason: error.reason,
            message_zh: error.zh,
            message_en: error.en,
        }
    }
}
