//! Regroupings of areas: proposed, agreed to by each area, decided, and carried out in the transaction of the decision.

use std::collections::{BTreeMap, BTreeSet};

use access::{Resource, ResourceKind};
use ids::{AreaId, BuildingId, DivisionCode, RegroupingId};
use rpc::{CallContext, General};
use rules::RuleError;

use super::App;
use crate::domain::area::Area;
use crate::domain::building::Building;
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::domain::regrouping::event::{Event, RegroupingEvent, Step};
use crate::domain::regrouping::plan::{AreaFacts, Facts, Plan};
use crate::domain::regrouping::refusal::Refusal;
use crate::domain::regrouping::{Regrouping, Term};
use crate::error::AppError;
use crate::store::{Readable, Tx, areas, buildings, homes, regroupings};

mod carry_out;
pub mod decide_regrouping;
pub mod give_opinion;
pub mod overdue;
pub mod propose_regrouping;
pub mod reads;
pub mod record_consent;
pub mod withdraw_regrouping;

impl App {
    /// A regrouping that exists, as the policies see it: once for each of its areas.
    async fn regrouping_for(
        &self,
        connection: &impl Readable,
        ctx: &CallContext,
        id: RegroupingId,
    ) -> Result<(Regrouping, Vec<Resource>), AppError> {
        let found = regroupings::find(connection, id).await?;
        let found = found.ok_or(Refusal::RegroupingNotFound)?;
        let area_ids = regroupings::areas_of(connection, id).await?;
        let known = areas::find_many(connection, &area_ids).await?;
        let mut resources = Vec::with_capacity(known.len());
        for area in area_ids.iter().filter_map(|id| known.get(id)) {
            resources.push(self.regrouping_resource(connection, ctx, found.id, area).await?);
        }
        Ok((found, resources))
    }

    /// A regrouping as one that concerns this area.
    async fn regrouping_resource(
        &self,
        connection: &impl Readable,
        ctx: &CallContext,
        id: RegroupingId,
        area: &Area,
    ) -> Result<Resource, AppError> {
        let own = match ctx.actor.owner_id {
            Some(owner_id) if homes::has_home(connection, owner_id, area.id).await? => Some(owner_id),
            _ => None,
        };
        let resource = Resource::new(ResourceKind::Regrouping, id)
            .with_division(area.division)
            .with_area(area.id)
            .with_manager(area.manager_id)
            .with_developer(area.developer_id)
            .with_owners(own);
        self.in_present_place(connection, resource).await
    }

    /// The first of the areas through which the caller may do this; refuses where there is none.
    fn permit_through<'a>(
        &self,
        ctx: &CallContext,
        resources: &'a [Resource],
        not_found: impl Fn() -> AnyRefusal,
    ) -> Result<&'a Resource, AppError> {
        let mut refused = AppError::from(not_found());
        for resource in resources {
            match ctx.permit(&self.access, resource, &not_found) {
                Ok(()) => return Ok(resource),
                // It may be read through this one, so its being there is no secret.
                Err(known @ AppError::General(_)) => refused = known,
                Err(AppError::Refused(_)) => {}
            }
        }
        Err(refused)
    }

    /// Permits what is done for one area and through no other; whoever may read the regrouping is told no more than that.
    fn permit_for<'a>(
        &self,
        ctx: &CallContext,
        resources: &'a [Resource],
        area_id: AreaId,
    ) -> Result<&'a Resource, AppError> {
        let own = resources.iter().find(|resource| resource.area == Some(area_id));
        let refused = match own {
            Some(own) => match self.permit_through(ctx, std::slice::from_ref(own), not_found) {
                Ok(own) => return Ok(own),
                Err(refused) => refused,
            },
            None => not_found().into(),
        };
        let read = ResourceKind::Regrouping.read_action();
        let knows = |resource: &Resource| self.access.allows(&ctx.actor, read, resource);
        if resources.iter().any(knows) {
            return Err(General::NotAllowed {
                action: ctx.action.to_owned(),
            }
            .into());
        }
        Err(refused)
    }

    /// The areas of a plan with their buildings, held until the commit in the order of their ids.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `AREA_ENDED`; as the statements.
    async fn regrouping_facts(&self, tx: &Tx, plan: &Plan) -> Result<Facts, AppError> {
        let ids = plan.area_ids();
        let held = tx.hold_areas(ids.iter().copied()).await?;
        if held.len() != ids.len() {
            return Err(AnyRefusal::AreaNotFound.into());
        }
        for area in held.values() {
            area.stands()?;
        }
        let ids: Vec<AreaId> = ids.into_iter().collect();
        let known = buildings::of_areas(tx.connection(), &ids).await?;
        let building_ids: BTreeSet<BuildingId> = known.iter().map(|building| building.id).collect();
        let building_ids: Vec<BuildingId> = building_ids.into_iter().collect();
        let mut fresh = tx.hold_buildings(&building_ids).await?;
        let mut by_area: BTreeMap<AreaId, Vec<Building>> = BTreeMap::new();
        for building in known.iter().filter_map(|building| fresh.remove(&building.id)) {
            by_area.entry(building.area_id).or_default().push(building);
        }
        let facts = held.into_iter().map(|(id, area)| {
            let buildings = by_area.remove(&id).unwrap_or_default();
            (id, AreaFacts { area, buildings })
        });
        Ok(facts.collect())
    }

    /// The authority's period as it holds today.
    fn regrouping_term(&self) -> Result<Term, AppError> {
        let read = || {
            let rules = self.rules.at(self.today())?;
            let days = rules.parameter("area_regrouping_working_days")?;
            Ok::<_, RuleError>(Term {
                decision_working_days: u32::try_from(days.value).unwrap_or(u32::MAX),
                article: days.article.clone(),
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

fn not_found() -> AnyRefusal {
    Refusal::RegroupingNotFound.into()
}

/// Saves a regrouping with what happened, and lets its clock run or stop. `areas` are those that begin to take part.
async fn record(
    tx: &mut Tx,
    ctx: &CallContext,
    event: RegroupingEvent,
    areas: &BTreeMap<AreaId, DivisionCode>,
) -> Result<(), AppError> {
    let after = &event.regrouping;
    tx.save_regrouping(after, areas).await?;
    overdue::set_clock(tx, ctx, &event).await?;
    let happened = Happened {
        division: after.division,
        version: after.version,
        event: RegistryEvent::Regrouping(Event::Regrouping(Box::new(event))),
    };
    tx.publish(ctx, [&happened]).await?;
    Ok(())
}

/// Whether the authority's period begins with this.
fn begins_period(event: &RegroupingEvent) -> bool {
    match event.step {
        Step::ConsentRecorded => event.regrouping.due_by().is_some(),
        Step::Proposed
        | Step::OpinionGiven
        | Step::Overdue
        | Step::Approved
        | Step::Refused
        | Step::Withdrawn => false,
    }
}
