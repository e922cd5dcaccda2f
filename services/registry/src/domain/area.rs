//! Areas under one property management (物业管理区域).

use chrono::NaiveDate;
use ids::{AreaId, DivisionCode, FirmId};
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// An area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// Derived from the filing number.
    pub id: AreaId,
    /// Filing number (备案号): the natural key. Holds no `/`, which parts it from a building's number in derived ids.
    pub number: String,
    /// Its name.
    pub name: String,
    /// The community or village it lies in.
    pub division: DivisionCode,
    /// Who built it; none where unknown.
    pub developer_id: Option<FirmId>,
    /// Who manages it; none where nobody does.
    pub manager_id: Option<FirmId>,
    /// Its end; none while it stands. Absent in what was remembered before areas could end.
    #[serde(default)]
    pub ended: Option<AreaEnd>,
    /// One higher with every change.
    pub version: i64,
    /// Day on which its delineation was approved; none where the tables brought it, which do not say since when it is.
    #[serde(default)]
    pub registered_on: Option<NaiveDate>,
}

/// How an area ended: it merged into another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaEnd {
    /// First day on which it was no area any more.
    pub on: NaiveDate,
    /// The area that its buildings belong to since.
    pub successor_id: AreaId,
}

impl Area {
    /// The id of the area with this filing number.
    pub fn id_of(number: &str) -> AreaId {
        AreaId::derive(number)
    }

    /// Whether it was registered by the end of this day. What the tables brought counts as registered at any time.
    pub fn is_registered_by(&self, day: NaiveDate) -> bool {
        self.registered_on.is_none_or(|on| on <= day)
    }

    /// Refuses for an area that ended: its records stay as they are.
    ///
    /// # Errors
    /// `AREA_ENDED`.
    pub fn stands(&self) -> Result<(), Refusal> {
        match self.ended {
            None => Ok(()),
            Some(AreaEnd { on, successor_id }) => Err(Refusal::AreaEnded { on, successor_id }),
        }
    }
}
