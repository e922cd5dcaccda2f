//! Service rooms (物业管理用房): how much the law asks for, and what is owed where more was built than permitted
//! (浙江省物业管理条例, article 26).

use chrono::NaiveDate;
use ids::AreaId;
use money::{Area, Fen, Fraction};
use serde::{Deserialize, Serialize};

use super::delineation::refusal::Refusal;

/// Largest above-ground area that is believed, in 0.01 m²: ten square kilometres.
pub const AREA_MAX: i64 = 1_000_000_000;
/// Highest average sale price that is believed, in fen per m²: a million yuan.
pub const PRICE_MAX: i64 = 100_000_000;

/// The numbers of the rule, as they hold on the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomRules {
    /// Of the above-ground area, in thousandths.
    pub per_thousand: i64,
    /// The same where nothing in the area is a dwelling.
    pub non_residential_per_thousand: i64,
    /// Least of all.
    pub min: Area,
    /// Where the share is written.
    pub article: String,
}

/// The service rooms that an above-ground area asks for, rounded up to 0.01 m²; never less than the least.
///
/// # Errors
/// `AREA_SIZE_INVALID` where the area is not positive or too large to be one.
pub fn required(above_ground: Area, all_non_residential: bool, rules: &RoomRules) -> Result<Area, Refusal> {
    if !(1..=AREA_MAX).contains(&above_ground.0) {
        return Err(Refusal::AreaSizeInvalid);
    }
    let share = if all_non_residential {
        rules.non_residential_per_thousand
    } else {
        rules.per_thousand
    };
    let share = Fraction::new(share, 1_000).and_then(|share| {
        share
            .of_ceil(above_ground.0)
            .map_err(|_| money::FractionError::FractionMalformed)
    });
    let rooms = share.map_err(|_| Refusal::AreaSizeInvalid)?;
    Ok(Area(rooms).max(rules.min))
}

/// What was permitted and what was built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Built {
    /// Above-ground area in the planning permit.
    pub permit_area: Area,
    /// True where nothing in the area is a dwelling.
    pub all_non_residential: bool,
    /// Above-ground area as surveyed.
    pub measured_area: Area,
    /// Service rooms that were built.
    pub built_rooms: Area,
    /// Average sale price in fen per m²; none where it was not said.
    pub average_price: Option<Fen>,
}

/// A check of an area's service rooms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceRooms {
    /// The area.
    pub area_id: AreaId,
    /// Day of the check.
    pub checked_on: NaiveDate,
    /// What was found.
    pub built: Built,
    /// Rooms that the permit asks for.
    pub required_by_permit: Area,
    /// Rooms that the surveyed area asks for, never less than the permit.
    pub required_by_survey: Area,
    /// Missing of what the permit asks for: to be built.
    pub to_build: Area,
    /// Missing beyond that: to be topped up or paid.
    pub to_top_up_or_pay: Area,
    /// What is paid into the maintenance fund where it is not topped up, rounded up to the fen.
    pub payment: Fen,
    /// Where it is written.
    pub article: String,
    /// One higher with every check of the area.
    pub version: i64,
}

/// Checks the service rooms of an area. Only what was built beyond the permit may be paid for: what the permit asks for
/// is delivered with the project (article 26), and selling it for money would leave owners without rooms.
///
/// # Errors
/// `AREA_SIZE_INVALID`; `SALE_PRICE_MISSING` where something is to be topped up or paid and no price was said.
pub fn check(
    area_id: AreaId,
    built: Built,
    rules: &RoomRules,
    today: NaiveDate,
    version: i64,
) -> Result<ServiceRooms, Refusal> {
    if !(0..=AREA_MAX).contains(&built.built_rooms.0) {
        return Err(Refusal::AreaSizeInvalid);
    }
    let by_permit = required(built.permit_area, built.all_non_residential, rules)?;
    let by_survey = required(built.measured_area, built.all_non_residential, rules)?.max(by_permit);
    let to_build = Area((by_permit.0 - built.built_rooms.0).max(0));
    let to_top_up_or_pay = Area(by_survey.0 - by_permit.max(built.built_rooms).0.min(by_survey.0));
    let payment = match built.average_price {
        _ if !to_top_up_or_pay.is_positive() => Fen::ZERO,
        None => return Err(Refusal::SalePriceMissing),
        // Fen a square metre times hundredths of one.
        Some(price) => Fraction::new(price.0, 100)
            .ok()
            .and_then(|price| price.of_ceil(to_top_up_or_pay.0).ok())
            .map(Fen)
            .ok_or(Refusal::SalePriceInvalid)?,
    };
    Ok(ServiceRooms {
        area_id,
        checked_on: today,
        built,
        required_by_permit: by_permit,
        required_by_survey: by_survey,
        to_build,
        to_top_up_or_pay,
        payment,
        article: rules.article.clone(),
        version,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn rules() -> RoomRules {
        RoomRules {
            per_thousand: 7,
            non_residential_per_thousand: 3,
            min: Area(5_000),
            article: "浙江省物业管理条例第26条".into(),
        }
    }

    fn built(measured: i64, rooms: i64, price: Option<i64>) -> Result<ServiceRooms, Refusal> {
        let built = Built {
            permit_area: Area(6_843_250),
            all_non_residential: false,
            measured_area: Area(measured),
            built_rooms: Area(rooms),
            average_price: price.map(Fen),
        };
        let today = "2026-03-02".parse().unwrap();
        check(AreaId::derive("a"), built, &rules(), today, 1)
    }

    #[test]
    fn e24_seven_and_three_per_thousand_round_up() {
        let permit = Area::parse_m2("68432.50").unwrap();
        assert_eq!(
            required(permit, false, &rules()).unwrap(),
            Area::parse_m2("479.03").unwrap()
        );
        assert_eq!(
            required(permit, true, &rules()).unwrap(),
            Area::parse_m2("205.30").unwrap()
        );
    }

    #[test]
    fn a_small_area_still_has_the_least() {
        assert_eq!(
            required(Area::parse_m2("7142.85").unwrap(), false, &rules()).unwrap(),
            Area(5_000)
        );
        assert_eq!(
            required(Area::parse_m2("7142.86").unwrap(), false, &rules()).unwrap(),
            Area(5_001),
            "50.00002 is more than 50"
        );
        for size in [0, -1, AREA_MAX + 1] {
            assert_eq!(
                required(Area(size), false, &rules()),
                Err(Refusal::AreaSizeInvalid)
            );
        }
    }

    #[test]
    fn e24_what_was_built_beyond_the_permit_is_topped_up_or_paid() {
        let rooms = built(6_900_000, 47_903, Some(1_250_000)).unwrap();
        assert_eq!(rooms.required_by_survey, Area(48_300));
        assert_eq!((rooms.to_build, rooms.to_top_up_or_pay), (Area(0), Area(397)));
        assert_eq!(rooms.payment, Fen(4_962_500), "3.97 m² at 12,500.00 yuan");
        assert_eq!(built(6_900_000, 47_903, None), Err(Refusal::SalePriceMissing));
        let price = built(6_900_000, 48_299, Some(1_250_001)).unwrap();
        assert_eq!(price.payment, Fen(12_501), "0.01 m², rounded up to the fen");
    }

    #[test]
    fn what_the_permit_asks_for_is_built_and_never_paid() {
        let rooms = built(6_900_000, 40_000, Some(1_250_000)).unwrap();
        assert_eq!((rooms.to_build, rooms.to_top_up_or_pay), (Area(7_903), Area(397)));
        // Less was built than permitted: the permit still counts, and no price is needed.
        let rooms = built(6_000_000, 47_903, None).unwrap();
        assert_eq!(rooms.required_by_survey, Area(47_903));
        assert_eq!((rooms.to_build, rooms.to_top_up_or_pay), (Area(0), Area(0)));
        // More rooms than either asks for.
        let rooms = built(6_900_000, 60_000, None).unwrap();
        assert_eq!((rooms.to_top_up_or_pay, rooms.payment), (Area(0), Fen(0)));
    }
}
