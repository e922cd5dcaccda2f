//! Scores of the owners' satisfaction as rows, and since when areas are lived in.

use std::collections::HashMap;

use chrono::NaiveDate;
use db::StoreError;
use ids::{AreaId, SatisfactionId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::entity::home;
use super::entity::satisfaction::{ActiveModel, Column, Entity, Model};
use super::{Tx, raced, text};
use crate::domain::home::HomeUse;
use crate::domain::price::Satisfaction;

/// The score, where it is recorded.
///
/// # Errors
/// As the statement.
pub async fn find(
    connection: &impl ConnectionTrait,
    id: SatisfactionId,
) -> Result<Option<Satisfaction>, StoreError> {
    let row = Entity::find_by_id(id.as_uuid()).one(connection).await?;
    row.map(from_row).transpose()
}

/// The last score of an area about a time that was over by a day.
///
/// # Errors
/// As the statement.
pub async fn last_by(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
    day: NaiveDate,
) -> Result<Option<Satisfaction>, StoreError> {
    let row = Entity::find()
        .filter(Column::AreaId.eq(area_id.as_uuid()))
        .filter(Column::UntilOn.lte(day))
        .order_by_desc(Column::UntilOn)
        .order_by_desc(Column::FromOn)
        .order_by_asc(Column::Source)
        .one(connection)
        .await?;
    row.map(from_row).transpose()
}

/// The scores of areas that are of the same source and time as `own`.
///
/// # Errors
/// As the statement.
pub async fn alike(
    connection: &impl ConnectionTrait,
    own: &Satisfaction,
    area_ids: &[AreaId],
) -> Result<HashMap<AreaId, u16>, StoreError> {
    let ids = area_ids
        .iter()
        .map(|area_id| Satisfaction::id_of(*area_id, own.source, own.from_on, own.until_on).as_uuid());
    let among = db::one_of(connection.get_database_backend(), Column::Id, ids);
    let rows = Entity::find().filter(among).all(connection).await?;
    rows.into_iter()
        .map(|row| from_row(row).map(|score| (score.area_id, score.per_mille)))
        .collect()
}

/// When the first home of each area was handed over, parking spaces left out.
///
/// # Errors
/// As the statement.
pub async fn first_deliveries(
    connection: &impl ConnectionTrait,
    area_ids: &[AreaId],
) -> Result<HashMap<AreaId, NaiveDate>, StoreError> {
    let ids = area_ids.iter().map(|id| id.as_uuid());
    let rows: Vec<(Uuid, Option<NaiveDate>)> = home::Entity::find()
        .select_only()
        .column(home::Column::AreaId)
        .column_as(home::Column::DeliveredOn.min(), "first_on")
        .filter(db::one_of(
            connection.get_database_backend(),
            home::Column::AreaId,
            ids,
        ))
        .filter(home::Column::Usage.ne(<&str>::from(HomeUse::Parking)))
        .group_by(home::Column::AreaId)
        .into_tuple()
        .all(connection)
        .await?;
    let known = rows
        .into_iter()
        .filter_map(|(id, first_on)| Some((AreaId::from_uuid(id), first_on?)));
    Ok(known.collect())
}

impl Tx {
    /// Records a score, or its correction, which was one version lower when it was read.
    ///
    /// # Errors
    /// `Conflict` where somebody else recorded or corrected it since.
    pub async fn put_satisfaction(&self, score: &Satisfaction) -> Result<(), StoreError> {
        if score.version == 1 {
            return self.insert_satisfaction(score).await;
        }
        let per_mille = per_mille(score)?;
        let saved = Entity::update_many()
            .col_expr(Column::Version, Expr::value(score.version))
            .col_expr(Column::PerMille, Expr::value(per_mille))
            .filter(Column::Id.eq(score.id.as_uuid()))
            .filter(Column::Version.eq(score.version - 1))
            .exec(self.connection())
            .await?;
        if saved.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::Conflict)
        }
    }

    /// Records a score in whatever version it has.
    ///
    /// # Errors
    /// `Conflict` where it was recorded at the same moment.
    pub async fn insert_satisfaction(&self, score: &Satisfaction) -> Result<(), StoreError> {
        let row = ActiveModel {
            id: Set(score.id.as_uuid()),
            version: Set(score.version),
            area_id: Set(score.area_id.as_uuid()),
            division_code: Set(score.division.to_string()),
            source: Set(<&str>::from(score.source).to_owned()),
            from_on: Set(score.from_on),
            until_on: Set(score.until_on),
            per_mille: Set(per_mille(score)?),
        };
        Entity::insert(row)
            .exec_without_returning(self.connection())
            .await
            .map_err(StoreError::from)
            .map_err(raced)?;
        Ok(())
    }
}

fn per_mille(score: &Satisfaction) -> Result<i16, StoreError> {
    i16::try_from(score.per_mille).map_err(|_| StoreError::Corrupt("a score of an area".into()))
}

pub(super) fn from_row(row: Model) -> Result<Satisfaction, StoreError> {
    Ok(Satisfaction {
        id: SatisfactionId::from_uuid(row.id),
        version: row.version,
        area_id: AreaId::from_uuid(row.area_id),
        division: text::read("satisfactions", &row.division_code)?,
        source: text::read("satisfactions", &row.source)?,
        from_on: row.from_on,
        until_on: row.until_on,
        per_mille: u16::try_from(row.per_mille)
            .map_err(|_| StoreError::Corrupt("a score in satisfactions".into()))?,
    })
}
