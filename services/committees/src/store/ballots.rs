//! Rows and ballots.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use db::StoreError;
use ids::{AreaId, BallotId, DivisionCode, DrawId, PriceAdjustmentId};
use money::Area;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
};

use super::Tx;
use super::entity::ballot;
use crate::domain::{Announcement, Ballot, BallotState, Matter, Phase, Poll, Scope, Tally};

impl Tx {
    /// The ballot, with its row held until the commit: votes that are being cast are waited for, and later ones see
    /// what becomes of it.
    ///
    /// # Errors
    /// As the statement.
    pub async fn ballot_for_change(&self, ballot_id: BallotId) -> Result<Option<Ballot>, StoreError> {
        // On SQLite the writer is alone, and the lock is left out of the statement.
        let query = ballot::Entity::find_by_id(ballot_id.as_uuid()).lock(LockType::Update);
        query.one(self.connection()).await?.map(to_ballot).transpose()
    }

    /// What of the ballot a vote depends on. The row is shared with other votes, and kept from being changed until the
    /// commit: no vote is accepted that the count does not see.
    ///
    /// # Errors
    /// As the statement.
    pub async fn poll(&self, ballot_id: BallotId) -> Result<Option<Poll>, StoreError> {
        // The proposal's text is left where it is: it can be long, and a vote does not depend on it.
        let query = ballot::Entity::find_by_id(ballot_id.as_uuid())
            .select_only()
            .columns([
                ballot::Column::Id,
                ballot::Column::AreaId,
                ballot::Column::Division,
                ballot::Column::State,
                ballot::Column::OpensAt,
                ballot::Column::ClosesAt,
            ])
            .lock(LockType::KeyShare);
        query
            .into_model::<PollRow>()
            .one(self.connection())
            .await?
            .map(PollRow::poll)
            .transpose()
    }

    /// Adds a ballot.
    ///
    /// # Errors
    /// As the statement.
    pub async fn insert_ballot(&self, after: &Ballot) -> Result<(), StoreError> {
        ballot::Entity::insert(to_row(after)?)
            .exec_without_returning(self.connection())
            .await?;
        Ok(())
    }

    /// Saves a changed ballot over the version that it was made from.
    ///
    /// # Errors
    /// `Conflict` where it was changed by somebody else.
    pub async fn save_ballot(&self, after: &Ballot) -> Result<(), StoreError> {
        let updated = ballot::Entity::update_many()
            .set(to_row(after)?)
            .filter(ballot::Column::Id.eq(after.id.as_uuid()))
            .filter(ballot::Column::Version.eq(after.version - 1))
            .exec(self.connection())
            .await?;
        if updated.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::Conflict)
        }
    }
}

/// The ballot, as it stands.
pub(super) async fn find(
    connection: &impl ConnectionTrait,
    ballot_id: BallotId,
) -> Result<Option<Ballot>, StoreError> {
    ballot::Entity::find_by_id(ballot_id.as_uuid())
        .one(connection)
        .await?
        .map(to_ballot)
        .transpose()
}

#[derive(FromQueryResult)]
struct PollRow {
    id: uuid::Uuid,
    area_id: uuid::Uuid,
    division: String,
    state: String,
    opens_at: Option<DateTime<Utc>>,
    closes_at: Option<DateTime<Utc>>,
}

impl PollRow {
    fn poll(self) -> Result<Poll, StoreError> {
        let closes_at = known(self.closes_at, "closes_at");
        let phase = match self.state.as_str() {
            "prepared" => Phase::Prepared,
            "announced" => Phase::Announced {
                opens_at: known(self.opens_at, "opens_at")?,
                closes_at: closes_at?,
            },
            "decided" => Phase::Decided {
                closes_at: closes_at?,
            },
            "withdrawn" => Phase::Withdrawn,
            other => return Err(corrupt("state", other)),
        };
        Ok(Poll {
            ballot_id: BallotId::from_uuid(self.id),
            area_id: AreaId::from_uuid(self.area_id),
            division: parsed("division", &self.division)?,
            phase,
        })
    }
}

fn to_row(ballot: &Ballot) -> Result<ballot::ActiveModel, StoreError> {
    let announcement = ballot.announcement();
    let (outcome, decided_at) = match &ballot.state {
        BallotState::Decided {
            outcome, decided_at, ..
        } => (Some(serde_json::to_string(outcome)?), Some(*decided_at)),
        BallotState::Prepared | BallotState::Announced { .. } | BallotState::Withdrawn { .. } => (None, None),
    };
    let (reason, withdrawn_at) = match &ballot.state {
        BallotState::Withdrawn {
            reason, withdrawn_at, ..
        } => (Some(reason.clone()), Some(*withdrawn_at)),
        BallotState::Prepared | BallotState::Announced { .. } | BallotState::Decided { .. } => (None, None),
    };
    Ok(ballot::ActiveModel {
        id: Set(ballot.id.as_uuid()),
        area_id: Set(ballot.scope.area_id.as_uuid()),
        building_ids: Set(serde_json::to_string(&ballot.scope.building_ids)?),
        stairwells: Set(serde_json::to_string(&ballot.scope.stairwells)?),
        division: Set(ballot.division.to_string()),
        matter: Set(<&str>::from(ballot.matter).to_owned()),
        title: Set(ballot.title.clone()),
        text: Set(ballot.text.clone()),
        draw_id: Set(ballot.draw_id.map(|id| id.as_uuid())),
        adjustment_id: Set(ballot.adjustment_id.map(|id| id.as_uuid())),
        prepared_at: Set(ballot.prepared_at),
        state: Set(ballot.state.name().to_owned()),
        announced_at: Set(announcement.map(|it| it.announced_at)),
        opens_at: Set(announcement.map(|it| it.opens_at)),
        closes_at: Set(announcement.map(|it| it.closes_at)),
        roll_heads: Set(announcement.map(|it| it.roll.heads)),
        roll_area: Set(announcement.map(|it| it.roll.area.0)),
        outcome: Set(outcome),
        decided_at: Set(decided_at),
        withdrawn_at: Set(withdrawn_at),
        withdrawal_reason: Set(reason),
        version: Set(ballot.version),
    })
}

/// Reads a row.
pub(super) fn to_ballot(row: ballot::Model) -> Result<Ballot, StoreError> {
    let state = state_of(&row)?;
    Ok(Ballot {
        id: BallotId::from_uuid(row.id),
        scope: Scope {
            area_id: AreaId::from_uuid(row.area_id),
            building_ids: serde_json::from_str(&row.building_ids)?,
            stairwells: serde_json::from_str(&row.stairwells)?,
        },
        division: parsed::<DivisionCode>("division", &row.division)?,
        matter: parsed::<Matter>("matter", &row.matter)?,
        title: row.title,
        text: row.text,
        draw_id: row.draw_id.map(DrawId::from_uuid),
        adjustment_id: row.adjustment_id.map(PriceAdjustmentId::from_uuid),
        prepared_at: row.prepared_at,
        state,
        version: row.version,
    })
}

fn state_of(row: &ballot::Model) -> Result<BallotState, StoreError> {
    Ok(match row.state.as_str() {
        "prepared" => BallotState::Prepared,
        "announced" => BallotState::Announced {
            announcement: announcement_of(row)?,
        },
        "decided" => BallotState::Decided {
            announcement: announcement_of(row)?,
            outcome: serde_json::from_str(row.outcome.as_deref().unwrap_or_default())?,
            decided_at: known(row.decided_at, "decided_at")?,
        },
        "withdrawn" => BallotState::Withdrawn {
            announcement: row.announced_at.map(|_| announcement_of(row)).transpose()?,
            reason: known(row.withdrawal_reason.clone(), "withdrawal_reason")?,
            withdrawn_at: known(row.withdrawn_at, "withdrawn_at")?,
        },
        other => return Err(corrupt("state", other)),
    })
}

fn announcement_of(row: &ballot::Model) -> Result<Announcement, StoreError> {
    Ok(Announcement {
        announced_at: known(row.announced_at, "announced_at")?,
        opens_at: known(row.opens_at, "opens_at")?,
        closes_at: known(row.closes_at, "closes_at")?,
        roll: Tally {
            heads: known(row.roll_heads, "roll_heads")?,
            area: Area(known(row.roll_area, "roll_area")?),
        },
    })
}

fn known<T>(value: Option<T>, column: &str) -> Result<T, StoreError> {
    value.ok_or_else(|| corrupt(column, "null"))
}

/// Reads a text column.
pub(super) fn parsed<T: FromStr>(column: &str, text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_| corrupt(column, text))
}

fn corrupt(column: &str, value: &str) -> StoreError {
    StoreError::Corrupt(format!("{column} holds {value}"))
}
