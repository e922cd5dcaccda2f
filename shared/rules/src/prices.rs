//! Prices of property service: grades of service, and the guide prices (政府指导价) of the day.

use chrono::NaiveDate;
use money::Fen;
use serde::{Deserialize, Serialize};

use crate::error::RuleError;
use crate::file;
use crate::timeline::{Ruled, Timeline};

/// What a priced home is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PricedUse {
    /// Dwellings (住宅).
    Residential,
    /// Shops and offices (非住宅).
    Commercial,
    /// Parking spaces (车位).
    Parking,
}

/// The type of building, which guide prices tell apart because of lifts and pumps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuildingType {
    /// Multi-storey, without lifts (多层).
    MultiStorey,
    /// High-rise, with lifts (高层、中高层).
    HighRise,
}

/// One line of a table of guide prices: a base and how far a price may lie from it (物业服务收费管理办法 article 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuideBand {
    /// For homes of this use.
    pub r#use: PricedUse,
    /// In buildings of this type; all types where none is named.
    pub building: Option<BuildingType>,
    /// Grade of service, 1 for the best.
    pub grade: u8,
    /// Base price (基准价), per month and m², per month and space for parking.
    pub base_fen: Fen,
    /// How far a price may lie above or below, in percent of the base.
    pub range_percent: u8,
    /// Whether the range itself is too far already: the table says "<20%", not "20%以内".
    pub is_open: bool,
}

impl GuideBand {
    /// The lowest and the highest price in whole fen that lie in the band.
    ///
    /// Nothing is rounded towards the outside: a price that the table does not allow is not allowed by a fraction.
    pub fn bounds(&self) -> (Fen, Fen) {
        let (base, range) = (i128::from(self.base_fen.0), i128::from(self.range_percent));
        let (low, high) = (base * (100 - range), base * (100 + range));
        let (lowest, highest) = if self.is_open {
            (low / 100 + 1, (high - 1) / 100)
        } else {
            ((low + 99) / 100, high / 100)
        };
        let fen = |value: i128| Fen(i64::try_from(value).unwrap_or(i64::MAX));
        (fen(lowest), fen(highest))
    }

    fn is_right(&self) -> bool {
        let (lowest, highest) = self.bounds();
        self.base_fen.is_positive() && self.grade > 0 && self.range_percent < 100 && lowest <= highest
    }

    fn key(&self) -> (PricedUse, Option<BuildingType>, u8) {
        (self.r#use, self.building, self.grade)
    }
}

/// What holds for prices on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceRules {
    /// Names of the grades of service, the best first; none where there are no grades.
    pub grades: Option<Ruled<Vec<String>>>,
    /// The table of guide prices; none where none is published.
    pub guide: Option<Ruled<Vec<GuideBand>>>,
}

impl PriceRules {
    /// How many grades there are.
    pub fn grades_count(&self) -> usize {
        self.grades.as_ref().map_or(0, |grades| grades.value.len())
    }

    /// The band for these homes, where the table has one.
    pub fn band(
        &self,
        usage: PricedUse,
        building: Option<BuildingType>,
        grade: u8,
    ) -> Option<Ruled<GuideBand>> {
        let guide = self.guide.as_ref()?;
        let fits = |band: &&GuideBand| {
            band.r#use == usage
                && band.grade == grade
                && (band.building.is_none() || band.building == building)
        };
        let band = guide.value.iter().find(fits)?;
        Some(Ruled {
            value: *band,
            article: guide.article.clone(),
        })
    }
}

/// What holds for prices, through time.
#[derive(Clone, Debug)]
pub(crate) struct Prices {
    grades: Option<Timeline<Vec<String>>>,
    guide: Option<Timeline<Vec<GuideBand>>>,
}

impl Prices {
    pub(crate) fn new(file: file::Price) -> Result<Self, RuleError> {
        let names = |grades: &Vec<String>| {
            (1..=9).contains(&grades.len()) && grades.iter().all(|name| !name.trim().is_empty())
        };
        let table = |bands: &Vec<GuideBand>| {
            let mut keys: Vec<_> = bands.iter().map(GuideBand::key).collect();
            keys.sort_unstable();
            keys.dedup();
            keys.len() == bands.len() && bands.iter().all(GuideBand::is_right)
        };
        let grades = (!file.grades.is_empty())
            .then(|| Timeline::new("price.grades", file.grades, "one to nine names", names));
        let guide = (!file.guide.is_empty()).then(|| {
            let must_be =
                "lines of different homes, each with a base above zero and a range below 100 percent";
            Timeline::new("price.guide", file.guide, must_be, table)
        });
        Ok(Self {
            grades: grades.transpose()?,
            guide: guide.transpose()?,
        })
    }

    pub(crate) fn at(&self, date: NaiveDate) -> PriceRules {
        PriceRules {
            grades: self.grades.as_ref().and_then(|values| values.at(date).ok()),
            guide: self.guide.as_ref().and_then(|values| values.at(date).ok()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::RuleSet;

    fn band(base: i64, range_percent: u8, is_open: bool) -> GuideBand {
        GuideBand {
            r#use: PricedUse::Residential,
            building: None,
            grade: 1,
            base_fen: Fen(base),
            range_percent,
            is_open,
        }
    }

    #[test]
    fn fe_8_a_range_written_as_below_twenty_percent_excludes_twenty_percent() {
        assert_eq!(band(80, 20, true).bounds(), (Fen(65), Fen(95)));
        assert_eq!(band(80, 20, false).bounds(), (Fen(64), Fen(96)));
        // 1.4 yuan: 112 and 168 fen are exactly twenty percent away.
        assert_eq!(band(140, 20, true).bounds(), (Fen(113), Fen(167)));
        // Where the range does not fall on whole fen, both read it inwards.
        assert_eq!(band(33, 20, true).bounds(), band(33, 20, false).bounds());
        assert_eq!(band(33, 20, false).bounds(), (Fen(27), Fen(39)));
    }

    #[test]
    fn the_table_of_taizhou_holds_from_its_day_and_names_itself_as_borrowed() {
        let rules = RuleSet::embedded("330783").unwrap();
        let before = rules.prices_at("2010-06-30".parse().unwrap());
        assert_eq!((before.guide, before.grades.unwrap().value.len()), (None, 3));
        let now = rules.prices_at("2026-03-02".parse().unwrap());
        let find = |building, grade| now.band(PricedUse::Residential, Some(building), grade);
        let high = find(BuildingType::HighRise, 2).unwrap();
        assert_eq!(high.value.base_fen, Fen(140));
        assert!(high.article.contains("台州") && high.article.contains("参照"));
        assert_eq!(
            find(BuildingType::MultiStorey, 3).unwrap().value.base_fen,
            Fen(40)
        );
        assert_eq!(find(BuildingType::MultiStorey, 4), None);
        assert_eq!(now.band(PricedUse::Commercial, None, 1), None);
    }

    #[test]
    fn a_table_with_two_lines_for_the_same_homes_or_an_impossible_range_is_refused() {
        let text = include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../seeds/rules/330783.toml"
        ));
        let twice = text.replace(
            "building = \"high_rise\", grade = 2",
            "building = \"high_rise\", grade = 1",
        );
        assert_eq!(RuleSet::parse(&twice).unwrap_err().reason(), "RULE_SET_INVALID");
        let whole = text.replace(
            "base_fen = 80, range_percent = 20",
            "base_fen = 80, range_percent = 100",
        );
        assert_eq!(RuleSet::parse(&whole).unwrap_err().reason(), "RULE_SET_INVALID");
    }
}
