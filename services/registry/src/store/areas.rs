//! Areas as rows, and which of them somebody sees.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use db::StoreError;
use ids::{AreaId, DivisionCode, FirmId, OwnerId};
use sea_orm::sea_query::Expr;
use sea_orm::sea_query::{LikeExpr, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::entity::area::{ActiveModel, Column, Entity, Model};
use super::entity::home;
use super::{Tx, area_managers, ownerships, raced, spellings, text};
use crate::domain::area::{Area, AreaEnd};
use crate::domain::dossier::ManagerTerm;

/// Which areas somebody sees: those that any of these grants.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sight {
    /// All.
    pub everything: bool,
    /// Those in one of these divisions.
    pub divisions: Vec<DivisionCode>,
    /// Those that this firm manages or built.
    pub firm_id: Option<FirmId>,
    /// This one.
    pub area_id: Option<AreaId>,
    /// Those in which this owner has a home.
    pub owner_id: Option<OwnerId>,
}

impl Sight {
    fn condition(&self) -> Option<Condition> {
        if self.everything {
            return None;
        }
        // An empty `any` would let everything through.
        let mut any = Condition::any().add(Column::Id.is_null());
        for division in &self.divisions {
            any = any.add(Column::DivisionCode.starts_with(division.to_string()));
        }
        if let Some(firm_id) = &self.firm_id {
            any = any
                .add(Column::ManagerId.eq(firm_id.as_uuid()))
                .add(Column::DeveloperId.eq(firm_id.as_uuid()));
        }
        if let Some(area_id) = &self.area_id {
            any = any.add(Column::Id.eq(area_id.as_uuid()));
        }
        if let Some(owner_id) = &self.owner_id {
            let homes = Query::select()
                .column((home::Entity, home::Column::AreaId))
                .from(home::Entity)
                .and_where(home::Column::Id.in_subquery(ownerships::homes_of(*owner_id)))
                .to_owned();
            any = any.add(Column::Id.in_subquery(homes));
        }
        Some(any)
    }
}

/// What areas to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those in one of these divisions; empty for all.
    pub divisions: Vec<DivisionCode>,
    /// Only those whose name, number, pinyin or initials contain each of these words; empty for all.
    pub query: String,
    /// Also areas that ended.
    pub include_ended: bool,
    /// As of the end of this day; none for now.
    pub as_of: Option<NaiveDate>,
    /// Only what the caller sees.
    pub sight: Sight,
}

/// A page of areas by number.
///
/// # Errors
/// As the statement.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<Area>, StoreError> {
    let mut select = Entity::find();
    if !filter.include_ended {
        let later = filter.as_of.map(|day| Column::EndedOn.gt(day));
        let stands = Condition::any().add(Column::EndedOn.is_null()).add_option(later);
        select = select.filter(stands);
    }
    if let Some(day) = filter.as_of {
        // As `Area::is_registered_by` says it of one.
        let by = Condition::any()
            .add(Column::RegisteredOn.is_null())
            .add(Column::RegisteredOn.lte(day));
        select = select.filter(by);
    }
    if let Some(condition) = filter.sight.condition() {
        select = select.filter(condition);
    }
    if !filter.divisions.is_empty() {
        let any = filter.divisions.iter().fold(Condition::any(), |any, division| {
            any.add(Column::DivisionCode.starts_with(division.to_string()))
        });
        select = select.filter(any);
    }
    for word in filter.query.split_whitespace() {
        let contains = || LikeExpr::new(spellings::pattern(word)).escape('\\');
        select = select.filter(
            Condition::any()
                .add(Column::Name.into_expr().like(contains()))
                .add(Column::Number.into_expr().like(contains()))
                .add(Column::Id.in_subquery(spellings::spelt(word))),
        );
    }
    if let Some(after) = after {
        select = select.filter(Column::Number.gt(after));
    }
    let rows = select
        .order_by_asc(Column::Number)
        .limit(limit)
        .all(connection)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// The area, where it exists.
///
/// # Errors
/// As the statement.
pub async fn find(connection: &impl ConnectionTrait, id: AreaId) -> Result<Option<Area>, StoreError> {
    Entity::find_by_id(id.as_uuid())
        .one(connection)
        .await?
        .map(from_row)
        .transpose()
}

/// Those of the given areas that exist.
///
/// # Errors
/// As the statement.
pub async fn find_many(
    connection: &impl ConnectionTrait,
    ids: &[AreaId],
) -> Result<HashMap<AreaId, Area>, StoreError> {
    let ids = ids.iter().map(|id| id.as_uuid());
    let among = db::one_of(connection.get_database_backend(), Column::Id, ids);
    let rows = Entity::find().filter(among).all(connection).await?;
    rows.into_iter()
        .map(|row| from_row(row).map(|area| (area.id, area)))
        .collect()
}

impl Tx {
    /// Records new areas.
    ///
    /// # Errors
    /// `Conflict` where one of them was recorded at the same moment.
    pub async fn insert_areas(&self, areas: &[Area]) -> Result<(), StoreError> {
        db::insert_chunked(self.connection(), areas.iter().map(to_row), None)
            .await
            .map_err(raced)?;
        let managers = areas.iter().map(|area| (area, area.registered_on));
        area_managers::insert(self.connection(), managers).await?;
        let names = areas.iter().map(|area| (area.id.as_uuid(), area.name.as_str()));
        spellings::put(self.connection(), names).await
    }

    /// The area, where it exists, held until the commit so that nobody else changes it or its contracts.
    ///
    /// # Errors
    /// As the statement.
    pub async fn hold_area(&self, id: AreaId) -> Result<Option<Area>, StoreError> {
        let mut select = Entity::find_by_id(id.as_uuid());
        if self.is_postgres() {
            // On SQLite this transaction is the only writer, so there is nothing to lock.
            select = select.lock_exclusive();
        }
        let row = select.one(self.connection()).await?;
        row.map(from_row).transpose()
    }

    /// Records who managed a held area at version 1, of which only the present manager is known; answers the area with the
    /// last of them, at the version that so many changes give.
    ///
    /// # Errors
    /// `Conflict` where somebody else changed it since.
    pub async fn save_manager_terms(
        &self,
        mut area: Area,
        terms: &[ManagerTerm],
    ) -> Result<Area, StoreError> {
        area_managers::delete(self.connection(), area.id).await?;
        for (version, term) in (1..).zip(terms) {
            area.manager_id = term.manager_id;
            area.version = version;
            area_managers::insert(self.connection(), [(&area, term.since)]).await?;
        }
        let saved = Entity::update_many()
            .col_expr(Column::Version, Expr::value(area.version))
            .col_expr(
                Column::ManagerId,
                Expr::value(area.manager_id.map(|id| id.as_uuid())),
            )
            .filter(Column::Id.eq(area.id.as_uuid()))
            .filter(Column::Version.eq(1))
            .exec(self.connection())
            .await?;
        if saved.rows_affected == 1 {
            Ok(area)
        } else {
            Err(StoreError::Conflict)
        }
    }

    /// Saves who manages an area since which day, and its version, which was one lower when it was read.
    ///
    /// # Errors
    /// `Conflict` where somebody else changed it since.
    pub async fn save_area_manager(&self, area: &Area, since: NaiveDate) -> Result<(), StoreError> {
        let saved = Entity::update_many()
            .col_expr(Column::Version, Expr::value(area.version))
            .col_expr(
                Column::ManagerId,
                Expr::value(area.manager_id.map(|id| id.as_uuid())),
            )
            .filter(Column::Id.eq(area.id.as_uuid()))
            .filter(Column::Version.eq(area.version - 1))
            .exec(self.connection())
            .await?;
        if saved.rows_affected == 1 {
            area_managers::insert(self.connection(), [(area, Some(since))]).await
        } else {
            Err(StoreError::Conflict)
        }
    }

    /// Those of the areas that exist, held until the commit, in the order of their ids so that no two wait for each other.
    ///
    /// # Errors
    /// As the statement.
    pub async fn hold_areas(
        &self,
        ids: impl IntoIterator<Item = AreaId>,
    ) -> Result<BTreeMap<AreaId, Area>, StoreError> {
        let ids: BTreeSet<AreaId> = ids.into_iter().collect();
        let ids: Vec<AreaId> = ids.into_iter().collect();
        let mut held = BTreeMap::new();
        let mut select = Entity::find()
            .filter(db::one_of(
                self.connection().get_database_backend(),
                Column::Id,
                ids.iter().map(|id| id.as_uuid()),
            ))
            .order_by_asc(Column::Id);
        if self.is_postgres() {
            // On SQLite this transaction is the only writer, so there is nothing to lock.
            select = select.lock_exclusive();
        }
        for row in select.all(self.connection()).await? {
            let area = from_row(row)?;
            held.insert(area.id, area);
        }
        Ok(held)
    }

    /// Saves the end of an area, and its version, which was one lower when it was read. Nobody manages it any more.
    ///
    /// # Errors
    /// `Conflict` where somebody else changed it since.
    pub async fn save_area_end(&self, area: &Area) -> Result<(), StoreError> {
        let (on, successor) = match area.ended {
            Some(end) => (Some(end.on), Some(end.successor_id.as_uuid())),
            None => (None, None),
        };
        let saved = Entity::update_many()
            .col_expr(Column::Version, Expr::value(area.version))
            .col_expr(
                Column::ManagerId,
                Expr::value(area.manager_id.map(|id| id.as_uuid())),
            )
            .col_expr(Column::EndedOn, Expr::value(on))
            .col_expr(Column::SuccessorId, Expr::value(successor))
            .filter(Column::Id.eq(area.id.as_uuid()))
            .filter(Column::Version.eq(area.version - 1))
            .exec(self.connection())
            .await?;
        if saved.rows_affected == 1 {
            area_managers::insert(self.connection(), [(area, on)]).await
        } else {
            Err(StoreError::Conflict)
        }
    }

    /// Saves the version of an area that was one lower when it was read.
    ///
    /// # Errors
    /// `Conflict` where somebody else changed it since.
    pub async fn save_area_version(&self, area: &Area) -> Result<(), StoreError> {
        let saved = Entity::update_many()
            .col_expr(Column::Version, Expr::value(area.version))
            .filter(Column::Id.eq(area.id.as_uuid()))
            .filter(Column::Version.eq(area.version - 1))
            .exec(self.connection())
            .await?;
        if saved.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::Conflict)
        }
    }
}

fn to_row(area: &Area) -> ActiveModel {
    ActiveModel {
        id: Set(area.id.as_uuid()),
        number: Set(area.number.clone()),
        name: Set(area.name.clone()),
        division_code: Set(area.division.to_string()),
        developer_id: Set(area.developer_id.map(Into::into)),
        manager_id: Set(area.manager_id.map(Into::into)),
        version: Set(area.version),
        registered_on: Set(area.registered_on),
        ended_on: Set(area.ended.map(|end| end.on)),
        successor_id: Set(area.ended.map(|end| end.successor_id.as_uuid())),
    }
}

fn from_row(row: Model) -> Result<Area, StoreError> {
    let ended = match (row.ended_on, row.successor_id) {
        (None, None) => None,
        (Some(on), Some(successor)) => Some(AreaEnd {
            on,
            successor_id: AreaId::from_uuid(successor),
        }),
        _ => return Err(StoreError::Corrupt("the end of an area".into())),
    };
    Ok(Area {
        id: AreaId::from_uuid(row.id),
        number: row.number,
        name: row.name,
        division: text::read("areas", &row.division_code)?,
        developer_id: row.developer_id.map(FirmId::from_uuid),
        manager_id: row.manager_id.map(FirmId::from_uuid),
        ended,
        version: row.version,
        registered_on: row.registered_on,
    })
}
