//! Listing ballots: only what the caller may see, newest first.

use access::{Principal, Resource, Role};
use chrono::DateTime;
use ids::{AreaId, BallotId, DrawId, PriceAdjustmentId};
use rpc::{CallContext, General, Invalid, Page};

use super::App;
use crate::error::AppError;
use crate::store::{BallotFilter, BallotView, Visibility};

/// Bytes of text on a page, well under the message limit: a page of long proposals ends early.
const PAGE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Which ballots to list.
#[derive(Clone, Debug)]
pub struct ListBallots {
    /// Only those of this area.
    pub area_id: Option<AreaId>,
    /// Only those in the state of this name.
    pub state: Option<&'static str>,
    /// Only the one of this draw.
    pub draw_id: Option<DrawId>,
    /// Only the one of this price adjustment.
    pub adjustment_id: Option<PriceAdjustmentId>,
    /// Which page.
    pub page: Page,
}

impl App {
    /// A page of the ballots that the caller may see, with the token of the next.
    ///
    /// # Errors
    /// `NOT_ALLOWED` for a role that has nothing to do with ballots; `PAGE_TOKEN_INVALID`.
    pub async fn list_ballots(
        &self,
        ctx: &CallContext,
        query: ListBallots,
    ) -> Result<(Vec<BallotView>, String), AppError> {
        let not_allowed = || {
            AppError::from(General::NotAllowed {
                action: ctx.action.to_owned(),
            })
        };
        if !self.access.allows(&ctx.actor, ctx.action, &Resource::city()) {
            return Err(not_allowed());
        }
        let after = query.page.after.as_deref().map(read_key).transpose()?;
        let filter = BallotFilter {
            area_id: query.area_id,
            state: query.state,
            draw_id: query.draw_id,
            adjustment_id: query.adjustment_id,
            after,
        };
        let visibility = self.visibility(&ctx.actor).await?;
        let mut rows = self
            .store
            .list_ballots(&visibility, &filter, query.page.limit())
            .await?;
        let page = Page {
            size: fitting(&rows).min(query.page.size),
            ..query.page
        };
        let next = page.next(&mut rows, key);
        Ok((rows, next))
    }

    /// What the policies on reading ballots say, as a filter: each role opens what it opens, nothing takes away.
    async fn visibility(&self, actor: &Principal) -> Result<Visibility, AppError> {
        let is_officer = [Role::Community, Role::Street, Role::Authority, Role::Auditor]
            .into_iter()
            .any(|role| actor.has_role(role));
        let divisions = match actor.jurisdiction.filter(|_| is_officer) {
            Some(division) => self.territory(&self.store.mergers().await?, division),
            None => Vec::new(),
        };
        Ok(Visibility {
            divisions,
            owner_id: actor.owner_id.filter(|_| actor.has_role(Role::Owner)),
            firm_id: actor.firm_id().filter(|_| actor.has_role(Role::Firm)),
            area_id: actor.area_id().filter(|_| actor.has_role(Role::CommitteeMember)),
        })
    }
}

/// How many ballots from the first fit on a page; at least one.
fn fitting(rows: &[BallotView]) -> u64 {
    let mut bytes = 0_usize;
    let fit = rows.iter().take_while(|row| {
        bytes = bytes
            .saturating_add(row.ballot.text.len())
            .saturating_add(row.ballot.title.len());
        bytes <= PAGE_BYTES_MAX
    });
    u64::try_from(fit.count()).unwrap_or(u64::MAX).max(1)
}

/// Where a ballot stands in the list.
fn key(row: &BallotView) -> String {
    format!("{}/{}", row.ballot.prepared_at.timestamp_micros(), row.ballot.id)
}

fn read_key(key: &str) -> Result<(DateTime<chrono::Utc>, BallotId), Invalid> {
    let read = || {
        let (micros, id) = key.split_once('/')?;
        let prepared_at = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
        Some((prepared_at, id.parse().ok()?))
    };
    read().ok_or_else(|| {
        Invalid::new(
            "pageToken",
            "PAGE_TOKEN_INVALID",
            "is not one that we sent",
            "不是本系统返回的分页标记",
        )
    })
}
