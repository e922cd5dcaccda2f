//! Showing somebody of a firm in clear, and who looked: the look is recorded in the transaction whose end lets the answer
//! leave.

use std::fmt;

use access::{Resource, Role};
use ids::{DivisionCode, LookId, StaffId};
use rpc::{CallContext, General, Page};
use serde::Serialize;

use super::{firm_resource, publish};
use crate::app::looks::reason_of;
use crate::app::{App, after_id, area_resource};
use crate::domain::firm::event::FirmEvent;
use crate::domain::firm::refusal::Refusal;
use crate::domain::firm::staff::StaffMember;
use crate::domain::look::{Look, LookKind, Seen};
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::error::AppError;
use crate::store::{Readable, areas, divisions, looks, staff};

/// Whom to show.
#[derive(Debug, Clone, Serialize)]
pub struct RevealStaff {
    /// They.
    pub staff_id: StaffId,
}

/// Somebody of a firm in clear. Personal data: `Debug` shows the ids only, and it cannot be serialised into a table.
#[derive(Clone)]
pub struct RevealedStaff {
    /// They.
    pub staff_id: StaffId,
    /// Name.
    pub name: String,
    /// Mobile number; none where none is recorded.
    pub mobile: Option<String>,
    /// The look as it was recorded.
    pub look_id: LookId,
}

impl fmt::Debug for RevealedStaff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RevealedStaff")
            .field("staff_id", &self.staff_id)
            .field("look_id", &self.look_id)
            .finish_non_exhaustive()
    }
}

impl App {
    /// Shows somebody of a firm in clear and records who looked, in which role, when, why and at what. A repeat with the
    /// same key is asked for permission anew and counted with the first look: nothing in clear is ever remembered.
    ///
    /// # Errors
    /// `REASON_MISSING`, `STAFF_NOT_FOUND`, `CONFLICT`; `NOT_ALLOWED` to who is neither the firm, nor the authority, nor an
    /// officer of an area of which they are project manager.
    pub async fn reveal_staff(
        &self,
        ctx: &CallContext,
        command: RevealStaff,
    ) -> Result<RevealedStaff, AppError> {
        let reason = reason_of(ctx)?;
        let id = command.staff_id;
        let mut tx = self.store.begin_write().await?;
        let (before, city, role) = self.staff_to_reveal(tx.connection(), ctx, id).await?;
        let clear = tx.staff_in_clear(&self.sealer, id).await?;
        let (name, mobile) = clear.ok_or_else(|| General::Internal {
            source: "somebody who was just read is gone".into(),
        })?;
        let look_id = match tx.replay::<LookId>(ctx, &command).await? {
            Some(first) => {
                tx.repeat_look(first, self.clock.now()).await?;
                first
            }
            None => {
                let fields: &[&str] = match mobile {
                    Some(_) => &["name", "mobile"],
                    None => &["name"],
                };
                let seen = (Seen::Staff(id), LookKind::Revealed);
                let look = self.look(ctx, &role, seen, reason, fields);
                let staff = before.seen();
                tx.save_staff(&staff).await?;
                tx.insert_look(&self.sealer, &look).await?;
                let event = FirmEvent::StaffLookedAt {
                    staff,
                    look_id: look.id,
                    role: look.role,
                    fields: look.fields,
                };
                publish(&mut tx, ctx, city, event).await?;
                tx.remember(ctx, &command, id, &look.id).await?;
                look.id
            }
        };
        tx.commit().await?;
        Ok(RevealedStaff {
            staff_id: id,
            name,
            mobile,
            look_id,
        })
    }

    /// A page of the looks at somebody of a firm, the newest first, and the token of the next: for the firm, and the
    /// auditor of the city.
    ///
    /// # Errors
    /// `STAFF_NOT_FOUND`, `NOT_ALLOWED`, `PAGE_TOKEN_INVALID`.
    pub async fn list_staff_looks(
        &self,
        ctx: &CallContext,
        id: StaffId,
        page: Page,
    ) -> Result<(Vec<Look>, String), AppError> {
        let before = after_id(&page)?;
        let snapshot = self.store.begin_read().await?;
        self.staff_for(&snapshot, ctx, id).await?;
        let seen = Seen::Staff(id);
        let mut found = looks::list(&snapshot, &self.sealer, seen, before, page.limit()).await?;
        let next = page.next(&mut found, |look| look.id.to_string());
        Ok((found, next))
    }

    /// Somebody of a firm whom the caller may see in clear, with the city the firm is registered in and the role by which
    /// the caller may: as one of the firm, or as project manager of an area.
    async fn staff_to_reveal(
        &self,
        connection: &impl Readable,
        ctx: &CallContext,
        id: StaffId,
    ) -> Result<(StaffMember, DivisionCode, String), AppError> {
        let found = staff::find(connection, id).await?;
        let somebody = found.ok_or(Refusal::StaffNotFound)?;
        let city = divisions::city(connection).await?;
        let of_firm = firm_resource(somebody.firm_id, city);
        let mut asked = vec![of_firm.clone()];
        for area in areas::find_many(connection, &somebody.area_ids).await?.values() {
            let resource = area_resource(area, None);
            asked.push(self.in_present_place(connection, resource).await?);
        }
        let may = |resource: &&Resource| self.access.allows(&ctx.actor, ctx.action, resource);
        let resource = asked.iter().find(may).unwrap_or(&of_firm);
        ctx.permit(&self.access, resource, || {
            AnyRefusal::from(Refusal::StaffNotFound)
        })?;
        let role = self.access.acting_role(&ctx.actor, ctx.action, resource);
        let role = role.map_or(ctx.actor.acting_role(), Role::as_str);
        Ok((somebody, city, role.to_owned()))
    }
}
