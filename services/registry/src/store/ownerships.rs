//! Ownerships as rows, valid in time: of a home at most one lasts.

use std::collections::HashMap;

use chrono::NaiveDate;
use db::StoreError;
use ids::{AreaId, HomeId, OwnerId};
use sea_orm::sea_query::{DynIden, Expr, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::building_areas::Estate;
use super::entity::ownership::{ActiveModel, Column, Entity, Model};
use super::entity::{home, ownership_owner};
use super::{Tx, raced};
use crate::domain::ownership::{Ownership, Transfer};

/// Ids of the homes that an owner owns now, for a condition of another statement.
pub(super) fn homes_of(owner_id: OwnerId) -> SelectStatement {
    ever_of(owner_id)
        .and_where(Expr::col((Entity, Column::ValidTo)).is_null())
        .to_owned()
}

/// Ids of the homes that an owner owned on a day, for a condition of another statement.
pub(super) fn homes_of_on(owner_id: OwnerId, day: NaiveDate) -> SelectStatement {
    ever_of(owner_id).cond_where(covers(day)).to_owned()
}

/// Ids of the homes that an owner ever owned.
fn ever_of(owner_id: OwnerId) -> SelectStatement {
    Query::select()
        .column((Entity, Column::HomeId))
        .from(ownership_owner::Entity)
        .inner_join(
            Entity,
            Expr::col((Entity, Column::Id))
                .equals((ownership_owner::Entity, ownership_owner::Column::OwnershipId)),
        )
        .and_where(
            Expr::col((ownership_owner::Entity, ownership_owner::Column::OwnerId)).eq(owner_id.as_uuid()),
        )
        .to_owned()
}

/// Ids of those who own a home of an area now, for a condition of another statement.
pub(super) fn owners_in(area_id: AreaId) -> SelectStatement {
    owners_ever_in(area_id)
        .and_where(Expr::col((Entity, Column::ValidTo)).is_null())
        .to_owned()
}

/// Ids of those who ever owned a home that an area has now, for a condition of another statement.
pub(super) fn owners_ever_in(area_id: AreaId) -> SelectStatement {
    Query::select()
        .column((ownership_owner::Entity, ownership_owner::Column::OwnerId))
        .from(ownership_owner::Entity)
        .inner_join(
            Entity,
            Expr::col((Entity, Column::Id))
                .equals((ownership_owner::Entity, ownership_owner::Column::OwnershipId)),
        )
        .inner_join(
            home::Entity,
            Expr::col((home::Entity, home::Column::Id)).equals((Entity, Column::HomeId)),
        )
        .and_where(Expr::col((home::Entity, home::Column::AreaId)).eq(area_id.as_uuid()))
        .to_owned()
}

/// Whether an ownership covers a day, with its table named: for statements of several tables.
pub(super) fn covers(day: NaiveDate) -> Condition {
    Condition::all()
        .add(Expr::col((Entity, Column::ValidFrom)).lte(day))
        .add(
            Condition::any()
                .add(Expr::col((Entity, Column::ValidTo)).is_null())
                .add(Expr::col((Entity, Column::ValidTo)).gt(day)),
        )
}

/// Whether the owner that `owner` names owns a home of an area on a day, for a condition of another statement.
pub(super) fn owns_in(estate: &Estate, day: NaiveDate, owner: (DynIden, DynIden)) -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(ownership_owner::Entity)
        .inner_join(
            Entity,
            Expr::col((Entity, Column::Id))
                .equals((ownership_owner::Entity, ownership_owner::Column::OwnershipId)),
        )
        .inner_join(
            home::Entity,
            Expr::col((home::Entity, home::Column::Id)).equals((Entity, Column::HomeId)),
        )
        .and_where(Expr::col((ownership_owner::Entity, ownership_owner::Column::OwnerId)).equals(owner))
        .cond_where(estate.homes())
        .cond_where(covers(day))
        .to_owned()
}

/// Who owns these homes now, by home.
///
/// # Errors
/// As the statement.
pub async fn current(
    connection: &impl ConnectionTrait,
    ids: &[HomeId],
) -> Result<HashMap<HomeId, Ownership>, StoreError> {
    read(connection, ids, Condition::all().add(Column::ValidTo.is_null())).await
}

/// Who owned these homes on a day, by home.
///
/// # Errors
/// As the statement.
pub async fn on_day(
    connection: &impl ConnectionTrait,
    ids: &[HomeId],
    day: NaiveDate,
) -> Result<HashMap<HomeId, Ownership>, StoreError> {
    read(connection, ids, covers(day)).await
}

async fn read(
    connection: &impl ConnectionTrait,
    ids: &[HomeId],
    condition: Condition,
) -> Result<HashMap<HomeId, Ownership>, StoreError> {
    let rows = Entity::find()
        .filter(of_homes(connection, ids))
        .filter(condition)
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|row| from_row(row).map(|ownership| (ownership.home_id, ownership)))
        .collect()
}

/// All ownerships that these homes ever had, the oldest first, by home.
///
/// # Errors
/// As the statement.
pub async fn histories(
    connection: &impl ConnectionTrait,
    ids: &[HomeId],
) -> Result<HashMap<HomeId, Vec<Ownership>>, StoreError> {
    let mut found: HashMap<HomeId, Vec<Ownership>> = HashMap::new();
    let rows = Entity::find()
        .filter(of_homes(connection, ids))
        .order_by_asc(Column::ValidFrom)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?;
    for row in rows {
        let ownership = from_row(row)?;
        found.entry(ownership.home_id).or_default().push(ownership);
    }
    // Databases do not agree where an open end stands; ids follow the order of recording.
    for history in found.values_mut() {
        history.sort_by_key(Ownership::order);
    }
    Ok(found)
}

/// All ownerships in which one of these owners ever had a part.
///
/// Read step by step: of a join over tables that have just been filled PostgreSQL knows too little.
///
/// # Errors
/// As the statements.
pub async fn of_owners(
    connection: &impl ConnectionTrait,
    ids: &[OwnerId],
) -> Result<Vec<Ownership>, StoreError> {
    let backend = connection.get_database_backend();
    let part = ownership_owner::Column::OwnerId;
    let mut held: Vec<Uuid> = ownership_owner::Entity::find()
        .select_only()
        .column(ownership_owner::Column::OwnershipId)
        .filter(db::one_of(backend, part, ids.iter().map(|id| id.as_uuid())))
        .into_tuple()
        .all(connection)
        .await?;
    held.sort_unstable();
    held.dedup();
    let rows = Entity::find()
        .filter(db::one_of(backend, Column::Id, held))
        .all(connection)
        .await?;
    rows.into_iter().map(from_row).collect()
}

fn of_homes(connection: &impl ConnectionTrait, ids: &[HomeId]) -> SimpleExpr {
    let ids = ids.iter().map(|id| id.as_uuid());
    db::one_of(connection.get_database_backend(), Column::HomeId, ids)
}

impl Tx {
    /// Records ownerships of homes that nobody owns yet.
    ///
    /// # Errors
    /// `Conflict` where one of the homes got owners at the same moment.
    pub async fn insert_ownerships(&self, ownerships: &[Ownership]) -> Result<(), StoreError> {
        let mut rows = Vec::with_capacity(ownerships.len());
        let mut owners = Vec::with_capacity(ownerships.len());
        for ownership in ownerships {
            let id = Uuid::now_v7();
            rows.push(ActiveModel {
                id: Set(id),
                home_id: Set(ownership.home_id.as_uuid()),
                owner_ids: Set(serde_json::to_string(&ownership.owner_ids)?),
                valid_from: Set(ownership.valid_from),
                valid_to: Set(ownership.valid_to),
            });
            owners.extend(
                ownership
                    .owner_ids
                    .iter()
                    .map(|owner_id| ownership_owner::ActiveModel {
                        ownership_id: Set(id),
                        owner_id: Set(owner_id.as_uuid()),
                    }),
            );
        }
        db::insert_chunked(self.connection(), rows, None)
            .await
            .map_err(raced)?;
        db::insert_chunked(self.connection(), owners, None).await?;
        Ok(())
    }

    /// Ends the ownership that lasts and begins the next.
    ///
    /// # Errors
    /// `Conflict` where somebody else ended it at the same moment.
    pub async fn save_transfer(&self, transfer: &Transfer) -> Result<(), StoreError> {
        let ended = Entity::update_many()
            .col_expr(Column::ValidTo, Expr::value(transfer.before.valid_to))
            .filter(Column::HomeId.eq(transfer.before.home_id.as_uuid()))
            .filter(Column::ValidTo.is_null())
            .exec(self.connection())
            .await?;
        if ended.rows_affected != 1 {
            return Err(StoreError::Conflict);
        }
        self.insert_ownerships(std::slice::from_ref(&transfer.after))
            .await
    }
}

pub(super) fn from_row(row: Model) -> Result<Ownership, StoreError> {
    Ok(Ownership {
        home_id: HomeId::from_uuid(row.home_id),
        owner_ids: serde_json::from_str(&row.owner_ids)?,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
    })
}
