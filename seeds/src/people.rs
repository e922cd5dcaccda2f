//! Who owns the homes: synthetic citizens and companies, couples, owners of several homes.

use std::rc::Rc;

use chrono::{Datelike, NaiveDate};

use crate::codes::{self, CITIZEN_SEQUENCE_FIRST};
use crate::days;
use crate::dice::Dice;
use crate::error::Result;
use crate::layout::{Home, Layout, SaleState, Use};
use crate::names;

/// First year of birth of an owner.
const BORN_FIRST: u32 = 1936;
/// Last year of birth of an owner.
const BORN_LAST: u32 = 2004;
/// Numbers of one day and sex: half of the 100 synthetic sequence numbers.
const SEQUENCES_PER_DAY: u8 = 50;
/// Owners remembered for a further home elsewhere; bounds the memory whatever the size of the city.
const POOL_MAX: usize = 1_024;

/// In the story's building: the first home of the owner of two, as stairwell and room.
const STORY_FIRST_HOME: (&str, &str) = ("1", "201");
/// The second home of the owner of two.
const STORY_SECOND_HOME: (&str, &str) = ("2", "401");
/// The home of the couple.
const STORY_COUPLE: (&str, &str) = ("1", "501");

/// A natural or legal person that owns homes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    pub name: String,
    /// True for a company.
    pub company: bool,
    pub document_number: String,
}

impl Owner {
    /// The document's kind in the words of the import format.
    pub(crate) fn document_kind(&self) -> &'static str {
        if self.company { "CREDIT_CODE" } else { "CITIZEN_ID" }
    }
}

/// The owners of one home together, and since when they own their first.
#[derive(Clone, Debug)]
pub(crate) struct Household {
    pub owners: Rc<[Owner]>,
    since: NaiveDate,
}

/// Who owns one home, and since when.
#[derive(Clone, Debug)]
pub(crate) struct Title {
    pub owners: Rc<[Owner]>,
    pub owned_since: NaiveDate,
}

/// The register of everyone so far.
pub(crate) struct People {
    /// Numbers used per day of birth, of women and of men.
    used: Vec<[u8; 2]>,
    companies: u32,
    count: u64,
    pool: Vec<Household>,
}

impl People {
    pub(crate) fn new() -> People {
        let span = (days::first_of(BORN_LAST + 1) - days::first_of(BORN_FIRST)).num_days();
        People {
            used: vec![[0, 0]; span as usize],
            companies: 0,
            count: 0,
            pool: Vec::new(),
        }
    }

    /// How many owners there are so far.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Gives every delivered home of an estate its owners, in the order of its homes.
    ///
    /// A home that is not handed over has none: it counts as the developer's
    /// (法释〔2009〕7号, article 9).
    pub(crate) fn settle(
        &mut self,
        layout: &Layout,
        story: Option<usize>,
        dice: &mut Dice,
    ) -> Result<Vec<Option<Title>>> {
        let mut neighbours: Vec<Household> = Vec::new();
        let mut titles = Vec::with_capacity(layout.homes.len());
        for home in &layout.homes {
            let SaleState::Delivered { on } = home.sale else {
                titles.push(None);
                continue;
            };
            if story == Some(home.building) {
                let owners = self.story_owners(home, on, layout, &titles, dice)?;
                titles.push(Some(Title {
                    owners,
                    owned_since: on,
                }));
                continue;
            }
            let household = self.household(home, on, &neighbours, dice)?;
            // Who owned a home before this one was built bought it new; who came later bought it used.
            titles.push(Some(Title {
                owners: household.owners.clone(),
                owned_since: on.max(household.since),
            }));
            if home.use_ == Use::Residential {
                neighbours.push(household);
            }
        }
        Ok(titles)
    }

    fn household(
        &mut self,
        home: &Home,
        on: NaiveDate,
        neighbours: &[Household],
        dice: &mut Dice,
    ) -> Result<Household> {
        // Of 1,000 homes: owned by a neighbour, by someone with a home elsewhere, by a new company.
        let (neighbour, elsewhere, company) = match home.use_ {
            Use::Residential => (45, 75, 4),
            Use::Commercial => (200, 100, 300),
            Use::Parking => (1_000, 0, 0),
        };
        if !neighbours.is_empty() && dice.chance(neighbour) {
            return Ok(neighbours[dice.place(neighbours.len())].clone());
        }
        if !self.pool.is_empty() && dice.chance(elsewhere) {
            return Ok(self.pool[dice.place(self.pool.len())].clone());
        }
        let since = bought_on(on, dice);
        let owners = if dice.chance(company) {
            vec![self.company()?]
        } else if dice.chance(185) {
            self.couple(since, dice)?
        } else {
            vec![self.citizen(since, dice)?]
        };
        let household = Household {
            owners: owners.into(),
            since,
        };
        self.remember(&household, dice);
        Ok(household)
    }

    /// Keeps a sample of the owners for further homes.
    fn remember(&mut self, household: &Household, dice: &mut Dice) {
        if self.pool.len() < POOL_MAX {
            self.pool.push(household.clone());
        } else if dice.chance(50) {
            let place = dice.place(POOL_MAX);
            self.pool[place] = household.clone();
        }
    }

    /// The story's building: single owners throughout, but for one couple and one owner of two homes,
    /// none of whom owns anything elsewhere, so that its heads are easy to count.
    fn story_owners(
        &mut self,
        home: &Home,
        on: NaiveDate,
        layout: &Layout,
        titles: &[Option<Title>],
        dice: &mut Dice,
    ) -> Result<Rc<[Owner]>> {
        let place = (home.stairwell.as_str(), home.room.as_str());
        if place == STORY_SECOND_HOME {
            let first = layout.homes.iter().zip(titles).find_map(|(other, title)| {
                let same_place = (other.stairwell.as_str(), other.room.as_str()) == STORY_FIRST_HOME;
                (other.building == home.building && same_place)
                    .then_some(title.as_ref())
                    .flatten()
            });
            if let Some(first) = first {
                return Ok(first.owners.clone());
            }
        }
        let owners = if place == STORY_COUPLE {
            self.couple(on, dice)?
        } else {
            vec![self.citizen(on, dice)?]
        };
        Ok(owners.into())
    }

    fn couple(&mut self, since: NaiveDate, dice: &mut Dice) -> Result<Vec<Owner>> {
        let age = age(dice);
        let man = self.citizen_of(true, since.year() as u32 - age, dice)?;
        let born = (since.year() as u32 - age + dice.between(0, 6)).min(since.year() as u32 - 20);
        let woman = self.citizen_of(false, born, dice)?;
        Ok(vec![man, woman])
    }

    fn citizen(&mut self, since: NaiveDate, dice: &mut Dice) -> Result<Owner> {
        let male = dice.chance(560);
        let born = since.year() as u32 - age(dice);
        self.citizen_of(male, born, dice)
    }

    /// A new citizen born in about this year; each number is given once.
    fn citizen_of(&mut self, male: bool, year: u32, dice: &mut Dice) -> Result<Owner> {
        let name = names::person(male, dice);
        let first = days::first_of(year.clamp(BORN_FIRST, BORN_LAST));
        let start = (first - days::first_of(BORN_FIRST)).num_days() as usize + dice.place(365);
        let mut day = start % self.used.len();
        // A full day passes its births on to the next; there is room for 2.5 million people.
        while self.used[day][usize::from(male)] >= SEQUENCES_PER_DAY {
            day = (day + 1) % self.used.len();
        }
        let used = &mut self.used[day][usize::from(male)];
        // Odd sequence numbers are men's.
        let sequence = CITIZEN_SEQUENCE_FIRST + u16::from(*used) * 2 + u16::from(male);
        *used += 1;
        self.count += 1;
        let born_on = days::later(days::first_of(BORN_FIRST), day as u32);
        Ok(Owner {
            name,
            company: false,
            document_number: codes::citizen_number(born_on, sequence)?,
        })
    }

    fn company(&mut self) -> Result<Owner> {
        self.companies += 1;
        self.count += 1;
        let document_number = codes::credit_code(300_000 + self.companies)?;
        Ok(Owner {
            name: names::company(self.companies),
            company: true,
            document_number,
        })
    }
}

/// Day on which a new owner bought: the hand-over, or for a quarter of the homes some later day.
fn bought_on(handed_over_on: NaiveDate, dice: &mut Dice) -> NaiveDate {
    if !dice.chance(250) {
        return handed_over_on;
    }
    let since = (days::AS_OF - handed_over_on).num_days().max(0) as u32;
    days::later(handed_over_on, dice.between(0, since))
}

/// Age of a buyer.
fn age(dice: &mut Dice) -> u32 {
    (dice.between(22, 60) + dice.between(22, 46)) / 2
}
