//! The numbers of the day that contracts are decided by.

use calendar::Holidays;
use rules::Ruled;

/// Dated parameters, each with its article, and the days that are not worked.
#[derive(Debug, Clone)]
pub struct ContractRules<'a> {
    /// Days from the signature within which a contract is filed.
    pub filing_days: u32,
    /// Days of notice before a dismissal (Civil Code article 946).
    pub dismissal_notice_days: u32,
    /// Days before the end of the term within which a firm says that it does not go on (article 947).
    pub non_renewal_notice_days: u32,
    /// Days of notice before an indefinite term ends (article 948).
    pub indefinite_notice_days: u32,
    /// Days from the end within which everything is handed back.
    pub hand_back_days: u32,
    /// Days before the end of the term on which it is told that it runs out.
    pub expiry_warning_days: u32,
    /// Months a temporary firm may serve.
    pub temporary_months_max: Ruled<u32>,
    /// Months for which fees may be collected ahead.
    pub prepayment_months_max: Ruled<u32>,
    /// Grades of service that there are on the first day of the term: those by which prices are told too.
    pub grades: usize,
    /// Days off: an act that falls due on one is due on the next working day (Civil Code article 203).
    pub holidays: &'a Holidays,
}
