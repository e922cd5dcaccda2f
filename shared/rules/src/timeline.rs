//! One rule through time: dated values, of which at most one holds on any day.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::error::RuleError;

/// A value together with the article it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruled<T> {
    /// What the rule says.
    pub value: T,
    /// Where it says so, to be shown to whom it concerns: `民法典第278条第2款`.
    pub article: String,
}

/// A dated value as it stands in the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry<T> {
    /// First day on which it holds.
    from: NaiveDate,
    /// Last day on which it holds; without it, until the next value begins.
    until: Option<NaiveDate>,
    value: T,
    article: String,
}

/// The values of one rule in the order of their days, checked.
#[derive(Clone, Debug)]
pub(crate) struct Timeline<T> {
    key: String,
    entries: Vec<Entry<T>>,
}

impl<T: Clone> Timeline<T> {
    /// Checks dates, articles and values; `is_right` judges a value, `must_be` says what is wanted.
    pub(crate) fn new(
        key: impl Into<String>,
        mut entries: Vec<Entry<T>>,
        must_be: &'static str,
        is_right: impl Fn(&T) -> bool,
    ) -> Result<Self, RuleError> {
        let key = key.into();
        if entries.is_empty() {
            return Err(RuleError::Empty { key });
        }
        for entry in &entries {
            if entry.article.trim().is_empty() {
                return Err(RuleError::NoArticle { key });
            }
            if entry.until.is_some_and(|until| until < entry.from) {
                let from = entry.from;
                return Err(RuleError::EndsBeforeItBegins { key, from });
            }
            if !is_right(&entry.value) {
                return Err(RuleError::Value { key, must_be });
            }
        }
        entries.sort_by_key(|entry| entry.from);
        for pair in entries.windows(2) {
            let [earlier, later] = pair else { continue };
            let ends_too_late = earlier.until.is_some_and(|until| until >= later.from);
            if ends_too_late || earlier.from == later.from {
                let on = later.from;
                return Err(RuleError::Overlap { key, on });
            }
        }
        Ok(Self { key, entries })
    }

    /// The value that holds on this day. Refuses `RULE_MISSING` before the first, after the last and in a gap.
    pub(crate) fn at(&self, date: NaiveDate) -> Result<Ruled<T>, RuleError> {
        let begun = self
            .entries
            .iter()
            .rev()
            .find(|entry| entry.from <= date)
            .filter(|entry| entry.until.is_none_or(|until| date <= until));
        begun.map(Ruled::from).ok_or_else(|| RuleError::Missing {
            key: self.key.clone(),
            date,
        })
    }
}

impl<T: Clone> From<&Entry<T>> for Ruled<T> {
    fn from(entry: &Entry<T>) -> Self {
        Self {
            value: entry.value.clone(),
            article: entry.article.clone(),
        }
    }
}
