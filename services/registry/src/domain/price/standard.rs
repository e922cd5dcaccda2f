//! When a fee standard may be recorded, and what price it may have.

use chrono::NaiveDate;
use ids::{AreaId, ContractId, DivisionCode, FeeStandardId};
use money::Fen;
use rules::PriceRules;

use super::{Band, Basis, Charging, FeeStandard, Homes, Housing, Pricing, Refusal};

/// A standard to record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: FeeStandardId,
    /// The area.
    pub area_id: AreaId,
    /// The community or village of the area.
    pub division: DivisionCode,
    /// For which homes.
    pub homes: Homes,
    /// Price per month, per m² or per space.
    pub price: Fen,
    /// Grade of service.
    pub grade: u8,
    /// How the firm is paid.
    pub charging: Charging,
    /// First day on which it holds.
    pub effective_from: NaiveDate,
}

/// What the contracts of an area tell of its owners: those they decided on themselves, with the first day of the term.
///
/// The first of them says since when there is an assembly, and so until when prices are guided (浙江省物业服务收费管理实施办法).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owners {
    /// In any order.
    pub contracts: Vec<(ContractId, NaiveDate)>,
}

impl Owners {
    /// Whether they had decided on a firm by this day.
    pub fn decide_by(&self, day: NaiveDate) -> bool {
        self.contracts.iter().any(|(_, from_on)| *from_on <= day)
    }

    /// The last contract whose term began after one day and by another.
    fn contract_between(&self, after: NaiveDate, by: NaiveDate) -> Option<ContractId> {
        let within = self.contracts.iter().filter(|(_, on)| after < *on && *on <= by);
        within.max_by_key(|(_, on)| *on).map(|(id, _)| *id)
    }
}

/// Records a standard after the last one of the same homes; answers it, and the last one as it ends.
///
/// A price that stands is changed by a price adjustment, or by a contract that the owners decided on since: a raise on
/// the firm's own account is what 浙江 and Hangzhou fine (FE-14).
///
/// # Errors
/// `STANDARD_NOT_AFTER_LAST`, `PRICE_NEEDS_ADJUSTMENT`, `GRADE_UNKNOWN`, `PRICE_OUT_OF_BAND`.
pub fn record(
    entry: Entry,
    last: Option<&FeeStandard>,
    owners: &Owners,
    rules: &PriceRules,
) -> Result<(FeeStandard, Option<FeeStandard>), Refusal> {
    let from = entry.effective_from;
    let basis = match last {
        None => Basis::First,
        Some(last) if from <= last.effective_from => {
            return Err(Refusal::StandardNotAfterLast {
                since: last.effective_from,
            });
        }
        Some(last) => match owners.contract_between(last.effective_from, from) {
            Some(contract_id) => Basis::Contract(contract_id),
            None => return Err(Refusal::PriceNeedsAdjustment),
        },
    };
    let pricing = pricing(entry.homes, owners.decide_by(from));
    let band = check(entry.homes, entry.price, entry.grade, pricing, rules)?;
    let standard = FeeStandard {
        id: entry.id,
        version: 1,
        area_id: entry.area_id,
        division: entry.division,
        homes: entry.homes,
        price: entry.price,
        grade: entry.grade,
        charging: entry.charging,
        pricing,
        band,
        basis,
        effective_from: from,
        effective_until: None,
    };
    Ok((standard, last.map(|last| ended(last, from))))
}

/// How the price of these homes is formed (FE-7): guided for social housing, and for ordinary housing until the owners
/// decide for themselves.
pub(super) fn pricing(homes: Homes, owners_decide: bool) -> Pricing {
    match homes {
        Homes::Residential {
            housing: Housing::Social,
            ..
        } => Pricing::Guide,
        Homes::Residential {
            housing: Housing::Ordinary,
            ..
        } if !owners_decide => Pricing::Guide,
        Homes::Residential {
            housing: Housing::Ordinary | Housing::Upmarket,
            ..
        }
        | Homes::Commercial
        | Homes::Parking => Pricing::Market,
    }
}

/// Refuses a grade that there is not on the day, and a guided price out of its range; answers the range.
///
/// Where no table is published for such homes, there is nothing that a price could be out of.
pub(super) fn check(
    homes: Homes,
    price: Fen,
    grade: u8,
    pricing: Pricing,
    rules: &PriceRules,
) -> Result<Option<Band>, Refusal> {
    let grades = rules.grades_count();
    if grade == 0 || usize::from(grade) > grades {
        return Err(Refusal::GradeUnknown { grade, grades });
    }
    let Some(band) = rules.band(homes.usage(), homes.building(), grade) else {
        return Ok(None);
    };
    let (lowest, highest) = band.value.bounds();
    let band = Band {
        lowest,
        highest,
        article: band.article,
    };
    match pricing {
        Pricing::Market => Ok(None),
        Pricing::Guide if (lowest..=highest).contains(&price) => Ok(Some(band)),
        Pricing::Guide => Err(Refusal::PriceOutOfBand { price, band }),
    }
}

/// The standard as it ends on the day before another begins.
pub fn ended(standard: &FeeStandard, next_from: NaiveDate) -> FeeStandard {
    FeeStandard {
        version: standard.version + 1,
        effective_until: next_from.pred_opt(),
        ..standard.clone()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use rules::{BuildingType, RuleSet};

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn rules(on: &str) -> PriceRules {
        RuleSet::embedded("330783").unwrap().prices_at(day(on))
    }

    fn flats(building: BuildingType, housing: Housing) -> Homes {
        Homes::Residential { building, housing }
    }

    fn entry(homes: Homes, price: i64, grade: u8, from: &str) -> Entry {
        Entry {
            id: FeeStandardId::derive(from),
            area_id: AreaId::derive("a"),
            division: "330783004015".parse().unwrap(),
            homes,
            price: Fen(price),
            grade,
            charging: Charging::LumpSum,
            effective_from: day(from),
        }
    }

    fn first(homes: Homes, price: i64, grade: u8) -> Result<FeeStandard, &'static str> {
        let from = "2026-03-02";
        record(
            entry(homes, price, grade, from),
            None,
            &Owners::default(),
            &rules(from),
        )
        .map(|(standard, _)| standard)
        .map_err(|refusal| <&str>::from(&refusal))
    }

    fn hired(on: &str) -> Owners {
        Owners {
            contracts: vec![(ContractId::derive("c"), day(on))],
        }
    }

    #[test]
    fn fe_8_a_guided_price_lies_within_the_table_of_its_building_and_grade() {
        let multi = flats(BuildingType::MultiStorey, Housing::Ordinary);
        let high = flats(BuildingType::HighRise, Housing::Ordinary);
        for (homes, grade, base) in [
            (multi, 1, 80),
            (multi, 2, 60),
            (multi, 3, 40),
            (high, 1, 170),
            (high, 2, 140),
            (high, 3, 110),
        ] {
            let found = first(homes, base, grade).unwrap();
            assert_eq!((found.pricing, found.basis), (Pricing::Guide, Basis::First));
            assert!(found.band.unwrap().article.contains("参照"));
            // Below 20 percent: 20 percent itself is too much, a fen less is not.
            let fifth = base / 5;
            assert_eq!(first(homes, base + fifth, grade), Err("PRICE_OUT_OF_BAND"));
            assert_eq!(first(homes, base - fifth, grade), Err("PRICE_OUT_OF_BAND"));
            assert!(first(homes, base + fifth - 1, grade).is_ok());
            assert!(first(homes, base - fifth + 1, grade).is_ok());
        }
        assert_eq!(first(high, 140, 4), Err("GRADE_UNKNOWN"));
        assert_eq!(first(high, 140, 0), Err("GRADE_UNKNOWN"));
    }

    #[test]
    fn fe_7_only_early_ordinary_housing_and_social_housing_are_guided() {
        for homes in [
            flats(BuildingType::HighRise, Housing::Upmarket),
            Homes::Commercial,
            Homes::Parking,
        ] {
            let found = first(homes, 100_000, 1).unwrap();
            assert_eq!((found.pricing, found.band), (Pricing::Market, None));
        }
        let from = "2026-03-02";
        let decided = |housing, price, since| {
            let homes = flats(BuildingType::HighRise, housing);
            record(entry(homes, price, 1, from), None, &hired(since), &rules(from))
                .map(|(standard, _)| standard.pricing)
                .map_err(|refusal| <&str>::from(&refusal))
        };
        assert_eq!(decided(Housing::Ordinary, 500, from), Ok(Pricing::Market));
        assert_eq!(
            decided(Housing::Ordinary, 500, "2026-03-03"),
            Err("PRICE_OUT_OF_BAND")
        );
        assert_eq!(decided(Housing::Social, 500, from), Err("PRICE_OUT_OF_BAND"));
    }

    #[test]
    fn before_a_table_was_published_nothing_is_out_of_it() {
        let homes = flats(BuildingType::HighRise, Housing::Ordinary);
        let from = "2008-01-01";
        let (found, _) = record(entry(homes, 500, 1, from), None, &Owners::default(), &rules(from)).unwrap();
        assert_eq!((found.pricing, found.band), (Pricing::Guide, None));
    }

    #[test]
    fn a_standing_price_changes_with_a_later_contract_of_the_owners_and_not_by_itself() {
        let homes = flats(BuildingType::HighRise, Housing::Ordinary);
        let last = first(homes, 140, 2).unwrap();
        let again = |from: &str, owners: &Owners| {
            record(entry(homes, 300, 2, from), Some(&last), owners, &rules(from))
                .map_err(|refusal| <&str>::from(&refusal))
        };
        let nobody = Owners::default();
        assert_eq!(again("2026-03-02", &nobody), Err("STANDARD_NOT_AFTER_LAST"));
        assert_eq!(again("2026-06-01", &nobody), Err("PRICE_NEEDS_ADJUSTMENT"));
        // The contract that the standing price was agreed in is no ground for another one.
        assert_eq!(
            again("2026-06-01", &hired("2026-03-02")),
            Err("PRICE_NEEDS_ADJUSTMENT")
        );
        assert_eq!(
            again("2026-06-01", &hired("2026-06-02")),
            Err("PRICE_NEEDS_ADJUSTMENT")
        );
        let (next, before) = again("2026-06-01", &hired("2026-05-01")).unwrap();
        assert_eq!(next.basis, Basis::Contract(ContractId::derive("c")));
        let before = before.unwrap();
        assert_eq!(
            (before.version, before.effective_until),
            (2, Some(day("2026-05-31")))
        );
        assert!(before.holds_on(day("2026-05-31")) && !before.holds_on(day("2026-06-01")));
        assert!(next.holds_on(day("2026-06-01")) && !next.holds_on(day("2026-05-31")));
    }
}
