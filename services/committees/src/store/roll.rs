//! Frozen rolls: written once when a ballot is announced, read for every vote.

use db::{StoreError, insert_chunked};
use ids::{BallotId, FirmId, HomeId, OwnerId};
use money::Area;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use super::Tx;
use super::entity::{roll_head, roll_home, roll_owner, roll_voter};
use crate::domain::{Capacity, Head, HeadVoter, Roll};

impl Tx {
    /// Freezes a roll: some statements a thousand rows, whatever the size of the area.
    ///
    /// # Errors
    /// As the statements.
    pub async fn insert_roll(&self, ballot_id: BallotId, roll: &Roll) -> Result<(), StoreError> {
        let mut rows = Rows::default();
        for head in roll.heads() {
            rows.add(ballot_id.as_uuid(), head)?;
        }
        insert_chunked(self.connection(), rows.heads, None).await?;
        insert_chunked(self.connection(), rows.owners, None).await?;
        insert_chunked(self.connection(), rows.voters, None).await?;
        insert_chunked(self.connection(), rows.homes, None).await?;
        Ok(())
    }

    /// The head that a home belongs to on a ballot's roll; none where the home is not on it.
    ///
    /// # Errors
    /// As the statement.
    pub async fn head_of_home(
        &self,
        ballot_id: BallotId,
        home_id: HomeId,
    ) -> Result<Option<Head>, StoreError> {
        let key = roll_home::Entity::find_by_id((ballot_id.as_uuid(), home_id.as_uuid()))
            .select_only()
            .column(roll_home::Column::HeadKey)
            .into_query();
        let row = roll_head::Entity::find()
            .filter(roll_head::Column::BallotId.eq(ballot_id.as_uuid()))
            .filter(roll_head::Column::HeadKey.in_subquery(key))
            .one(self.connection())
            .await?;
        row.map(to_head).transpose()
    }
}

/// The rows of a roll.
#[derive(Default)]
struct Rows {
    heads: Vec<roll_head::ActiveModel>,
    owners: Vec<roll_owner::ActiveModel>,
    voters: Vec<roll_voter::ActiveModel>,
    homes: Vec<roll_home::ActiveModel>,
}

impl Rows {
    fn add(&mut self, ballot_id: uuid::Uuid, head: &Head) -> Result<(), StoreError> {
        self.heads.push(roll_head::ActiveModel {
            ballot_id: Set(ballot_id),
            head_key: Set(head.key.clone()),
            area: Set(head.area.0),
            homes: Set(serde_json::to_string(&head.home_ids)?),
            owner_ids: Set(serde_json::to_string(&head.owner_ids)?),
            voters: Set(Some(serde_json::to_string(&head.voters)?)),
            developer_id: Set(head.developer_id.map(|id| id.as_uuid())),
        });
        self.owners
            .extend(head.owner_ids.iter().map(|owner_id| roll_owner::ActiveModel {
                ballot_id: Set(ballot_id),
                owner_id: Set(owner_id.as_uuid()),
                head_key: Set(head.key.clone()),
            }));
        self.voters
            .extend(head.voters.iter().map(|voter| roll_voter::ActiveModel {
                ballot_id: Set(ballot_id),
                voter_id: Set(voter.id.as_uuid()),
                head_key: Set(head.key.clone()),
                capacity: Set(<&str>::from(voter.capacity).to_owned()),
            }));
        self.homes
            .extend(head.home_ids.iter().map(|home_id| roll_home::ActiveModel {
                ballot_id: Set(ballot_id),
                home_id: Set(home_id.as_uuid()),
                head_key: Set(head.key.clone()),
            }));
        Ok(())
    }
}

/// Reads a row.
pub(super) fn to_head(row: roll_head::Model) -> Result<Head, StoreError> {
    let owner_ids: Vec<OwnerId> = serde_json::from_str(&row.owner_ids)?;
    let voters = match &row.voters {
        Some(voters) => serde_json::from_str(voters)?,
        None => owner_ids.iter().copied().map(own_voter).collect(),
    };
    Ok(Head {
        key: row.head_key,
        home_ids: serde_json::from_str::<Vec<HomeId>>(&row.homes)?,
        area: Area(row.area),
        owner_ids,
        voters,
        developer_id: row.developer_id.map(FirmId::from_uuid),
    })
}

/// An owner who votes in the own right: on rolls frozen before voters were kept, every one does.
fn own_voter(id: OwnerId) -> HeadVoter {
    HeadVoter {
        id,
        capacity: Capacity::Owner,
    }
}
