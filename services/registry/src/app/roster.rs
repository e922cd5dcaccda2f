//! Rosters of mediators and experts: enrolling, changing, suspending, removing, reading.

use access::{Resource, ResourceKind};
use chrono::NaiveDate;
use ids::{CreditCode, DivisionCode, RosterMemberId};
use rpc::{CallContext, General, Page};
use sealing::{mask_mobile, mask_name};
use serde::Serialize;

use super::{App, after_id};
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::personal::Personal;
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::domain::roster::refusal::Refusal;
use crate::domain::roster::{Change, RosterEvent, RosterKind, RosterMember, Standing};
use crate::error::AppError;
use crate::store::{Readable, Tx, divisions, rosters};

pub use crate::store::rosters::Filter;

/// Somebody to put on a roster.
#[derive(Debug, Clone, Serialize)]
pub struct EnrolRosterMember {
    /// Which roster.
    pub kind: RosterKind,
    /// Name in clear.
    #[serde(skip)]
    pub name: Personal,
    /// Profession.
    pub profession: String,
    /// Who employs them.
    pub employer: Option<CreditCode>,
    /// Mobile number in clear.
    #[serde(skip)]
    pub mobile: Personal,
    /// Where a mediator mediates; none for an expert.
    pub division: Option<DivisionCode>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_until: NaiveDate,
}

/// New particulars; what is none stays.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeRosterMember {
    /// The member.
    pub id: RosterMemberId,
    /// Profession.
    pub profession: Option<String>,
    /// Who employs them; some none where nobody does any more.
    pub employer: Option<Option<CreditCode>>,
    /// Mobile number in clear; empty leaves it.
    #[serde(skip)]
    pub mobile: Personal,
    /// Last day.
    pub valid_until: Option<NaiveDate>,
}

/// How a member stands from now on.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeStanding {
    /// The member.
    pub id: RosterMemberId,
    /// What is done.
    pub step: Step,
}

/// What is done with a member's standing.
#[derive(Debug, Clone, Serialize)]
pub enum Step {
    /// Suspended, for this reason.
    Suspend(String),
    /// A suspension ends.
    Reinstate,
    /// Off the roster for good, for this reason.
    Remove(String),
}

/// Under this action a member of a roster is read.
const READ_MEMBER: &str = "registry.GetRosterMember";

/// Somebody on a roster, as the policies see them. The association has to do with mediators only.
fn roster_resource(id: RosterMemberId, kind: RosterKind, division: DivisionCode) -> Resource {
    let of_association = match kind {
        RosterKind::Mediator => true,
        RosterKind::Expert => false,
    };
    Resource::new(ResourceKind::RosterMember, id)
        .with_division(division)
        .with_association(of_association)
}

impl App {
    /// Puts somebody on a roster. An expert serves the whole city.
    ///
    /// # Errors
    /// `NOT_ALLOWED`, `DIVISION_UNKNOWN`, `VALIDITY_REVERSED`, `ROSTER_MEMBER_KNOWN`, `CONFLICT`.
    pub async fn enrol_roster_member(
        &self,
        ctx: &CallContext,
        command: EnrolRosterMember,
    ) -> Result<RosterMember, AppError> {
        let mut tx = self.store.begin_write().await?;
        let (name, mobile) = (&command.name, &command.mobile);
        let remembered = (&command, self.fingerprint(&[name, mobile]));
        if let Some(first) = tx.replay(ctx, &remembered).await? {
            return Ok(first);
        }
        let division = match (command.kind, command.division) {
            (RosterKind::Mediator, Some(division)) => division,
            (RosterKind::Expert | RosterKind::Mediator, _) => divisions::city(tx.connection()).await?,
        };
        let id = RosterMemberId::generate();
        ctx.permit(
            &self.access,
            &roster_resource(id, command.kind, division),
            unknown,
        )?;
        if divisions::find_many(tx.connection(), &[division])
            .await?
            .is_empty()
        {
            return Err(Refusal::DivisionUnknown.into());
        }

        let member = RosterMember {
            id,
            kind: command.kind,
            name: mask_name(name.expose()),
            profession: command.profession.clone(),
            employer: command.employer.clone(),
            mobile: mask_mobile(mobile.expose()),
            conflict_token: rosters::conflict_token(&self.sealer, mobile),
            division,
            valid_from: command.valid_from,
            valid_until: command.valid_until,
            standing: Standing::Active,
            version: 1,
        }
        .check()?;
        if tx
            .knows_roster_member(member.kind, &member.conflict_token)
            .await?
        {
            return Err(Refusal::RosterMemberKnown.into());
        }

        tx.insert_roster_member(&self.sealer, &member, name, mobile)
            .await?;
        publish(&mut tx, ctx, RosterEvent::Enrolled(member.clone())).await?;
        tx.remember(ctx, &remembered, member.id, &member).await?;
        tx.commit().await?;
        Ok(member)
    }

    /// Changes particulars of a member.
    ///
    /// # Errors
    /// `ROSTER_MEMBER_NOT_FOUND`, `NOT_ALLOWED`, `ROSTER_MEMBER_KNOWN` where the new number is somebody else's,
    /// `CONFLICT`, and as [`RosterMember::change`].
    pub async fn change_roster_member(
        &self,
        ctx: &CallContext,
        command: ChangeRosterMember,
    ) -> Result<RosterMember, AppError> {
        let mut tx = self.store.begin_write().await?;
        let remembered = (&command, self.fingerprint(&[&command.mobile]));
        if let Some(first) = tx.replay(ctx, &remembered).await? {
            return Ok(first);
        }
        let before = self.roster_member_for(tx.connection(), ctx, command.id).await?;
        let mobile = Some(&command.mobile).filter(|mobile| !mobile.is_empty());
        let change = Change {
            profession: command.profession.clone(),
            employer: command.employer.clone(),
            mobile: mobile.map(|mobile| {
                let token = rosters::conflict_token(&self.sealer, mobile);
                (mask_mobile(mobile.expose()), token)
            }),
            valid_until: command.valid_until,
        };
        let had = before.conflict_token.clone();

        let after = before.change(change)?;
        if after.conflict_token != had && tx.knows_roster_member(after.kind, &after.conflict_token).await? {
            return Err(Refusal::RosterMemberKnown.into());
        }

        tx.save_roster_member(&self.sealer, &after, mobile, None).await?;
        publish(&mut tx, ctx, RosterEvent::Changed(after.clone())).await?;
        tx.remember(ctx, &remembered, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// Suspends, reinstates or removes a member.
    ///
    /// # Errors
    /// `ROSTER_MEMBER_NOT_FOUND`, `NOT_ALLOWED`, `CONFLICT`, and as [`RosterMember::suspend`],
    /// [`RosterMember::reinstate`] and [`RosterMember::remove`].
    pub async fn change_standing(
        &self,
        ctx: &CallContext,
        command: ChangeStanding,
    ) -> Result<RosterMember, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let before = self.roster_member_for(tx.connection(), ctx, command.id).await?;

        let (after, reason) = match &command.step {
            Step::Suspend(reason) => (before.suspend()?, Some(reason.as_str())),
            Step::Reinstate => (before.reinstate()?, None),
            Step::Remove(reason) => (before.remove()?, Some(reason.as_str())),
        };

        tx.save_roster_member(&self.sealer, &after, None, reason).await?;
        let event = match &command.step {
            Step::Suspend(_) | Step::Reinstate => RosterEvent::StandingChanged(after.clone()),
            Step::Remove(_) => RosterEvent::StruckOff(after.clone()),
        };
        publish(&mut tx, ctx, event).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// A member, masked.
    ///
    /// # Errors
    /// `ROSTER_MEMBER_NOT_FOUND` where there is none, or where the caller may not know of one.
    pub async fn get_roster_member(
        &self,
        ctx: &CallContext,
        id: RosterMemberId,
    ) -> Result<RosterMember, AppError> {
        self.roster_member_for(self.store.reader(), ctx, id).await
    }

    /// A page of members, masked, and the token of the next. Officers see those of their own territory: the whole city's
    /// experts lie in none but the city. The association sees mediators.
    ///
    /// # Errors
    /// `NOT_ALLOWED`, also to the association that asks for experts; `PAGE_TOKEN_INVALID`.
    pub async fn list_roster(
        &self,
        ctx: &CallContext,
        mut filter: Filter,
        page: Page,
    ) -> Result<(Vec<RosterMember>, String), AppError> {
        self.permit_city(ctx)?;
        filter.sight = match ctx.actor.is_service() {
            true => None,
            false => ctx.actor.jurisdiction,
        };
        // A roster of which the caller may read nobody is not listed as if it were empty.
        if let Some(sight) = filter.sight {
            let anybody = roster_resource(RosterMemberId::generate(), filter.kind, sight);
            if !self.access.allows(&ctx.actor, READ_MEMBER, &anybody) {
                let action = ctx.action.to_owned();
                return Err(General::NotAllowed { action }.into());
            }
        }
        let after = after_id(&page)?;
        let mut found = rosters::list(self.store.reader(), &filter, after, page.limit()).await?;
        let next = page.next(&mut found, |member| member.id.to_string());
        Ok((found, next))
    }

    async fn roster_member_for(
        &self,
        connection: &impl Readable,
        ctx: &CallContext,
        id: RosterMemberId,
    ) -> Result<RosterMember, AppError> {
        let found = rosters::find(connection, id).await?;
        let member = found.ok_or(Refusal::RosterMemberNotFound)?;
        let resource = roster_resource(id, member.kind, member.division);
        ctx.permit(&self.access, &resource, unknown)?;
        Ok(member)
    }
}

fn unknown() -> AnyRefusal {
    Refusal::RosterMemberNotFound.into()
}

async fn publish(tx: &mut Tx, ctx: &CallContext, event: RosterEvent) -> Result<(), AppError> {
    let member = event.member();
    let happened = Happened {
        division: member.division,
        version: member.version,
        event: RegistryEvent::Roster(event),
    };
    tx.publish(ctx, [&happened]).await?;
    Ok(())
}
