//! What the policies need to know of an area or a ballot, besides what its own row says, for one caller.

use db::StoreError;
use ids::{AreaId, BallotId, FirmId, OwnerId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::entity::{area, home_owner, roll_head, roll_owner, roll_voter};
use super::{ReadTx, Tx};

/// How a caller stands to an area or a ballot in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// The property firm that manages the area.
    pub manager: Option<FirmId>,
    /// The developer: the caller's own firm where it has a head on the ballot's roll, else the area's.
    pub developer: Option<FirmId>,
    /// The caller's owner id, where it has a home in the area, or belongs to a head on the ballot's roll or votes for one.
    pub owner: Option<OwnerId>,
}

impl Tx {
    /// As `ReadTx::sight`.
    ///
    /// # Errors
    /// As the statements.
    pub async fn sight(
        &self,
        area_id: AreaId,
        ballot_id: Option<BallotId>,
        owner_id: Option<OwnerId>,
        firm_id: Option<FirmId>,
    ) -> Result<Sight, StoreError> {
        sight(self.connection(), area_id, ballot_id, owner_id, firm_id).await
    }
}

impl ReadTx {
    /// How somebody who is this owner, or acts for this firm, stands to an area and a ballot in it.
    ///
    /// # Errors
    /// As the statements.
    pub async fn sight(
        &self,
        area_id: AreaId,
        ballot_id: Option<BallotId>,
        owner_id: Option<OwnerId>,
        firm_id: Option<FirmId>,
    ) -> Result<Sight, StoreError> {
        sight(self.connection(), area_id, ballot_id, owner_id, firm_id).await
    }
}

async fn sight(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
    ballot_id: Option<BallotId>,
    owner_id: Option<OwnerId>,
    firm_id: Option<FirmId>,
) -> Result<Sight, StoreError> {
    let place = area::Entity::find_by_id(area_id.as_uuid())
        .one(connection)
        .await?;
    let mut sight = Sight {
        manager: place
            .as_ref()
            .and_then(|row| row.manager_id)
            .map(FirmId::from_uuid),
        developer: place
            .as_ref()
            .and_then(|row| row.developer_id)
            .map(FirmId::from_uuid),
        owner: None,
    };
    if let Some(owner_id) = owner_id {
        let homes = home_owner::Entity::find()
            .filter(home_owner::Column::OwnerId.eq(owner_id.as_uuid()))
            .filter(home_owner::Column::AreaId.eq(area_id.as_uuid()));
        let mut owns = homes.count(connection).await? > 0;
        if let (false, Some(ballot_id)) = (owns, ballot_id) {
            // Sold since, and still on the frozen roll.
            let heads = roll_owner::Entity::find()
                .filter(roll_owner::Column::BallotId.eq(ballot_id.as_uuid()))
                .filter(roll_owner::Column::OwnerId.eq(owner_id.as_uuid()));
            owns = heads.count(connection).await? > 0;
        }
        if let (false, Some(ballot_id)) = (owns, ballot_id) {
            // A guardian or an authorised person, who need not own anything here.
            let heads = roll_voter::Entity::find()
                .filter(roll_voter::Column::BallotId.eq(ballot_id.as_uuid()))
                .filter(roll_voter::Column::VoterId.eq(owner_id.as_uuid()));
            owns = heads.count(connection).await? > 0;
        }
        sight.owner = owns.then_some(owner_id);
    }
    if let (Some(firm_id), Some(ballot_id)) = (firm_id, ballot_id)
        && sight.developer != Some(firm_id)
    {
        let heads = roll_head::Entity::find()
            .filter(roll_head::Column::BallotId.eq(ballot_id.as_uuid()))
            .filter(roll_head::Column::DeveloperId.eq(firm_id.as_uuid()));
        if heads.count(connection).await? > 0 {
            sight.developer = Some(firm_id);
        }
    }
    Ok(sight)
}
