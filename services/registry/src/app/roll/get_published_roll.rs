//! Reading published rolls: by anybody, while they are published.

use ids::{AreaId, RollId};
use rpc::{CallContext, Page};

use crate::app::App;
use crate::domain::roll::publication::{PublishedRoll, RollLine};
use crate::domain::roll::refusal::Refusal;
use crate::error::AppError;
use crate::store::{Snapshot, areas, published_rolls};

impl App {
    /// A page of the rolls of an area that are published now, and the token of the next; none of an area that is not.
    ///
    /// # Errors
    /// `PAGE_TOKEN_INVALID`.
    pub async fn list_published_rolls(
        &self,
        ctx: &CallContext,
        area_id: AreaId,
        page: Page,
    ) -> Result<(Vec<PublishedRoll>, String), AppError> {
        let after = super::after_id(&page, "pageToken")?;
        let snapshot = self.store.begin_read().await?;
        let known = match areas::find(&snapshot, area_id).await? {
            Some(area) => self
                .access
                .allows(&ctx.actor, ctx.action, &crate::app::area_resource(&area, None)),
            None => false,
        };
        if !known {
            return Ok((Vec::new(), String::new()));
        }
        let mut rolls =
            published_rolls::list_open(&snapshot, area_id, self.today(), after, page.limit()).await?;
        let next = page.next(&mut rolls, |roll| roll.id.to_string());
        Ok((rolls, next))
    }

    /// A published roll with a page of its lines as everybody sees them, and the token of the next.
    ///
    /// # Errors
    /// `ROLL_NOT_FOUND`, also before its first and after its last day; `PAGE_TOKEN_INVALID`.
    pub async fn get_published_roll(
        &self,
        ctx: &CallContext,
        id: RollId,
        page: Page,
    ) -> Result<(PublishedRoll, Vec<RollLine>, String), AppError> {
        let after = match &page.after {
            None => 0,
            Some(text) => text.parse().map_err(|_| super::token_invalid())?,
        };
        let snapshot = self.store.begin_read().await?;
        let roll = self.open_roll(&snapshot, ctx, id).await?;
        let mut lines = published_rolls::lines(&snapshot, id, after, page.limit()).await?;
        let next = page.next(&mut lines, |line| line.line.to_string());
        let shows_rooms = roll.shows_rooms;
        let lines = lines
            .into_iter()
            .map(|line| line.in_public(shows_rooms))
            .collect();
        Ok((roll, lines, next))
    }

    /// A roll that is to be seen today.
    ///
    /// # Errors
    /// `ROLL_NOT_FOUND`.
    pub(super) async fn open_roll(
        &self,
        connection: &Snapshot,
        ctx: &CallContext,
        id: RollId,
    ) -> Result<PublishedRoll, AppError> {
        let roll = published_rolls::find(connection, id).await?;
        let roll = roll
            .filter(|roll| roll.is_open(self.today()))
            .ok_or(Refusal::RollNotFound)?;
        let area = areas::find(connection, roll.area_id).await?;
        let area = area.ok_or(Refusal::RollNotFound)?;
        let resource = crate::app::area_resource(&area, None);
        if !self.access.allows(&ctx.actor, ctx.action, &resource) {
            return Err(Refusal::RollNotFound.into());
        }
        Ok(roll)
    }
}
