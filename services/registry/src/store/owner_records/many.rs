//! Records and agents of many owners, in few statements: what tables load and take away.

use std::collections::{BTreeMap, HashMap, HashSet};

use db::StoreError;
use ids::OwnerId;
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use sealing::{Sealer, mask_mobile};

use super::{MOBILE, agent_from, agent_row, index_of, of_owners, verification_columns};
use crate::domain::owner::agent::Agent;
use crate::domain::owner::record::{Mobile, OwnerRecord};
use crate::store::entity::{agent, owner_record, owner_twin};
use crate::store::{Tx, owners, raced};

/// A record that changed.
pub struct Changed {
    /// It, after all changes.
    pub record: OwnerRecord,
    /// How many changes it were: so many versions lower it was when it was read.
    pub steps: i64,
    /// The mobile number, where it is new.
    pub mobile: Option<Mobile>,
}

/// Mobile numbers in clear of those of the given owners of whom one is recorded: for a file that may hold them, whose
/// taking is recorded, and to compare a table with.
///
/// # Errors
/// As the statement; `Corrupt` where a seal does not open.
pub async fn mobiles_in_clear(
    connection: &impl ConnectionTrait,
    sealer: &Sealer,
    ids: &[OwnerId],
) -> Result<HashMap<OwnerId, String>, StoreError> {
    let rows = owner_record::Entity::find()
        .filter(of_owners(connection, ids))
        .filter(owner_record::Column::MobileSealed.is_not_null())
        .all(connection)
        .await?;
    let mut mobiles = HashMap::with_capacity(rows.len());
    for row in rows {
        let id = OwnerId::from_uuid(row.owner_id);
        let Some(sealed) = row.mobile_sealed else { continue };
        let mobile = sealer
            .open(MOBILE, &id.to_string(), &sealed)
            .map_err(owners::unsealable)?;
        mobiles.insert(id, mobile);
    }
    Ok(mobiles)
}

/// Who acts for those of the given owners for whom anybody ever did, by first day.
///
/// # Errors
/// As the statements.
pub async fn agents_of_many(
    connection: &impl ConnectionTrait,
    ids: &[OwnerId],
) -> Result<HashMap<OwnerId, Vec<Agent>>, StoreError> {
    let among = db::one_of(
        connection.get_database_backend(),
        agent::Column::OwnerId,
        ids.iter().map(|id| id.as_uuid()),
    );
    let rows = agent::Entity::find()
        .filter(among)
        .order_by_asc(agent::Column::FromOn)
        .all(connection)
        .await?;
    let agent_ids: Vec<_> = rows.iter().map(|row| OwnerId::from_uuid(row.agent_id)).collect();
    let named = owners::find_many(connection, &agent_ids).await?;
    let mut found: HashMap<OwnerId, Vec<Agent>> = HashMap::new();
    for row in rows {
        let agents = found.entry(OwnerId::from_uuid(row.owner_id)).or_default();
        agents.push(agent_from(row, &named)?);
    }
    Ok(found)
}

impl Tx {
    /// Saves records, with new mobile numbers sealed, and who is recorded twice by these.
    ///
    /// # Errors
    /// `Conflict` where somebody else changed one of them since it was read; `Corrupt` where a seal does not open.
    pub async fn save_owner_records(&self, sealer: &Sealer, changed: &[Changed]) -> Result<(), StoreError> {
        // A statement says once by how much versions grow, and which columns are new.
        let mut groups: BTreeMap<(i64, bool), Vec<owner_record::ActiveModel>> = BTreeMap::new();
        for one in changed {
            let rows = groups.entry((one.steps, one.mobile.is_some())).or_default();
            rows.push(to_row(sealer, one)?);
        }
        for ((steps, with_mobile), rows) in groups {
            let expected = rows.len() as u64;
            let mut columns = vec![
                owner_record::Column::Verification,
                owner_record::Column::VerifiedOn,
                owner_record::Column::Mismatch,
                owner_record::Column::Version,
            ];
            if with_mobile {
                columns.extend([
                    owner_record::Column::MobileSealed,
                    owner_record::Column::MobileMasked,
                    owner_record::Column::MobileIndex,
                ]);
            }
            let version = owner_record::Column::Version;
            let as_read = ExprTrait::eq(
                ExprTrait::add(Expr::col((owner_record::Entity, version)), steps),
                Expr::col(("excluded", version)),
            );
            let replace = OnConflict::column(owner_record::Column::OwnerId)
                .update_columns(columns)
                .action_and_where(as_read)
                .to_owned();
            let saved = db::insert_chunked(self.connection(), rows, Some(replace)).await?;
            if saved != expected {
                return Err(StoreError::Conflict);
            }
        }
        let with_mobile = changed.iter().filter(|one| one.mobile.is_some());
        let ids: Vec<OwnerId> = with_mobile.map(|one| one.record.owner_id).collect();
        self.pair_twins(sealer, &ids).await
    }

    /// Records who is the same person as one of these owners, who had no mobile number until now.
    async fn pair_twins(&self, sealer: &Sealer, ids: &[OwnerId]) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        let indexes = Query::select()
            .column(owner_record::Column::MobileIndex)
            .from(owner_record::Entity)
            .and_where(of_owners(self.connection(), ids))
            .to_owned();
        let rows: Vec<(uuid::Uuid, Option<String>)> = owner_record::Entity::find()
            .select_only()
            .column(owner_record::Column::OwnerId)
            .column(owner_record::Column::MobileIndex)
            .filter(owner_record::Column::MobileIndex.in_subquery(indexes))
            .into_tuple()
            .all(self.connection())
            .await?;
        let mut by_index: HashMap<Option<String>, Vec<OwnerId>> = HashMap::new();
        for (id, index) in rows {
            by_index.entry(index).or_default().push(OwnerId::from_uuid(id));
        }
        by_index.retain(|_, same| same.len() > 1);
        let shared: Vec<OwnerId> = by_index.values().flatten().copied().collect();
        // Families share a number, not a name.
        let names = self.names_of(sealer, &shared).await?;
        let new: HashSet<OwnerId> = ids.iter().copied().collect();
        let mut pairs = Vec::new();
        for same in by_index.values() {
            for (one, other) in same
                .iter()
                .flat_map(|one| same.iter().map(move |other| (one, other)))
            {
                let is_new = new.contains(one) || new.contains(other);
                if one != other && is_new && names.get(one) == names.get(other) {
                    pairs.push(owner_twin::ActiveModel {
                        owner_id: Set(one.as_uuid()),
                        twin_id: Set(other.as_uuid()),
                    });
                }
            }
        }
        db::insert_chunked(self.connection(), pairs, None)
            .await
            .map_err(raced)?;
        Ok(())
    }

    /// Saves who acts for owners whose records were just saved: new ones, and ends of those that stand.
    ///
    /// # Errors
    /// As the statement.
    pub async fn save_agents_of_many(&self, agents: &[(OwnerId, Vec<Agent>)]) -> Result<(), StoreError> {
        let rows: Vec<_> = agents
            .iter()
            .flat_map(|(id, agents)| agents.iter().map(|agent| agent_row(*id, agent)))
            .collect();
        let end = OnConflict::columns([agent::Column::OwnerId, agent::Column::FromOn])
            .update_column(agent::Column::UntilOn)
            .to_owned();
        db::insert_chunked(self.connection(), rows, Some(end)).await?;
        Ok(())
    }
}

fn to_row(sealer: &Sealer, changed: &Changed) -> Result<owner_record::ActiveModel, StoreError> {
    let Changed { record, mobile, .. } = changed;
    let mobile = mobile.as_ref();
    let sealed = mobile
        .map(|mobile| sealer.seal(MOBILE, &record.owner_id.to_string(), mobile.as_str()))
        .transpose()
        .map_err(owners::unsealable)?;
    let (verification, what) = verification_columns(record.verification);
    Ok(owner_record::ActiveModel {
        owner_id: Set(record.owner_id.as_uuid()),
        mobile_sealed: Set(sealed),
        mobile_masked: Set(mobile.map(|mobile| mask_mobile(mobile.as_str()))),
        mobile_index: Set(mobile.map(|mobile| index_of(sealer, mobile))),
        verification: Set(verification.to_owned()),
        verified_on: Set(record.verification.on()),
        mismatch: Set(what.map(str::to_owned)),
        version: Set(record.version),
    })
}
