//! Boundaries as GeoJSON: reading, checking and asking what they hold. The only place where coordinates are floating
//! point, because GeoJSON is; what is kept beside the text is whole numbers.

use std::str::FromStr;

use geo::algorithm::Validation;
use geo::{BoundingRect, Covers, MultiPolygon, Point, Polygon};
use geojson::feature::Id;
use geojson::{Feature, GeoJson, Geometry, GeometryValue, JsonObject, JsonValue, Position};

use super::directory::e7;
use crate::domain::division::boundary::Extent;
use crate::domain::division::refusal::Refusal;

/// Most positions of a boundary: keeps its event far below the bus's message limit.
pub const POSITIONS_MAX: usize = 5_000;
/// Positions of the smallest ring: a triangle that closes.
const RING_MIN: usize = 4;

/// A boundary that was found valid.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// A GeoJSON Feature without properties; positions rounded to seven decimals.
    pub geojson: String,
    /// The rectangle around it.
    pub extent: Extent,
}

/// Reads and checks a boundary that must lie in `city`.
///
/// # Errors
/// `GEOJSON_MALFORMED`, `BOUNDARY_NOT_A_POLYGON`, `BOUNDARY_TOO_LARGE`, `BOUNDARY_RING_OPEN`, `BOUNDARY_OUTSIDE_CITY`,
/// `BOUNDARY_INVALID`.
pub fn read(text: &str, city: &Extent) -> Result<Shape, Refusal> {
    let geometry = match GeoJson::from_str(text).map_err(|_| Refusal::GeojsonMalformed)? {
        GeoJson::Geometry(geometry) => Some(geometry),
        GeoJson::Feature(feature) => feature.geometry,
        GeoJson::FeatureCollection(_) => None,
    };
    check(geometry, city)
}

/// The same of a Feature of a collection.
///
/// # Errors
/// As [`read`].
pub fn of_feature(feature: JsonValue, city: &Extent) -> Result<Shape, Refusal> {
    let feature: Feature = serde_json::from_value(feature).map_err(|_| Refusal::GeojsonMalformed)?;
    check(feature.geometry, city)
}

/// A boundary that was read before as a Feature that says what it bounds; none where it is no Feature.
pub fn labelled(geojson: &str, id: String, properties: JsonObject) -> Option<String> {
    let mut feature = Feature::from_str(geojson).ok()?;
    feature.id = Some(Id::String(id));
    feature.properties = Some(properties);
    Some(feature.to_string())
}

fn check(geometry: Option<Geometry>, city: &Extent) -> Result<Shape, Refusal> {
    let mut polygons = polygons(geometry)?;
    let positions: usize = polygons.iter().flatten().map(Vec::len).sum();
    if positions > POSITIONS_MAX {
        return Err(Refusal::BoundaryTooLarge {
            positions_max: POSITIONS_MAX,
        });
    }
    for ring in polygons.iter_mut().flatten() {
        for position in ring.iter_mut() {
            *position = rounded(position)?;
        }
        if ring.len() < RING_MIN || ring.first() != ring.last() {
            return Err(Refusal::BoundaryRingOpen);
        }
    }
    if polygons.is_empty() || polygons.iter().any(Vec::is_empty) {
        return Err(Refusal::BoundaryRingOpen);
    }
    let value = match polygons.len() {
        1 => GeometryValue::Polygon {
            coordinates: polygons.remove(0),
        },
        _ => GeometryValue::MultiPolygon {
            coordinates: polygons,
        },
    };
    let shape = multi_polygon(&value).ok_or(Refusal::GeojsonMalformed)?;
    let extent = extent(&shape).ok_or(Refusal::BoundaryRingOpen)?;
    if !city.holds(&extent) {
        return Err(Refusal::BoundaryOutsideCity);
    }
    shape
        .check_validation()
        .map_err(|fault| Refusal::BoundaryInvalid {
            fault: fault.to_string(),
        })?;
    let feature = Feature {
        geometry: Some(Geometry::new(value)),
        ..Feature::default()
    };
    Ok(Shape {
        geojson: feature.to_string(),
        extent,
    })
}

/// Whether a boundary that was read before holds a point; its edge belongs to it.
pub fn holds(geojson: &str, longitude: i64, latitude: i64) -> bool {
    let degrees = |e7: i64| {
        // Below 2^53: exact.
        #[expect(clippy::cast_precision_loss, reason = "180 degrees are 1.8e9")]
        let e7 = e7 as f64;
        e7 / 1e7
    };
    let value = GeoJson::from_str(geojson).ok().and_then(|geojson| match geojson {
        GeoJson::Feature(feature) => feature.geometry.map(|geometry| geometry.value),
        GeoJson::Geometry(geometry) => Some(geometry.value),
        GeoJson::FeatureCollection(_) => None,
    });
    let shape = value.as_ref().and_then(multi_polygon);
    shape.is_some_and(|shape| shape.covers(&Point::new(degrees(longitude), degrees(latitude))))
}

/// The polygons of a geometry: rings of positions.
fn polygons(geometry: Option<Geometry>) -> Result<Vec<Vec<Vec<Position>>>, Refusal> {
    match geometry.map(|geometry| geometry.value) {
        Some(GeometryValue::Polygon { coordinates }) => Ok(vec![coordinates]),
        Some(GeometryValue::MultiPolygon { coordinates }) => Ok(coordinates),
        _ => Err(Refusal::BoundaryNotAPolygon),
    }
}

/// Longitude and latitude with seven decimals; a height is left out.
fn rounded(position: &Position) -> Result<Position, Refusal> {
    match position.as_slice() {
        [longitude, latitude, ..] if longitude.is_finite() && latitude.is_finite() => {
            let round = |degrees: f64| (degrees * 1e7).round() / 1e7;
            Ok(Position::from([round(*longitude), round(*latitude)]))
        }
        _ => Err(Refusal::GeojsonMalformed),
    }
}

fn multi_polygon(value: &GeometryValue) -> Option<MultiPolygon<f64>> {
    match value {
        GeometryValue::Polygon { .. } => Some(MultiPolygon::from(Polygon::try_from(value).ok()?)),
        _ => MultiPolygon::try_from(value).ok(),
    }
}

fn extent(shape: &MultiPolygon<f64>) -> Option<Extent> {
    let around = shape.bounding_rect()?;
    Some(Extent {
        west: e7(around.min().x),
        south: e7(around.min().y),
        east: e7(around.max().x),
        north: e7(around.max().y),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::app::directory::directory;

    fn check(coordinates: &str) -> Result<Shape, Refusal> {
        let text = format!("{{\"type\":\"Polygon\",\"coordinates\":{coordinates}}}");
        read(&text, &directory().unwrap().extent)
    }

    fn reason(answer: Result<Shape, Refusal>) -> &'static str {
        (&answer.unwrap_err()).into()
    }

    const SQUARE: &str = "[[[120.2,29.2],[120.3,29.2],[120.3,29.3],[120.2,29.3],[120.2,29.2]]]";

    #[test]
    fn a_square_is_kept_as_a_feature_and_holds_its_inside_and_its_edge() {
        let shape = check(SQUARE).unwrap();
        assert_eq!(
            shape.extent,
            Extent {
                west: 1_202_000_000,
                south: 292_000_000,
                east: 1_203_000_000,
                north: 293_000_000
            }
        );
        assert!(shape.geojson.contains("\"Feature\"") && shape.geojson.contains("120.2"));
        assert!(holds(&shape.geojson, 1_202_500_000, 292_500_000));
        assert!(holds(&shape.geojson, 1_202_000_000, 292_500_000), "the edge");
        assert!(!holds(&shape.geojson, 1_203_500_000, 292_500_000));
        // What was kept can be sent again.
        let again = read(&shape.geojson, &directory().unwrap().extent).unwrap();
        assert_eq!(again, shape);
    }

    #[test]
    fn a_hole_does_not_belong_to_a_boundary_and_several_polygons_do() {
        let hole = "[[[120.2,29.2],[120.3,29.2],[120.3,29.3],[120.2,29.3],[120.2,29.2]],\
                     [[120.24,29.24],[120.26,29.24],[120.26,29.26],[120.24,29.26],[120.24,29.24]]]";
        let shape = check(hole).unwrap();
        assert!(!holds(&shape.geojson, 1_202_500_000, 292_500_000));
        assert!(holds(&shape.geojson, 1_202_100_000, 292_500_000));
        let two = "{\"type\":\"MultiPolygon\",\"coordinates\":[\
                   [[[120.2,29.2],[120.21,29.2],[120.21,29.21],[120.2,29.2]]],\
                   [[[120.3,29.2],[120.31,29.2],[120.31,29.21],[120.3,29.2]]]]}";
        let shape = read(two, &directory().unwrap().extent).unwrap();
        assert!(holds(&shape.geojson, 1_203_080_000, 292_010_000));
    }

    #[test]
    fn what_is_no_boundary_is_refused() {
        let city = directory().unwrap().extent;
        assert_eq!(reason(read("{", &city)), "GEOJSON_MALFORMED");
        assert_eq!(reason(read("{\"type\":\"Polygon\"}", &city)), "GEOJSON_MALFORMED");
        let point = "{\"type\":\"Point\",\"coordinates\":[120.2,29.2]}";
        assert_eq!(reason(read(point, &city)), "BOUNDARY_NOT_A_POLYGON");
        let none = "{\"type\":\"FeatureCollection\",\"features\":[]}";
        assert_eq!(reason(read(none, &city)), "BOUNDARY_NOT_A_POLYGON");
        assert_eq!(reason(check("[]")), "BOUNDARY_RING_OPEN");
        let open = "[[[120.2,29.2],[120.3,29.2],[120.3,29.3],[120.2,29.3]]]";
        assert_eq!(reason(check(open)), "BOUNDARY_RING_OPEN");
        let flat = "[[[120.2,29.2],[120.3,29.2],[120.2,29.2]]]";
        assert_eq!(reason(check(flat)), "BOUNDARY_RING_OPEN");
        let bow = "[[[120.2,29.2],[120.3,29.3],[120.3,29.2],[120.2,29.3],[120.2,29.2]]]";
        assert_eq!(reason(check(bow)), "BOUNDARY_INVALID");
        // Latitude first: the usual slip.
        let swapped = "[[[29.2,120.2],[29.3,120.2],[29.3,120.3],[29.2,120.2]]]";
        assert_eq!(reason(check(swapped)), "BOUNDARY_OUTSIDE_CITY");
        let many = "[120.2,29.2],".repeat(POSITIONS_MAX + 1);
        assert_eq!(
            reason(check(&format!("[[{}]]", many.trim_end_matches(',')))),
            "BOUNDARY_TOO_LARGE"
        );
    }
}
