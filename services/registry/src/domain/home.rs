//! Homes (房屋): exclusive parts, each covered by one title, and whether the developer has handed them over.

use chrono::NaiveDate;
use ids::{AreaId, BuildingId, HomeId, UnitNumber};
use serde::{Deserialize, Serialize};

use super::ownership::Ownership;

/// What a home is used for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum HomeUse {
    /// A dwelling (住宅).
    Residential,
    /// A shop or office (非住宅).
    Commercial,
    /// A parking space that is an exclusive part (车位).
    Parking,
}

/// Whether the developer has sold and handed over a home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sale {
    /// Still the developer's (未售).
    Unsold,
    /// Sold, not yet handed over (已售未交付): still counted with the developer (法释〔2009〕7号, article 9).
    Sold,
    /// Sold and handed over (已交付).
    Delivered {
        /// Day of the hand-over.
        on: NaiveDate,
    },
}

impl Sale {
    /// Whether a home in this state is, or may since have come to be, in that one: what a table from before a sale or a
    /// hand-over tells still holds.
    pub fn leads_to(self, later: Sale) -> bool {
        match (self, later) {
            (Sale::Unsold | Sale::Sold, Sale::Delivered { .. }) | (Sale::Unsold, Sale::Sold) => true,
            (before, after) => before == after,
        }
    }

    /// Whether it was handed over by the end of this day.
    pub fn is_delivered_by(&self, day: NaiveDate) -> bool {
        match self {
            Sale::Unsold | Sale::Sold => false,
            Sale::Delivered { on } => *on <= day,
        }
    }
}

/// A home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// Derived from the unit number.
    pub id: HomeId,
    /// The area it belongs to.
    pub area_id: AreaId,
    /// The building it is in.
    pub building_id: BuildingId,
    /// The stairwell (单元), as printed on the door; empty where the building has one only.
    pub stairwell: String,
    /// The room number (室号).
    pub room: String,
    /// Real-estate unit number (不动产单元号): the natural key.
    pub unit_number: UnitNumber,
    /// Exclusive area (专有面积) in 0.01 m², always positive.
    pub exclusive_area: money::Area,
    /// What it is used for.
    pub usage: HomeUse,
    /// Whether it is sold and handed over.
    pub sale: Sale,
}

impl Home {
    /// The id of the home with this unit number.
    pub fn id_of(unit_number: &UnitNumber) -> HomeId {
        HomeId::derive(unit_number.as_str())
    }

    /// The home as it was at the end of a day: with the area that counted then, and as far sold and handed over as it was.
    ///
    /// `sold_on` is the day of its sale where it is known; where it is not, a home that had owners was sold. A home that
    /// the tables brought as sold and not handed over was sold on a day that nobody told, and counts as sold before too.
    #[must_use]
    pub fn as_of(
        self,
        day: NaiveDate,
        area: Option<money::Area>,
        sold_on: Option<NaiveDate>,
        is_owned: bool,
    ) -> Home {
        let is_sold = is_owned || sold_on.is_some_and(|on| on <= day);
        let sale = match self.sale {
            Sale::Delivered { on } if on <= day => Sale::Delivered { on },
            Sale::Delivered { .. } | Sale::Sold if is_sold => Sale::Sold,
            Sale::Sold if sold_on.is_none() => Sale::Sold,
            Sale::Delivered { .. } | Sale::Sold | Sale::Unsold => Sale::Unsold,
        };
        Home {
            exclusive_area: area.unwrap_or(self.exclusive_area),
            sale,
            ..self
        }
    }

    /// Where its door is, as people say it: `1-1502`, `1502` where there is no stairwell.
    pub fn door(&self) -> String {
        if self.stairwell.is_empty() {
            self.room.clone()
        } else {
            format!("{}-{}", self.stairwell, self.room)
        }
    }
}

/// A home with who owns it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnedHome {
    /// The home.
    pub home: Home,
    /// Who owns it; none while it is the developer's.
    pub ownership: Option<Ownership>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn home(sale: Sale) -> Home {
        let unit_number = "330783004015GB00001F00010001".parse().unwrap();
        Home {
            id: Home::id_of(&unit_number),
            area_id: AreaId::derive("a"),
            building_id: BuildingId::derive("a/1"),
            stairwell: "1".into(),
            room: "101".into(),
            unit_number,
            exclusive_area: money::Area(10_000),
            usage: HomeUse::Residential,
            sale,
        }
    }

    #[test]
    fn a_home_of_a_day_is_as_far_sold_as_is_known() {
        let delivered = Sale::Delivered {
            on: day("2025-06-30"),
        };
        let sold_on = Some("2025-02-01");
        for (now, on, sold_on, is_owned, then) in [
            (delivered, "2025-06-30", sold_on, true, delivered),
            (delivered, "2025-06-29", sold_on, false, Sale::Sold),
            (delivered, "2025-02-01", sold_on, false, Sale::Sold),
            (delivered, "2025-01-31", sold_on, false, Sale::Unsold),
            // Nobody told when it was sold: owners have bought it.
            (delivered, "2025-06-29", None, true, Sale::Sold),
            (delivered, "2025-06-29", None, false, Sale::Unsold),
            (Sale::Sold, "2025-01-31", sold_on, false, Sale::Unsold),
            (Sale::Sold, "2025-01-31", None, false, Sale::Sold),
            (Sale::Unsold, "2025-06-30", None, false, Sale::Unsold),
        ] {
            let found = home(now).as_of(day(on), None, sold_on.map(day), is_owned);
            assert_eq!(
                (found.sale, found.exclusive_area.0),
                (then, 10_000),
                "{now:?} {on} {sold_on:?} {is_owned}"
            );
        }
        let counted = home(Sale::Sold).as_of(day("2025-01-31"), Some(money::Area(9_000)), None, false);
        assert_eq!(counted.exclusive_area.0, 9_000, "the area of the day");
    }
}
