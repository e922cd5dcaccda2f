//! Fee standards as rows: written once, ended once.

use chrono::NaiveDate;
use db::StoreError;
use ids::{AreaId, ContractId, DivisionCode, FeeStandardId};
use rules::BuildingType;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::entity::contract;
use super::entity::fee_standard::{ActiveModel, Column, Entity, Model};
use super::{Tx, raced};
use crate::domain::contract::ContractKind;
use crate::domain::price::{FeeStandard, Homes, Owners};

/// What standards to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those of this area.
    pub area_id: Option<AreaId>,
    /// Only those of areas in this division.
    pub division: Option<DivisionCode>,
    /// Only those that hold on this day; none for all.
    pub on: Option<NaiveDate>,
    /// Only those recorded after this one.
    pub after: Option<FeeStandardId>,
}

/// A page of standards, in the order of recording.
///
/// # Errors
/// As the statement.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    limit: u64,
) -> Result<Vec<FeeStandard>, StoreError> {
    let mut select = Entity::find();
    if let Some(area_id) = filter.area_id {
        select = select.filter(Column::AreaId.eq(area_id.as_uuid()));
    }
    if let Some(division) = &filter.division {
        select = select.filter(Column::DivisionCode.starts_with(division.to_string()));
    }
    if let Some(day) = filter.on {
        select = select.filter(holds_on(day));
    }
    if let Some(after) = filter.after {
        select = select.filter(Column::Id.gt(after.as_uuid()));
    }
    let rows = select
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(connection)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// The last standards of an area: one for each kind of homes, also where it begins later.
///
/// # Errors
/// As the statement.
pub async fn last_of(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
) -> Result<Vec<FeeStandard>, StoreError> {
    let rows = Entity::find()
        .filter(Column::AreaId.eq(area_id.as_uuid()))
        .filter(Column::EffectiveUntil.is_null())
        .all(connection)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// The standards of an area that hold on a day.
///
/// # Errors
/// As the statement.
pub async fn of_area_on(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
    day: NaiveDate,
) -> Result<Vec<FeeStandard>, StoreError> {
    let rows = Entity::find()
        .filter(Column::AreaId.eq(area_id.as_uuid()))
        .filter(holds_on(day))
        .all(connection)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// The standards of such homes in a division that hold on a day, with a grade from one to another.
///
/// # Errors
/// As the statement.
pub async fn of_homes_on(
    connection: &impl ConnectionTrait,
    homes: Homes,
    division: &DivisionCode,
    day: NaiveDate,
    grades: (u8, u8),
) -> Result<Vec<FeeStandard>, StoreError> {
    let rows = Entity::find()
        .filter(Column::Homes.eq(key(homes)))
        .filter(Column::DivisionCode.starts_with(division.to_string()))
        .filter(Column::Grade.between(i16::from(grades.0), i16::from(grades.1)))
        .filter(holds_on(day))
        .all(connection)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// The contracts of an area that its owners decided on.
///
/// # Errors
/// As the statement.
pub async fn owners_of(connection: &impl ConnectionTrait, area_id: AreaId) -> Result<Owners, StoreError> {
    let found: Vec<(uuid::Uuid, NaiveDate)> = contract::Entity::find()
        .select_only()
        .column(contract::Column::Id)
        .column(contract::Column::FromOn)
        .filter(contract::Column::AreaId.eq(area_id.as_uuid()))
        .filter(contract::Column::Kind.eq(<&str>::from(ContractKind::Ordinary)))
        .into_tuple()
        .all(connection)
        .await?;
    let contracts = found
        .into_iter()
        .map(|(id, from_on)| (ContractId::from_uuid(id), from_on));
    Ok(Owners {
        contracts: contracts.collect(),
    })
}

fn holds_on(day: NaiveDate) -> Condition {
    Condition::all().add(Column::EffectiveFrom.lte(day)).add(
        Condition::any()
            .add(Column::EffectiveUntil.is_null())
            .add(Column::EffectiveUntil.gte(day)),
    )
}

impl Tx {
    /// Records a standard.
    ///
    /// # Errors
    /// `Conflict` where another one of the same homes was recorded at the same moment.
    pub async fn insert_standard(&self, standard: &FeeStandard) -> Result<(), StoreError> {
        let row = ActiveModel {
            id: Set(standard.id.as_uuid()),
            version: Set(standard.version),
            area_id: Set(standard.area_id.as_uuid()),
            division_code: Set(standard.division.to_string()),
            homes: Set(key(standard.homes)),
            grade: Set(i16::from(standard.grade)),
            effective_from: Set(standard.effective_from),
            effective_until: Set(standard.effective_until),
            detail: Set(serde_json::to_string(standard)?),
        };
        Entity::insert(row)
            .exec_without_returning(self.connection())
            .await
            .map_err(StoreError::from)
            .map_err(raced)?;
        Ok(())
    }

    /// Saves how a standard ends, which was one version lower when it was read.
    ///
    /// # Errors
    /// `Conflict` where somebody else ended it since.
    pub async fn save_standard_end(&self, ended: &FeeStandard) -> Result<(), StoreError> {
        let saved = Entity::update_many()
            .col_expr(Column::Version, Expr::value(ended.version))
            .col_expr(Column::EffectiveUntil, Expr::value(ended.effective_until))
            .col_expr(Column::Detail, Expr::value(serde_json::to_string(ended)?))
            .filter(Column::Id.eq(ended.id.as_uuid()))
            .filter(Column::Version.eq(ended.version - 1))
            .exec(self.connection())
            .await?;
        if saved.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::Conflict)
        }
    }
}

/// The homes as the column spells them.
fn key(homes: Homes) -> String {
    match homes {
        Homes::Residential { building, housing } => {
            let building = match building {
                BuildingType::MultiStorey => "multi_storey",
                BuildingType::HighRise => "high_rise",
            };
            format!("residential/{building}/{}", <&str>::from(housing))
        }
        Homes::Commercial => "commercial".into(),
        Homes::Parking => "parking".into(),
    }
}

fn from_row(row: Model) -> Result<FeeStandard, StoreError> {
    Ok(serde_json::from_str(&row.detail)?)
}
