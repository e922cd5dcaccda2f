//! Exclusive areas of homes through time, and on which day homes were sold, as rows.
//!
//! A home that was never corrected has no row: its area is the one it was recorded with.

use std::collections::HashMap;

use chrono::NaiveDate;
use db::StoreError;
use ids::HomeId;
use money::Area;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entity::home_area::{ActiveModel, Column, Entity, Model};
use super::entity::{home, home_sale};
use super::{Tx, raced, text};
use crate::domain::home::Home;
use crate::domain::part::correction::{HomeArea, HomeFacts, Reasoned};

/// What is known of a home through time.
///
/// # Errors
/// As the statements.
pub async fn facts(connection: &impl ConnectionTrait, of: &Home) -> Result<HomeFacts, StoreError> {
    let rows = Entity::find()
        .filter(Column::HomeId.eq(of.id.as_uuid()))
        .order_by_asc(Column::Place)
        .all(connection)
        .await?;
    let mut areas = rows
        .into_iter()
        .map(from_row)
        .collect::<Result<Vec<_>, StoreError>>()?;
    if areas.is_empty() {
        areas.push(HomeArea::recorded(of.exclusive_area));
    }
    let sale = home_sale::Entity::find_by_id(of.id.as_uuid())
        .one(connection)
        .await?;
    Ok(HomeFacts {
        home_id: of.id,
        areas,
        sold_on: sale.map(|sale| sale.sold_on),
    })
}

/// The exclusive areas of homes through time with their reasons, of those of the homes that were ever corrected.
///
/// # Errors
/// As the statement.
pub async fn histories(
    connection: &impl ConnectionTrait,
    ids: &[HomeId],
) -> Result<HashMap<HomeId, Vec<Reasoned>>, StoreError> {
    let mut found: HashMap<HomeId, Vec<Reasoned>> = HashMap::new();
    let ids = ids.iter().map(|id| id.as_uuid());
    let rows = Entity::find()
        .filter(db::one_of(connection.get_database_backend(), Column::HomeId, ids))
        .order_by_asc(Column::HomeId)
        .order_by_asc(Column::Place)
        .all(connection)
        .await?;
    for row in rows {
        let areas = found.entry(HomeId::from_uuid(row.home_id)).or_default();
        areas.push(Reasoned {
            reason: row.reason.clone().unwrap_or_default(),
            area: from_row(row)?,
        });
    }
    Ok(found)
}

/// The exclusive areas that counted on a day, of those of the homes that were ever corrected.
///
/// # Errors
/// As the statement.
pub async fn on_day(
    connection: &impl ConnectionTrait,
    ids: &[HomeId],
    day: NaiveDate,
) -> Result<HashMap<HomeId, Area>, StoreError> {
    let mut found = HashMap::new();
    let ids = ids.iter().map(|id| id.as_uuid());
    let rows = Entity::find()
        .filter(db::one_of(connection.get_database_backend(), Column::HomeId, ids))
        .order_by_asc(Column::Place)
        .all(connection)
        .await?;
    for row in rows {
        if row.since.is_none_or(|since| since <= day) {
            found.insert(HomeId::from_uuid(row.home_id), Area(row.exclusive_area));
        }
    }
    Ok(found)
}

/// The days on which homes were sold, of those of which it was recorded.
///
/// # Errors
/// As the statement.
pub async fn sales(
    connection: &impl ConnectionTrait,
    ids: &[HomeId],
) -> Result<HashMap<HomeId, NaiveDate>, StoreError> {
    let mut found = HashMap::new();
    let ids = ids.iter().map(|id| id.as_uuid());
    let rows = home_sale::Entity::find()
        .filter(db::one_of(
            connection.get_database_backend(),
            home_sale::Column::HomeId,
            ids,
        ))
        .all(connection)
        .await?;
    found.extend(
        rows.into_iter()
            .map(|row| (HomeId::from_uuid(row.home_id), row.sold_on)),
    );
    Ok(found)
}

impl Tx {
    /// Records the exclusive areas through time of homes that have none recorded, the last of which they have now.
    ///
    /// # Errors
    /// `Conflict` where one of them was corrected at the same moment.
    pub async fn insert_area_histories(
        &self,
        histories: &HashMap<HomeId, Vec<Reasoned>>,
    ) -> Result<(), StoreError> {
        let mut rows = Vec::new();
        for (home_id, areas) in histories {
            for (place, Reasoned { area, reason }) in (0..).zip(areas) {
                rows.push(to_row(*home_id, place, area, Some(reason)));
            }
        }
        db::insert_chunked(self.connection(), rows, None)
            .await
            .map_err(raced)?;
        Ok(())
    }

    /// Records on which days new homes were sold.
    ///
    /// # Errors
    /// As the statement.
    pub async fn insert_sales(&self, sales: &HashMap<HomeId, NaiveDate>) -> Result<(), StoreError> {
        let rows: Vec<_> = sales
            .iter()
            .map(|(id, on)| home_sale::ActiveModel {
                home_id: Set(id.as_uuid()),
                sold_on: Set(*on),
            })
            .collect();
        db::insert_chunked(self.connection(), rows, None).await?;
        Ok(())
    }

    /// Records the area that counts from now on, beside those before it.
    ///
    /// # Errors
    /// `Conflict` where the home was corrected at the same moment.
    pub async fn save_correction(
        &self,
        before: &HomeFacts,
        after: &HomeArea,
        reason: &str,
    ) -> Result<(), StoreError> {
        let mut rows = Vec::new();
        let place = i32::try_from(before.areas.len())
            .map_err(|_| StoreError::Corrupt("the areas of a home".into()))?;
        if let [recorded] = &before.areas[..] {
            rows.push(to_row(before.home_id, 0, recorded, None));
        }
        rows.push(to_row(before.home_id, place, after, Some(reason)));
        db::insert_chunked(self.connection(), rows, None)
            .await
            .map_err(raced)?;
        let saved = home::Entity::update_many()
            .col_expr(home::Column::ExclusiveArea, Expr::value(after.area.0))
            .filter(home::Column::Id.eq(before.home_id.as_uuid()))
            .exec(self.connection())
            .await?;
        if saved.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::Conflict)
        }
    }

    /// Records that homes of a building held by [`Tx::hold_buildings`] were sold on a day.
    ///
    /// # Errors
    /// `Conflict` where one of them is not there any more.
    pub async fn save_sale(&self, ids: &[HomeId], on: NaiveDate) -> Result<(), StoreError> {
        let saved = home::Entity::update_many()
            .col_expr(home::Column::SaleState, Expr::value("sold"))
            .filter(home::Column::Id.is_in(ids.iter().map(|id| id.as_uuid())))
            .exec(self.connection())
            .await?;
        if saved.rows_affected != ids.len() as u64 {
            return Err(StoreError::Conflict);
        }
        let rows: Vec<_> = ids
            .iter()
            .map(|id| home_sale::ActiveModel {
                home_id: Set(id.as_uuid()),
                sold_on: Set(on),
            })
            .collect();
        let newer = OnConflict::column(home_sale::Column::HomeId)
            .update_column(home_sale::Column::SoldOn)
            .to_owned();
        db::insert_chunked(self.connection(), rows, Some(newer)).await?;
        Ok(())
    }
}

fn to_row(home_id: HomeId, place: i32, area: &HomeArea, reason: Option<&str>) -> ActiveModel {
    ActiveModel {
        home_id: Set(home_id.as_uuid()),
        place: Set(place),
        exclusive_area: Set(area.area.0),
        source: Set(<&str>::from(area.source).to_owned()),
        since: Set(area.since),
        document_digest: Set(area.document_digest.clone()),
        reason: Set(reason.filter(|reason| !reason.is_empty()).map(str::to_owned)),
    }
}

fn from_row(row: Model) -> Result<HomeArea, StoreError> {
    Ok(HomeArea {
        area: Area(row.exclusive_area),
        source: text::read("home_areas", &row.source)?,
        since: row.since,
        document_digest: row.document_digest,
    })
}
