//! Somebody who acts for one of the areas, or the authority, proposes a regrouping.

use std::collections::BTreeMap;

use access::Resource;
use ids::{AreaId, DivisionCode, RegroupingId};
use rpc::CallContext;
use serde::Serialize;

use super::record;
use crate::app::App;
use crate::app::delineation::apply_for_delineation::refuse_taken;
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::domain::regrouping::plan::{Facts, Plan};
use crate::domain::regrouping::refusal::Refusal;
use crate::domain::regrouping::{Proposal, Regrouping};
use crate::error::AppError;
use crate::store::{Tx, regroupings};

/// A proposal.
#[derive(Debug, Clone, Serialize)]
pub struct ProposeRegrouping {
    /// What is proposed.
    pub proposal: Proposal,
}

impl App {
    /// Records a proposal that could be carried out as the areas stand today. Its consents are to be collected then.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `NOT_ALLOWED`, `AREA_ENDED`, `AREA_REGROUPING_OPEN`, `DIVISION_NOT_A_COMMUNITY`,
    /// `AREA_NUMBER_TAKEN`, `CONFLICT`, and as [`Plan::moves`].
    pub async fn propose_regrouping(
        &self,
        ctx: &CallContext,
        command: ProposeRegrouping,
    ) -> Result<Regrouping, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let proposal = command.proposal.clone();
        let id = RegroupingId::generate();
        let facts = self.regrouping_facts(&tx, &proposal.plan).await?;
        let mut resources: Vec<Resource> = Vec::with_capacity(facts.len());
        for facts in facts.values() {
            let area = &facts.area;
            resources.push(self.regrouping_resource(tx.connection(), ctx, id, area).await?);
        }
        let through = self.permit_through(ctx, &resources, || AnyRefusal::AreaNotFound)?;
        let proposed_for = through.area.and_then(|id| facts.get(&id));
        let proposed_for = proposed_for.ok_or(AnyRefusal::AreaNotFound)?;
        let proposed_for = (proposed_for.area.id, proposed_for.area.division);
        if regroupings::is_open_in(tx.connection(), facts.keys().copied()).await? {
            return Err(Refusal::AreaRegroupingOpen.into());
        }
        self.check_new_area(&tx, &proposal.plan).await?;
        let (after, event) = Regrouping::propose(
            id,
            proposal,
            proposed_for,
            &facts,
            &self.regrouping_term()?,
            self.today(),
        )?;
        record(&mut tx, ctx, event, &places(&facts)).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// Refuses a new area that cannot be one: its number is taken, or it lies in no community of today.
    pub(super) async fn check_new_area(&self, tx: &Tx, plan: &Plan) -> Result<(), AppError> {
        match plan {
            Plan::Split { new, .. } => {
                self.check_place(tx.connection(), new.division).await?;
                refuse_taken(tx.connection(), &new.number).await
            }
            Plan::Adjust { .. } | Plan::Merge { .. } => Ok(()),
        }
    }
}

fn places(facts: &Facts) -> BTreeMap<AreaId, DivisionCode> {
    facts
        .iter()
        .map(|(id, facts)| (*id, facts.area.division))
        .collect()
}
