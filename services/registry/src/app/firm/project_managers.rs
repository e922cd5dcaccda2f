//! Who is project manager (项目经理) of an area: named by the firm that manages it, and no longer than it does.

use chrono::NaiveDate;
use ids::{AreaId, DivisionCode, StaffId};
use rpc::CallContext;
use serde::Serialize;

use super::publish;
use crate::app::App;
use crate::domain::area::Area;
use crate::domain::firm::event::FirmEvent;
use crate::domain::firm::refusal::Refusal;
use crate::domain::firm::staff::{Post, StaffMember};
use crate::error::AppError;
use crate::store::{Readable, Tx, area_managers, divisions, firm_records, staff};

/// A project manager for an area.
#[derive(Debug, Clone, Serialize)]
pub struct AssignManager {
    /// They.
    pub staff_id: StaffId,
    /// The area.
    pub area_id: AreaId,
    /// First day.
    pub assigned_on: NaiveDate,
}

impl App {
    /// Makes somebody project manager of an area that their firm manages; whoever is it gives way.
    ///
    /// # Errors
    /// `STAFF_NOT_FOUND`, `NOT_ALLOWED`, `FIRM_REVOKED`, `CONFLICT`, and as [`StaffMember::assign`].
    pub async fn assign_manager(
        &self,
        ctx: &CallContext,
        command: AssignManager,
    ) -> Result<StaffMember, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (before, city) = self.staff_for(tx.connection(), ctx, command.staff_id).await?;
        if let Some(firm) = firm_records::find(tx.connection(), before.firm_id).await? {
            firm.stands()?;
        }
        // Held, so that no merger ends it meanwhile; one that has ended is managed by no firm, and refused as such.
        let area = tx.hold_area(command.area_id).await?;
        let mut area = area.ok_or(Refusal::AreaNotManaged)?;
        // Another firm may manage it since this morning.
        self.settle(&mut tx, ctx, &mut area, None).await?;
        let post = post_of(tx.connection(), &area).await?;

        let assigned = before.assign(&post, command.assigned_on, self.today())?;

        if let Some(ended) = assigned.ended {
            let until = ended.until.unwrap_or(command.assigned_on);
            relieve(&mut tx, ctx, city, (ended.staff_id, area.id), until).await?;
        }
        tx.insert_assignment(&assigned.assignment).await?;
        let after = assigned.staff;
        tx.save_staff(&after).await?;
        let event = FirmEvent::ManagerAssigned {
            staff: after.clone(),
            area_id: area.id,
            from: command.assigned_on,
        };
        publish(&mut tx, ctx, city, event).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// Ends that somebody of a firm which does not manage an area any more is its project manager: the last day is that
    /// of their firm. `since` is the first day of the present manager, or of having none. Nothing happens where nobody is
    /// project manager, or somebody of the firm that manages the area.
    pub(in crate::app) async fn end_project_manager(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        area: &Area,
        since: NaiveDate,
    ) -> Result<(), AppError> {
        let present = staff::present_manager(tx.connection(), area.id).await?;
        let Some(present) = present.filter(|present| Some(present.firm_id) != area.manager_id) else {
            return Ok(());
        };
        let city = divisions::city(tx.connection()).await?;
        let until = present.last_day_before(since);
        relieve(tx, ctx, city, (present.staff_id, area.id), until).await
    }
}

/// The post of project manager of an area, as it is to be had now.
async fn post_of(connection: &impl Readable, area: &Area) -> Result<Post, AppError> {
    let last = staff::last_ended(connection, area.id).await?;
    let managed_since = area_managers::present_since(connection, area.id).await?;
    Ok(Post {
        area_id: area.id,
        manager_id: area.manager_id,
        present: staff::present_manager(connection, area.id).await?,
        free_from: last.and_then(|last| last.succ_opt()).max(managed_since),
    })
}

/// Ends the assignment of somebody to an area with a last day, and tells it.
async fn relieve(
    tx: &mut Tx,
    ctx: &CallContext,
    city: DivisionCode,
    (staff_id, area_id): (StaffId, AreaId),
    until: NaiveDate,
) -> Result<(), AppError> {
    tx.end_assignments(staff_id, Some(area_id), until).await?;
    let Some(before) = staff::find(tx.connection(), staff_id).await? else {
        return Ok(());
    };
    let staff = before.give_way(area_id);
    tx.save_staff(&staff).await?;
    let event = FirmEvent::ManagerReplaced {
        staff,
        area_id,
        until,
    };
    publish(tx, ctx, city, event).await
}
