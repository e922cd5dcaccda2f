//! How satisfied the owners of an area are, as somebody measured it. Nothing here is computed or estimated.

use chrono::NaiveDate;
use ids::{AreaId, DivisionCode, SatisfactionId};
use serde::{Deserialize, Serialize};

use super::Refusal;

/// Who measured.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Source {
    /// A survey among the owners (业主满意度调查).
    OwnerSurvey,
    /// The street's assessment (街道考核).
    StreetAssessment,
    /// An independent body (第三方评估).
    ThirdParty,
}

/// A recorded score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Satisfaction {
    /// Derived from area, source and period.
    pub id: SatisfactionId,
    /// One higher with every correction.
    pub version: i64,
    /// The area.
    pub area_id: AreaId,
    /// The community or village of the area.
    pub division: DivisionCode,
    /// Who measured.
    pub source: Source,
    /// First day of the time it is about.
    pub from_on: NaiveDate,
    /// Last day of it.
    pub until_on: NaiveDate,
    /// The score, 0 to 1,000 per mille.
    pub per_mille: u16,
}

impl Satisfaction {
    /// The id of the score of this area, source and period.
    pub fn id_of(area_id: AreaId, source: Source, from_on: NaiveDate, until_on: NaiveDate) -> SatisfactionId {
        SatisfactionId::derive(&format!(
            "{area_id}/{}/{from_on}/{until_on}",
            <&str>::from(source)
        ))
    }

    /// The score in its next version, where one was recorded before.
    ///
    /// # Errors
    /// `PERIOD_REVERSED`, `PERIOD_NOT_OVER`, `SATISFACTION_UNCHANGED`.
    pub fn after(mut self, before: Option<&Satisfaction>, today: NaiveDate) -> Result<Self, Refusal> {
        if self.until_on < self.from_on {
            return Err(Refusal::PeriodReversed);
        }
        if self.until_on >= today {
            return Err(Refusal::PeriodNotOver { until: self.until_on });
        }
        self.version = 1;
        if let Some(before) = before {
            if before.per_mille == self.per_mille {
                return Err(Refusal::SatisfactionUnchanged);
            }
            self.version = before.version + 1;
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn score(from: &str, until: &str, per_mille: u16) -> Satisfaction {
        let (from_on, until_on) = (from.parse().unwrap(), until.parse().unwrap());
        let area_id = AreaId::derive("a");
        Satisfaction {
            id: Satisfaction::id_of(area_id, Source::OwnerSurvey, from_on, until_on),
            version: 0,
            area_id,
            division: "330783004015".parse().unwrap(),
            source: Source::OwnerSurvey,
            from_on,
            until_on,
            per_mille,
        }
    }

    #[test]
    fn a_score_is_of_a_time_that_is_over_and_a_correction_changes_it() {
        let today = "2026-03-02".parse().unwrap();
        let reason = |score: Satisfaction, before: Option<&Satisfaction>| {
            score
                .after(before, today)
                .map_err(|refusal| <&str>::from(&refusal))
        };
        let first = reason(score("2025-01-01", "2025-12-31", 812), None).unwrap();
        assert_eq!(first.version, 1);
        let same = reason(score("2025-01-01", "2025-12-31", 812), Some(&first));
        assert_eq!(same, Err("SATISFACTION_UNCHANGED"));
        let mended = reason(score("2025-01-01", "2025-12-31", 821), Some(&first)).unwrap();
        assert_eq!((mended.version, mended.id), (2, first.id));
        assert_eq!(
            reason(score("2026-01-01", "2025-12-31", 1), None),
            Err("PERIOD_REVERSED")
        );
        assert_eq!(
            reason(score("2026-01-01", "2026-03-02", 1), None),
            Err("PERIOD_NOT_OVER")
        );
    }
}
