//! Delineations as rows, and which of them somebody sees.

use db::StoreError;
use ids::{AreaId, DelineationId, DivisionCode, FirmId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::entity::delineation::{ActiveModel, Column, Entity, Model};
use super::{Tx, raced};
use crate::domain::delineation::{Delineation, Stage};

/// Which delineations to list: those that any of these grants.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sight {
    /// Those in these divisions.
    pub divisions: Vec<DivisionCode>,
    /// Those of this developer.
    pub developer_id: Option<FirmId>,
}

/// The delineation, where it exists.
///
/// # Errors
/// As the statement.
pub async fn find(
    connection: &impl ConnectionTrait,
    id: DelineationId,
) -> Result<Option<Delineation>, StoreError> {
    let row = Entity::find_by_id(id.as_uuid()).one(connection).await?;
    row.map(from_row).transpose()
}

/// The delineation that an area came from; none for one that was loaded by a table.
///
/// # Errors
/// As the statement.
pub async fn of_area(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
) -> Result<Option<Delineation>, StoreError> {
    let row = Entity::find()
        .filter(Column::AreaId.eq(area_id.as_uuid()))
        .one(connection)
        .await?;
    row.map(from_row).transpose()
}

/// A page of delineations, latest first.
///
/// # Errors
/// As the statement.
pub async fn list(
    connection: &impl ConnectionTrait,
    sight: &Sight,
    state: Option<&'static str>,
    after: Option<DelineationId>,
    limit: u64,
) -> Result<Vec<Delineation>, StoreError> {
    // An empty `any` would let everything through.
    let mut any = Condition::any().add(Column::Id.is_null());
    for division in &sight.divisions {
        any = any.add(Column::DivisionCode.starts_with(division.to_string()));
    }
    if let Some(developer_id) = sight.developer_id {
        any = any.add(Column::DeveloperId.eq(developer_id.as_uuid()));
    }
    let mut select = Entity::find().filter(any);
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

fn area_of(delineation: &Delineation) -> Option<Uuid> {
    match &delineation.stage {
        Stage::Approved { area_id, .. } => Some(area_id.as_uuid()),
        Stage::Consulting | Stage::Advised | Stage::Applied { .. } | Stage::Refused { .. } => None,
    }
}

impl Tx {
    /// Records a delineation in whatever version it has.
    ///
    /// # Errors
    /// `Conflict` where it was recorded at the same moment.
    pub async fn insert_delineation(&self, delineation: &Delineation) -> Result<(), StoreError> {
        let row = ActiveModel {
            id: Set(delineation.id.as_uuid()),
            version: Set(delineation.version),
            division_code: Set(delineation.division.to_string()),
            developer_id: Set(delineation.developer_id.as_uuid()),
            state: Set(delineation.stage.name().to_owned()),
            area_id: Set(area_of(delineation)),
            detail: Set(serde_json::to_string(delineation)?),
        };
        db::insert_chunked(self.connection(), [row], None)
            .await
            .map_err(raced)?;
        Ok(())
    }

    /// Saves a delineation: a new one at version 1, else one whose version was one lower when it was read.
    ///
    /// # Errors
    /// `Conflict` where somebody else changed it since.
    pub async fn save_delineation(&self, delineation: &Delineation) -> Result<(), StoreError> {
        if delineation.version == 1 {
            return self.insert_delineation(delineation).await;
        }
        let (area_id, detail) = (area_of(delineation), serde_json::to_string(delineation)?);
        let saved = Entity::update_many()
            .col_expr(Column::Version, Expr::value(delineation.version))
            .col_expr(
                Column::DivisionCode,
                Expr::value(delineation.division.to_string()),
            )
            .col_expr(Column::State, Expr::value(delineation.stage.name()))
            .col_expr(Column::AreaId, Expr::value(area_id))
            .col_expr(Column::Detail, Expr::value(detail))
            .filter(Column::Id.eq(delineation.id.as_uuid()))
            .filter(Column::Version.eq(delineation.version - 1))
            .exec(self.connection())
            .await
            .map_err(|error| raced(error.into()))?;
        if saved.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::Conflict)
        }
    }
}

fn from_row(row: Model) -> Result<Delineation, StoreError> {
    Ok(serde_json::from_str(&row.detail)?)
}
