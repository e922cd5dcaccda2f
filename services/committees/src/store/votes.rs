//! Votes: one a head, and the count.

use std::collections::{BTreeSet, HashMap};

use db::StoreError;
use ids::{BallotId, OwnerId, VoteId};
use money::Area;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
};

use super::Tx;
use super::ballots::parsed;
use super::entity::{roll_head, roll_owner, roll_voter, vote};
use super::roll::to_head;
use crate::domain::vote::CastVote;
use crate::domain::{Asker, Choice, Counts, Head, OwnVote, Tally, Vote, Voter};

impl Tx {
    /// Adds a vote; false where its head has voted, and nothing was added. A vote of the same head that is being cast
    /// at the same moment is waited for.
    ///
    /// # Errors
    /// As the statement.
    pub async fn insert_vote(&self, cast: &Vote, voter: Voter, account: &str) -> Result<bool, StoreError> {
        let voter_owner_id = match voter {
            Voter::Person(person) => Some(person.id.as_uuid()),
            Voter::Developer(_) => None,
        };
        let row = vote::ActiveModel {
            id: Set(cast.id.as_uuid()),
            ballot_id: Set(cast.ballot_id.as_uuid()),
            head_key: Set(cast.head_key.clone()),
            choice: Set(<&str>::from(cast.choice).to_owned()),
            voter: Set(account.to_owned()),
            voter_owner_id: Set(voter_owner_id),
            capacity: Set(<&str>::from(voter.capacity()).to_owned()),
            area: Set(cast.area.0),
            cast_at: Set(cast.cast_at),
        };
        let inserted = vote::Entity::insert(row)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(self.connection())
            .await?;
        Ok(inserted == 1)
    }

    /// The count of a ballot's votes by what they say: one statement, and the only one that reads choices together.
    ///
    /// # Errors
    /// As the statement.
    pub async fn count_votes(&self, ballot_id: BallotId) -> Result<Counts, StoreError> {
        let rows = vote::Entity::find()
            .select_only()
            .column(vote::Column::Choice)
            .column_as(vote::Column::Id.count(), "heads")
            .column_as(area_sum(), "area")
            .filter(vote::Column::BallotId.eq(ballot_id.as_uuid()))
            .group_by(vote::Column::Choice)
            .into_model::<CountRow>()
            .all(self.connection())
            .await?;
        let mut counts = Counts::default();
        for row in rows {
            let tally = Tally {
                heads: row.heads,
                area: Area(row.area),
            };
            match parsed::<Choice>("choice", &row.choice)? {
                Choice::For => counts.agreed = tally,
                Choice::Against => counts.against = tally,
                Choice::Abstain => counts.abstained = tally,
            }
        }
        Ok(counts)
    }
}

#[derive(FromQueryResult)]
struct CountRow {
    choice: String,
    heads: i64,
    area: i64,
}

#[derive(FromQueryResult)]
struct TurnoutRow {
    ballot_id: uuid::Uuid,
    heads: i64,
    area: i64,
}

/// The sum of areas as the integer it is: PostgreSQL widens a sum to a decimal.
fn area_sum() -> Expr {
    Expr::cust("CAST(SUM(area) AS BIGINT)")
}

/// Who took part in each of these ballots, without what they said: one statement. A ballot without votes is missing.
pub(super) async fn turnouts(
    connection: &impl ConnectionTrait,
    ballot_ids: &[BallotId],
) -> Result<HashMap<BallotId, Tally>, StoreError> {
    let rows = vote::Entity::find()
        .select_only()
        .column(vote::Column::BallotId)
        .column_as(vote::Column::Id.count(), "heads")
        .column_as(area_sum(), "area")
        .filter(vote::Column::BallotId.is_in(ballot_ids.iter().map(|id| id.as_uuid())))
        .group_by(vote::Column::BallotId)
        .into_model::<TurnoutRow>()
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            (
                BallotId::from_uuid(row.ballot_id),
                Tally {
                    heads: row.heads,
                    area: Area(row.area),
                },
            )
        })
        .collect())
}

/// The heads that somebody belongs to or may vote for, each with what was cast for it, in the order of their keys.
///
/// What was said is in the answer only where this very person, or this developer, said it: an owner for whom somebody
/// else voted learns that the head has voted, not how.
pub(super) async fn of_asker(
    connection: &impl ConnectionTrait,
    ballot_id: BallotId,
    asker: Asker,
) -> Result<Vec<OwnVote>, StoreError> {
    let heads = roll_head::Entity::find().filter(roll_head::Column::BallotId.eq(ballot_id.as_uuid()));
    let heads = match asker {
        Asker::Person(id) => {
            let owned = roll_owner::Entity::find()
                .filter(roll_owner::Column::BallotId.eq(ballot_id.as_uuid()))
                .filter(roll_owner::Column::OwnerId.eq(id.as_uuid()))
                .all(connection)
                .await?;
            let voted_for = roll_voter::Entity::find()
                .filter(roll_voter::Column::BallotId.eq(ballot_id.as_uuid()))
                .filter(roll_voter::Column::VoterId.eq(id.as_uuid()))
                .all(connection)
                .await?;
            let keys = owned.into_iter().map(|row| row.head_key);
            let keys: BTreeSet<String> = keys
                .chain(voted_for.into_iter().map(|row| row.head_key))
                .collect();
            heads.filter(roll_head::Column::HeadKey.is_in(keys))
        }
        Asker::Developer(firm_id) => heads.filter(roll_head::Column::DeveloperId.eq(firm_id.as_uuid())),
    };
    let mut heads = heads
        .all(connection)
        .await?
        .into_iter()
        .map(to_head)
        .collect::<Result<Vec<_>, StoreError>>()?;
    heads.sort_by(|a, b| a.key.cmp(&b.key));
    let votes = vote::Entity::find()
        .filter(vote::Column::BallotId.eq(ballot_id.as_uuid()))
        .filter(vote::Column::HeadKey.is_in(heads.iter().map(|head| head.key.clone())))
        .all(connection)
        .await?;
    let mut votes: HashMap<String, vote::Model> =
        votes.into_iter().map(|row| (row.head_key.clone(), row)).collect();
    heads
        .into_iter()
        .map(|head| {
            let cast = votes
                .remove(&head.key)
                .map(|row| to_cast(row, asker))
                .transpose()?;
            let may_cast = may_cast(&head, asker);
            Ok(OwnVote { head, may_cast, cast })
        })
        .collect()
}

fn may_cast(head: &Head, asker: Asker) -> bool {
    match asker {
        Asker::Person(id) => head.voter(Some(id), None).is_some(),
        Asker::Developer(firm_id) => head.voter(None, Some(firm_id)).is_some(),
    }
}

fn to_cast(row: vote::Model, asker: Asker) -> Result<CastVote, StoreError> {
    let is_own = match asker {
        Asker::Person(id) => row.voter_owner_id.map(OwnerId::from_uuid) == Some(id),
        // The firm is the voter, whichever of its employees it was; the heads were found by the firm.
        Asker::Developer(_) => row.voter_owner_id.is_none(),
    };
    let choice = is_own
        .then(|| parsed::<Choice>("choice", &row.choice))
        .transpose()?;
    Ok(CastVote {
        id: VoteId::from_uuid(row.id),
        choice,
        cast_at: row.cast_at,
        capacity: parsed("capacity", &row.capacity)?,
    })
}
