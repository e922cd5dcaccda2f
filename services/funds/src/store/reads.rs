//! Reads on any connection: inside a write, inside a read transaction, or alone.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use db::StoreError;
use ids::{AreaId, BuildingId, DivisionCode, DrawId, FirmId, HomeId, Mergers, OwnerId};
use money::Fen;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

pub use super::movements::Holding;

use super::entity::{area, draw, draw_scope, home, home_owner, share};
use super::moves::Estate;
use super::{draws, facts, mergers, movements, registry};
use crate::domain::allocation::Share;
use crate::domain::draw::Draw;
use crate::domain::home::{Home, ManagedArea};
use crate::domain::scope::Scope;
use crate::domain::statement::{StatementLine, TrialBalance};
use crate::domain::warranty::BuildingFacts;

/// What the caller may see of the draws; any one has to fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sight {
    /// Draws in these divisions, of an officer: the officer's own, and those that ended in it.
    pub divisions: Vec<DivisionCode>,
    /// Draws whose scope holds a home of this owner.
    pub owner_id: Option<OwnerId>,
    /// Draws of areas that this firm manages or built, or that it proposed.
    pub firm_id: Option<FirmId>,
    /// Draws of this committee's area.
    pub area_id: Option<AreaId>,
}

/// Which draws to list.
#[derive(Debug, Clone, Default)]
pub struct DrawFilter {
    /// Only those of this area.
    pub area_id: Option<AreaId>,
    /// Only those in this state, by its word.
    pub state: Option<&'static str>,
    /// Only those before this one, newest first.
    pub before: Option<DrawId>,
    /// At most this many.
    pub limit: u64,
}

/// The draw; `None` where there is none.
///
/// # Errors
/// As the statements, like every read here.
pub async fn draw(connection: &impl ConnectionTrait, draw_id: DrawId) -> Result<Option<Draw>, StoreError> {
    draws::find(connection, draw_id).await
}

/// The draws that the caller may see, newest first: their ids rise with time.
pub async fn list_draws(
    connection: &impl ConnectionTrait,
    sight: &Sight,
    filter: &DrawFilter,
) -> Result<Vec<Draw>, StoreError> {
    let mut query = draw::Entity::find()
        .filter(seen(sight))
        .order_by_desc(draw::Column::Id)
        .limit(filter.limit);
    if let Some(area_id) = filter.area_id {
        query = query.filter(draw::Column::AreaId.eq(area_id.as_uuid()));
    }
    if let Some(state) = filter.state {
        query = query.filter(draw::Column::State.eq(state));
    }
    if let Some(before) = filter.before {
        query = query.filter(draw::Column::Id.lt(before.as_uuid()));
    }
    draws::with_scopes(connection, query.all(connection).await?).await
}

fn seen(sight: &Sight) -> Condition {
    // An empty `any` would fit everything; this fits nothing, which is right where nothing may be seen.
    let mut any = Condition::any().add(Expr::val(1).eq(0));
    for division in &sight.divisions {
        any = any.add(draw::Column::Division.starts_with(division.to_string()));
    }
    if let Some(area_id) = sight.area_id {
        any = any.add(draw::Column::AreaId.eq(area_id.as_uuid()));
    }
    if let Some(firm_id) = sight.firm_id {
        let firm = firm_id.as_uuid();
        let areas = Query::select()
            .column(area::Column::Id)
            .from(area::Entity)
            .cond_where(
                Condition::any()
                    .add(area::Column::ManagerId.eq(firm))
                    .add(area::Column::DeveloperId.eq(firm)),
            )
            .to_owned();
        any = any
            .add(draw::Column::ProposerId.eq(firm))
            .add(draw::Column::AreaId.in_subquery(areas));
    }
    if let Some(owner_id) = sight.owner_id {
        let own = Query::select()
            .expr(Expr::val(1))
            .from(draw_scope::Entity)
            .inner_join(
                home::Entity,
                Condition::all()
                    .add(
                        column(home::Entity, home::Column::AreaId)
                            .equals((draw::Entity, draw::Column::AreaId)),
                    )
                    .add(fits(draw_scope::Column::BuildingId, home::Column::BuildingId))
                    .add(fits(draw_scope::Column::Stairwell, home::Column::Stairwell)),
            )
            .inner_join(
                home_owner::Entity,
                column(home_owner::Entity, home_owner::Column::HomeId)
                    .equals((home::Entity, home::Column::Id)),
            )
            .and_where(
                column(draw_scope::Entity, draw_scope::Column::DrawId)
                    .equals((draw::Entity, draw::Column::Id)),
            )
            .and_where(home_owner::Column::OwnerId.eq(owner_id.as_uuid()))
            .to_owned();
        // What was decided on the own home stays the owner's to see, also where the home moved to another area since.
        let shared = Query::select()
            .column((share::Entity, share::Column::DrawId))
            .from(share::Entity)
            .and_where(share::Column::HomeId.in_subquery(homes_of(owner_id)))
            .to_owned();
        any = any
            .add(Expr::exists(own))
            .add(draw::Column::Id.in_subquery(shared));
    }
    any
}

fn column<E: EntityTrait>(entity: E, column: E::Column) -> Expr {
    Expr::col((entity, column))
}

/// A part of a scope that says nothing fits everything.
fn fits(part: draw_scope::Column, of_home: home::Column) -> Condition {
    Condition::any()
        .add(part.is_null())
        .add(column(draw_scope::Entity, part).equals((home::Entity, of_home)))
}

/// A page of a draw's shares, by home.
pub async fn list_shares(
    connection: &impl ConnectionTrait,
    draw_id: DrawId,
    after: Option<HomeId>,
    limit: u64,
) -> Result<Vec<Share>, StoreError> {
    let mut query = share::Entity::find()
        .filter(share::Column::DrawId.eq(draw_id.as_uuid()))
        .order_by_asc(share::Column::HomeId)
        .limit(limit);
    if let Some(after) = after {
        query = query.filter(share::Column::HomeId.gt(after.as_uuid()));
    }
    Ok(query
        .all(connection)
        .await?
        .into_iter()
        .map(draws::share_of)
        .collect())
}

/// The area; `None` where the registry has not told of it.
pub async fn area(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
) -> Result<Option<ManagedArea>, StoreError> {
    registry::area(connection, area_id).await
}

/// All mergers of divisions of the city: few, so they are read whole.
pub async fn mergers(connection: &impl ConnectionTrait) -> Result<Mergers, StoreError> {
    mergers::all(connection).await
}

/// What the documents of the buildings say in which the homes are, by building; nothing where nobody recorded it.
pub async fn building_facts(
    connection: &impl ConnectionTrait,
    homes: &[Home],
) -> Result<BTreeMap<BuildingId, BuildingFacts>, StoreError> {
    facts::of_buildings(connection, homes.iter().map(|home| home.building_id).collect()).await
}

/// The first of the buildings that does not stand in the area.
pub async fn building_elsewhere(
    connection: &impl ConnectionTrait,
    scope: &Scope,
) -> Result<Option<BuildingId>, StoreError> {
    if scope.building_ids.is_empty() {
        return Ok(None);
    }
    let known = registry::buildings_in(connection, scope.area_id, &scope.building_ids).await?;
    Ok(scope.building_ids.iter().copied().find(|id| !known.contains(id)))
}

/// The homes of a scope that bear costs, by id, without their owners: as its area was at a time, or as it is now.
pub async fn bearing_homes(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    at: Option<DateTime<Utc>>,
) -> Result<Vec<Home>, StoreError> {
    let estate = estate(connection, scope, at).await?;
    let mut homes = registry::homes(connection, registry::in_scope(scope, &estate)).await?;
    homes.retain(Home::bears_cost);
    Ok(homes)
}

/// The home with its owners; `None` where the registry has not told of it.
pub async fn home(connection: &impl ConnectionTrait, home_id: HomeId) -> Result<Option<Home>, StoreError> {
    registry::home(connection, home_id).await
}

/// The homes with these unit numbers, by unit number.
pub async fn homes_by_unit_number(
    connection: &impl ConnectionTrait,
    unit_numbers: &[&str],
) -> Result<HashMap<String, Home>, StoreError> {
    registry::homes_by_unit_number(connection, unit_numbers).await
}

async fn estate(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    at: Option<DateTime<Utc>>,
) -> Result<Estate, StoreError> {
    match at {
        Some(at) => Estate::at(connection, scope.area_id, at).await,
        None => Ok(Estate::now(scope.area_id)),
    }
}

/// Whether the owner has a home that a draw concerns: in its scope, or with a share in it, wherever the home is by now.
pub async fn owns_in_draw(
    connection: &impl ConnectionTrait,
    owner_id: OwnerId,
    draw: &Draw,
) -> Result<bool, StoreError> {
    let estate = estate(connection, &draw.scope, draw.state.voting_since()).await?;
    let in_scope = home::Entity::find()
        .filter(registry::in_scope(&draw.scope, &estate))
        .filter(home::Column::Id.in_subquery(homes_of(owner_id)))
        .limit(1)
        .count(connection)
        .await?;
    if in_scope > 0 {
        return Ok(true);
    }
    let shares = share::Entity::find()
        .filter(share::Column::DrawId.eq(draw.id.as_uuid()))
        .filter(share::Column::HomeId.in_subquery(homes_of(owner_id)))
        .limit(1)
        .count(connection)
        .await?;
    Ok(shares > 0)
}

/// Ids of the homes of an owner, for a condition of another statement.
fn homes_of(owner_id: OwnerId) -> SelectStatement {
    Query::select()
        .column(home_owner::Column::HomeId)
        .from(home_owner::Entity)
        .and_where(home_owner::Column::OwnerId.eq(owner_id.as_uuid()))
        .to_owned()
}

/// What the home holds now.
pub async fn holding(connection: &impl ConnectionTrait, home_id: HomeId) -> Result<Holding, StoreError> {
    movements::holding(connection, home_id).await
}

/// The entries of a home's two accounts, in the order in which they were booked.
pub async fn statement_lines(
    connection: &impl ConnectionTrait,
    home_id: HomeId,
) -> Result<Vec<StatementLine>, StoreError> {
    movements::lines(connection, home_id).await
}

/// Those of the references that stand, with home and amount.
pub async fn deposits_by_reference(
    connection: &impl ConnectionTrait,
    references: &[&str],
) -> Result<HashMap<String, (HomeId, Fen)>, StoreError> {
    movements::deposits_by_reference(connection, references).await
}

/// The ledger of an area added up by the database.
pub async fn trial_balance(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
) -> Result<TrialBalance, StoreError> {
    movements::trial_balance(connection, area_id).await
}
