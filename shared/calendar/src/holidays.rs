//! Holidays and make-up working days, as the State Council announces them each year (国务院办公厅节假日安排).

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::Deserialize;

/// The announced years that ship with the program.
const EMBEDDED: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../seeds/rules/holidays.toml"
));

/// Longest holiday that is believed; more is a slip in the data.
const HOLIDAY_DAYS_MAX: usize = 15;

/// Which days are worked.
///
/// In a year that was not announced only Saturdays and Sundays are days off; [`Holidays::covers`] tells.
#[derive(Clone, Debug, Default)]
pub struct Holidays {
    years: BTreeSet<i32>,
    off: BTreeSet<NaiveDate>,
    worked: BTreeSet<NaiveDate>,
}

impl Holidays {
    /// Weekends only.
    pub fn none() -> Self {
        Self::default()
    }

    /// The years that ship with the program (`seeds/rules/holidays.toml`).
    pub fn embedded() -> Result<Self, HolidaysError> {
        Self::parse(EMBEDDED)
    }

    /// Reads announced years from TOML, the form of `seeds/rules/holidays.toml`.
    /// Refuses unknown keys, a year twice, days outside their year, make-up days that are not on a weekend.
    pub fn parse(text: &str) -> Result<Self, HolidaysError> {
        let file: File = toml::from_str(text).map_err(|source| HolidaysError::Form {
            source: Box::new(source),
        })?;
        let mut holidays = Self::default();
        for year in file.year {
            holidays.add(&year)?;
        }
        Ok(holidays)
    }

    fn add(&mut self, announced: &Year) -> Result<(), HolidaysError> {
        let year = announced.year;
        if !self.years.insert(year) {
            return Err(HolidaysError::YearTwice { year });
        }
        for holiday in &announced.holiday {
            let days: Vec<NaiveDate> = holiday
                .from
                .iter_days()
                .take_while(|day| *day <= holiday.to)
                .take(HOLIDAY_DAYS_MAX + 1)
                .collect();
            let is_plausible = (1..=HOLIDAY_DAYS_MAX).contains(&days.len());
            if !is_plausible || holiday.from.year() != year || holiday.to.year() != year {
                return Err(HolidaysError::Holiday {
                    name: holiday.name.clone(),
                    year,
                });
            }
            self.off.extend(days);
        }
        for &day in &announced.working {
            let is_plausible = day.year() == year && is_weekend(day) && !self.off.contains(&day);
            if !is_plausible {
                return Err(HolidaysError::Working { day });
            }
            self.worked.insert(day);
        }
        Ok(())
    }

    /// Whether the State Council's arrangement for this year is known.
    pub fn covers(&self, year: i32) -> bool {
        self.years.contains(&year)
    }

    /// Whether the day is worked: a weekday that is no holiday, or a weekend day that was made a working day.
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        self.worked.contains(&day) || !(is_weekend(day) || self.off.contains(&day))
    }

    /// The day itself where it is worked, else the next that is.
    pub fn working_day_from(&self, day: NaiveDate) -> NaiveDate {
        day.iter_days()
            .find(|day| self.is_working_day(*day))
            .unwrap_or(NaiveDate::MAX)
    }
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    year: Vec<Year>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Year {
    year: i32,
    /// Number of the announcement; for the reader of the file.
    #[serde(rename = "source")]
    _source: String,
    #[serde(default)]
    holiday: Vec<Holiday>,
    #[serde(default)]
    working: Vec<NaiveDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Holiday {
    name: String,
    from: NaiveDate,
    to: NaiveDate,
}

/// Why a file of holidays was refused.
#[derive(Debug, thiserror::Error)]
pub enum HolidaysError {
    /// Not TOML of the right form.
    #[error("the holidays are not in the right form")]
    Form {
        /// Line and cause.
        source: Box<toml::de::Error>,
    },
    /// The same year twice.
    #[error("the year {year} is given twice")]
    YearTwice {
        /// The year.
        year: i32,
    },
    /// A holiday that ends before it begins, lasts too long or leaves its year.
    #[error("the holiday {name} of {year} does not lie in its year or is too long")]
    Holiday {
        /// Its name.
        name: String,
        /// The year it stands under.
        year: i32,
    },
    /// A make-up working day on a weekday, on a holiday or in another year.
    #[error("{day} cannot be a make-up working day")]
    Working {
        /// The day.
        day: NaiveDate,
    },
}
