//! Contracts as rows, and which of them somebody sees.

use chrono::NaiveDate;
use db::StoreError;
use ids::{AreaId, ContractId, DivisionCode, FirmId, OwnerId};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::entity::contract::{ActiveModel, Column, Entity, Model};
use super::entity::{area, home};
use super::{Tx, ownerships, raced};
use crate::domain::contract::{Contract, ContractState};

/// Which contracts somebody sees: those that any of these grants.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sight {
    /// All, for services.
    pub everything: bool,
    /// Those of areas in this division.
    pub division: Option<DivisionCode>,
    /// Those of this firm, and those of areas that it built.
    pub firm_id: Option<FirmId>,
    /// Those of this area.
    pub area_id: Option<AreaId>,
    /// Those of areas in which this owner has a home.
    pub owner_id: Option<OwnerId>,
}

impl Sight {
    fn condition(&self) -> Option<Condition> {
        if self.everything {
            return None;
        }
        // An empty `any` would let everything through.
        let mut any = Condition::any().add(Column::Id.is_null());
        if let Some(division) = &self.division {
            any = any.add(Column::DivisionCode.starts_with(division.to_string()));
        }
        if let Some(firm_id) = &self.firm_id {
            let built = Query::select()
                .column((area::Entity, area::Column::Id))
                .from(area::Entity)
                .and_where(area::Column::DeveloperId.eq(firm_id.as_uuid()))
                .to_owned();
            any = any
                .add(Column::FirmId.eq(firm_id.as_uuid()))
                .add(Column::AreaId.in_subquery(built));
        }
        if let Some(area_id) = &self.area_id {
            any = any.add(Column::AreaId.eq(area_id.as_uuid()));
        }
        if let Some(owner_id) = &self.owner_id {
            let areas = Query::select()
                .column((home::Entity, home::Column::AreaId))
                .from(home::Entity)
                .and_where(home::Column::Id.in_subquery(ownerships::homes_of(*owner_id)))
                .to_owned();
            any = any.add(Column::AreaId.in_subquery(areas));
        }
        Some(any)
    }
}

/// What contracts to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those of this area.
    pub area_id: Option<AreaId>,
    /// Only those of this firm.
    pub firm_id: Option<FirmId>,
    /// Only those in the state of this name.
    pub state: Option<&'static str>,
    /// Only those whose last day is known and lies before this day.
    pub ending_before: Option<NaiveDate>,
    /// Only those recorded before this one.
    pub after: Option<ContractId>,
    /// Only what the caller sees.
    pub sight: Sight,
}

/// A page of contracts, newest first.
///
/// # Errors
/// As the statement.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    limit: u64,
) -> Result<Vec<Contract>, StoreError> {
    let mut select = Entity::find();
    if let Some(condition) = filter.sight.condition() {
        select = select.filter(condition);
    }
    if let Some(area_id) = filter.area_id {
        select = select.filter(Column::AreaId.eq(area_id.as_uuid()));
    }
    if let Some(firm_id) = filter.firm_id {
        select = select.filter(Column::FirmId.eq(firm_id.as_uuid()));
    }
    if let Some(state) = filter.state {
        select = select.filter(Column::State.eq(state));
    }
    if let Some(day) = filter.ending_before {
        select = select.filter(Column::EndsOn.lt(day));
    }
    if let Some(after) = filter.after {
        select = select.filter(Column::Id.lt(after.as_uuid()));
    }
    let rows = select
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(connection)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// The contract, where it exists.
///
/// # Errors
/// As the statement.
pub async fn find(connection: &impl ConnectionTrait, id: ContractId) -> Result<Option<Contract>, StoreError> {
    let row = Entity::find_by_id(id.as_uuid()).one(connection).await?;
    row.map(from_row).transpose()
}

/// The contracts of an area that are not over, in the order of recording: at most one that binds and one signed.
///
/// # Errors
/// As the statement.
pub async fn standing(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
) -> Result<Vec<Contract>, StoreError> {
    let rows = Entity::find()
        .filter(Column::AreaId.eq(area_id.as_uuid()))
        .filter(Column::State.is_in(ContractState::BINDING.into_iter().chain(["signed"])))
        .order_by_asc(Column::Id)
        .all(connection)
        .await?;
    rows.into_iter().map(from_row).collect()
}

impl Tx {
    /// Records a contract.
    ///
    /// # Errors
    /// `Conflict` where another one of the area was recorded at the same moment.
    pub async fn insert_contract(&self, contract: &Contract) -> Result<(), StoreError> {
        let row = ActiveModel {
            id: Set(contract.id.as_uuid()),
            version: Set(contract.version),
            area_id: Set(contract.area_id.as_uuid()),
            division_code: Set(contract.division.to_string()),
            firm_id: Set(contract.firm_id.as_uuid()),
            kind: Set(<&str>::from(contract.kind).to_owned()),
            state: Set(contract.state.name().to_owned()),
            from_on: Set(contract.terms.from_on),
            ends_on: Set(contract.ends_on()),
            detail: Set(serde_json::to_string(contract)?),
        };
        Entity::insert(row)
            .exec_without_returning(self.connection())
            .await
            .map_err(StoreError::from)
            .map_err(raced)?;
        Ok(())
    }

    /// Saves a contract that was read as `before`.
    ///
    /// # Errors
    /// `Conflict` where somebody else changed it since, or another of its area binds already.
    pub async fn save_contract(&self, before: &Contract, after: &Contract) -> Result<(), StoreError> {
        let saved = Entity::update_many()
            .col_expr(Column::Version, Expr::value(after.version))
            .col_expr(Column::State, Expr::value(after.state.name()))
            .col_expr(Column::EndsOn, Expr::value(after.ends_on()))
            .col_expr(Column::Detail, Expr::value(serde_json::to_string(after)?))
            .filter(Column::Id.eq(before.id.as_uuid()))
            .filter(Column::Version.eq(before.version))
            .exec(self.connection())
            .await
            .map_err(StoreError::from)
            .map_err(raced)?;
        if saved.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::Conflict)
        }
    }
}

fn from_row(row: Model) -> Result<Contract, StoreError> {
    Ok(serde_json::from_str(&row.detail)?)
}
