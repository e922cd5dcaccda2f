//! Decided ballots as rows, and what each was used for.

use std::fmt::Display;

use db::StoreError;
use ids::{AreaId, BallotId, PriceAdjustmentId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use super::entity::{ballot_use, decided_ballot};
use super::{Tx, raced};
use crate::domain::contract::{DecidedBallot, Purpose};

/// The ballot, where it was decided and committees told of it.
///
/// # Errors
/// As the statement.
pub async fn find(
    connection: &impl ConnectionTrait,
    id: BallotId,
) -> Result<Option<DecidedBallot>, StoreError> {
    let row = decided_ballot::Entity::find_by_id(id.as_uuid())
        .one(connection)
        .await?;
    row.map(from_row).transpose()
}

pub(super) fn from_row(row: decided_ballot::Model) -> Result<DecidedBallot, StoreError> {
    Ok(DecidedBallot {
        id: BallotId::from_uuid(row.id),
        area_id: AreaId::from_uuid(row.area_id),
        of_whole_area: row.of_whole_area,
        item: u8::try_from(row.item).map_err(|_| StoreError::Corrupt("an item in decided_ballots".into()))?,
        passed: row.passed,
        decided_on: row.decided_on,
        adjustment_id: row.adjustment_id.map(PriceAdjustmentId::from_uuid),
    })
}

impl Tx {
    /// Records a decided ballot; one that is known stays as it is.
    ///
    /// # Errors
    /// As the statement.
    pub async fn put_ballot(&self, ballot: &DecidedBallot) -> Result<(), StoreError> {
        let row = decided_ballot::ActiveModel {
            id: Set(ballot.id.as_uuid()),
            area_id: Set(ballot.area_id.as_uuid()),
            of_whole_area: Set(ballot.of_whole_area),
            item: Set(i16::from(ballot.item)),
            passed: Set(ballot.passed),
            decided_on: Set(ballot.decided_on),
            adjustment_id: Set(ballot.adjustment_id.map(Into::into)),
        };
        decided_ballot::Entity::insert(row)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(self.connection())
            .await?;
        Ok(())
    }

    /// Whether a ballot was used for this.
    ///
    /// # Errors
    /// As the statement.
    pub async fn is_ballot_used(&self, id: BallotId, purpose: Purpose) -> Result<bool, StoreError> {
        let key = (id.as_uuid(), <&str>::from(purpose).to_owned());
        let found = ballot_use::Entity::find_by_id(key).one(self.connection()).await?;
        Ok(found.is_some())
    }

    /// Records what a ballot was used for.
    ///
    /// # Errors
    /// `Conflict` where it was used for that at the same moment.
    pub async fn use_ballot(
        &self,
        id: BallotId,
        purpose: Purpose,
        used_by: impl Display,
    ) -> Result<(), StoreError> {
        let row = ballot_use::ActiveModel {
            ballot_id: Set(id.as_uuid()),
            purpose: Set(<&str>::from(purpose).to_owned()),
            used_by: Set(used_by.to_string()),
        };
        ballot_use::Entity::insert(row)
            .exec_without_returning(self.connection())
            .await
            .map_err(StoreError::from)
            .map_err(raced)?;
        Ok(())
    }
}
