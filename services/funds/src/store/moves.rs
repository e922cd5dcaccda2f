//! Buildings that moved to another area: the replica of it, and which homes an area had before.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use db::{StoreError, insert_chunked};
use ids::{AreaId, HomeId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::Tx;
use super::entity::building_move::{ActiveModel, Column, Entity};
use super::entity::{account, home};
use crate::domain::moves::BuildingMove;

/// Ids of one statement, under the bind limit of every database.
const IDS_PER_STATEMENT: usize = 10_000;

/// An area with the buildings that it had at a time, told by how they differ from those that it has now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Estate {
    area_id: AreaId,
    /// Buildings that it had then, and that are elsewhere now.
    left: Vec<Uuid>,
    /// Buildings that it has now, and that were elsewhere then.
    joined: Vec<Uuid>,
}

impl Estate {
    /// The area as it is now.
    pub(super) fn now(area_id: AreaId) -> Self {
        Estate {
            area_id,
            left: Vec::new(),
            joined: Vec::new(),
        }
    }

    /// The area as it was at a time.
    ///
    /// # Errors
    /// As the statement.
    pub(super) async fn at(
        connection: &impl ConnectionTrait,
        area_id: AreaId,
        at: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        // All that moved since: regroupings are rare, and a draw is not open for long.
        let rows = Entity::find()
            .filter(Column::MovedAt.gt(at))
            .order_by_asc(Column::BuildingId)
            .order_by_asc(Column::MovedAt)
            .all(connection)
            .await?;
        let mut paths: BTreeMap<Uuid, (Uuid, Uuid)> = BTreeMap::new();
        for row in rows {
            let path = paths
                .entry(row.building_id)
                .or_insert((row.from_area_id, row.to_area_id));
            path.1 = row.to_area_id;
        }
        let here = area_id.as_uuid();
        let mut estate = Estate::now(area_id);
        for (building_id, (then, now)) in paths {
            match (then == here, now == here) {
                (true, false) => estate.left.push(building_id),
                (false, true) => estate.joined.push(building_id),
                (true, true) | (false, false) => {}
            }
        }
        Ok(estate)
    }

    /// Its homes, as a condition on the table of homes.
    pub(super) fn homes(&self) -> Condition {
        let mut here = Condition::all().add(home::Column::AreaId.eq(self.area_id.as_uuid()));
        if !self.joined.is_empty() {
            here = here.add(home::Column::BuildingId.is_not_in(self.joined.iter().copied()));
        }
        let mut any = Condition::any().add(here);
        if !self.left.is_empty() {
            any = any.add(home::Column::BuildingId.is_in(self.left.iter().copied()));
        }
        any
    }
}

/// The areas in whose ledgers the accounts of homes stand.
///
/// # Errors
/// As the statements.
pub(super) async fn ledgers_of(
    connection: &impl ConnectionTrait,
    home_ids: &[HomeId],
) -> Result<HashMap<HomeId, AreaId>, StoreError> {
    let mut found = HashMap::with_capacity(home_ids.len());
    for chunk in home_ids.chunks(IDS_PER_STATEMENT) {
        let rows: Vec<(Option<Uuid>, Uuid)> = account::Entity::find()
            .select_only()
            .column(account::Column::HomeId)
            .column(account::Column::AreaId)
            .filter(account::Column::HomeId.is_in(chunk.iter().map(|id| id.as_uuid())))
            .into_tuple()
            .all(connection)
            .await?;
        for (home_id, area_id) in rows {
            if let Some(home_id) = home_id {
                found.insert(HomeId::from_uuid(home_id), AreaId::from_uuid(area_id));
            }
        }
    }
    Ok(found)
}

impl Tx {
    /// Records that a building moved with these of its homes, and puts their accounts into the ledger of the other area.
    /// The money behind them is moved by a posting of its own.
    ///
    /// # Errors
    /// As the statements.
    pub async fn put_move(&self, moved: &BuildingMove) -> Result<(), StoreError> {
        let row = ActiveModel {
            building_id: Set(moved.building.id.as_uuid()),
            moved_at: Set(moved.at),
            from_area_id: Set(moved.from_area_id.as_uuid()),
            to_area_id: Set(moved.building.area_id.as_uuid()),
        };
        // A large building is told in several events of one move.
        let known = OnConflict::new().do_nothing().to_owned();
        insert_chunked(self.connection(), [row], Some(known)).await?;
        self.put_buildings([&moved.building].into_iter()).await?;
        let area = moved.building.area_id.as_uuid();
        for chunk in moved.home_ids.chunks(IDS_PER_STATEMENT) {
            home::Entity::update_many()
                .col_expr(home::Column::AreaId, Expr::value(area))
                .filter(home::Column::Id.is_in(chunk.iter().map(|id| id.as_uuid())))
                .exec(self.connection())
                .await?;
            account::Entity::update_many()
                .col_expr(account::Column::AreaId, Expr::value(area))
                .filter(account::Column::HomeId.is_in(chunk.iter().map(|id| id.as_uuid())))
                .exec(self.connection())
                .await?;
        }
        Ok(())
    }
}
