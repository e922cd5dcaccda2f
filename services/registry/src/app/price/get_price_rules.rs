//! Reading the grades of service and the guide prices of a day.

use chrono::NaiveDate;
use rpc::CallContext;
use rules::PriceRules;

use super::App;
use crate::error::AppError;

impl App {
    /// The rules of a day, or of today: to everybody, because guide prices are published (物业服务收费管理办法 article 7).
    ///
    /// # Errors
    /// `NOT_ALLOWED` without a token of a person.
    pub fn get_price_rules(&self, ctx: &CallContext, on: Option<NaiveDate>) -> Result<PriceRules, AppError> {
        self.permit_city(ctx)?;
        Ok(self.rules.prices_at(on.unwrap_or_else(|| self.today())))
    }
}
