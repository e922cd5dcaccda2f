//! Looking whether the first assembly of an area is to be prepared: after every hand-over, on the day after a table of
//! homes came in, and when the time since the first hand-over is enough.

use calendar::start_of_day;
use ids::AreaId;
use rpc::{CallContext, General};

use super::App;
use crate::domain::area::Area;
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::set_up::{Finding, SetUp, SetUpRules, examine};
use crate::error::AppError;
use crate::store::{Tx, homes, set_ups};

/// Name of the deadline on which an area is looked at.
pub const EXAMINE_SET_UP: &str = "examine_set_up";

impl App {
    /// The deadline of an area: looks at it, once.
    ///
    /// # Errors
    /// Where the store does not answer; the deadline is then tried again.
    pub async fn examine_set_up(&self, ctx: &CallContext, area_id: AreaId) -> Result<(), AppError> {
        let mut tx = self.store.begin_write().await?;
        if !tx.first_time(ctx).await? {
            return Ok(());
        }
        if let Some(area) = tx.hold_area(area_id).await? {
            self.examine_set_up_of(&mut tx, ctx, area).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Looks at an area in the transaction that changed its homes, which holds it, and held it before any building: two that
    /// hold them the other way round would wait for each other. What was told once is not told again.
    pub(super) async fn examine_set_up_of(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        mut area: Area,
    ) -> Result<(), AppError> {
        if set_ups::find(tx.connection(), area.id).await?.is_some() {
            return Ok(());
        }
        let progress = homes::progress(tx.connection(), area.id).await?;
        let (rules, today) = (self.set_up_rules()?, self.today());
        match examine(&progress, &rules, today) {
            Finding::Waits => {}
            Finding::WaitsUntil(day) => {
                tx.unschedule(EXAMINE_SET_UP, area.id).await?;
                tx.schedule(ctx, EXAMINE_SET_UP, area.id, start_of_day(day))
                    .await?;
            }
            Finding::Due(condition) => {
                tx.unschedule(EXAMINE_SET_UP, area.id).await?;
                tx.insert_set_up(area.id, condition, today).await?;
                area.version += 1;
                tx.save_area_version(&area).await?;
                let happened = Happened {
                    division: area.division,
                    version: area.version,
                    event: RegistryEvent::SetUpDue(SetUp {
                        area_id: area.id,
                        progress,
                        due: Some((condition, today)),
                        article: rules.article,
                    }),
                };
                tx.publish(ctx, [&happened]).await?;
            }
        }
        Ok(())
    }

    /// The numbers of today.
    pub(super) fn set_up_rules(&self) -> Result<SetUpRules, AppError> {
        let read = || {
            let rules = self.rules.at(self.today())?;
            let share = rules.parameter("setup_delivered_percent")?;
            Ok::<_, rules::RuleError>(SetUpRules {
                delivered_percent: share.value,
                late_months: u32::try_from(rules.parameter("setup_late_months")?.value).unwrap_or(u32::MAX),
                late_delivered_percent: rules.parameter("setup_late_delivered_percent")?.value,
                article: share.article.clone(),
            })
        };
        read().map_err(|error| {
            General::Internal {
                source: Box::new(error),
            }
            .into()
        })
    }
}
