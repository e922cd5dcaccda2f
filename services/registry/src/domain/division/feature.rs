//! What can be wrong with one Feature of a file of boundaries, with its stable reason and both messages.

use serde::{Deserialize, Serialize};

use crate::domain::refusal::Refusal;
use crate::domain::row_fault::RowFault;

/// One thing wrong with a file of boundaries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureError {
    /// Which Feature of the file; the first is 0.
    pub index: u32,
    /// The place that it names, at most 64 characters; empty where it names none.
    pub place: String,
    /// The property; empty where the geometry or the whole Feature is concerned.
    pub property: String,
    /// Stable reason.
    pub reason: String,
    /// What is wrong and what cures it, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// What is wrong with a Feature. The reason string is the variant's name, or that of the fault it holds.
#[derive(Debug, Clone, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum FeatureFault {
    /// With the property that names the place.
    Property(RowFault),
    /// An earlier Feature names the same place.
    DuplicateFeature {
        /// Which one.
        first: u32,
    },
    /// The caller may not record the boundary of this place.
    NotAllowed,
    /// With the boundary or the place, as of a single one.
    Refused(Refusal),
}

impl FeatureFault {
    /// The stable reason: `BOUNDARY_INVALID`.
    pub fn reason(&self) -> &'static str {
        match self {
            FeatureFault::Property(fault) => fault.reason(),
            FeatureFault::Refused(refusal) => refusal.reason(),
            FeatureFault::DuplicateFeature { .. } | FeatureFault::NotAllowed => self.into(),
        }
    }

    /// What is wrong and what cures it, in English; `property` is concerned.
    pub fn en(&self, property: &str) -> String {
        match self {
            FeatureFault::Property(fault) => fault.en(&format!("property `{property}`")),
            FeatureFault::DuplicateFeature { first } => {
                format!(
                    "Feature {first} names the same place; keep one of them, with all polygons of the place."
                )
            }
            FeatureFault::NotAllowed => {
                "Your role does not allow you to record the boundary of this place; leave it out.".into()
            }
            FeatureFault::Refused(refusal) => refusal.to_string(),
        }
    }

    /// The same in Chinese.
    pub fn zh(&self, property: &str) -> String {
        match self {
            FeatureFault::Property(fault) => fault.zh(&format!("属性“{property}”")),
            FeatureFault::DuplicateFeature { first } => {
                format!("与第 {first} 号要素为同一地点，请只保留一个，并包含该地点的全部面。")
            }
            FeatureFault::NotAllowed => "您的角色无权登记该地点的边界，请删除该要素。".into(),
            FeatureFault::Refused(refusal) => refusal.zh(),
        }
    }
}

impl From<Refusal> for FeatureFault {
    fn from(refusal: Refusal) -> Self {
        FeatureFault::Refused(refusal)
    }
}
