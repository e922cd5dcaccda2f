//! Publishing a roll, masked (公示名册), and taking it down: 业主大会和业主委员会指导规则 article 12; 个人信息保护法 article 19.

use chrono::{Days, NaiveDate};
use ids::{AreaId, DivisionCode, RollId};
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// How a published roll stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// To be seen from its first to its last day.
    Published,
    /// Taken down after its last day.
    Ended,
    /// Taken down before.
    Withdrawn,
}

/// The numbers of the rules, as they hold on the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicityRules {
    /// Days that a roll is published at least, both ends counted.
    pub days_min: u64,
    /// Days that it is published at most.
    pub days_max: u64,
    /// Whether lines show rooms.
    pub shows_rooms: bool,
    /// Where the shortest time is written.
    pub article: String,
}

/// When a roll is to be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The day as of which it is frozen.
    pub as_of: NaiveDate,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub until: NaiveDate,
}

impl Period {
    /// The period that was asked for; what was left out is today, and the shortest that is allowed. `today` is in China.
    ///
    /// # Errors
    /// `ROLL_AS_OF_THE_FUTURE`, `PUBLICITY_IN_THE_PAST`, `PUBLICITY_TOO_SHORT`, `PUBLICITY_TOO_LONG`.
    pub fn decide(
        as_of: Option<NaiveDate>,
        from: Option<NaiveDate>,
        until: Option<NaiveDate>,
        rules: &PublicityRules,
        today: NaiveDate,
    ) -> Result<Self, Refusal> {
        let as_of = as_of.unwrap_or(today);
        if as_of > today {
            return Err(Refusal::RollAsOfTheFuture { on: as_of, today });
        }
        let from = from.unwrap_or(today);
        if from < today {
            return Err(Refusal::PublicityInThePast { from, today });
        }
        let last_of = |days: u64| {
            from.checked_add_days(Days::new(days.saturating_sub(1)))
                .unwrap_or(NaiveDate::MAX)
        };
        let (shortest, longest) = (last_of(rules.days_min), last_of(rules.days_max));
        let until = until.unwrap_or(shortest);
        if until < shortest {
            return Err(Refusal::PublicityTooShort {
                days: rules.days_min,
                shortest,
            });
        }
        if until > longest {
            return Err(Refusal::PublicityTooLong {
                days: rules.days_max,
                longest,
            });
        }
        Ok(Period { as_of, from, until })
    }
}

/// What a roll sums to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Homes.
    pub homes: i64,
    /// Heads.
    pub heads: i64,
    /// Exclusive area.
    pub area: money::Area,
}

/// A roll that is or was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedRoll {
    /// Its id.
    pub id: RollId,
    /// The area.
    pub area_id: AreaId,
    /// The community or village the area lies in.
    pub division: DivisionCode,
    /// When.
    pub period: Period,
    /// How it stands.
    pub state: State,
    /// What it sums to.
    pub totals: Totals,
    /// Whether lines show rooms.
    pub shows_rooms: bool,
    /// Where the length of the publicity is written.
    pub article: String,
    /// One higher with every change, objections included.
    pub version: i64,
}

impl PublishedRoll {
    /// Whether it is to be seen on this day.
    pub fn is_open(&self, today: NaiveDate) -> bool {
        match self.state {
            State::Published => self.period.from <= today && today <= self.period.until,
            State::Ended | State::Withdrawn => false,
        }
    }

    /// The day on which it is to be taken down.
    pub fn ends_on(&self) -> NaiveDate {
        self.period.until.succ_opt().unwrap_or(NaiveDate::MAX)
    }

    /// Takes it down before its last day.
    ///
    /// # Errors
    /// `ROLL_NOT_PUBLISHED`.
    pub fn withdraw(self) -> Result<Self, Refusal> {
        match self.state {
            State::Published => Ok(self.into(State::Withdrawn)),
            State::Ended | State::Withdrawn => Err(Refusal::RollNotPublished),
        }
    }

    /// Takes it down after its last day; none where it is down already or its last day has not passed.
    pub fn end(self, today: NaiveDate) -> Option<Self> {
        match self.state {
            State::Published if today > self.period.until => Some(self.into(State::Ended)),
            State::Published | State::Ended | State::Withdrawn => None,
        }
    }

    fn into(mut self, state: State) -> Self {
        self.state = state;
        self.version += 1;
        self
    }
}

/// One home on a published roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollLine {
    /// Its place, from 1.
    pub line: i32,
    /// Number of the building.
    pub building_number: String,
    /// Stairwell.
    pub stairwell: String,
    /// Room.
    pub room: String,
    /// Names of the owners, masked.
    pub names: Vec<String>,
    /// Exclusive area.
    pub exclusive_area: money::Area,
}

impl RollLine {
    /// The line as everybody sees it.
    pub fn in_public(mut self, shows_rooms: bool) -> Self {
        if !shows_rooms {
            self.room = String::new();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn rules() -> PublicityRules {
        PublicityRules {
            days_min: 15,
            days_max: 60,
            shows_rooms: false,
            article: "第12条".into(),
        }
    }

    fn roll(state: State) -> PublishedRoll {
        PublishedRoll {
            id: RollId::derive("r"),
            area_id: AreaId::derive("a"),
            division: "330783004015".parse().unwrap(),
            period: Period::decide(None, None, None, &rules(), day("2026-03-02")).unwrap(),
            state,
            totals: Totals {
                homes: 1,
                heads: 1,
                area: money::Area(10_000),
            },
            shows_rooms: false,
            article: "第12条".into(),
            version: 1,
        }
    }

    #[test]
    fn oc7_fifteen_days_both_ends_counted() {
        let today = day("2026-03-02");
        let period = Period::decide(None, None, None, &rules(), today).unwrap();
        assert_eq!((period.from, period.until), (today, day("2026-03-16")));
        let refused = |as_of: Option<&str>, from: Option<&str>, until: Option<&str>| {
            let read = |text: Option<&str>| text.map(day);
            let answer = Period::decide(read(as_of), read(from), read(until), &rules(), today);
            <&'static str>::from(&answer.unwrap_err())
        };
        assert_eq!(refused(None, None, Some("2026-03-15")), "PUBLICITY_TOO_SHORT");
        assert_eq!(refused(None, None, Some("2026-05-01")), "PUBLICITY_TOO_LONG");
        assert_eq!(refused(None, Some("2026-03-01"), None), "PUBLICITY_IN_THE_PAST");
        assert_eq!(refused(Some("2026-03-03"), None, None), "ROLL_AS_OF_THE_FUTURE");
        let later = Period::decide(
            Some(day("2026-01-01")),
            Some(day("2026-04-01")),
            None,
            &rules(),
            today,
        );
        assert_eq!(later.unwrap().until, day("2026-04-15"));
    }

    #[test]
    fn a_roll_is_seen_from_its_first_to_its_last_day_and_comes_down_by_itself() {
        let published = roll(State::Published);
        assert!(!published.is_open(day("2026-03-01")));
        assert!(published.is_open(day("2026-03-02")) && published.is_open(day("2026-03-16")));
        assert!(
            !published.is_open(day("2026-03-17")),
            "also before it is taken down"
        );
        assert_eq!(published.ends_on(), day("2026-03-17"));
        assert_eq!(published.clone().end(day("2026-03-16")), None);
        let ended = published.clone().end(day("2026-03-17")).unwrap();
        assert_eq!((ended.state, ended.version), (State::Ended, 2));
        assert_eq!(ended.clone().end(day("2026-03-18")), None);
        assert_eq!(ended.withdraw().unwrap_err(), Refusal::RollNotPublished);
        let withdrawn = published.withdraw().unwrap();
        assert!(!withdrawn.is_open(day("2026-03-02")));
        assert_eq!(withdrawn.withdraw().unwrap_err(), Refusal::RollNotPublished);
    }
}
