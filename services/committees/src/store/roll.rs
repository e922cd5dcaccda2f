//! Frozen rolls: written once when a ballot is announced, read for every vote.

use db::{StoreError, insert_chunked};
use ids::{BallotId, FirmId, HomeId, OwnerId};
use money::Area;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use super::Tx;
use super::entity::{roll_head, roll_home, roll_owner};
use crate::domain::{Head, Roll};

impl Tx {
    /// Freezes a roll: some statements a thousand rows, whatever the size of the area.
    ///
    /// # Errors
    /// As the statements.
    pub async fn insert_roll(&self, ballot_id: BallotId, roll: &Roll) -> Result<(), StoreError> {
        let ballot_id = ballot_id.as_uuid();
        let heads = roll.heads().map(|head| to_row(ballot_id, head)).collect::<Result<Vec<_>, _>>()?;
        insert_chunked(self.connection(), heads, None).await?;
        let owners = roll.heads().flat_map(|head| {
            head.owner_ids.iter().map(move |owner_id| roll_owner::ActiveModel {
                ballot_id: Set(ballot_id),
                owner_id: Set(owner_id.as_uuid()),
                head_key: Set(head.key.clone()),
            })
        });
        insert_chunked(self.connection(), owners, None).await?;
        let homes = roll.heads().flat_map(|head| {
            head.home_ids.iter().map(move |home_id| roll_home::ActiveModel {
                ballot_id: Set(ballot_id),
                home_id: Set(home_id.as_uuid()),
                head_key: Set(head.key.clone()),
            })
        });
        insert_chunked(self.connection(), homes, None).await?;
        Ok(())
    }

    /// The head that a home belongs to on a ballot's roll; none where the home is not on it.
    ///
    /// # Errors
    /// As the statement.
    pub async fn head_of_home(&self, ballot_id: BallotId, home_id: HomeId) -> Result<Option<Head>, StoreError> {
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

fn to_row(ballot_id: uuid::Uuid, head: &Head) -> Result<roll_head::ActiveModel, StoreError> {
    Ok(roll_head::ActiveModel {
        ballot_id: Set(ballot_id),
        head_key: Set(head.key.clone()),
        area: Set(head.area.0),
        homes: Set(serde_json::to_string(&head.home_ids)?),
        owner_ids: Set(serde_json::to_string(&head.owner_ids)?),
        developer_id: Set(head.developer_id.map(|id| id.as_uuid())),
    })
}

/// Reads a row.
pub(super) fn to_head(row: roll_head::Model) -> Result<Head, StoreError> {
    Ok(Head {
        key: row.head_key,
        home_ids: serde_json::from_str::<Vec<HomeId>>(&row.homes)?,
        area: Area(row.area),
        owner_ids: serde_json::from_str::<Vec<OwnerId>>(&row.owner_ids)?,
        developer_id: row.developer_id.map(FirmId::from_uuid),
    })
}
