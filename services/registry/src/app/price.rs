//! Prices of property service: the use cases, one a file, and what they share.
//!
//! Every change holds the area's row until the commit, so that the prices of an area are changed by one transaction at
//! a time.

use access::{Resource, ResourceKind};
use calendar::start_of_day;
use ids::{Id, Kind, PriceAdjustmentId};
use rpc::{CallContext, General, Invalid};

use super::{App, area_resource};
use crate::domain::area::Area;
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::price::{Adjustment, Changed, Event, FeeStandard, Refusal, What};
use crate::error::AppError;
use crate::store::{Readable, Tx, areas, homes, price_adjustments};

pub mod decide_price_adjustment;
pub mod get_price_adjustment;
pub mod get_price_index;
pub mod get_price_rules;
pub mod list_fee_standards;
pub mod list_price_adjustments;
pub mod look_at_adjustment;
pub mod propose_price_adjustment;
pub mod publish_price_adjustment;
pub mod record_fee_standard;
pub mod record_satisfaction;
pub mod request_price_ballot;
pub mod withdraw_price_adjustment;

use look_at_adjustment::LOOK_AT_ADJUSTMENT;

impl App {
    /// An adjustment that the caller may do this to, and its area, held.
    async fn held_adjustment(
        &self,
        tx: &Tx,
        ctx: &CallContext,
        id: PriceAdjustmentId,
    ) -> Result<(Area, Adjustment), AppError> {
        let (unheld, resource) = self.adjustment_for(tx.connection(), ctx, id).await?;
        ctx.permit(&self.access, &resource, || Refusal::AdjustmentNotFound.into())?;
        let area = tx.hold_area(unheld.area_id).await?;
        let area = area.ok_or_else(|| General::Internal {
            source: format!("{id} is of no area").into(),
        })?;
        // Somebody may have changed it before the area was held.
        let adjustment = price_adjustments::find(tx.connection(), id).await?;
        Ok((area, adjustment.ok_or(Refusal::AdjustmentNotFound)?))
    }

    /// The same, of the firm that manages the area now.
    async fn held_adjustment_of_manager(
        &self,
        tx: &Tx,
        ctx: &CallContext,
        id: PriceAdjustmentId,
    ) -> Result<(Area, Adjustment), AppError> {
        let (area, adjustment) = self.held_adjustment(tx, ctx, id).await?;
        if area.manager_id == Some(adjustment.firm_id) {
            Ok((area, adjustment))
        } else {
            Err(Refusal::AdjustmentFirmReplaced.into())
        }
    }

    /// An adjustment that exists, as the policies see it for this caller.
    async fn adjustment_for(
        &self,
        connection: &impl Readable,
        ctx: &CallContext,
        id: PriceAdjustmentId,
    ) -> Result<(Adjustment, Resource), AppError> {
        let adjustment = price_adjustments::find(connection, id).await?;
        let adjustment = adjustment.ok_or(Refusal::AdjustmentNotFound)?;
        let area = areas::find(connection, adjustment.area_id).await?;
        let area = area.ok_or_else(|| General::Internal {
            source: format!("{id} is of no area").into(),
        })?;
        let own = match ctx.actor.owner_id {
            Some(owner_id) if homes::has_home(connection, owner_id, area.id).await? => Some(owner_id),
            _ => None,
        };
        let resource = Resource::new(ResourceKind::Adjustment, adjustment.id)
            .with_division(area.division)
            .with_area(area.id)
            // The firm that proposed it, whoever manages the area now.
            .with_manager(adjustment.firm_id)
            .with_owners(own);
        Ok((adjustment, resource))
    }

    /// Saves what was decided of an adjustment, tells it, and sets its next deadline.
    async fn save_changed(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        (after, what): Changed,
    ) -> Result<Adjustment, AppError> {
        tx.save_adjustment(&after).await?;
        tx.unschedule(LOOK_AT_ADJUSTMENT, after.id).await?;
        if let Some(day) = after.next_on() {
            tx.schedule(ctx, LOOK_AT_ADJUSTMENT, after.id, start_of_day(day))
                .await?;
        }
        tx.publish(ctx, [&of_adjustment(what, &after)]).await?;
        Ok(after)
    }

    /// Records a standard, and how the one before it ends.
    async fn put_standard(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        standard: &FeeStandard,
        ended: Option<&FeeStandard>,
    ) -> Result<(), AppError> {
        if let Some(ended) = ended {
            // First: of one kind of homes one standard is the last.
            tx.save_standard_end(ended).await?;
            tx.publish(ctx, [&of_standard(ended, Event::StandardEnded)])
                .await?;
        }
        tx.insert_standard(standard).await?;
        tx.publish(ctx, [&of_standard(standard, Event::StandardRecorded)])
            .await?;
        Ok(())
    }
}

fn of_adjustment(what: What, adjustment: &Adjustment) -> Happened {
    Happened {
        division: adjustment.division,
        version: adjustment.version,
        event: RegistryEvent::Price(Event::Adjustment(what, Box::new(adjustment.clone()))),
    }
}

fn of_standard(standard: &FeeStandard, event: impl FnOnce(FeeStandard) -> Event) -> Happened {
    Happened {
        division: standard.division,
        version: standard.version,
        event: RegistryEvent::Price(event(standard.clone())),
    }
}

/// The key of a page token, which we wrote ourselves.
fn page_key<K: Kind>(text: &str) -> Result<Id<K>, Invalid> {
    text.parse().map_err(|_| {
        Invalid::new(
            "pageToken",
            "PAGE_TOKEN_INVALID",
            "is not one that we sent",
            "不是本系统返回的分页标记",
        )
    })
}
