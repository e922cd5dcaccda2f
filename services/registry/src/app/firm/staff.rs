//! A firm employs people, and people leave.

use chrono::NaiveDate;
use ids::{DivisionCode, FirmId, StaffId};
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
use crate::store::{Readable, divisions, staff};

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
        let (before, city) = self.staff_for(tx.connection(), ctx, command.staff_id).await?;

        let after = before.end(command.left_on, self.today())?;

        tx.save_staff(&after).await?;
        tx.end_assignments(after.id, None, command.left_on).await?;
        publish(&mut tx, ctx, city, FirmEvent::StaffDeparted(after.clone())).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// Somebody of a firm to whom the caller may do this, with the city the firm is registered in.
    pub(super) async fn staff_for(
        &self,
        connection: &impl Readable,
        ctx: &CallContext,
        id: StaffId,
    ) -> Result<(StaffMember, DivisionCode), AppError> {
        let found = staff::find(connection, id).await?;
        let somebody = found.ok_or(Refusal::StaffNotFound)?;
        let city = divisions::city(connection).await?;
        ctx.permit(&self.access, &firm_resource(somebody.firm_id, city), || {
            AnyRefusal::from(Refusal::StaffNotFound)
        })?;
        Ok((somebody, city))
    }
}
