//! Reads the statement of one home (分户账对账单; 165号令 article 31).

use access::{Resource, ResourceKind};
use calendar::today;
use ids::HomeId;
use money::Fen;
use rpc::CallContext;

use super::App;
use crate::domain::refusal::Refusal;
use crate::domain::statement::{Statement, movements};
use crate::error::{AppError, rules_missing};
use crate::store::reads;

impl App {
    /// Every movement of the home's sub-account, oldest first, with its balances at one moment.
    ///
    /// # Errors
    /// `HOME_NOT_FOUND`, also where the caller may not know of it; `NOT_ALLOWED` by policy.
    pub async fn get_statement(&self, ctx: &CallContext, home_id: HomeId) -> Result<Statement, AppError> {
        let not_found = || Refusal::HomeNotFound { home_id };
        let read = self.store.begin_read().await?;
        let home = reads::home(&read, home_id).await?.ok_or_else(not_found)?;
        let area = reads::area(&read, home.area_id).await?.ok_or_else(not_found)?;
        let resource = Resource::new(ResourceKind::Home, home_id)
            .with_area(area.id)
            .with_division(area.division)
            .with_manager(area.manager_id)
            .with_developer(area.developer_id)
            .with_owners(home.owner_ids.iter().copied());
        let resource = self.in_present_place(&read, resource).await?;
        ctx.permit(&self.access, &resource, not_found)?;
        let holding = reads::holding(&read, home_id).await?;
        let lines = reads::statement_lines(&read, home_id).await?;
        let fund = self
            .rules
            .at(today(self.clock.now()))
            .map_err(rules_missing)?
            .fund;
        // What is set aside is still the home's until it is paid.
        let held = Fen(holding.available.0 + holding.reserved.0);
        Ok(Statement {
            home_id,
            unit_number: home.unit_number,
            first_deposit: holding.first_deposit,
            available: holding.available,
            reserved: holding.reserved,
            replenishment_due: fund.must_replenish(held, holding.first_deposit),
            movements: movements(lines),
        })
    }
}
