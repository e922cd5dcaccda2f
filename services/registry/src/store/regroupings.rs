//! Regroupings as rows, and which of them somebody sees.

use std::collections::BTreeMap;

use db::StoreError;
use ids::{AreaId, DivisionCode, FirmId, OwnerId, RegroupingId};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::entity::regrouping::{ActiveModel, Column, Entity, Model};
use super::entity::{area, home, regrouping_area};
use super::{Tx, ownerships, raced};
use crate::domain::regrouping::Regrouping;

/// Which regroupings to list: those that any of these grants.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sight {
    /// Those with an area in one of these divisions.
    pub divisions: Vec<DivisionCode>,
    /// Those with an area that this firm manages or built.
    pub firm_id: Option<FirmId>,
    /// Those with this area.
    pub area_id: Option<AreaId>,
    /// Those with an area in which this owner has a home.
    pub owner_id: Option<OwnerId>,
}

impl Sight {
    fn condition(&self) -> Condition {
        use regrouping_area::Column::{AreaId, DivisionCode};
        // An empty `any` would let everything through.
        let mut any = Condition::any().add(AreaId.is_null());
        for division in &self.divisions {
            any = any.add(DivisionCode.starts_with(division.to_string()));
        }
        if let Some(area_id) = self.area_id {
            any = any.add(AreaId.eq(area_id.as_uuid()));
        }
        if let Some(firm_id) = self.firm_id {
            let its = Query::select()
                .column((area::Entity, area::Column::Id))
                .from(area::Entity)
                .cond_where(
                    Condition::any()
                        .add(area::Column::ManagerId.eq(firm_id.as_uuid()))
                        .add(area::Column::DeveloperId.eq(firm_id.as_uuid())),
                )
                .to_owned();
            any = any.add(AreaId.in_subquery(its));
        }
        if let Some(owner_id) = self.owner_id {
            let own = Query::select()
                .column((home::Entity, home::Column::AreaId))
                .from(home::Entity)
                .and_where(home::Column::Id.in_subquery(ownerships::homes_of(owner_id)))
                .to_owned();
            any = any.add(AreaId.in_subquery(own));
        }
        any
    }
}

/// The regrouping, where it exists.
///
/// # Errors
/// As the statement.
pub async fn find(
    connection: &impl ConnectionTrait,
    id: RegroupingId,
) -> Result<Option<Regrouping>, StoreError> {
    let row = Entity::find_by_id(id.as_uuid()).one(connection).await?;
    row.map(from_row).transpose()
}

/// A page of regroupings, latest first.
///
/// # Errors
/// As the statement.
pub async fn list(
    connection: &impl ConnectionTrait,
    sight: &Sight,
    state: Option<&'static str>,
    after: Option<RegroupingId>,
    limit: u64,
) -> Result<Vec<Regrouping>, StoreError> {
    let seen = Query::select()
        .column((regrouping_area::Entity, regrouping_area::Column::RegroupingId))
        .from(regrouping_area::Entity)
        .cond_where(sight.condition())
        .to_owned();
    let mut select = Entity::find().filter(Column::Id.in_subquery(seen));
    if let Some(state) = state {
        select = select.filter(Column::State.eq(state));
    }
    if let Some(after) = after {
        select = select.filter(Column::Id.lt(after.as_uuid()));
    }
    let rows = select
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(connection)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// The areas of a regrouping, that of a split included once it is approved.
///
/// # Errors
/// As the statement.
pub async fn areas_of(
    connection: &impl ConnectionTrait,
    id: RegroupingId,
) -> Result<Vec<AreaId>, StoreError> {
    let ids: Vec<uuid::Uuid> = regrouping_area::Entity::find()
        .select_only()
        .column(regrouping_area::Column::AreaId)
        .filter(regrouping_area::Column::RegroupingId.eq(id.as_uuid()))
        .order_by_asc(regrouping_area::Column::AreaId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().map(AreaId::from_uuid).collect())
}

/// Whether one of the areas takes part in an open regrouping.
///
/// # Errors
/// As the statement.
pub async fn is_open_in(
    connection: &impl ConnectionTrait,
    area_ids: impl IntoIterator<Item = AreaId>,
) -> Result<bool, StoreError> {
    let found = regrouping_area::Entity::find()
        .filter(regrouping_area::Column::IsOpen.eq(true))
        .filter(regrouping_area::Column::AreaId.is_in(area_ids.into_iter().map(|id| id.as_uuid())))
        .one(connection)
        .await?;
    Ok(found.is_some())
}

impl Tx {
    /// Saves a regrouping: a new one at version 1, else one whose version was one lower when it was read. `areas` are
    /// those that now take part and were not recorded with it before, with where they lie.
    ///
    /// # Errors
    /// `Conflict` where somebody else changed it since, or where an area began to take part in another at the same
    /// moment.
    pub async fn save_regrouping(
        &self,
        regrouping: &Regrouping,
        areas: &BTreeMap<AreaId, DivisionCode>,
    ) -> Result<(), StoreError> {
        let detail = serde_json::to_string(regrouping)?;
        let is_open = regrouping.stage.is_open();
        if regrouping.version == 1 {
            let row = ActiveModel {
                id: Set(regrouping.id.as_uuid()),
                version: Set(regrouping.version),
                kind: Set(regrouping.plan.kind().to_owned()),
                state: Set(regrouping.stage.name().to_owned()),
                detail: Set(detail),
            };
            db::insert_chunked(self.connection(), [row], None)
                .await
                .map_err(raced)?;
        } else {
            let saved = Entity::update_many()
                .col_expr(Column::Version, Expr::value(regrouping.version))
                .col_expr(Column::State, Expr::value(regrouping.stage.name()))
                .col_expr(Column::Detail, Expr::value(detail))
                .filter(Column::Id.eq(regrouping.id.as_uuid()))
                .filter(Column::Version.eq(regrouping.version - 1))
                .exec(self.connection())
                .await?;
            if saved.rows_affected != 1 {
                return Err(StoreError::Conflict);
            }
        }
        if !is_open {
            regrouping_area::Entity::update_many()
                .col_expr(regrouping_area::Column::IsOpen, Expr::value(false))
                .filter(regrouping_area::Column::RegroupingId.eq(regrouping.id.as_uuid()))
                .exec(self.connection())
                .await?;
        }
        let rows = areas
            .iter()
            .map(|(area_id, division)| regrouping_area::ActiveModel {
                regrouping_id: Set(regrouping.id.as_uuid()),
                area_id: Set(area_id.as_uuid()),
                division_code: Set(division.to_string()),
                is_open: Set(is_open),
            });
        db::insert_chunked(self.connection(), rows.collect::<Vec<_>>(), None)
            .await
            .map_err(raced)?;
        Ok(())
    }
}

fn from_row(row: Model) -> Result<Regrouping, StoreError> {
    Ok(serde_json::from_str(&row.detail)?)
}
