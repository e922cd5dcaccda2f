//! A division through time: its names, and what it was merged into. History is added to, never rewritten.

use chrono::NaiveDate;
use ids::{DivisionCode, Mergers};
use serde::{Deserialize, Serialize};

use super::event::DivisionEvent;
use super::refusal::Refusal;
use super::{Division, Level};

/// Most divisions that one merger ends.
pub const MERGED_MAX: usize = 50;

/// A name from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// The name.
    pub name: String,
    /// The first day on which it holds.
    pub on: NaiveDate,
}

/// That a division ended in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// The one that survives.
    pub into: DivisionCode,
    /// The first day without it.
    pub on: NaiveDate,
}

/// A division through time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DivisionRecord {
    /// As the statistical list has it.
    pub listed: Division,
    /// The names since then, earliest first.
    pub names: Vec<Name>,
    /// Where it ended; none while it lasts.
    pub merged: Option<Merged>,
    /// Those that were merged into it, by code.
    pub merged_from: Vec<DivisionCode>,
    /// One higher with every change.
    pub version: i64,
}

impl DivisionRecord {
    /// Its name on a day.
    pub fn name_on(&self, day: NaiveDate) -> &str {
        let latest = self.names.iter().rfind(|name| name.on <= day);
        latest.map_or(&self.listed.name, |name| &name.name)
    }

    /// Whether two divisions stand on the same level: a village and a community do, and merge into each other.
    fn same_level(&self, other: &DivisionRecord) -> bool {
        self.listed.code.level() == other.listed.code.level() && self.listed.level != Level::City
    }

    fn refuse_ended(&self) -> Result<(), Refusal> {
        match self.merged {
            Some(Merged { into, on }) => Err(Refusal::DivisionMerged {
                code: self.listed.code,
                into,
                on,
            }),
            None => Ok(()),
        }
    }

    fn refuse_before_last_name(&self, on: NaiveDate) -> Result<(), Refusal> {
        match self.names.last().filter(|name| name.on >= on) {
            Some(last) => Err(Refusal::DivisionChangedLater {
                code: self.listed.code,
                on: last.on,
            }),
            None => Ok(()),
        }
    }

    /// Gives it another name from the day `on`, which may lie before or after today.
    ///
    /// # Errors
    /// `DIVISION_MERGED` where it ended; `DIVISION_CHANGED_LATER` where it got a name on that day or later;
    /// `DIVISION_NAME_UNCHANGED` where it has this name then.
    pub fn rename(mut self, name: String, on: NaiveDate) -> Result<(Self, DivisionEvent), Refusal> {
        self.refuse_ended()?;
        self.refuse_before_last_name(on)?;
        let before = self.name_on(on).to_owned();
        if before == name {
            return Err(Refusal::DivisionNameUnchanged);
        }
        self.names.push(Name {
            name: name.clone(),
            on,
        });
        self.version += 1;
        let event = DivisionEvent::Renamed {
            code: self.listed.code,
            before,
            name,
            on,
        };
        Ok((self, event))
    }

    /// Merges the others into it from the day `on`, which may lie before or after today. Answers it, and them ended.
    ///
    /// # Errors
    /// `DIVISION_MERGED` where one of them ended already; `DIVISIONS_OF_OTHER_LEVEL`; `DIVISION_INTO_ITSELF`;
    /// `DIVISION_CHANGED_LATER` where one of those that end gets a name on that day or later, or took others over later.
    pub fn merge(
        mut self,
        mut from: Vec<DivisionRecord>,
        taken_over: &Mergers,
        on: NaiveDate,
    ) -> Result<(Self, Vec<DivisionRecord>, DivisionEvent), Refusal> {
        self.refuse_ended()?;
        for ended in &mut from {
            let code = ended.listed.code;
            if code == self.listed.code {
                return Err(Refusal::DivisionIntoItself);
            }
            if !self.same_level(ended) {
                return Err(Refusal::DivisionsOfOtherLevel { code });
            }
            ended.refuse_ended()?;
            ended.refuse_before_last_name(on)?;
            let later = taken_over
                .0
                .iter()
                .find(|merger| merger.into == code && merger.on > on);
            if let Some(later) = later {
                return Err(Refusal::DivisionChangedLater { code, on: later.on });
            }
            ended.merged = Some(Merged {
                into: self.listed.code,
                on,
            });
            ended.version += 1;
            self.merged_from.push(code);
        }
        self.merged_from.sort_unstable();
        self.version += 1;
        let event = DivisionEvent::Merged {
            into: self.listed.code,
            from: from.iter().map(|ended| ended.listed.code).collect(),
            on,
        };
        Ok((self, from, event))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use ids::Merger;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn record(code: &str, level: Level) -> DivisionRecord {
        let code: DivisionCode = code.parse().unwrap();
        DivisionRecord {
            listed: Division {
                code,
                name: format!("{code}居委会"),
                level,
                parent: code.parent(),
            },
            names: Vec::new(),
            merged: None,
            merged_from: Vec::new(),
            version: 1,
        }
    }

    fn reason(refusal: &Refusal) -> &'static str {
        refusal.into()
    }

    #[test]
    fn a_name_holds_from_its_day_on_and_the_earlier_one_before_it() {
        let (after, event) = record("330783004015", Level::Community)
            .rename("新居委会".into(), day("2026-04-01"))
            .unwrap();
        assert_eq!(after.name_on(day("2026-03-31")), "330783004015居委会");
        assert_eq!(after.name_on(day("2026-04-01")), "新居委会");
        assert_eq!(after.version, 2);
        assert!(matches!(event, DivisionEvent::Renamed { before, .. } if before == "330783004015居委会"));
        let again = |name: &str, on: &str| {
            let refused = after.clone().rename(name.into(), day(on)).unwrap_err();
            reason(&refused)
        };
        assert_eq!(again("另一居委会", "2026-04-01"), "DIVISION_CHANGED_LATER");
        assert_eq!(again("新居委会", "2026-05-01"), "DIVISION_NAME_UNCHANGED");
    }

    #[test]
    fn a_village_merges_into_a_community_and_ends() {
        let none = Mergers::default();
        let on = day("2026-04-01");
        let into = record("330783004015", Level::Community);
        let village = record("330783004201", Level::Village);
        let (after, ended, event) = into.clone().merge(vec![village], &none, on).unwrap();
        assert_eq!((after.version, after.merged_from.len()), (2, 1));
        assert_eq!(
            ended[0].merged,
            Some(Merged {
                into: into.listed.code,
                on
            })
        );
        assert!(matches!(event, DivisionEvent::Merged { from, .. } if from == [ended[0].listed.code]));
        let gone = ended[0].clone();
        assert_eq!(
            reason(&gone.clone().rename("名".into(), on).unwrap_err()),
            "DIVISION_MERGED"
        );
        let refused = into.clone().merge(vec![gone.clone()], &none, on).unwrap_err();
        assert_eq!(reason(&refused), "DIVISION_MERGED");
        let refused = gone.merge(vec![into], &none, on).unwrap_err();
        assert_eq!(reason(&refused), "DIVISION_MERGED");
    }

    #[test]
    fn mergers_across_levels_into_itself_or_before_later_history_are_refused() {
        let none = Mergers::default();
        let on = day("2026-04-01");
        let into = record("330783004015", Level::Community);
        let merge = |from: DivisionRecord, known: &Mergers| {
            let refused = into.clone().merge(vec![from], known, on).unwrap_err();
            reason(&refused)
        };
        assert_eq!(
            merge(record("330783004", Level::Street), &none),
            "DIVISIONS_OF_OTHER_LEVEL"
        );
        assert_eq!(merge(into.clone(), &none), "DIVISION_INTO_ITSELF");
        let later = Mergers(vec![Merger {
            from: "330783004017".parse().unwrap(),
            into: "330783004016".parse().unwrap(),
            on: day("2026-05-01"),
        }]);
        let other = record("330783004016", Level::Community);
        assert_eq!(merge(other.clone(), &later), "DIVISION_CHANGED_LATER");
        let (renamed, _) = other.rename("新".into(), day("2026-04-01")).unwrap();
        assert_eq!(merge(renamed, &none), "DIVISION_CHANGED_LATER");
        let city = record("330783", Level::City);
        let refused = city
            .clone()
            .merge(vec![record("330782", Level::City)], &none, on)
            .unwrap_err();
        assert_eq!(reason(&refused), "DIVISIONS_OF_OTHER_LEVEL");
    }
}
