//! A firm employs people, names project managers (项目经理), and people leave.

use chrono::NaiveDate;
use ids::{AreaId, DivisionCode, FirmId, StaffId};
use rpc::CallContext;
use sealing::{mask_mobile, mask_name};
use serde::Serialize;

use super::{firm_resource, publish};
use crate::app::App;
use crate::domain::firm::event::FirmEvent;
use crate::domain::firm::record::has_come;
use crate::domain::firm::refusal::Refusal;
use crate::domain::firm::staff::{StaffMember, StaffRole};
use crate::domain::personal::Personal;
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::error::AppError;
use crate::store::{Tx, divisions, firm_records, staff};

/// Somebody to employ.
#[derive(Debug, Clone, Serialize)]
pub struct EmployStaff {
    /// The firm.
    pub firm_id: FirmId,
    /// Name in clear.
    #[serde(skip)]
    pub name: Personal,
    /// What they do.
    pub role: StaffRole,
    /// Mobile number in clear; may be empty.
    #[serde(skip)]
    pub mobile: Personal,
    /// First day.
    pub employed_on: NaiveDate,
}

/// Somebody who left.
#[derive(Debug, Clone, Serialize)]
pub struct EndEmployment {
    /// They.
    pub staff_id: StaffId,
    /// Last day.
    pub left_on: NaiveDate,
}

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
    /// Records that a firm employs somebody. Two people may have one name, so nobody is known already.
    ///
    /// # Errors
    /// `FIRM_NOT_FOUND`, `NOT_ALLOWED`, `FIRM_REVOKED`, `DAY_IN_THE_FUTURE`.
    pub async fn employ_staff(
        &self,
        ctx: &CallContext,
        command: EmployStaff,
    ) -> Result<StaffMember, AppError> {
        let mut tx = self.store.begin_write().await?;
        let (name, mobile) = (&command.name, &command.mobile);
        let remembered = (&command, self.fingerprint(&[name, mobile]));
        if let Some(first) = tx.replay(ctx, &remembered).await? {
            return Ok(first);
        }
        let (firm, city) = self.firm_for(tx.connection(), ctx, command.firm_id).await?;
        firm.stands()?;
        has_come(command.employed_on, self.today())?;

        let somebody = StaffMember {
            id: StaffId::generate(),
            firm_id: command.firm_id,
            name: mask_name(name.expose()),
            role: command.role,
            mobile: match mobile.is_empty() {
                true => String::new(),
                false => mask_mobile(mobile.expose()),
            },
            employed_on: command.employed_on,
            left_on: None,
            area_ids: Vec::new(),
            version: 1,
        };

        tx.insert_staff(&self.sealer, &somebody, name, mobile).await?;
        publish(&mut tx, ctx, city, FirmEvent::StaffEmployed(somebody.clone())).await?;
        tx.remember(ctx, &remembered, somebody.id, &somebody).await?;
        tx.commit().await?;
        Ok(somebody)
    }

    /// Records that somebody left, and that they are project manager of no area any more.
    ///
    /// # Errors
    /// `STAFF_NOT_FOUND`, `NOT_ALLOWED`, `CONFLICT`, and as [`StaffMember::end`].
    pub async fn end_employment(
        &self,
        ctx: &CallContext,
        command: EndEmployment,
    ) -> Result<StaffMember, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (before, city) = self.staff_for(&tx, ctx, command.staff_id).await?;

        let after = before.end(command.left_on, self.today())?;

        tx.save_staff(&after).await?;
        tx.end_assignments(after.id, None, command.left_on).await?;
        publish(&mut tx, ctx, city, FirmEvent::StaffDeparted(after.clone())).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }

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
        let (before, city) = self.staff_for(&tx, ctx, command.staff_id).await?;
        if let Some(firm) = firm_records::find(tx.connection(), before.firm_id).await? {
            firm.stands()?;
        }
        // Held, so that no merger ends it meanwhile; one that has ended is managed by no firm, and refused as such.
        let area = tx.hold_area(command.area_id).await?;
        let area = area.ok_or(Refusal::AreaNotManaged)?;
        let present = staff::present_manager(tx.connection(), area.id).await?;

        let assigned = before.assign(
            area.id,
            area.manager_id,
            present.as_ref(),
            command.assigned_on,
            self.today(),
        )?;

        if let Some(ended) = assigned.ended {
            let until = ended.until.unwrap_or(command.assigned_on);
            tx.end_assignments(ended.staff_id, Some(area.id), until).await?;
            if let Some(other) = staff::find(tx.connection(), ended.staff_id).await? {
                let other = other.give_way(area.id);
                tx.save_staff(&other).await?;
                let event = FirmEvent::ManagerReplaced {
                    staff: other,
                    area_id: area.id,
                    until,
                };
                publish(&mut tx, ctx, city, event).await?;
            }
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

    async fn staff_for(
        &self,
        tx: &Tx,
        ctx: &CallContext,
        id: StaffId,
    ) -> Result<(StaffMember, DivisionCode), AppError> {
        let found = staff::find(tx.connection(), id).await?;
        let somebody = found.ok_or(Refusal::StaffNotFound)?;
        let city = divisions::city(tx.connection()).await?;
        ctx.permit(&self.access, &firm_resource(somebody.firm_id, city), || {
            AnyRefusal::from(Refusal::StaffNotFound)
        })?;
        Ok((somebody, city))
    }
}
