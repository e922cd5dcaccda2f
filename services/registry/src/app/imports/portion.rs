//! A portion of a file's rows: what one transaction handles.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::NaiveDate;
use csv::StringRecord;
use serde::{Deserialize, Serialize};

use crate::app::tables::{Findings, Sheet, day, require, told};
use crate::domain::import::Staged;
use crate::domain::refusal::Refusal;
use crate::domain::row_fault::RowFault;
use crate::domain::table::TableKind;

/// Rows of a portion: one transaction's worth.
const ROWS_PER_PORTION: usize = 2_000;
/// Most rows of a file: what a spreadsheet holds. The memory of natural keys grows with it.
const ROWS_MAX: u32 = 1_048_576;
/// Cells of a row that are looked at; a spreadsheet may have 16,384.
const WIDTH_MAX: usize = 512;

/// Rows of one table, as text.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Portion {
    pub(super) kind: TableKind,
    /// Cells that every row has.
    width: usize,
    /// Where each of our columns stands, by name.
    places: BTreeMap<String, usize>,
    /// Lines and cells.
    rows: Vec<(u32, Vec<String>)>,
    /// Rows that are wrong for what stands elsewhere in the file.
    left_out: Vec<LeftOut>,
}

/// A row that is not read.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum LeftOut {
    /// Its natural key stands further up.
    Repeated {
        line: u32,
        first: u32,
        /// The home of an ownership or a holding.
        #[serde(default)]
        unit_number: Option<String>,
    },
    /// Rows that are recorded together with it, such as those of the same home, stand in another portion.
    Scattered { line: u32 },
    /// Later rows of the same history stand in another portion.
    Unordered { line: u32 },
}

impl Portion {
    /// How many rows it has, those left out too.
    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.rows.len() + self.left_out.len()).unwrap_or(u32::MAX)
    }

    /// The lines of the rows that can be read.
    #[cfg(test)]
    pub(super) fn lines(&self) -> impl Iterator<Item = u32> {
        self.rows.iter().map(|(line, _)| *line)
    }

    /// The rows, ready to be read; what was found about the whole file is noted.
    pub(super) fn into_sheet(self, findings: &mut Findings) -> Sheet {
        let natural_key = self.kind.key().last().copied().unwrap_or_default();
        let together = self.kind.together().last().copied().unwrap_or_default();
        let mut homes = Vec::new();
        for left_out in self.left_out {
            findings.row();
            match left_out {
                LeftOut::Repeated {
                    line,
                    first,
                    unit_number,
                } => {
                    homes.extend(unit_number);
                    findings.fault(line, natural_key, &RowFault::DuplicateRow { line: first });
                }
                LeftOut::Scattered { line } => findings.fault(line, together, &RowFault::RowsScattered),
                LeftOut::Unordered { line } => {
                    let day = self.kind.history().map_or("", |(_, day)| day);
                    findings.fault(line, day, &RowFault::RowsUnordered);
                }
            }
        }
        let places: HashMap<&'static str, usize> = self
            .places
            .iter()
            .filter_map(|(name, place)| Some((self.kind.column(name)?.name, *place)))
            .collect();
        let rows = self
            .rows
            .into_iter()
            .map(|(line, cells)| (line, StringRecord::from(cells)))
            .collect();
        let mut sheet = Sheet::of(self.kind, places, self.width, rows, findings);
        sheet.leave_out(homes);
        sheet
    }
}

/// Takes a file row by row and gives portions.
pub(super) struct Portioner<'a> {
    titles: &'a BTreeMap<String, String>,
    header_line: u32,
    staged: Staged,
    give: &'a mut dyn FnMut(Portion) -> Result<(), Refusal>,
    table: Option<Table>,
}

/// The table that is being read.
struct Table {
    kind: TableKind,
    header: Option<Header>,
    rows: Vec<(u32, Vec<String>)>,
    left_out: Vec<LeftOut>,
    /// Natural keys with the line of the first.
    seen: HashMap<u128, u32>,
    /// Homes, or owners, whose rows stand in portions that were given.
    given: HashSet<u128>,
    /// The home, or the owner, of the row before.
    last_group: Option<u128>,
    /// The latest day of each history in portions that were given.
    latest: HashMap<u128, NaiveDate>,
}

struct Header {
    places: BTreeMap<String, usize>,
    width: usize,
    /// Cells that people write freely: their characters stay as they are.
    free: HashSet<usize>,
}

impl<'a> Portioner<'a> {
    pub(super) fn new(
        titles: &'a BTreeMap<String, String>,
        header_line: u32,
        give: &'a mut dyn FnMut(Portion) -> Result<(), Refusal>,
    ) -> Self {
        Portioner {
            titles,
            header_line,
            staged: Staged::default(),
            give,
            table: None,
        }
    }

    /// Begins a table; the rows that follow are its.
    pub(super) fn begin(&mut self, kind: TableKind) -> Result<(), Refusal> {
        self.end_table()?;
        self.table = Some(Table {
            kind,
            header: None,
            rows: Vec::new(),
            left_out: Vec::new(),
            seen: HashMap::new(),
            given: HashSet::new(),
            last_group: None,
            latest: HashMap::new(),
        });
        Ok(())
    }

    /// Whether a column of the present table holds days: a spreadsheet may keep them as plain numbers.
    pub(super) fn is_day(&self, place: usize) -> bool {
        let header = self.table.as_ref().and_then(|table| table.header.as_ref());
        header.is_some_and(|header| {
            header
                .places
                .iter()
                .any(|(name, own)| *own == place && is_day_column(name))
        })
    }

    /// Cells that a row of the present table has; 0 before its header.
    pub(super) fn width(&self) -> usize {
        let header = self.table.as_ref().and_then(|table| table.header.as_ref());
        header.map_or(0, |header| header.width)
    }

    /// Takes a row of the present table.
    pub(super) fn row(&mut self, line: u32, mut cells: Vec<String>) -> Result<(), Refusal> {
        let Some(table) = &mut self.table else {
            return Ok(());
        };
        if line < self.header_line || cells.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        let Some(header) = &table.header else {
            let (header, ignored) = Header::read(table.kind, &cells, self.titles)?;
            table.header = Some(header);
            for title in ignored {
                if !self.staged.ignored_columns.contains(&title) {
                    self.staged.ignored_columns.push(title);
                }
            }
            return Ok(());
        };
        self.staged.rows += 1;
        if self.staged.rows > ROWS_MAX {
            return Err(too_large());
        }
        for (place, cell) in cells.iter_mut().enumerate() {
            if !header.free.contains(&place) {
                *cell = half_width(cell);
            }
        }
        // A spreadsheet leaves out empty cells at the end, and may have stray empty ones beyond it.
        while cells.len() > header.width && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
            cells.pop();
        }
        let cell = |name: &str| {
            let place = header.places.get(name)?;
            Some(cells.get(*place)?.trim())
        };
        let group = group_of(table.kind, &header.places, &cells);
        let key: Vec<&str> = table
            .kind
            .key()
            .iter()
            .map(|name| cell(name).unwrap_or_default())
            .collect();
        // A row without its key is wrong in itself, not a repetition.
        let key = key.iter().any(|part| !part.is_empty()).then(|| key_of(&key));
        let unit_number = group.and(cell("unit_number")).map(str::to_owned);
        let history = header.history(table.kind, &cells);
        if table.rows.len() >= ROWS_PER_PORTION && (group.is_none() || group != table.last_group) {
            Self::flush(table, &mut self.staged, self.give)?;
        }
        table.last_group = group;
        if let Some(first) = key.and_then(|key| table.seen.get(&key)).copied() {
            table.left_out.push(LeftOut::Repeated {
                line,
                first,
                unit_number,
            });
        } else if group.is_some_and(|group| table.given.contains(&group)) {
            table.left_out.push(LeftOut::Scattered { line });
        } else if history.is_some_and(|(history, day)| {
            let latest = table.latest.get(&history);
            latest.is_some_and(|latest| day < *latest)
        }) {
            // What stands further up is recorded before this row is looked at.
            table.left_out.push(LeftOut::Unordered { line });
        } else {
            table.seen.extend(key.map(|key| (key, line)));
            table.rows.push((line, cells));
        }
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// `TABLE_EMPTY` where it has no rows.
    pub(super) fn end(mut self) -> Result<Staged, Refusal> {
        self.end_table()?;
        if self.staged.rows == 0 {
            return Err(Refusal::TableEmpty);
        }
        Ok(self.staged)
    }

    fn end_table(&mut self) -> Result<(), Refusal> {
        if let Some(mut table) = self.table.take()
            && (!table.rows.is_empty() || !table.left_out.is_empty())
        {
            Self::flush(&mut table, &mut self.staged, self.give)?;
        }
        Ok(())
    }

    fn flush(
        table: &mut Table,
        staged: &mut Staged,
        give: &mut dyn FnMut(Portion) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let Some(header) = &table.header else {
            return Ok(());
        };
        let rows = std::mem::take(&mut table.rows);
        let groups = rows
            .iter()
            .filter_map(|(_, cells)| group_of(table.kind, &header.places, cells));
        table.given.extend(groups);
        for (history, day) in rows
            .iter()
            .filter_map(|(_, cells)| header.history(table.kind, cells))
        {
            let latest = table.latest.entry(history).or_insert(day);
            *latest = day.max(*latest);
        }
        staged.portions += 1;
        give(Portion {
            kind: table.kind,
            width: header.width,
            places: header.places.clone(),
            rows,
            left_out: std::mem::take(&mut table.left_out),
        })
    }
}

impl Header {
    /// Whose history a row tells, and of which day, the first of all where it says none; none where its kind has no
    /// history or the day cannot be read.
    fn history(&self, kind: TableKind, cells: &[String]) -> Option<(u128, NaiveDate)> {
        let (key, day_column) = kind.history()?;
        let cell = |name: &str| {
            let place = self.places.get(name)?;
            Some(cells.get(*place)?.trim())
        };
        let key: Vec<&str> = key.iter().map(|name| cell(name).unwrap_or_default()).collect();
        let on = match cell(day_column)? {
            "" => NaiveDate::MIN,
            text => day(text)?,
        };
        Some((key_of(&key), on))
    }

    /// Finds our columns in the titles of a file; also answers the titles that are none of ours.
    fn read(
        kind: TableKind,
        cells: &[String],
        titles: &BTreeMap<String, String>,
    ) -> Result<(Header, Vec<String>), Refusal> {
        let mut places = BTreeMap::new();
        let mut free = HashSet::new();
        let mut ignored = Vec::new();
        for (place, title) in cells.iter().enumerate().take(WIDTH_MAX) {
            let title = title.trim();
            let mapped = titles
                .iter()
                .find(|(_, own)| own.trim() == title)
                .and_then(|(name, _)| kind.column(name));
            // A column that the request maps stands under no other title.
            let named = || {
                kind.named(title)
                    .filter(|column| !titles.contains_key(column.name))
            };
            match mapped.or_else(named) {
                Some(column) if places.contains_key(column.name) => {
                    return Err(Refusal::TableColumnUnknown {
                        columns: vec![told(title)],
                    });
                }
                Some(column) => {
                    places.insert(column.name.to_owned(), place);
                    if is_free(column.name) {
                        free.insert(place);
                    }
                }
                None if title.is_empty() => {}
                None => ignored.push(told(title)),
            }
        }
        let known = kind
            .columns()
            .iter()
            .filter_map(|column| Some((column.name, *places.get(column.name)?)))
            .collect();
        require(kind, &known)?;
        let mut width = cells.len();
        while width > 0 && cells.get(width - 1).is_some_and(|title| title.trim().is_empty()) {
            width -= 1;
        }
        let header = Header { places, width, free };
        Ok((header, ignored))
    }
}

/// A file of more rows or bytes than are taken.
pub(super) fn too_large() -> Refusal {
    Refusal::TableTooLarge {
        bytes_max: usize::try_from(crate::domain::import::FILE_BYTES_MAX).unwrap_or(usize::MAX),
        rows_max: ROWS_MAX as usize,
    }
}

/// Whether people write freely in this column, or other tables name what stands in it.
fn is_free(name: &str) -> bool {
    let free = ["name", "owner_name", "agent_name", "content", "reason"];
    let of_equipment = ["code", "equipment_code", "location", "inspector"];
    free.contains(&name) || of_equipment.contains(&name) || name == "numbers"
}

fn is_day_column(name: &str) -> bool {
    name == "since" || name.ends_with("_on") || name.ends_with("_since") || name.ends_with("_until")
}

/// What stands for the home, or the owner, whose rows are recorded together; none where every row stands for itself.
fn group_of(kind: TableKind, places: &BTreeMap<String, usize>, cells: &[String]) -> Option<u128> {
    let cell = |name: &&str| {
        let place = places.get(*name)?;
        Some(cells.get(*place)?.trim())
    };
    let together = kind.together().iter();
    let group: Vec<&str> = together.map(|name| cell(name).unwrap_or_default()).collect();
    (!group.is_empty()).then(|| key_of(&group))
}

/// What stands for a natural key: so long that two keys of one file never meet by chance.
fn key_of(key: impl Hash) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        salt.hash(&mut hasher);
        key.hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}

/// Full-width letters, digits, stops, strokes and blanks, as Chinese keyboards type them, as the usual ones.
fn half_width(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\u{3000}' => ' ',
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '．' | '－' | '／' => {
                // The block of full-width forms stands in the order of ASCII, from `!` on.
                char::from_u32(character as u32 - 0xFEE0).unwrap_or(character)
            }
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests;
