//! Reading the cells of one row: every one is checked, and what is wrong is noted with its column.

use std::collections::HashMap;

use chrono::NaiveDate;
use csv::StringRecord;
use ids::{CreditCode, DivisionCode, Id, Kind, UnitNumber};

use super::findings::Findings;
use crate::domain::row_fault::RowFault;
use crate::domain::table::free_text;

/// Largest home, in whole m²: a department store on one title; beyond it a decimal point is missing.
const AREA_MAX_M2: i64 = 1_000_000;
/// Digits of a SHA-256.
const DIGEST_LENGTH: usize = 64;
/// Most things of one kind that happen to the same thing on one day and are told apart by a turn.
pub(super) const TURN_MAX: i32 = 10_000;
/// Characters of a day: `2019-06-30`.
const DATE_LENGTH: usize = 10;

/// Stands before what a spreadsheet shows instead of a value (`#REF!`). Of the private use area: no file holds it.
pub(in crate::app) const CELL_ERROR: char = '\u{F8F0}';
/// Stands before a number too long for a spreadsheet to keep.
pub(in crate::app) const DIGITS_LOST: char = '\u{F8F1}';

/// Whether a character is one of those that only our own reading of spreadsheets writes.
pub(in crate::app) fn is_mark(character: char) -> bool {
    matches!(character, CELL_ERROR | DIGITS_LOST)
}

/// One row's cells.
pub(super) struct Cells<'a> {
    line: u32,
    record: &'a StringRecord,
    places: &'a HashMap<&'static str, usize>,
    findings: &'a mut Findings,
}

impl<'a> Cells<'a> {
    pub(super) fn new(
        line: u32,
        record: &'a StringRecord,
        places: &'a HashMap<&'static str, usize>,
        findings: &'a mut Findings,
    ) -> Self {
        Cells {
            line,
            record,
            places,
            findings,
        }
    }

    /// The line in the file.
    pub(super) fn line(&self) -> u32 {
        self.line
    }

    /// Notes an error.
    pub(super) fn fault(&mut self, column: &str, fault: &RowFault) {
        self.findings.fault(self.line, column, fault);
    }

    /// A cell, trimmed; may be empty. What a spreadsheet itself could not tell is noted and taken as empty.
    fn raw(&mut self, column: &str) -> Option<&'a str> {
        let text = self
            .places
            .get(column)
            .and_then(|place| self.record.get(*place))
            .unwrap_or_default()
            .trim();
        let fault = match text.chars().next() {
            Some(CELL_ERROR) => RowFault::CellError,
            Some(DIGITS_LOST) => RowFault::DigitsLost,
            _ => return Some(text),
        };
        self.fault(column, &fault);
        None
    }

    /// The value, or nothing and a note.
    fn noted<T>(&mut self, column: &str, value: Result<T, RowFault>) -> Option<T> {
        value.inspect_err(|fault| self.fault(column, fault)).ok()
    }

    /// A cell that must be filled.
    fn filled(&mut self, column: &str) -> Option<&'a str> {
        let text = self.raw(column)?;
        self.noted(
            column,
            if text.is_empty() {
                Err(RowFault::ValueMissing)
            } else {
                Ok(text)
            },
        )
    }

    /// A text of 1 to `max` characters.
    pub(super) fn text(&mut self, column: &str, max: usize) -> Option<String> {
        let text = self.filled(column)?;
        self.bounded(column, text, max)
    }

    /// A piece of text that only our own exports write, of 1 to `max` characters, whatever it begins with.
    pub(super) fn piece(&mut self, column: &str, max: usize) -> Option<String> {
        let text = self.filled(column)?;
        let read = if text.chars().count() > max {
            Err(RowFault::TextTooLong { max })
        } else {
            Ok(text.to_owned())
        };
        self.noted(column, read)
    }

    /// A text of at most `max` characters.
    pub(super) fn optional_text(&mut self, column: &str, max: usize) -> Option<String> {
        let text = self.raw(column)?;
        self.bounded(column, text, max)
    }

    /// A text of 1 to `max` characters as people write it in calls: with lines, and guarded where it begins like a formula.
    pub(super) fn free_text(&mut self, column: &str, max: usize) -> Option<String> {
        let text = self.filled(column)?;
        self.free(column, text, max)
    }

    /// The same, of at most `max` characters.
    pub(super) fn optional_free_text(&mut self, column: &str, max: usize) -> Option<String> {
        let text = self.raw(column)?;
        self.free(column, text, max)
    }

    fn free(&mut self, column: &str, text: &str, max: usize) -> Option<String> {
        let is_broken = |character: char| character.is_control() && !matches!(character, '\n' | '\r' | '\t');
        let read = match free_text::unguarded(text) {
            None => Err(RowFault::FormulaNotAllowed),
            Some(text) if text.chars().count() > max => Err(RowFault::TextTooLong { max }),
            Some(text) if text.contains(is_broken) => Err(RowFault::TextMalformed),
            Some(text) => Ok(text.to_owned()),
        };
        self.noted(column, read)
    }

    fn bounded(&mut self, column: &str, text: &str, max: usize) -> Option<String> {
        let read = if text.chars().count() > max {
            Err(RowFault::TextTooLong { max })
        } else if text.starts_with(free_text::FORMULA) {
            Err(RowFault::FormulaNotAllowed)
        } else if text.chars().any(char::is_control) {
            Err(RowFault::TextMalformed)
        } else {
            Ok(text.to_owned())
        };
        self.noted(column, read)
    }

    /// One of the words of a list.
    pub(super) fn word<T: Copy>(
        &mut self,
        column: &str,
        allowed: &'static [&'static str],
        values: &[T],
    ) -> Option<T> {
        let text = self.filled(column)?;
        let place = allowed.iter().position(|word| *word == text);
        let value = place.and_then(|place| values.get(place)).copied();
        self.noted(column, value.ok_or(RowFault::ValueUnknown { allowed }))
    }

    /// A whole number within bounds.
    pub(super) fn integer(&mut self, column: &str, min: i32, max: i32) -> Option<i32> {
        let text = self.filled(column)?;
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let range = RowFault::NumberOutOfRange {
            min: min.into(),
            max: max.into(),
        };
        let read = match text.parse::<i32>() {
            _ if !digits => Err(RowFault::NumberMalformed),
            Ok(number) if (min..=max).contains(&number) => Ok(number),
            _ => Err(range),
        };
        self.noted(column, read)
    }

    /// A whole number within bounds, or an empty cell. The outer `None` is an error.
    #[allow(clippy::option_option)]
    pub(super) fn optional_integer(&mut self, column: &str, min: i32, max: i32) -> Option<Option<i32>> {
        if self.raw(column)?.is_empty() {
            Some(None)
        } else {
            self.integer(column, min, max).map(Some)
        }
    }

    /// An area above zero, in m² with at most two decimals.
    pub(super) fn area(&mut self, column: &str) -> Option<money::Area> {
        let text = self.filled(column)?;
        let negative = text
            .strip_prefix('-')
            .is_some_and(|rest| money::Area::parse_m2(rest).is_ok());
        let read = match money::Area::parse_m2(text) {
            Ok(area) if area.get() > AREA_MAX_M2 * 100 => Err(RowFault::AreaTooLarge { max: AREA_MAX_M2 }),
            Ok(area) if area.is_positive() => Ok(area),
            Ok(_) => Err(RowFault::AreaNotPositive),
            Err(_) if negative => Err(RowFault::AreaNotPositive),
            Err(money::AmountError::AmountTooLarge) => Err(RowFault::AreaTooLarge { max: AREA_MAX_M2 }),
            Err(_) => Err(RowFault::NumberMalformed),
        };
        self.noted(column, read)
    }

    /// A credit code with a right check character.
    pub(super) fn credit_code(&mut self, column: &str) -> Option<CreditCode> {
        let text = self.filled(column)?;
        self.noted(column, text.parse::<CreditCode>().map_err(RowFault::from))
    }

    /// A credit code, or an empty cell. The outer `None` is an error.
    #[allow(clippy::option_option)]
    pub(super) fn optional_credit_code(&mut self, column: &str) -> Option<Option<CreditCode>> {
        if self.raw(column)?.is_empty() {
            Some(None)
        } else {
            self.credit_code(column).map(Some)
        }
    }

    /// A unit number.
    pub(super) fn unit_number(&mut self, column: &str) -> Option<UnitNumber> {
        let text = self.filled(column)?;
        self.noted(column, text.parse::<UnitNumber>().map_err(RowFault::from))
    }

    /// An id, or an empty cell. The outer `None` is an error.
    #[allow(clippy::option_option)]
    pub(super) fn optional_id<K: Kind>(&mut self, column: &str) -> Option<Option<Id<K>>> {
        let text = self.raw(column)?;
        if text.is_empty() {
            return Some(None);
        }
        let read = text.parse::<Id<K>>().map_err(|_| RowFault::TextMalformed);
        self.noted(column, read).map(Some)
    }

    /// A division's code.
    pub(super) fn division(&mut self, column: &str) -> Option<DivisionCode> {
        let text = self.filled(column)?;
        self.noted(column, text.parse::<DivisionCode>().map_err(RowFault::from))
    }

    /// A SHA-256 in hexadecimal.
    pub(super) fn digest(&mut self, column: &str) -> Option<String> {
        let text = self.filled(column)?;
        let is_digest = text.len() == DIGEST_LENGTH && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let read = is_digest.then(|| text.to_lowercase());
        self.noted(column, read.ok_or(RowFault::DigestMalformed))
    }

    /// A day up to today.
    pub(super) fn past_day(&mut self, column: &str, today: NaiveDate) -> Option<NaiveDate> {
        let text = self.filled(column)?;
        let read = match day(text) {
            None => Err(RowFault::DateMalformed),
            Some(day) if day > today => Err(RowFault::DateInTheFuture),
            Some(day) => Ok(day),
        };
        self.noted(column, read)
    }

    /// A day, to come or past.
    pub(super) fn day(&mut self, column: &str) -> Option<NaiveDate> {
        let text = self.filled(column)?;
        self.noted(column, day(text).ok_or(RowFault::DateMalformed))
    }

    /// A day, to come or past, or an empty cell. The outer `None` is an error.
    #[allow(clippy::option_option)]
    pub(super) fn optional_day(&mut self, column: &str) -> Option<Option<NaiveDate>> {
        if self.raw(column)?.is_empty() {
            Some(None)
        } else {
            self.day(column).map(Some)
        }
    }

    /// A day up to today, or an empty cell. The outer `None` is an error.
    #[allow(clippy::option_option)]
    pub(super) fn optional_past_day(&mut self, column: &str, today: NaiveDate) -> Option<Option<NaiveDate>> {
        if self.raw(column)?.is_empty() {
            Some(None)
        } else {
            self.past_day(column, today).map(Some)
        }
    }

    /// Whether the cell holds exactly this.
    pub(super) fn holds(&mut self, column: &str, text: &str) -> bool {
        self.raw(column) == Some(text)
    }

    /// True where the cell is empty; else notes that it should be, `when` in Chinese and English.
    pub(super) fn empty(&mut self, column: &str, when: (&'static str, &'static str)) -> Option<()> {
        let is_empty = self.raw(column)?.is_empty();
        self.noted(
            column,
            if is_empty {
                Ok(())
            } else {
                Err(RowFault::ValueUnexpected { when })
            },
        )
    }
}

/// A day as registers write it (`2019-06-30`), or as a Chinese spreadsheet shows it (`2019/6/30`, `2019年6月30日`).
pub(in crate::app) fn day(text: &str) -> Option<NaiveDate> {
    let format = if text.contains('年') {
        "%Y年%m月%d日"
    } else if text.contains('/') {
        "%Y/%m/%d"
    } else if text.len() == DATE_LENGTH {
        "%Y-%m-%d"
    } else {
        return None;
    };
    NaiveDate::parse_from_str(text, format).ok()
}

/// Notes rows whose natural key occurred above, and leaves them out.
pub(super) fn without_duplicates<T, K: std::hash::Hash + Eq>(
    rows: Vec<T>,
    column: &str,
    findings: &mut Findings,
    key: impl Fn(&T) -> (u32, K),
) -> Vec<T> {
    let mut first: HashMap<K, u32> = HashMap::with_capacity(rows.len());
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows {
        let (line, key) = key(&row);
        if let Some(line_of_first) = first.get(&key) {
            findings.fault(line, column, &RowFault::DuplicateRow { line: *line_of_first });
        } else {
            first.insert(key, line);
            kept.push(row);
        }
    }
    kept
}

/// The turn that should stand here: the one after those that stand of the day; none where the row has it, or tells none.
pub(super) fn missing_turn(told: Option<i32>, standing: usize) -> Option<i32> {
    let next = i32::try_from(standing).ok()?.checked_add(1)?;
    told.filter(|turn| *turn > next).map(|_| next)
}

/// What stands, as a cell would hold it; empty where nothing does.
pub(super) fn shown(standing: Option<impl ToString>) -> String {
    standing.map(|value| value.to_string()).unwrap_or_default()
}

/// Ids for a look-up: each once, in order.
pub(in crate::app) fn distinct<T: Ord>(ids: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut ids: Vec<T> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Notes the first column whose value stands with another content; true where all agree.
pub(super) fn agrees(findings: &mut Findings, line: u32, columns: &[(&str, bool, String)]) -> bool {
    for (column, same, standing) in columns {
        if !same {
            findings.fault(
                line,
                column,
                &RowFault::ValueDiffers {
                    standing: standing.clone(),
                },
            );
            return false;
        }
    }
    true
}
