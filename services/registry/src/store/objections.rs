//! Objections to published rolls, as rows. Only this file seals and opens their texts.

use db::StoreError;
use ids::{ObjectionId, OwnerId, RollId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use sealing::Sealer;

use super::entity::objection::{ActiveModel, Column, Entity, Model};
use super::{Tx, owners};
use crate::domain::roll::objection::{Answer, Objection};

/// The seal of an objection is bound to this field.
const TEXT: &str = "objection.text";
/// The seal of an answer is bound to this field.
const ANSWER: &str = "objection.answer";

/// The objection, where it exists.
///
/// # Errors
/// As the statement; `Corrupt` where a seal does not open.
pub async fn find(
    connection: &impl ConnectionTrait,
    sealer: &Sealer,
    id: ObjectionId,
) -> Result<Option<Objection>, StoreError> {
    Entity::find_by_id(id.as_uuid())
        .one(connection)
        .await?
        .map(|row| from_row(sealer, row))
        .transpose()
}

/// A page of the objections to a roll, the oldest first: of one owner, or of all.
///
/// # Errors
/// As the statement; `Corrupt` where a seal does not open.
pub async fn list(
    connection: &impl ConnectionTrait,
    sealer: &Sealer,
    roll_id: RollId,
    owner_id: Option<OwnerId>,
    after: Option<ObjectionId>,
    limit: u64,
) -> Result<Vec<Objection>, StoreError> {
    let mut select = Entity::find().filter(Column::RollId.eq(roll_id.as_uuid()));
    if let Some(owner_id) = owner_id {
        select = select.filter(Column::OwnerId.eq(owner_id.as_uuid()));
    }
    if let Some(after) = after {
        select = select.filter(Column::Id.gt(after.as_uuid()));
    }
    let rows = select
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(connection)
        .await?;
    rows.into_iter().map(|row| from_row(sealer, row)).collect()
}

/// How many objections an owner raised to a roll.
///
/// # Errors
/// As the statement.
pub async fn count_of(
    connection: &impl ConnectionTrait,
    roll_id: RollId,
    owner_id: OwnerId,
) -> Result<u64, StoreError> {
    Ok(Entity::find()
        .filter(Column::RollId.eq(roll_id.as_uuid()))
        .filter(Column::OwnerId.eq(owner_id.as_uuid()))
        .count(connection)
        .await?)
}

impl Tx {
    /// Records an objection without an answer.
    ///
    /// # Errors
    /// As the statement.
    pub async fn insert_objection(&self, sealer: &Sealer, objection: &Objection) -> Result<(), StoreError> {
        let sealed = sealer
            .seal(TEXT, &objection.id.to_string(), &objection.text)
            .map_err(owners::unsealable)?;
        let row = ActiveModel {
            id: Set(objection.id.as_uuid()),
            roll_id: Set(objection.roll_id.as_uuid()),
            owner_id: Set(objection.owner_id.as_uuid()),
            text_sealed: Set(sealed),
            raised_at: Set(objection.raised_at),
            upheld: Set(None),
            answer_sealed: Set(None),
            answered_at: Set(None),
        };
        db::insert_chunked(self.connection(), [row], None).await?;
        Ok(())
    }

    /// Records the answer to an objection that has none.
    ///
    /// # Errors
    /// `Conflict` where it was answered at the same moment.
    pub async fn save_answer(
        &self,
        sealer: &Sealer,
        id: ObjectionId,
        answer: &Answer,
    ) -> Result<(), StoreError> {
        let sealed = sealer
            .seal(ANSWER, &id.to_string(), &answer.text)
            .map_err(owners::unsealable)?;
        let saved = Entity::update_many()
            .col_expr(Column::Upheld, Expr::value(answer.upheld))
            .col_expr(Column::AnswerSealed, Expr::value(sealed))
            .col_expr(Column::AnsweredAt, Expr::value(answer.at))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::AnsweredAt.is_null())
            .exec(self.connection())
            .await?;
        if saved.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::Conflict)
        }
    }
}

fn from_row(sealer: &Sealer, row: Model) -> Result<Objection, StoreError> {
    let id = ObjectionId::from_uuid(row.id);
    let record = id.to_string();
    let open = |field, sealed: &str| sealer.open(field, &record, sealed).map_err(owners::unsealable);
    let answer = match (row.upheld, row.answer_sealed, row.answered_at) {
        (Some(upheld), Some(sealed), Some(at)) => Some(Answer {
            upheld,
            text: open(ANSWER, &sealed)?,
            at,
        }),
        (None, None, None) => None,
        _ => return Err(StoreError::Corrupt("the answer to an objection".into())),
    };
    Ok(Objection {
        id,
        roll_id: RollId::from_uuid(row.roll_id),
        owner_id: OwnerId::from_uuid(row.owner_id),
        text: open(TEXT, &row.text_sealed)?,
        raised_at: row.raised_at,
        answer,
    })
}
