//! How homes are held and who votes for several owners, as rows.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use db::StoreError;
use ids::{AreaId, HomeId, OwnerId, RepresentationId};
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
};

use super::building_areas::Estate;
use super::entity::{holding, home, ownership, representation};
use super::{Tx, ownerships, raced, text};
use crate::domain::owner::holding::{Form, Holding, Share, Title, check_whole};
use crate::domain::owner::representation::Representation;
use crate::domain::ownership::Ownership;

/// How the owners of an ownership hold the home.
///
/// # Errors
/// As the statement.
pub async fn find(connection: &impl ConnectionTrait, ownership: Ownership) -> Result<Holding, StoreError> {
    let held = Holding::of(ownership);
    let row = holding::Entity::find_by_id(held.id.as_uuid())
        .one(connection)
        .await?;
    recorded(held, row.as_ref())
}

/// How the owners of each of these ownerships hold the home, in the same order.
///
/// # Errors
/// As the statement.
pub async fn find_many(
    connection: &impl ConnectionTrait,
    ownerships: Vec<Ownership>,
) -> Result<Vec<Holding>, StoreError> {
    let held: Vec<Holding> = ownerships.into_iter().map(Holding::of).collect();
    let ids = held.iter().map(|held| held.id.as_uuid());
    let backend = connection.get_database_backend();
    let rows: HashMap<uuid::Uuid, holding::Model> = holding::Entity::find()
        .filter(db::one_of(backend, holding::Column::Id, ids))
        .all(connection)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    held.into_iter()
        .map(|held| {
            let row = rows.get(&held.id.as_uuid());
            recorded(held, row)
        })
        .collect()
}

/// A holding with what a row says of it; as it was where there is none.
fn recorded(mut held: Holding, row: Option<&holding::Model>) -> Result<Holding, StoreError> {
    if let Some(row) = row {
        held.form = match &row.shares {
            None => Form::Joint,
            Some(shares) => Form::Shares(serde_json::from_str(shares)?),
        };
        held.title = match (row.title.as_str(), row.registered_on) {
            ("registered", on) => Title::Registered { on },
            ("possession", None) => Title::Possession,
            _ => return Err(StoreError::Corrupt("the title of a holding".into())),
        };
        held.version = row.version;
    }
    Ok(held)
}

fn to_row(held: &Holding) -> Result<holding::ActiveModel, StoreError> {
    let (title, registered_on) = match held.title {
        Title::Registered { on } => ("registered", on),
        Title::Possession => ("possession", None),
    };
    let shares = match &held.form {
        Form::Joint => None,
        Form::Shares(shares) => Some(serde_json::to_string(shares)?),
    };
    Ok(holding::ActiveModel {
        id: Set(held.id.as_uuid()),
        home_id: Set(held.ownership.home_id.as_uuid()),
        since: Set(held.ownership.valid_from),
        shares: Set(shares),
        title: Set(title.to_owned()),
        registered_on: Set(registered_on),
        version: Set(held.version),
    })
}

/// Homes of an area whose shares on a day do not sum to one.
///
/// # Errors
/// As the statement.
pub async fn shares_not_whole(
    connection: &impl ConnectionTrait,
    estate: &Estate,
    day: NaiveDate,
) -> Result<HashSet<HomeId>, StoreError> {
    let held = Query::select()
        .expr(Expr::val(1))
        .from(ownership::Entity)
        .inner_join(
            home::Entity,
            Expr::col((home::Entity, home::Column::Id))
                .equals((ownership::Entity, ownership::Column::HomeId)),
        )
        .and_where(
            Expr::col((ownership::Entity, ownership::Column::HomeId))
                .equals((holding::Entity, holding::Column::HomeId)),
        )
        .and_where(
            Expr::col((ownership::Entity, ownership::Column::ValidFrom))
                .equals((holding::Entity, holding::Column::Since)),
        )
        .cond_where(estate.homes())
        .cond_where(ownerships::covers(day))
        .to_owned();
    let rows = holding::Entity::find()
        .filter(holding::Column::Shares.is_not_null())
        .filter(Expr::exists(held))
        .all(connection)
        .await?;
    let mut broken = HashSet::new();
    for row in rows {
        let shares: Vec<Share> = serde_json::from_str(row.shares.as_deref().unwrap_or("[]"))?;
        if check_whole(&shares).is_err() {
            broken.insert(HomeId::from_uuid(row.home_id));
        }
    }
    Ok(broken)
}

/// The last choice of a head in an area.
///
/// # Errors
/// As the statement.
pub async fn last_choice(
    connection: &impl ConnectionTrait,
    id: RepresentationId,
) -> Result<Option<Representation>, StoreError> {
    representation::Entity::find()
        .filter(representation::Column::Id.eq(id.as_uuid()))
        .order_by_desc(representation::Column::FromOn)
        .one(connection)
        .await?
        .map(choice)
        .transpose()
}

/// The choices of an area, of a day those that stand on it or stood before, the oldest first.
///
/// # Errors
/// As the statement.
pub async fn choices(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
    day: Option<NaiveDate>,
) -> Result<Vec<Representation>, StoreError> {
    let mut select =
        representation::Entity::find().filter(representation::Column::AreaId.eq(area_id.as_uuid()));
    if let Some(day) = day {
        select = select.filter(representation::Column::FromOn.lte(day));
    }
    let rows = select
        .order_by_asc(representation::Column::FromOn)
        .all(connection)
        .await?;
    rows.into_iter().map(choice).collect()
}

/// All choices of these heads in their areas, the oldest first.
///
/// # Errors
/// As the statement.
pub async fn choices_of(
    connection: &impl ConnectionTrait,
    ids: &[RepresentationId],
) -> Result<HashMap<RepresentationId, Vec<Representation>>, StoreError> {
    let among = db::one_of(
        connection.get_database_backend(),
        representation::Column::Id,
        ids.iter().map(|id| id.as_uuid()),
    );
    let rows = representation::Entity::find()
        .filter(among)
        .order_by_asc(representation::Column::FromOn)
        .all(connection)
        .await?;
    let mut found: HashMap<RepresentationId, Vec<Representation>> = HashMap::new();
    for row in rows {
        let choice = choice(row)?;
        found.entry(choice.id).or_default().push(choice);
    }
    Ok(found)
}

impl Tx {
    /// Records holdings of which nothing was recorded.
    ///
    /// # Errors
    /// `Conflict` where one of them was recorded at the same moment.
    pub async fn insert_holdings(&self, held: &[Holding]) -> Result<(), StoreError> {
        let rows = held.iter().map(to_row).collect::<Result<Vec<_>, _>>()?;
        db::insert_chunked(self.connection(), rows, None)
            .await
            .map_err(raced)?;
        Ok(())
    }

    /// Saves a holding that was one version lower when it was read.
    ///
    /// # Errors
    /// `Conflict` where somebody else changed it since.
    pub async fn save_holding(&self, held: &Holding) -> Result<(), StoreError> {
        let row = to_row(held)?;
        let as_read = Expr::col((holding::Entity, holding::Column::Version)).eq(held.version - 1);
        let replace = OnConflict::column(holding::Column::Id)
            .update_columns([
                holding::Column::Shares,
                holding::Column::Title,
                holding::Column::RegisteredOn,
                holding::Column::Version,
            ])
            .action_and_where(as_read)
            .to_owned();
        let saved = db::insert_chunked(self.connection(), [row], Some(replace)).await?;
        if saved == 1 {
            Ok(())
        } else {
            Err(StoreError::Conflict)
        }
    }

    /// Records a choice.
    ///
    /// # Errors
    /// `Conflict` where another was recorded at the same moment.
    pub async fn insert_choice(&self, chosen: &Representation) -> Result<(), StoreError> {
        self.insert_choices(std::slice::from_ref(chosen)).await
    }

    /// Records choices.
    ///
    /// # Errors
    /// `Conflict` where another of the same owners was recorded at the same moment.
    pub async fn insert_choices(&self, chosen: &[Representation]) -> Result<(), StoreError> {
        db::insert_chunked(self.connection(), chosen.iter().map(choice_row), None)
            .await
            .map_err(raced)?;
        Ok(())
    }
}

fn choice_row(chosen: &Representation) -> representation::ActiveModel {
    representation::ActiveModel {
        id: Set(chosen.id.as_uuid()),
        from_on: Set(chosen.from_on),
        area_id: Set(chosen.area_id.as_uuid()),
        head_key: Set(chosen.head_key.to_string()),
        owner_id: Set(chosen.owner_id.as_uuid()),
        document_digest: Set(chosen.document_digest.clone()),
        version: Set(chosen.version),
    }
}

fn choice(row: representation::Model) -> Result<Representation, StoreError> {
    Ok(Representation {
        id: RepresentationId::from_uuid(row.id),
        area_id: AreaId::from_uuid(row.area_id),
        head_key: text::read("representations", &row.head_key)?,
        owner_id: OwnerId::from_uuid(row.owner_id),
        from_on: row.from_on,
        document_digest: row.document_digest,
        version: row.version,
    })
}
