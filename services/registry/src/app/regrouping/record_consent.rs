//! An area agrees to a regrouping: its owners by a ballot, or its developer while nothing is handed over.

use std::collections::BTreeMap;

use access::Role;
use ids::{AreaId, BallotId, RegroupingId};
use rpc::{CallContext, General};
use serde::Serialize;

use super::{not_found, record};
use crate::app::App;
use crate::app::statutes::holidays;
use crate::domain::contract::{self, OTHER_MATTERS, Purpose};
use crate::domain::price;
use crate::domain::regrouping::refusal::Refusal;
use crate::domain::regrouping::{ConsentBy, Regrouping};
use crate::error::AppError;
use crate::store::homes;

/// A consent.
#[derive(Debug, Clone, Serialize)]
pub struct RecordRegroupingConsent {
    /// The regrouping.
    pub regrouping_id: RegroupingId,
    /// The area that agrees.
    pub area_id: AreaId,
    /// The owners' passed ballot; none where the developer agrees.
    pub ballot_id: Option<BallotId>,
}

impl App {
    /// Records the consent of one area, each ballot once.
    ///
    /// # Errors
    /// `REGROUPING_NOT_FOUND`, `NOT_ALLOWED`, those of the ballot, `CONFLICT`, and as [`Regrouping::consent`].
    pub async fn record_regrouping_consent(
        &self,
        ctx: &CallContext,
        command: RecordRegroupingConsent,
    ) -> Result<Regrouping, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (before, resources) = self
            .regrouping_for(tx.connection(), ctx, command.regrouping_id)
            .await?;
        let through = if before.plan.area_ids().contains(&command.area_id) {
            self.permit_for(ctx, &resources, command.area_id)?
        } else {
            // The regrouping itself says that it does not concern that area.
            self.permit_through(ctx, &resources, not_found)?
        };
        let progress = homes::progress(tx.connection(), command.area_id).await?;
        let has_owners = progress.delivered.is_positive();
        let is_firm = self.access.acting_role(&ctx.actor, ctx.action, through) == Some(Role::Firm);
        let by = match (command.ballot_id, ctx.actor.firm_id()) {
            (None, Some(firm_id)) if is_firm => ConsentBy::Developer(firm_id),
            (Some(ballot_id), _) if !is_firm => ConsentBy::Owners(ballot_id),
            (None, _) if has_owners => return Err(Refusal::AssemblyConsentNeeded.into()),
            (None, _) => return Err(Refusal::DeveloperConsentNeeded.into()),
            (Some(_), _) => {
                return Err(General::NotAllowed {
                    action: ctx.action.to_owned(),
                }
                .into());
            }
        };
        let (after, event) = before.consent(
            command.area_id,
            by,
            has_owners,
            &self.regrouping_term()?,
            holidays()?,
            self.today(),
        )?;
        if let ConsentBy::Owners(ballot_id) = by {
            let ballot = self
                .decision(
                    &tx,
                    ballot_id,
                    command.area_id,
                    &[OTHER_MATTERS],
                    Purpose::Regroup,
                )
                .await?;
            // Prices are another matter of the same item: the owners were not asked about the areas.
            if ballot.adjustment_id.is_some() {
                return Err(contract::Refusal::BallotOfOtherMatter { item: ballot.item }.into());
            }
            if tx.is_ballot_used(ballot_id, Purpose::Price).await? {
                return Err(contract::Refusal::BallotUsed.into());
            }
            // Nobody can agree to what is not proposed yet.
            if ballot.decided_on < after.proposed_on {
                return Err(price::Refusal::BallotBeforeRequest {
                    decided_on: ballot.decided_on,
                    asked_on: after.proposed_on,
                }
                .into());
            }
            tx.use_ballot(ballot_id, Purpose::Regroup, after.id).await?;
        }
        record(&mut tx, ctx, event, &BTreeMap::new()).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
