//! The managing firm proposes a repair out of the fund (165号令 articles 22 and 23).

use calendar::today;
use ids::DrawId;
use money::Fen;
use rpc::CallContext;
use rules::RuleError;
use serde::Serialize;

use super::{App, area_resource};
use crate::domain::draw::{Draw, Proposal, SharedPart};
use crate::domain::refusal::Refusal;
use crate::domain::scope::Scope;
use crate::domain::warranty::{self, Site, Warranty};
use crate::error::{AppError, rules_missing};
use crate::store::reads;

/// A draw to propose.
#[derive(Debug, Clone, Serialize)]
pub struct ProposeDraw {
    /// The homes that benefit.
    pub scope: Scope,
    /// What is repaired.
    pub part: SharedPart,
    /// A line that says it.
    pub title: String,
    /// Plan, contractor, reasons.
    pub text: String,
    /// What the owners are asked to agree to.
    pub budget: Fen,
}

impl App {
    /// Proposes a draw. Refuses `WARRANTY_STILL_RUNS` while the builder answers for the part (E10).
    ///
    /// # Errors
    /// The refusals of the contract; `NOT_ALLOWED` for anybody but the managing firm.
    pub async fn propose_draw(&self, ctx: &CallContext, command: ProposeDraw) -> Result<Draw, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay::<Draw>(ctx, &command).await? {
            return Ok(first);
        }
        let scope = &command.scope;
        let area = self.area(tx.connection(), scope.area_id).await?;
        let resource = self
            .in_present_place(tx.connection(), area_resource(&area))
            .await?;
        ctx.permit(&self.access, &resource, || Refusal::AreaNotFound {
            area_id: area.id,
        })?;
        if let Some(building_id) = reads::building_elsewhere(tx.connection(), scope).await? {
            return Err(Refusal::BuildingNotInArea { building_id }.into());
        }
        let homes = reads::bearing_homes(tx.connection(), scope, None).await?;
        if homes.is_empty() {
            return Err(Refusal::ScopeWithoutHomes.into());
        }
        let now = self.clock.now();
        let facts = reads::building_facts(tx.connection(), &homes).await?;
        let mut warranties = Vec::new();
        for site in Site::all(&homes, &facts) {
            warranties.extend(self.warranty(command.part, &site)?);
        }
        warranty::check(warranties, today(now))?;
        let fund = self.rules.at(today(now)).map_err(rules_missing)?.fund;
        let proposal = Proposal {
            id: DrawId::generate(),
            scope: scope.clone(),
            division: area.division,
            part: command.part,
            title: command.title.clone(),
            text: command.text.clone(),
            budget: command.budget,
            proposer: ctx.actor.firm_id(),
        };
        let (draw, event) = Draw::propose(proposal, fund.draw_max_fen.value, now)?;
        tx.insert_draw(&draw).await?;
        tx.publish(ctx, [&event]).await?;
        tx.remember(ctx, &command, draw.id, &draw).await?;
        tx.commit().await?;
        Ok(draw)
    }

    /// The warranty of a part of a building, by the terms of the day on which it began and not of today; none where it
    /// has not begun, or the law did not know it yet.
    fn warranty(&self, part: SharedPart, site: &Site) -> Result<Option<Warranty>, AppError> {
        let shared = match part {
            SharedPart::RoofWaterproofing => rules::SharedPart::RoofWaterproofing,
            SharedPart::Structure => rules::SharedPart::Structure,
            SharedPart::Lift => rules::SharedPart::Lift,
            SharedPart::WiringAndPipes => rules::SharedPart::WiringAndPipes,
            SharedPart::FireEquipment => rules::SharedPart::FireEquipment,
            SharedPart::Other => rules::SharedPart::Other,
        };
        for (start, begins_on) in site.starts(part) {
            let terms = match self.rules.warranty_at(begins_on) {
                Ok(terms) => terms,
                Err(RuleError::Missing { .. }) => continue,
                Err(error) => return Err(rules_missing(error)),
            };
            let ruled = terms.months(shared);
            return Ok(Some(Warranty {
                start,
                begins_on,
                months: site.months(part, ruled.value),
                article: ruled.article.clone(),
            }));
        }
        Ok(None)
    }
}
