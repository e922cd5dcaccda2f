//! Published rolls as rows: the roll, its frozen lines, and which code finds which of them.

use chrono::NaiveDate;
use db::StoreError;
use ids::{AreaId, OwnerId, RollId};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use sealing::Sealer;

use super::entity::published_roll::{ActiveModel, Column, Entity, Model};
use super::entity::{roll_code, roll_line};
use super::{Tx, raced, text};
use crate::domain::roll::code::RollCode;
use crate::domain::roll::publication::{Period, PublishedRoll, RollLine, State, Totals};

/// Codes are derived under this field.
const CODE: &str = "roll.code";
/// The index of a code is under another one: from the table no code can be told.
const CODE_INDEX: &str = "roll.code_index";

/// A line with who owns its home.
#[derive(Debug, Clone)]
pub struct OwnedLine {
    /// The line.
    pub line: RollLine,
    /// The owners, whose codes find it.
    pub owner_ids: Vec<OwnerId>,
}

/// The code of an owner on a roll. Derived with the platform's key: it is stored nowhere.
pub fn code_of(sealer: &Sealer, roll_id: RollId, owner_id: OwnerId) -> RollCode {
    RollCode::from_hash(&sealer.blind_index(CODE, &format!("{roll_id}/{owner_id}")))
}

fn index_of(sealer: &Sealer, roll_id: RollId, code: &RollCode) -> String {
    hex::encode(sealer.blind_index(CODE_INDEX, &format!("{roll_id}/{}", code.as_str())))
}

/// The roll, where it exists.
///
/// # Errors
/// As the statement.
pub async fn find(
    connection: &impl ConnectionTrait,
    id: RollId,
) -> Result<Option<PublishedRoll>, StoreError> {
    Entity::find_by_id(id.as_uuid())
        .one(connection)
        .await?
        .map(from_row)
        .transpose()
}

/// The roll of an area that is not taken down yet.
///
/// # Errors
/// As the statement.
pub async fn find_open(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
) -> Result<Option<PublishedRoll>, StoreError> {
    Entity::find()
        .filter(Column::AreaId.eq(area_id.as_uuid()))
        .filter(Column::State.eq("published"))
        .one(connection)
        .await?
        .map(from_row)
        .transpose()
}

/// A page of the rolls of an area that are to be seen on a day.
///
/// # Errors
/// As the statement.
pub async fn list_open(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
    day: NaiveDate,
    after: Option<RollId>,
    limit: u64,
) -> Result<Vec<PublishedRoll>, StoreError> {
    let mut select = Entity::find()
        .filter(Column::AreaId.eq(area_id.as_uuid()))
        .filter(Column::State.eq("published"))
        .filter(Column::FromOn.lte(day))
        .filter(Column::UntilOn.gte(day));
    if let Some(after) = after {
        select = select.filter(Column::Id.gt(after.as_uuid()));
    }
    let rows = select
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(connection)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// A page of the lines of a roll, in order.
///
/// # Errors
/// As the statement.
pub async fn lines(
    connection: &impl ConnectionTrait,
    id: RollId,
    after: i32,
    limit: u64,
) -> Result<Vec<RollLine>, StoreError> {
    let rows = roll_line::Entity::find()
        .filter(roll_line::Column::RollId.eq(id.as_uuid()))
        .filter(roll_line::Column::Line.gt(after))
        .order_by_asc(roll_line::Column::Line)
        .limit(limit)
        .all(connection)
        .await?;
    rows.into_iter().map(line_from_row).collect()
}

/// The lines that a code finds, in order.
///
/// # Errors
/// As the statement.
pub async fn lines_of_code(
    connection: &impl ConnectionTrait,
    sealer: &Sealer,
    id: RollId,
    code: &RollCode,
) -> Result<Vec<RollLine>, StoreError> {
    let found = Query::select()
        .column(roll_code::Column::Line)
        .from(roll_code::Entity)
        .and_where(Expr::col(roll_code::Column::RollId).eq(id.as_uuid()))
        .and_where(Expr::col(roll_code::Column::CodeIndex).eq(index_of(sealer, id, code)))
        .to_owned();
    let rows = roll_line::Entity::find()
        .filter(roll_line::Column::RollId.eq(id.as_uuid()))
        .filter(roll_line::Column::Line.in_subquery(found))
        .order_by_asc(roll_line::Column::Line)
        .all(connection)
        .await?;
    rows.into_iter().map(line_from_row).collect()
}

/// Whether a code finds a line.
///
/// # Errors
/// As the statement.
pub async fn has_code(
    connection: &impl ConnectionTrait,
    sealer: &Sealer,
    id: RollId,
    code: &RollCode,
) -> Result<bool, StoreError> {
    let found = roll_code::Entity::find()
        .filter(roll_code::Column::RollId.eq(id.as_uuid()))
        .filter(roll_code::Column::CodeIndex.eq(index_of(sealer, id, code)));
    Ok(found.limit(1).count(connection).await? > 0)
}

impl Tx {
    /// Records a published roll.
    ///
    /// # Errors
    /// `Conflict` where another roll of the area was published at the same moment.
    pub async fn insert_roll(&self, roll: &PublishedRoll) -> Result<(), StoreError> {
        db::insert_chunked(self.connection(), [to_row(roll)], None)
            .await
            .map_err(raced)?;
        Ok(())
    }

    /// Records lines of a roll, with the codes that find them.
    ///
    /// # Errors
    /// As the statement.
    pub async fn insert_lines(
        &self,
        sealer: &Sealer,
        id: RollId,
        lines: &[OwnedLine],
    ) -> Result<(), StoreError> {
        let mut rows = Vec::with_capacity(lines.len());
        let mut codes = Vec::with_capacity(lines.len());
        for OwnedLine { line, owner_ids } in lines {
            rows.push(roll_line::ActiveModel {
                roll_id: Set(id.as_uuid()),
                line: Set(line.line),
                building_number: Set(line.building_number.clone()),
                stairwell: Set(line.stairwell.clone()),
                room: Set(line.room.clone()),
                names: Set(serde_json::to_string(&line.names)?),
                exclusive_area: Set(line.exclusive_area.get()),
            });
            codes.extend(owner_ids.iter().map(|owner_id| roll_code::ActiveModel {
                roll_id: Set(id.as_uuid()),
                code_index: Set(index_of(sealer, id, &code_of(sealer, id, *owner_id))),
                line: Set(line.line),
            }));
        }
        db::insert_chunked(self.connection(), rows, None).await?;
        db::insert_chunked(self.connection(), codes, None).await?;
        Ok(())
    }

    /// Saves state and version of a roll that was one version lower when it was read.
    ///
    /// # Errors
    /// `Conflict` where somebody else changed it since.
    pub async fn save_roll(&self, roll: &PublishedRoll) -> Result<(), StoreError> {
        let saved = Entity::update_many()
            .col_expr(Column::State, Expr::value(<&str>::from(roll.state)))
            .col_expr(Column::Version, Expr::value(roll.version))
            .filter(Column::Id.eq(roll.id.as_uuid()))
            .filter(Column::Version.eq(roll.version - 1))
            .exec(self.connection())
            .await?;
        if saved.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::Conflict)
        }
    }
}

fn to_row(roll: &PublishedRoll) -> ActiveModel {
    ActiveModel {
        id: Set(roll.id.as_uuid()),
        area_id: Set(roll.area_id.as_uuid()),
        division_code: Set(roll.division.to_string()),
        as_of_on: Set(roll.period.as_of),
        from_on: Set(roll.period.from),
        until_on: Set(roll.period.until),
        state: Set(<&str>::from(roll.state).to_owned()),
        homes: Set(roll.totals.homes),
        heads: Set(roll.totals.heads),
        exclusive_area: Set(roll.totals.area.get()),
        shows_rooms: Set(roll.shows_rooms),
        article: Set(roll.article.clone()),
        version: Set(roll.version),
    }
}

fn from_row(row: Model) -> Result<PublishedRoll, StoreError> {
    let state: State = text::read("published_rolls", &row.state)?;
    Ok(PublishedRoll {
        id: RollId::from_uuid(row.id),
        area_id: AreaId::from_uuid(row.area_id),
        division: text::read("published_rolls", &row.division_code)?,
        period: Period {
            as_of: row.as_of_on,
            from: row.from_on,
            until: row.until_on,
        },
        state,
        totals: Totals {
            homes: row.homes,
            heads: row.heads,
            area: money::Area(row.exclusive_area),
        },
        shows_rooms: row.shows_rooms,
        article: row.article,
        version: row.version,
    })
}

fn line_from_row(row: roll_line::Model) -> Result<RollLine, StoreError> {
    Ok(RollLine {
        line: row.line,
        building_number: row.building_number,
        stairwell: row.stairwell,
        room: row.room,
        names: serde_json::from_str(&row.names)?,
        exclusive_area: money::Area(row.exclusive_area),
    })
}
