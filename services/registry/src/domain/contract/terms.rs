//! What the parties of a contract agree on.

use std::collections::BTreeSet;

use chrono::{Datelike, Months, NaiveDate};
use money::Fen;
use serde::{Deserialize, Serialize};

use super::{ContractKind, ContractRules, Refusal};
use crate::domain::home::HomeUse;

/// Terms of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// First day of the term.
    pub from_on: NaiveDate,
    /// Last day of the term; none where none was agreed.
    pub until_on: Option<NaiveDate>,
    /// Day of the last signature.
    pub signed_on: NaiveDate,
    /// A price for each use that pays one, at least one, each use once.
    pub prices: Vec<Price>,
    /// How the firm is paid.
    pub charge: Charge,
    /// Grade of service (服务等级), 1 for the best; none where none was agreed.
    pub service_grade: Option<u8>,
    /// What is promised, at least one.
    pub services: BTreeSet<Service>,
    /// The service manager by the firm's own staff number; empty where none was named.
    pub manager_staff_number: String,
    /// Days of notice before a dismissal where the contract differs from article 946.
    pub dismissal_notice_days: Option<u32>,
    /// Days of notice before the end of the term where the contract differs from article 947.
    pub non_renewal_notice_days: Option<u32>,
    /// Months for which fees may be collected ahead.
    pub prepayment_months: u32,
    /// SHA-256 of the signed document, in hexadecimal; empty where it was not kept.
    pub document_digest: String,
}

/// Price of service for homes of one use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// The use.
    pub usage: HomeUse,
    /// Per month and m² of exclusive area.
    pub per_m2_month: Fen,
}

/// How a firm is paid (物业服务收费管理办法 article 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Charge {
    /// A fixed fee; profit and loss are the firm's (包干制).
    LumpSum,
    /// A share of the prepaid funds, in hundredths of a percent; surplus and deficit are the owners' (酬金制).
    CommissionShare {
        /// 1 to 10,000.
        basis_points: u32,
    },
    /// A sum a month out of the prepaid funds (酬金制).
    CommissionSum {
        /// More than nothing.
        monthly: Fen,
    },
}

/// A service that a contract promises.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Service {
    /// Overall management and the service desk (综合管理服务).
    Management,
    /// Keeping shared parts of buildings (共用部位维护).
    SharedParts,
    /// Running and keeping shared equipment (共用设施设备维护).
    Equipment,
    /// Keeping order and safety (公共秩序维护).
    Security,
    /// Cleaning (保洁).
    Cleaning,
    /// Greening (绿化养护).
    Greening,
}

impl Terms {
    /// Refuses terms that cannot hold, on the day `today` in China.
    ///
    /// # Errors
    /// `CONTRACT_DAY_TO_COME` for a signature, `TERM_REVERSED`, `GRADE_UNKNOWN`, `PREPAYMENT_TOO_LONG`,
    /// `TEMPORARY_TERM_TOO_LONG`.
    pub fn check(&self, kind: ContractKind, today: NaiveDate, rules: &ContractRules) -> Result<(), Refusal> {
        not_to_come(self.signed_on, today)?;
        if let Some(until) = self.until_on
            && until < self.from_on
        {
            return Err(Refusal::TermReversed {
                from: self.from_on,
                until,
            });
        }
        if let Some(grade) = self.service_grade
            && usize::from(grade) > rules.grades
        {
            return Err(Refusal::GradeUnknown {
                grade,
                grades: rules.grades,
            });
        }
        self.check_prepayment(rules)?;
        if kind == ContractKind::Temporary {
            let months = rules.temporary_months_max.value;
            // From the first day through the day before the same day of the last month (Civil Code article 202).
            let latest = self
                .from_on
                .checked_add_months(Months::new(months))
                .and_then(|day| day.pred_opt())
                .unwrap_or(NaiveDate::MAX);
            if self.until_on.is_none_or(|until| until > latest) {
                return Err(Refusal::TemporaryTermTooLong {
                    months,
                    latest,
                    article: rules.temporary_months_max.article.clone(),
                });
            }
        }
        Ok(())
    }

    /// Not more than the rule allows, and not more than the whole months of the term.
    fn check_prepayment(&self, rules: &ContractRules) -> Result<(), Refusal> {
        let limit = &rules.prepayment_months_max;
        let of_term = self
            .until_on
            .map_or(u32::MAX, |until| whole_months(self.from_on, until));
        let months_max = limit.value.min(of_term);
        if self.prepayment_months > months_max {
            return Err(Refusal::PrepaymentTooLong {
                months_max,
                article: limit.article.clone(),
            });
        }
        Ok(())
    }
}

/// Whole months from a first to a last day, both counted.
fn whole_months(from: NaiveDate, until: NaiveDate) -> u32 {
    let Some(after) = until.succ_opt() else {
        return u32::MAX;
    };
    let ordinal = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
    let months = ordinal(after) - ordinal(from);
    let months = u32::try_from(months).unwrap_or_default();
    // 31 January to 28 February is a month: the day clamps to the month's end.
    match from.checked_add_months(Months::new(months)) {
        Some(day) if day <= after => months,
        _ => months.saturating_sub(1),
    }
}

/// Refuses a day that is still to come.
///
/// # Errors
/// `CONTRACT_DAY_TO_COME`.
pub(super) fn not_to_come(on: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    if on > today {
        Err(Refusal::ContractDayToCome { on, today })
    } else {
        Ok(())
    }
}
