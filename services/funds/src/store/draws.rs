//! Rows and draws.

use db::{StoreError, insert_chunked};
use ids::{AreaId, BuildingId, DrawId, HomeId};
use money::{Area, Fen};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entity::{draw, draw_scope, share};
use super::{Tx, convert};
use crate::domain::allocation::Share;
use crate::domain::draw::Draw;
use crate::domain::scope::Scope;

impl Tx {
    /// The draw; `None` where there is none.
    ///
    /// # Errors
    /// As the statements.
    pub async fn draw(&self, draw_id: DrawId) -> Result<Option<Draw>, StoreError> {
        find(self.connection(), draw_id).await
    }

    /// Inserts a draw that was just proposed.
    ///
    /// # Errors
    /// As the statements.
    pub async fn insert_draw(&self, draw: &Draw) -> Result<(), StoreError> {
        let row = draw::ActiveModel {
            id: Set(draw.id.as_uuid()),
            version: Set(draw.version),
            area_id: Set(draw.scope.area_id.as_uuid()),
            division: Set(draw.division.to_string()),
            part: Set(<&str>::from(draw.part).to_owned()),
            title: Set(draw.title.clone()),
            text: Set(draw.text.clone()),
            budget: Set(draw.budget.0),
            proposer_id: Set(draw.proposer.map(|id| id.as_uuid())),
            proposed_at: Set(draw.proposed_at),
            state: Set(draw.state.name().to_owned()),
            ballot_id: Set(draw.state.ballot_id().map(|id| id.as_uuid())),
            detail: Set(serde_json::to_string(&draw.state)?),
        };
        draw::Entity::insert(row)
            .exec_without_returning(self.connection())
            .await?;
        let parts = draw.scope.parts();
        let rows = parts
            .iter()
            .zip(0..)
            .map(|((building_id, stairwell), place)| draw_scope::ActiveModel {
                draw_id: Set(draw.id.as_uuid()),
                place: Set(place),
                building_id: Set(building_id.map(|id| id.as_uuid())),
                stairwell: Set(stairwell.map(str::to_owned)),
            });
        insert_chunked(self.connection(), rows.collect::<Vec<_>>(), None).await?;
        Ok(())
    }

    /// Saves the state of a draw that was read as `before`.
    ///
    /// # Errors
    /// `Conflict` where somebody else changed it since.
    pub async fn save_draw(&self, before: &Draw, after: &Draw) -> Result<(), StoreError> {
        let saved = draw::Entity::update_many()
            .col_expr(draw::Column::Version, Expr::value(after.version))
            .col_expr(draw::Column::State, Expr::value(after.state.name()))
            .col_expr(
                draw::Column::BallotId,
                Expr::value(after.state.ballot_id().map(|id| id.as_uuid())),
            )
            .col_expr(
                draw::Column::Detail,
                Expr::value(serde_json::to_string(&after.state)?),
            )
            .filter(draw::Column::Id.eq(before.id.as_uuid()))
            .filter(draw::Column::Version.eq(before.version))
            .exec(self.connection())
            .await?;
        if saved.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::Conflict)
        }
    }

    /// The shares of a draw, by home.
    ///
    /// # Errors
    /// As the statement.
    pub async fn shares(&self, draw_id: DrawId) -> Result<Vec<Share>, StoreError> {
        let rows = share::Entity::find()
            .filter(share::Column::DrawId.eq(draw_id.as_uuid()))
            .order_by_asc(share::Column::HomeId)
            .all(self.connection())
            .await?;
        Ok(rows.into_iter().map(share_of).collect())
    }

    /// Writes the shares of a draw in place of those it had.
    ///
    /// # Errors
    /// As the statements.
    pub async fn replace_shares(&self, draw_id: DrawId, shares: &[Share]) -> Result<(), StoreError> {
        share::Entity::delete_many()
            .filter(share::Column::DrawId.eq(draw_id.as_uuid()))
            .exec(self.connection())
            .await?;
        let rows = shares.iter().map(|share| share::ActiveModel {
            draw_id: Set(draw_id.as_uuid()),
            home_id: Set(share.home_id.as_uuid()),
            area: Set(share.area.0),
            is_developers: Set(share.is_developers),
            share: Set(share.share.0),
            fund: Set(share.fund.0),
            owners_due: Set(share.owners_due.0),
            developer_due: Set(share.developer_due.0),
        });
        insert_chunked(self.connection(), rows.collect::<Vec<_>>(), None).await?;
        Ok(())
    }
}

/// The draw; `None` where there is none.
pub(super) async fn find(
    connection: &impl ConnectionTrait,
    draw_id: DrawId,
) -> Result<Option<Draw>, StoreError> {
    let Some(row) = draw::Entity::find_by_id(draw_id.as_uuid())
        .one(connection)
        .await?
    else {
        return Ok(None);
    };
    Ok(with_scopes(connection, vec![row]).await?.pop())
}

/// Rows with their scopes, read together.
pub(super) async fn with_scopes(
    connection: &impl ConnectionTrait,
    rows: Vec<draw::Model>,
) -> Result<Vec<Draw>, StoreError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let parts = draw_scope::Entity::find()
        .filter(draw_scope::Column::DrawId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(draw_scope::Column::DrawId)
        .order_by_asc(draw_scope::Column::Place)
        .all(connection)
        .await?;
    let scope = |row: &draw::Model| {
        let mut scope = Scope::whole(AreaId::from_uuid(row.area_id));
        for part in parts.iter().filter(|part| part.draw_id == row.id) {
            scope
                .building_ids
                .extend(part.building_id.map(BuildingId::from_uuid));
            scope.stairwells.extend(part.stairwell.clone());
        }
        scope.building_ids.dedup();
        scope
    };
    rows.into_iter()
        .map(|row| {
            Ok(Draw {
                id: DrawId::from_uuid(row.id),
                version: row.version,
                scope: scope(&row),
                division: convert::division(&row.division)?,
                part: convert::word("part", &row.part)?,
                title: row.title,
                text: row.text,
                budget: Fen(row.budget),
                proposer: convert::id(row.proposer_id),
                proposed_at: row.proposed_at,
                state: serde_json::from_str(&row.detail)?,
            })
        })
        .collect()
}

pub(super) fn share_of(row: share::Model) -> Share {
    Share {
        home_id: HomeId::from_uuid(row.home_id),
        area: Area(row.area),
        is_developers: row.is_developers,
        share: Fen(row.share),
        fund: Fen(row.fund),
        owners_due: Fen(row.owners_due),
        developer_due: Fen(row.developer_due),
    }
}
