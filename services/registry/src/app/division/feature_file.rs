//! A file of boundaries, read Feature by Feature, so that one that is wrong does not hide the others.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::app::shape::{self, Shape};
use crate::domain::area::Area;
use crate::domain::division::boundary::{Extent, Place};
use crate::domain::division::feature::{FeatureError, FeatureFault};
use crate::domain::division::refusal::Refusal;
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::domain::row_fault::RowFault;

/// Most bytes of a file: as a JSON string it fits the gateway's limit of a body.
pub const BYTES_MAX: usize = 6 * 1024 * 1024;
/// Most Features: a city has some hundreds of divisions and as many areas.
pub const FEATURES_MAX: usize = 2_000;
/// Most positions of all Features: what is checked within the patience of a call.
pub const POSITIONS_MAX: usize = 200_000;
/// Longest name of a place that is read or told: a filing number has so many characters.
const PLACE_LENGTH_MAX: usize = 64;
/// Errors told in a report; the rest is only counted.
const ERRORS_TOLD: usize = 100;

/// The properties that name places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PropertyNames {
    /// That with a division's code.
    pub division: String,
    /// That with an area's filing number.
    pub area: String,
}

/// A Feature whose place and boundary could be read.
#[derive(Debug, Clone)]
pub(super) struct PlacedFeature {
    pub(super) tag: Tag,
    pub(super) place: Place,
    pub(super) shape: Shape,
}

/// Which Feature it is, as an error tells it.
#[derive(Debug, Clone, Default)]
pub(super) struct Tag {
    index: u32,
    place: String,
    property: String,
}

/// What was found in a file so far.
#[derive(Debug, Default)]
pub(super) struct FeatureFindings {
    features: u32,
    unchanged: u32,
    errors: Vec<FeatureError>,
}

/// What became of a file of boundaries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoundariesReport {
    /// Features of the file.
    pub features: u32,
    /// Boundaries recorded now.
    pub recorded: u32,
    /// Boundaries that stand the same on that day.
    pub unchanged: u32,
    /// What is wrong, the first 100 by Feature.
    pub errors: Vec<FeatureError>,
    /// How many Features are wrong.
    pub error_count: u32,
}

impl FeatureFindings {
    /// Notes what is wrong with a Feature, once for each. Of the property only where it is that.
    pub(super) fn fault(&mut self, tag: &Tag, fault: &FeatureFault) {
        let property = match fault {
            FeatureFault::Property(_) => tag.property.clone(),
            FeatureFault::DuplicateFeature { .. } | FeatureFault::NotAllowed | FeatureFault::Refused(_) => {
                String::new()
            }
        };
        self.errors.push(FeatureError {
            index: tag.index,
            place: tag.place.chars().take(PLACE_LENGTH_MAX).collect(),
            reason: fault.reason().to_owned(),
            zh: fault.zh(&property),
            en: fault.en(&property),
            property,
        });
    }

    /// Counts a boundary that stands the same.
    pub(super) fn unchanged(&mut self) {
        self.unchanged += 1;
    }

    /// True where something is wrong.
    pub(super) fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// The report.
    pub(super) fn report(mut self, recorded: usize) -> BoundariesReport {
        self.errors.sort_by_key(|error| error.index);
        let error_count = count(self.errors.len());
        self.errors.truncate(ERRORS_TOLD);
        BoundariesReport {
            features: self.features,
            recorded: count(recorded),
            unchanged: self.unchanged,
            errors: self.errors,
            error_count,
        }
    }
}

/// Reads a file: the Features that are right with boundaries that lie in `city`, and what is wrong with the others.
///
/// # Errors
/// `BOUNDARY_FILE_TOO_LARGE`, `BOUNDARY_FILE_BROKEN`, `NOT_A_FEATURE_COLLECTION`, `FEATURES_MISSING`.
pub(super) fn read(
    text: &str,
    names: &PropertyNames,
    city: &Extent,
) -> Result<(Vec<PlacedFeature>, FeatureFindings), Refusal> {
    let features = features(text)?;
    let mut findings = FeatureFindings {
        features: count(features.len()),
        ..FeatureFindings::default()
    };
    let mut first: HashMap<Place, u32> = HashMap::with_capacity(features.len());
    let mut placed = Vec::with_capacity(features.len());
    for (index, feature) in (0..).zip(features) {
        let mut tag = Tag {
            index,
            ..Tag::default()
        };
        let place = match place(&feature, names, &mut tag) {
            Ok(place) => place,
            Err(fault) => {
                findings.fault(&tag, &fault);
                continue;
            }
        };
        // Also where that one is wrong: nobody can tell which of the two is meant.
        let first = *first.entry(place).or_insert(index);
        let read = if first == index {
            shape::of_feature(feature, city).map_err(|refusal| AnyRefusal::from(refusal).into())
        } else {
            Err(FeatureFault::DuplicateFeature { first })
        };
        match read {
            Ok(shape) => placed.push(PlacedFeature { tag, place, shape }),
            Err(fault) => findings.fault(&tag, &fault),
        }
    }
    Ok((placed, findings))
}

/// The Features of a file, none of them looked at.
fn features(text: &str) -> Result<Vec<Value>, Refusal> {
    let too_large = || Refusal::BoundaryFileTooLarge {
        bytes_max: BYTES_MAX,
        features_max: FEATURES_MAX,
        positions_max: POSITIONS_MAX,
    };
    if text.len() > BYTES_MAX {
        return Err(too_large());
    }
    // Some programs put the mark of UTF-8 in front.
    let text = text.trim_start_matches('\u{feff}');
    let value: Value = serde_json::from_str(text).map_err(|_| Refusal::BoundaryFileBroken)?;
    let features = match value {
        Value::Object(mut members)
            if members.get("type").and_then(Value::as_str) == Some("FeatureCollection") =>
        {
            members.remove("features")
        }
        _ => None,
    };
    let Some(Value::Array(features)) = features else {
        return Err(Refusal::NotAFeatureCollection);
    };
    if features.is_empty() {
        return Err(Refusal::FeaturesMissing);
    }
    let positions: usize = features
        .iter()
        .filter_map(|feature| feature.get("geometry")?.get("coordinates"))
        .map(positions)
        .sum();
    if features.len() > FEATURES_MAX || positions > POSITIONS_MAX {
        return Err(too_large());
    }
    Ok(features)
}

/// How many positions there are in coordinates, however deep they are nested.
fn positions(coordinates: &Value) -> usize {
    match coordinates.as_array() {
        Some(parts) if parts.iter().any(Value::is_array) => parts.iter().map(positions).sum(),
        Some(_) => 1,
        None => 0,
    }
}

/// The place that a Feature names: a division or an area.
fn place(feature: &Value, names: &PropertyNames, tag: &mut Tag) -> Result<Place, FeatureFault> {
    let properties = feature.get("properties").and_then(Value::as_object);
    let division = property(properties, &names.division);
    let area = property(properties, &names.area);
    match (division, area) {
        (None, None) => {
            tag.property = format!("{} / {}", names.division, names.area);
            Err(FeatureFault::Property(RowFault::ValueMissing))
        }
        (Some(division), None) => {
            tag.property.clone_from(&names.division);
            tag.place = division;
            let code = tag.place.parse();
            code.map(Place::Division)
                .map_err(|error: ids::CodeError| FeatureFault::Property(error.into()))
        }
        (None, Some(area)) => {
            tag.property.clone_from(&names.area);
            tag.place = area;
            if tag.place.chars().count() > PLACE_LENGTH_MAX {
                let max = PLACE_LENGTH_MAX;
                return Err(FeatureFault::Property(RowFault::TextTooLong { max }));
            }
            // A stroke parts a filing number from a building's number where ids are derived.
            if tag.place.chars().any(|c| c.is_control() || c == '/') {
                return Err(FeatureFault::Property(RowFault::TextMalformed));
            }
            Ok(Place::Area(Area::id_of(&tag.place)))
        }
        (Some(_), Some(area)) => {
            tag.property.clone_from(&names.area);
            tag.place = area;
            Err(FeatureFault::Property(RowFault::ValueUnexpected {
                when: ("要素已指明区划", "where the Feature names a division"),
            }))
        }
    }
}

/// A property as text; none where it is absent or empty. Map programs like to keep codes as numbers.
fn property(properties: Option<&Map<String, Value>>, name: &str) -> Option<String> {
    let text = match properties?.get(name)? {
        Value::Null => return None,
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => {
            let text = number.to_string();
            text.strip_suffix(".0").unwrap_or(&text).to_owned()
        }
        // Neither reads as a code or a filing number, and the error shows it.
        other @ (Value::Bool(_) | Value::Array(_) | Value::Object(_)) => other.to_string(),
    };
    Some(text).filter(|text| !text.is_empty())
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}
