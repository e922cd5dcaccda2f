//! What divisions and boundaries refuse.

use chrono::NaiveDate;
use ids::DivisionCode;

use crate::domain::refusal::Kind;

/// A refusal. The reason string is the variant's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Refusal {
    /// No such division in the city's list.
    #[error("There is no division {code} in this city; ListDivisions has them all.")]
    DivisionNotFound {
        /// The code that was sent.
        code: DivisionCode,
    },
    /// The division ended in another.
    #[error("Division {code} is merged into {into} from {on} on; use that one.")]
    DivisionMerged {
        /// The one that ended.
        code: DivisionCode,
        /// The one that survives.
        into: DivisionCode,
        /// The first day without it.
        on: NaiveDate,
    },
    /// It has this name on that day.
    #[error("The division has this name on that day already; send the new one.")]
    DivisionNameUnchanged,
    /// Something later is recorded.
    #[error("A change of division {code} is recorded for {on}; a later change cannot be dated before it.")]
    DivisionChangedLater {
        /// The division.
        code: DivisionCode,
        /// The day of the recorded change.
        on: NaiveDate,
    },
    /// A merger across levels, or of cities.
    #[error(
        "Division {code} is not of the same level; streets merge with streets, communities with communities and villages."
    )]
    DivisionsOfOtherLevel {
        /// The one that does not fit.
        code: DivisionCode,
    },
    /// A merger into itself.
    #[error("A division cannot be merged into itself; leave it out of those that end.")]
    DivisionIntoItself,
    /// Not GeoJSON.
    #[error("The text is not GeoJSON (RFC 7946); send a Polygon, a MultiPolygon or a Feature with one.")]
    GeojsonMalformed,
    /// GeoJSON of another shape.
    #[error("A boundary is one Polygon or MultiPolygon; points, lines and collections are none.")]
    BoundaryNotAPolygon,
    /// A ring that does not close.
    #[error(
        "A ring of the boundary is open; its last position must repeat the first, and it needs four at least."
    )]
    BoundaryRingOpen,
    /// Crossing rings, holes outside, polygons that overlap.
    #[error("The boundary is no valid polygon: {fault}.")]
    BoundaryInvalid {
        /// What the check found.
        fault: String,
    },
    /// Coordinates elsewhere.
    #[error("The boundary leaves the city's extent; longitude comes first, in degrees of WGS 84.")]
    BoundaryOutsideCity,
    /// Too many positions.
    #[error("The boundary has more than {positions_max} positions; simplify it.")]
    BoundaryTooLarge {
        /// Most positions.
        positions_max: usize,
    },
    /// A file of boundaries that is no JSON.
    #[error("The file of boundaries is no JSON or is cut; save the layer again and send it whole.")]
    BoundaryFileBroken,
    /// JSON, but no FeatureCollection.
    #[error(
        "The file is no GeoJSON FeatureCollection (RFC 7946); save the layer as one, or set a single boundary."
    )]
    NotAFeatureCollection,
    /// A FeatureCollection without a Feature.
    #[error("The file has no Features; send at least one.")]
    FeaturesMissing,
    /// More than a file of boundaries may have.
    #[error(
        "The file is larger than {bytes_max} bytes, {features_max} Features or {positions_max} positions; split it."
    )]
    BoundaryFileTooLarge {
        /// Most bytes.
        bytes_max: usize,
        /// Most Features.
        features_max: usize,
        /// Most positions of all Features.
        positions_max: usize,
    },
    /// A boundary of that day or later is recorded.
    #[error("A boundary is recorded from {on} on; a new one must begin later.")]
    BoundaryChangedLater {
        /// Since when.
        on: NaiveDate,
    },
    /// None was recorded.
    #[error("No boundary is recorded for that day.")]
    BoundaryNotFound,
    /// A point elsewhere.
    #[error("The point lies outside the city's extent; send degrees of WGS 84 times ten million.")]
    PointOutsideCity,
}

impl Refusal {
    /// What sort of refusal it is.
    pub fn kind(&self) -> Kind {
        match self {
            Refusal::DivisionNotFound { .. } | Refusal::BoundaryNotFound => Kind::NotFound,
            Refusal::DivisionMerged { .. }
            | Refusal::DivisionNameUnchanged
            | Refusal::DivisionChangedLater { .. }
            | Refusal::BoundaryChangedLater { .. } => Kind::WrongState,
            Refusal::DivisionsOfOtherLevel { .. }
            | Refusal::DivisionIntoItself
            | Refusal::GeojsonMalformed
            | Refusal::BoundaryNotAPolygon
            | Refusal::BoundaryRingOpen
            | Refusal::BoundaryInvalid { .. }
            | Refusal::BoundaryOutsideCity
            | Refusal::BoundaryTooLarge { .. }
            | Refusal::BoundaryFileBroken
            | Refusal::NotAFeatureCollection
            | Refusal::FeaturesMissing
            | Refusal::BoundaryFileTooLarge { .. }
            | Refusal::PointOutsideCity => Kind::Invalid,
        }
    }

    /// The message in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Refusal::DivisionNotFound { code } => format!("本市没有区划 {code}，请从区划列表中选择。"),
            Refusal::DivisionMerged { code, into, on } => {
                format!("区划 {code} 自 {on} 起并入 {into}，请使用后者。")
            }
            Refusal::DivisionNameUnchanged => "该区划当日已使用此名称，请填写新名称。".into(),
            Refusal::DivisionChangedLater { code, on } => {
                format!("区划 {code} 已登记 {on} 的变更，新变更不得早于或等于该日。")
            }
            Refusal::DivisionsOfOtherLevel { code } => {
                format!("区划 {code} 层级不同，街道（镇乡）之间、社区（村）之间方可撤并。")
            }
            Refusal::DivisionIntoItself => "区划不能并入自身，请从被撤并名单中删除。".into(),
            Refusal::GeojsonMalformed => "内容不是 GeoJSON（RFC 7946），请提供面或多面。".into(),
            Refusal::BoundaryNotAPolygon => "边界应为一个面或多面，点、线和集合无效。".into(),
            Refusal::BoundaryRingOpen => "边界环未闭合，末点应与首点相同，且至少四点。".into(),
            Refusal::BoundaryInvalid { fault } => format!("边界不是有效的面：{fault}。"),
            Refusal::BoundaryOutsideCity => "边界超出本市范围；坐标为 WGS 84 经纬度，经度在前。".into(),
            Refusal::BoundaryTooLarge { positions_max } => {
                format!("边界超过 {positions_max} 个点，请简化。")
            }
            Refusal::BoundaryFileBroken => "边界文件不是 JSON 或不完整，请重新导出图层后完整上传。".into(),
            Refusal::NotAFeatureCollection => {
                "文件不是 GeoJSON 要素集合（FeatureCollection，RFC 7946），请将图层另存为该格式。".into()
            }
            Refusal::FeaturesMissing => "文件没有要素，请至少提供一个。".into(),
            Refusal::BoundaryFileTooLarge {
                bytes_max,
                features_max,
                positions_max,
            } => {
                format!("文件超过 {bytes_max} 字节、{features_max} 个要素或 {positions_max} 个点，请拆分。")
            }
            Refusal::BoundaryChangedLater { on } => format!("已登记自 {on} 起的边界，新边界应晚于该日。"),
            Refusal::BoundaryNotFound => "当日没有已登记的边界。".into(),
            Refusal::PointOutsideCity => "该点超出本市范围；请按 WGS 84 度数乘以一千万填写。".into(),
        }
    }
}
