//! Asking registry for a roll, folded into heads while it streams.

use std::error::Error;

use chrono::{DateTime, Utc};
use proto::common::v1 as common;
use proto::registry::v1 as pb;
use proto::registry::v1::registry_service_client::RegistryServiceClient;
use rpc::client::MESSAGE_BYTES_MAX;
use rpc::{CallContext, General, Peer, field};

use crate::domain::{Capacity, HeadVoter, Roll, RollEntry, Scope};
use crate::error::AppError;

/// The registry. Cheap to clone.
#[derive(Clone)]
pub struct Registry(RegistryServiceClient<Peer>);

impl Registry {
    /// By this peer.
    pub fn new(peer: Peer) -> Self {
        Registry(
            RegistryServiceClient::new(peer)
                .max_decoding_message_size(MESSAGE_BYTES_MAX)
                .max_encoding_message_size(MESSAGE_BYTES_MAX),
        )
    }

    /// The roll of a scope as of a time. Must be called outside a transaction: it crosses the network.
    ///
    /// # Errors
    /// Registry's own refusals (`AREA_NOT_FOUND`, `ROLL_EMPTY`, `ROLL_NOT_READY`) as they are; `UNAVAILABLE` where it
    /// does not answer; `INTERNAL` where its answer would count wrongly.
    pub async fn roll(
        &self,
        ctx: &CallContext,
        scope: &Scope,
        as_of: DateTime<Utc>,
        count_parking: bool,
    ) -> Result<Roll, AppError> {
        let request = pb::StreamRollRequest {
            scope: Some(common::Scope {
                area_id: scope.area_id.to_string(),
                building_ids: scope.building_ids.iter().map(ToString::to_string).collect(),
                stairwells: scope.stairwells.clone(),
            }),
            as_of: Some(as_of.into()),
            count_parking,
            home_ids: Vec::new(),
        };
        let mut entries = self
            .0
            .clone()
            .stream_roll(ctx.outgoing(request))
            .await?
            .into_inner();
        let mut roll = Roll::default();
        while let Some(entry) = entries.message().await? {
            roll.add(read(&entry).map_err(broken)?).map_err(broken)?;
        }
        Ok(roll)
    }
}

fn read(entry: &pb::RollEntry) -> Result<RollEntry, field::Invalid> {
    Ok(RollEntry {
        home_id: field::id("homeId", &entry.home_id)?,
        head_key: field::text("headKey", &entry.head_key, 200, "HEAD_KEY_MISSING")?,
        area: money::Area(entry.exclusive_area),
        owner_ids: entry
            .owner_ids
            .iter()
            .map(|id| field::id("ownerIds", id))
            .collect::<Result<_, _>>()?,
        voters: entry.voters.iter().map(voter).collect::<Result<_, _>>()?,
        developer_id: field::optional_id("developerId", &entry.developer_id)?,
    })
}

fn voter(voter: &pb::RollVoter) -> Result<HeadVoter, field::Invalid> {
    Ok(HeadVoter {
        id: field::id("voters.voterId", &voter.voter_id)?,
        capacity: match voter.capacity() {
            common::VoterCapacity::Owner => Capacity::Owner,
            common::VoterCapacity::Representative => Capacity::Representative,
            common::VoterCapacity::Guardian => Capacity::Guardian,
            common::VoterCapacity::Authorised => Capacity::Authorised,
            // A developer is no person among the voters.
            common::VoterCapacity::Developer | common::VoterCapacity::Unspecified => {
                return Err(field::Invalid::new(
                    "voters.capacity",
                    "VOTER_CAPACITY_MISSING",
                    "is not a capacity of a person",
                    "不是个人的投票身份",
                ));
            }
        },
    })
}

/// A roll that does not hold is never the caller's to mend.
fn broken(error: impl Error + Send + Sync + 'static) -> General {
    General::Internal {
        source: Box::new(error),
    }
}
