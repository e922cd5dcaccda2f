//! Codes of synthetic people, organisations and homes, with their check characters from crate `ids`.

use chrono::{Datelike, NaiveDate};
use ids::{CitizenId, CreditCode};

use crate::error::Result;

/// Division whose register issues the codes: the city of Dongyang (东阳市).
const COUNTY: &str = "330783";

/// First of the 100 sequence numbers (顺序码) that mark a synthetic citizen: 900 to 999.
pub const CITIZEN_SEQUENCE_FIRST: u16 = 900;

/// First two characters of the organisation part of every synthetic credit code.
pub const ORGANISATION_MARK: &str = "HJ";

/// Weights of the organisation code's own check character (GB 11714).
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// Unified social credit code (统一社会信用代码) of the synthetic organisation with this serial number.
///
/// Both check characters are right: that of the organisation part (GB 11714) and that of the whole (GB 32100).
pub(crate) fn credit_code(serial: u32) -> Result<String> {
    let organisation = format!("{ORGANISATION_MARK}{serial:06}");
    let mut code = format!("91{COUNTY}{organisation}{}", organisation_check(&organisation));
    code.push(CreditCode::check_char(&code)?);
    Ok(code)
}

/// Citizen number (公民身份号码, GB 11643) with this day of birth and sequence number.
pub(crate) fn citizen_number(born_on: NaiveDate, sequence: u16) -> Result<String> {
    let (year, month, day) = (born_on.year(), born_on.month(), born_on.day());
    let mut number = format!("{COUNTY}{year:04}{month:02}{day:02}{sequence:03}");
    number.push(CitizenId::check_char(&number)?);
    Ok(number)
}

/// Real-estate unit number (不动产单元号, GB/T 37346) of a home:
/// the 12 digits of the community stand for cadastral district and sub-district,
/// then `GB` and the parcel, then `F` and four digits each for building and home.
pub(crate) fn unit_number(division_code: &str, parcel: u32, building: u32, home: u32) -> String {
    format!("{division_code}GB{parcel:05}F{building:04}{home:04}")
}

fn organisation_check(organisation: &str) -> char {
    let sum: u32 = organisation
        .chars()
        .zip(ORGANISATION_WEIGHTS)
        .map(|(character, weight)| character.to_digit(36).unwrap_or(0) * weight)
        .sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from(b'0' + digit as u8),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_organisation_part_has_its_own_check() {
        // The standard's own example: D2143569-X.
        assert_eq!(organisation_check("D2143569"), 'X');
    }

    #[test]
    fn codes_pass_the_platforms_checks() {
        let born_on = NaiveDate::from_ymd_opt(1980, 2, 29).unwrap();
        for serial in 0..200 {
            credit_code(serial).unwrap().parse::<CreditCode>().unwrap();
        }
        for sequence in 900..1_000 {
            citizen_number(born_on, sequence)
                .unwrap()
                .parse::<CitizenId>()
                .unwrap();
        }
        let number = unit_number("330783004015", 1, 3, 12);
        assert_eq!(number, "330783004015GB00001F00030012");
        number.parse::<ids::UnitNumber>().unwrap();
    }
}
