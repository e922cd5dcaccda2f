//! The terms of a contract, read once.

use chrono::NaiveDate;
use money::Fen;
use proto::common::v1 as common;
use proto::registry::v1 as pb;
use rpc::field::{self, Invalid};

use super::{not_listed, optional_date, services};
use crate::domain::contract::{Charge, Price, Terms};
use crate::domain::home::HomeUse;

/// Longest notice that is believed.
const NOTICE_DAYS_MAX: i32 = 365;
/// Longest prepayment that is read at all; the rule of the day is shorter.
const PREPAYMENT_MONTHS_MAX: i32 = 1_200;
/// A hundred percent in hundredths of a percent.
const BASIS_POINTS_MAX: i32 = 10_000;
const STAFF_NUMBER_LENGTH_MAX: usize = 32;
/// Hexadecimal digits of SHA-256.
const DIGEST_LENGTH: usize = 64;

/// Terms with their own first day.
pub(super) fn read(terms: Option<pb::ContractTerms>) -> Result<Terms, Invalid> {
    let terms = present(terms)?;
    let from_on = field::date("terms.fromOn", &terms.from_on)?;
    with_first_day(terms, from_on)
}

/// Terms of a renewal: their first day follows from the old term, and until that is known stands on the signature.
pub(super) fn read_renewal(terms: Option<pb::ContractTerms>) -> Result<Terms, Invalid> {
    let terms = present(terms)?;
    if !terms.from_on.trim().is_empty() {
        return Err(Invalid::new(
            "terms.fromOn",
            "DATE_MALFORMED",
            "must stay empty: a renewal begins on the day after the old term",
            "续订自原合同期限届满次日起算，请勿填写",
        ));
    }
    let signed_on = field::date("terms.signedOn", &terms.signed_on)?;
    with_first_day(terms, signed_on)
}

fn present(terms: Option<pb::ContractTerms>) -> Result<pb::ContractTerms, Invalid> {
    terms.ok_or_else(|| Invalid::new("terms", "TERMS_MISSING", "must be given", "必须填写"))
}

fn with_first_day(terms: pb::ContractTerms, from_on: NaiveDate) -> Result<Terms, Invalid> {
    Ok(Terms {
        from_on,
        until_on: optional_date("terms.untilOn", &terms.until_on)?,
        signed_on: field::date("terms.signedOn", &terms.signed_on)?,
        prices: prices(&terms.prices)?,
        charge: charge(&terms)?,
        service_grade: grade(terms.service_grade)?,
        services: services("terms.services", &terms.services)?,
        manager_staff_number: field::optional_text(
            "terms.managerStaffNumber",
            &terms.manager_staff_number,
            STAFF_NUMBER_LENGTH_MAX,
        )?,
        dismissal_notice_days: notice_days("terms.dismissalNoticeDays", terms.dismissal_notice_days)?,
        non_renewal_notice_days: notice_days("terms.nonRenewalNoticeDays", terms.non_renewal_notice_days)?,
        prepayment_months: prepayment(terms.prepayment_months)?,
        document_digest: digest(&terms.document_digest)?,
    })
}

fn prices(prices: &[pb::ServicePrice]) -> Result<Vec<Price>, Invalid> {
    if prices.is_empty() {
        return Err(Invalid::new(
            "terms.prices",
            "PRICE_MISSING",
            "must hold a price for each use that pays one",
            "至少填写一种用途的单价",
        ));
    }
    let mut read: Vec<Price> = Vec::with_capacity(prices.len());
    for price in prices {
        let price = one_price(price)?;
        if read.iter().any(|other| other.usage == price.usage) {
            return Err(Invalid::new(
                "terms.prices.use",
                "PRICE_TWICE",
                "each use has one price",
                "每种用途只能有一个单价",
            ));
        }
        read.push(price);
    }
    Ok(read)
}

fn one_price(price: &pb::ServicePrice) -> Result<Price, Invalid> {
    let usage = match common::HomeUse::try_from(price.r#use) {
        Ok(common::HomeUse::Residential) => HomeUse::Residential,
        Ok(common::HomeUse::Commercial) => HomeUse::Commercial,
        Ok(common::HomeUse::Parking) => HomeUse::Parking,
        Ok(common::HomeUse::Unspecified) | Err(_) => {
            return Err(not_listed("terms.prices.use", "HOME_USE_MISSING"));
        }
    };
    let per_m2_month = Fen(price.fen_per_m2_month);
    if !per_m2_month.is_positive() {
        return Err(Invalid::new(
            "terms.prices.fenPerM2Month",
            "PRICE_NOT_POSITIVE",
            "must be more than nothing",
            "单价须大于零",
        ));
    }
    Ok(Price { usage, per_m2_month })
}

fn charge(terms: &pb::ContractTerms) -> Result<Charge, Invalid> {
    let (points, sum) = (terms.commission_basis_points, terms.commission_fen);
    let charge = match pb::ChargeMethod::try_from(terms.charge) {
        Ok(pb::ChargeMethod::LumpSum) => (points == 0 && sum == 0).then_some(Charge::LumpSum),
        Ok(pb::ChargeMethod::CommissionShare) => {
            let share = u32::try_from(points).ok();
            share
                .filter(|_| (1..=BASIS_POINTS_MAX).contains(&points) && sum == 0)
                .map(|basis_points| Charge::CommissionShare { basis_points })
        }
        Ok(pb::ChargeMethod::CommissionSum) => {
            (points == 0 && sum > 0).then_some(Charge::CommissionSum { monthly: Fen(sum) })
        }
        Ok(pb::ChargeMethod::Unspecified) | Err(_) => {
            return Err(not_listed("terms.charge", "CHARGE_MISSING"));
        }
    };
    charge.ok_or_else(|| {
        Invalid::new(
            "terms.charge",
            "CHARGE_INVALID",
            format!(
                "a lump sum has no commission, a share 1 to {BASIS_POINTS_MAX} basis points, a sum its fen"
            ),
            format!(
                "包干制不填酬金；按比例的酬金为 1 至 {BASIS_POINTS_MAX} 个基点；按数额的酬金须填每月分数"
            ),
        )
    })
}

/// A grade that can be one at all; which there are is a rule of the day.
fn grade(grade: i32) -> Result<Option<u8>, Invalid> {
    match u8::try_from(grade) {
        Ok(0) => Ok(None),
        Ok(agreed) => Ok(Some(agreed)),
        Err(_) => Err(Invalid::new(
            "terms.serviceGrade",
            "GRADE_INVALID",
            "must be the number of a grade, 1 being the best, or 0 for none",
            "应为服务等级的序号，1 级最高，未约定填 0",
        )),
    }
}

fn notice_days(name: &'static str, days: i32) -> Result<Option<u32>, Invalid> {
    match u32::try_from(days) {
        Ok(0) => Ok(None),
        Ok(agreed) if days <= NOTICE_DAYS_MAX => Ok(Some(agreed)),
        Ok(_) | Err(_) => Err(Invalid::new(
            name,
            "NOTICE_DAYS_INVALID",
            format!("must be 1 to {NOTICE_DAYS_MAX}, or 0 for the law's"),
            format!("应为 1 至 {NOTICE_DAYS_MAX}，按法定期限填 0"),
        )),
    }
}

fn prepayment(months: i32) -> Result<u32, Invalid> {
    let read = u32::try_from(months).ok();
    read.filter(|_| months <= PREPAYMENT_MONTHS_MAX).ok_or_else(|| {
        Invalid::new(
            "terms.prepaymentMonths",
            "PREPAYMENT_TOO_LONG",
            "must be a number of months, or 0 for none",
            "应为月数，不预收填 0",
        )
    })
}

fn digest(text: &str) -> Result<String, Invalid> {
    let digest = text.trim().to_ascii_lowercase();
    let is_hex = digest.len() == DIGEST_LENGTH && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    if digest.is_empty() || is_hex {
        return Ok(digest);
    }
    Err(Invalid::new(
        "terms.documentDigest",
        "DIGEST_MALFORMED",
        "must be SHA-256 in 64 hexadecimal digits",
        "应为 64 位十六进制的 SHA-256 摘要",
    ))
}
