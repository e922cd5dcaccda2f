//! Which estates the city has: where, how old, how large, by whom built and managed.
//!
//! The plan is small (a line per estate); everything below it is drawn estate by estate and streamed out.

use crate::dice::Dice;
use crate::divisions::{Division, DivisionLevel};
use crate::error::{Result, SeedsError};
use crate::size::Size;
use crate::{codes, names};

/// Community of the story's estate: 中山社区, 白云街道.
pub(crate) const STORY_DIVISION: &str = "330783004015";
/// Year in which the story's estate was handed over: every warranty on its roofs is over.
const STORY_YEAR: u32 = 2013;
/// Homes of the story's estate, in every size of city.
const STORY_HOMES: u32 = 240;
/// Streams of chance below this number are the plan's; the estates' begin here.
pub(crate) const ESTATE_STREAMS: u64 = 1_000;

/// Estates per street in a city of 520, for other sizes in proportion:
/// most in the six streets and the three large towns.
const DENSITY: [(&str, u32); 18] = [
    ("330783001", 70), // 吴宁街道
    ("330783003", 45), // 南市街道
    ("330783004", 85), // 白云街道
    ("330783005", 80), // 江北街道
    ("330783006", 50), // 城东街道
    ("330783007", 30), // 六石街道
    ("330783106", 25), // 巍山镇
    ("330783107", 6),  // 虎鹿镇
    ("330783108", 10), // 歌山镇
    ("330783109", 1),  // 佐村镇
    ("330783110", 5),  // 东阳江镇
    ("330783112", 8),  // 湖溪镇
    ("330783114", 3),  // 马宅镇
    ("330783116", 4),  // 千祥镇
    ("330783118", 20), // 南马镇
    ("330783122", 7),  // 画水镇
    ("330783123", 70), // 横店镇
    ("330783201", 1),  // 三单乡
];

/// First year, last year and weight of the estates' ages.
const AGES: [(u32, u32, u32); 8] = [
    (1995, 1999, 12),
    (2000, 2004, 20),
    (2005, 2009, 20),
    (2010, 2014, 18),
    (2015, 2019, 18),
    (2020, 2022, 7),
    (2023, 2024, 3),
    (2025, 2025, 2),
];

/// How built-up a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Density {
    /// The six streets and 横店镇.
    Urban,
    /// Other towns with several estates.
    Town,
    /// Places with a handful of estates.
    Rural,
}

/// A firm of the city.
#[derive(Clone, Debug)]
pub(crate) struct Firm {
    pub credit_code: String,
    pub name: String,
}

/// An estate before its buildings are drawn.
#[derive(Clone, Debug)]
pub(crate) struct EstatePlan {
    /// Filing number: division and running number in it.
    pub number: String,
    pub name: String,
    pub division_code: String,
    /// Number of its parcel in the division.
    pub parcel: u32,
    pub density: Density,
    /// Year in which its first building was handed over.
    pub year: u32,
    /// Homes aimed at.
    pub homes: u32,
    /// Place in the list of developers; none where the record is lost.
    pub developer: Option<usize>,
    /// Place in the list of property firms; none where nobody manages it.
    pub manager: Option<usize>,
    /// Stream of chance of its own.
    pub stream: u64,
    /// True for the estate with the story's building.
    pub story: bool,
}

/// Everything that is known before the first building is drawn.
pub(crate) struct Plan {
    pub divisions: Vec<Division>,
    pub managers: Vec<Firm>,
    pub developers: Vec<Firm>,
    /// The story's estate first, then the others by filing number.
    pub estates: Vec<EstatePlan>,
}

/// A place for an estate: division, density, year and homes.
struct Site {
    division_code: String,
    density: Density,
    year: u32,
    homes: u32,
}

/// Draws the plan of a city.
pub(crate) fn draw(size: Size, seed: u64, divisions: Vec<Division>) -> Result<Plan> {
    let mut dice = Dice::new(seed, 0);
    if !divisions.iter().any(|division| division.code == STORY_DIVISION) {
        return Err(SeedsError::DivisionsBroken(format!(
            "{STORY_DIVISION} is missing"
        )));
    }
    let managers = firms(
        size.estates().div_ceil(6).clamp(2, 400),
        200_000,
        names::property_firm,
    )?;
    let developers = firms(
        size.estates().div_ceil(8).clamp(2, 400),
        100_000,
        names::developer,
    )?;
    let mut sites = match size {
        Size::Small => small_sites(&divisions)?,
        Size::City | Size::Custom { .. } => city_sites(size, &divisions, &mut dice)?,
    };
    sites.sort_by(|one, other| one.division_code.cmp(&other.division_code));
    sites.insert(
        0,
        Site {
            division_code: STORY_DIVISION.to_owned(),
            density: Density::Urban,
            year: STORY_YEAR,
            homes: STORY_HOMES,
        },
    );
    let estates = settle(sites, &managers, &developers, &mut dice);
    Ok(Plan {
        divisions,
        managers,
        developers,
        estates,
    })
}

fn firms(count: u32, serials: u32, name: fn(u32) -> String) -> Result<Vec<Firm>> {
    (0..count)
        .map(|number| {
            Ok(Firm {
                credit_code: codes::credit_code(serials + number + 1)?,
                name: name(number),
            })
        })
        .collect()
}

/// The other two estates of the small city: a young one with towers and an older one with walk-ups.
fn small_sites(divisions: &[Division]) -> Result<Vec<Site>> {
    let site = |street: &str, density, year, homes| -> Result<Site> {
        let community = divisions
            .iter()
            .find(|division| division.parent == street && division.level == DivisionLevel::Community)
            .ok_or_else(|| SeedsError::DivisionsBroken(format!("{street} has no community")))?;
        Ok(Site {
            division_code: community.code.clone(),
            density,
            year,
            homes,
        })
    };
    Ok(vec![
        site("330783005", Density::Urban, 2024, 220)?,
        site("330783123", Density::Urban, 2001, 140)?,
    ])
}

/// Spreads all estates but the story's over the streets by density and draws their ages and sizes.
fn city_sites(size: Size, divisions: &[Division], dice: &mut Dice) -> Result<Vec<Site>> {
    let mut sites = Vec::new();
    for (street, weight, count) in shares(size.estates() - 1) {
        let density = match weight {
            30.. => Density::Urban,
            10..30 => Density::Town,
            _ => Density::Rural,
        };
        let places: Vec<&Division> = divisions
            .iter()
            .filter(|division| division.parent == street)
            .collect();
        if places.is_empty() {
            return Err(SeedsError::DivisionsBroken(format!(
                "{street} has no community and no village"
            )));
        }
        // Estates stand mostly where there is an urban community; villages have few.
        let weights: Vec<u32> = places
            .iter()
            .map(|place| {
                if place.level == DivisionLevel::Community {
                    12
                } else {
                    1
                }
            })
            .collect();
        for _ in 0..count {
            let place = places[dice.weighted(&weights)];
            let (first, last, _) = AGES[dice.weighted(&AGES.map(|(_, _, weight)| weight))];
            let homes = raw_homes(density, dice);
            sites.push(Site {
                division_code: place.code.clone(),
                density,
                year: dice.between(first, last),
                homes,
            });
        }
    }
    scale(&mut sites, size.homes().saturating_sub(STORY_HOMES));
    Ok(sites)
}

/// Splits a number of estates over the streets by largest remainder.
fn shares(estates: u32) -> Vec<(&'static str, u32, u32)> {
    let total: u32 = DENSITY.iter().map(|(_, weight)| weight).sum();
    let mut shares: Vec<(&str, u32, u32)> = DENSITY
        .iter()
        .map(|(street, weight)| (*street, *weight, estates * weight / total))
        .collect();
    let given: u32 = shares.iter().map(|(_, _, count)| count).sum();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by_key(|place| std::cmp::Reverse(estates * DENSITY[*place].1 % total));
    for place in order.into_iter().take((estates - given) as usize) {
        shares[place].2 += 1;
    }
    shares
}

/// A size before scaling: large estates in the streets, a few buildings in the country.
fn raw_homes(density: Density, dice: &mut Dice) -> u32 {
    let (low, high) = match density {
        Density::Urban => (120, 560),
        Density::Town => (80, 320),
        Density::Rural => (24, 140),
    };
    let homes = dice.between(low, high);
    if density == Density::Urban && dice.chance(80) {
        homes * 2
    } else {
        homes
    }
}

/// Brings the sizes to a sum; no estate becomes smaller than a building or too large for a chunk.
fn scale(sites: &mut [Site], homes: u32) {
    let raw: u64 = sites.iter().map(|site| u64::from(site.homes)).sum();
    for site in sites {
        let scaled = u64::from(site.homes) * u64::from(homes) / raw.max(1);
        site.homes = scaled.clamp(12, 2_300) as u32;
    }
}

/// Gives each site its number, name and firms.
fn settle(sites: Vec<Site>, managers: &[Firm], developers: &[Firm], dice: &mut Dice) -> Vec<EstatePlan> {
    let mut parcel = 0;
    let mut story_parcels = 1;
    let mut last_division = String::new();
    let mut estates = Vec::with_capacity(sites.len());
    for (place, site) in sites.into_iter().enumerate() {
        let story = place == 0;
        let parcel = if site.division_code == STORY_DIVISION {
            // The story's estate stands before the others of its community, so the count there goes on from it.
            let next = story_parcels;
            story_parcels += 1;
            next
        } else {
            parcel = if site.division_code == last_division {
                parcel + 1
            } else {
                1
            };
            last_division.clone_from(&site.division_code);
            parcel
        };
        let old = site.year < 2000;
        let developer = firm_of(place, developers.len(), dice);
        let manager = firm_of(place, managers.len(), dice);
        let developer_known = story || !(old && dice.chance(120));
        let managed = story || !(old && dice.chance(180));
        estates.push(EstatePlan {
            number: format!("{}-{parcel:04}", site.division_code),
            name: names::estate(place as u32),
            division_code: site.division_code,
            parcel,
            density: site.density,
            year: site.year,
            homes: site.homes,
            developer: developer_known.then_some(developer),
            manager: managed.then_some(manager),
            stream: ESTATE_STREAMS + place as u64,
            story,
        });
    }
    estates
}

/// Every firm has one of the first estates, the story's firms the story's; the rest is chance.
fn firm_of(estate: usize, firms: usize, dice: &mut Dice) -> usize {
    if estate < firms { estate } else { dice.place(firms) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_to_the_number_of_estates() {
        for estates in [1, 17, 519, 520, 5_000] {
            assert_eq!(
                shares(estates).iter().map(|(_, _, count)| count).sum::<u32>(),
                estates
            );
        }
    }
}
