//! Objections to a published roll: raised by owners, answered by the community or street, listed.

use ids::{ObjectionId, RollId};
use rpc::{CallContext, General, Page};
use serde::Serialize;

use super::publish_roll::happened;
use crate::app::{App, area_resource};
use crate::domain::refusal::Refusal as RegistryRefusal;
use crate::domain::roll::event::RollEvent;
use crate::domain::roll::objection::{Answer, Objection};
use crate::domain::roll::refusal::Refusal;
use crate::error::AppError;
use crate::store::{Readable, objections, published_rolls};

/// An objection.
#[derive(Debug, Clone, Serialize)]
pub struct RaiseObjection {
    /// To which roll.
    pub roll_id: RollId,
    /// What is wrong.
    pub text: String,
}

/// An answer.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerObjection {
    /// To which objection.
    pub objection_id: ObjectionId,
    /// Whether the roll was wrong.
    pub upheld: bool,
    /// The text.
    pub answer: String,
}

impl App {
    /// Records an owner's objection.
    ///
    /// # Errors
    /// `ROLL_NOT_FOUND`, `NOT_ALLOWED`, `ROLL_NOT_PUBLISHED`, `OBJECTIONS_TOO_MANY`, `CONFLICT`.
    pub async fn raise_objection(
        &self,
        ctx: &CallContext,
        command: RaiseObjection,
    ) -> Result<Objection, AppError> {
        let mut tx = self.store.begin_write().await?;
        // Texts are sealed: the memory of commands holds the id only.
        if let Some(first) = tx.replay(ctx, &command).await? {
            return self.objection(tx.connection(), first).await;
        }
        let mut roll = self.roll_for(tx.connection(), ctx, command.roll_id).await?;
        let owner_id = ctx.actor.owner_id.ok_or_else(|| General::NotAllowed {
            action: ctx.action.to_owned(),
        })?;
        if !roll.is_open(self.today()) {
            return Err(Refusal::RollNotPublished.into());
        }
        let (max, _) = self.parameter("roll_objections_max")?;
        let raised = objections::count_of(tx.connection(), roll.id, owner_id).await?;
        if i64::try_from(raised).unwrap_or(i64::MAX) >= max {
            return Err(Refusal::ObjectionsTooMany { max }.into());
        }
        let objection = Objection {
            id: ObjectionId::generate(),
            roll_id: roll.id,
            owner_id,
            text: command.text.clone(),
            raised_at: self.clock.now(),
            answer: None,
        };
        roll.version += 1;

        tx.save_roll(&roll).await?;
        tx.insert_objection(&self.sealer, &objection).await?;
        let event = RollEvent::ObjectionRaised {
            roll: roll.clone(),
            objection_id: objection.id,
        };
        tx.publish(ctx, [&happened(event, &roll)]).await?;
        tx.remember(ctx, &command, roll.id, &objection.id).await?;
        tx.commit().await?;
        Ok(objection)
    }

    /// Records the answer to an objection.
    ///
    /// # Errors
    /// `OBJECTION_NOT_FOUND`, `NOT_ALLOWED`, `OBJECTION_ANSWERED`, `CONFLICT`.
    pub async fn answer_objection(
        &self,
        ctx: &CallContext,
        command: AnswerObjection,
    ) -> Result<Objection, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return self.objection(tx.connection(), first).await;
        }
        let before = self.objection(tx.connection(), command.objection_id).await?;
        let roll = published_rolls::find(tx.connection(), before.roll_id).await?;
        let mut roll = roll.ok_or(Refusal::ObjectionNotFound)?;
        let (_, resource) = self.area_for(tx.connection(), ctx, roll.area_id).await?;
        ctx.permit(&self.access, &resource, || {
            RegistryRefusal::from(Refusal::ObjectionNotFound)
        })?;
        let answer = Answer {
            upheld: command.upheld,
            text: command.answer.clone(),
            at: self.clock.now(),
        };
        let after = before.answer(answer.clone())?;
        roll.version += 1;

        tx.save_roll(&roll).await?;
        tx.save_answer(&self.sealer, after.id, &answer).await?;
        let event = RollEvent::ObjectionAnswered {
            roll: roll.clone(),
            objection_id: after.id,
            upheld: answer.upheld,
        };
        tx.publish(ctx, [&happened(event, &roll)]).await?;
        tx.remember(ctx, &command, after.id, &after.id).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// A page of the objections to a roll, and the token of the next: all to whoever answers them, the own to an owner.
    ///
    /// # Errors
    /// `ROLL_NOT_FOUND`, `NOT_ALLOWED`, `PAGE_TOKEN_INVALID`.
    pub async fn list_objections(
        &self,
        ctx: &CallContext,
        roll_id: RollId,
        page: Page,
    ) -> Result<(Vec<Objection>, String), AppError> {
        let after = super::after_id(&page, "pageToken")?;
        let snapshot = self.store.begin_read().await?;
        let roll = self.roll_for(&snapshot, ctx, roll_id).await?;
        let (area, _) = self.area_for(&snapshot, ctx, roll.area_id).await?;
        // Whoever may only because of an own home sees the own ones.
        let without_homes = self
            .in_present_place(&snapshot, area_resource(&area, None))
            .await?;
        let all = self.access.allows(&ctx.actor, ctx.action, &without_homes);
        let of = if all { None } else { ctx.actor.owner_id };
        let mut found = objections::list(&snapshot, &self.sealer, roll_id, of, after, page.limit()).await?;
        let next = page.next(&mut found, |objection| objection.id.to_string());
        Ok((found, next))
    }

    async fn objection(&self, connection: &impl Readable, id: ObjectionId) -> Result<Objection, AppError> {
        let found = objections::find(connection, &self.sealer, id).await?;
        found.ok_or_else(|| Refusal::ObjectionNotFound.into())
    }
}
