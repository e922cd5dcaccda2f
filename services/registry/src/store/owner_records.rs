//! What is recorded of owners beside name and document, as rows. Mobile numbers are sealed and opened here only.

mod many;

use std::collections::{HashMap, HashSet};

use db::StoreError;
use ids::OwnerId;
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use sealing::{Sealer, mask_mobile};

use super::entity::{agent, owner, owner_record, owner_twin};
use super::{Tx, owners, raced, text};
use crate::domain::owner::Owner;
use crate::domain::owner::agent::Agent;
use crate::domain::owner::record::{Mismatch, Mobile, OwnerRecord, Verification};

pub use many::{Changed, agents_of_many, mobiles_in_clear};

/// The seal and the blind index of a mobile number are bound to this field.
const MOBILE: &str = "owner.mobile";

/// What is recorded of an owner, agents included.
///
/// # Errors
/// As the statements.
pub async fn find(connection: &impl ConnectionTrait, id: OwnerId) -> Result<OwnerRecord, StoreError> {
    let row = owner_record::Entity::find_by_id(id.as_uuid())
        .one(connection)
        .await?;
    let mut record = match row {
        Some(row) => from_row(row)?,
        None => OwnerRecord::empty(id),
    };
    record.agents = agents_of(connection, id).await?;
    Ok(record)
}

/// What is recorded of those of the given owners of whom anything is, agents left out.
///
/// # Errors
/// As the statement.
pub async fn find_many(
    connection: &impl ConnectionTrait,
    ids: &[OwnerId],
) -> Result<HashMap<OwnerId, OwnerRecord>, StoreError> {
    let rows = owner_record::Entity::find()
        .filter(of_owners(connection, ids))
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|row| from_row(row).map(|record| (record.owner_id, record)))
        .collect()
}

/// Those of the given owners who are not verified against the register.
///
/// # Errors
/// As the statement.
pub async fn unverified(
    connection: &impl ConnectionTrait,
    ids: &[OwnerId],
) -> Result<HashSet<OwnerId>, StoreError> {
    let mut open: HashSet<OwnerId> = ids.iter().copied().collect();
    let verified: Vec<uuid::Uuid> = owner_record::Entity::find()
        .select_only()
        .column(owner_record::Column::OwnerId)
        .filter(of_owners(connection, ids))
        .filter(owner_record::Column::Verification.eq("verified"))
        .into_tuple()
        .all(connection)
        .await?;
    for id in verified {
        open.remove(&OwnerId::from_uuid(id));
    }
    Ok(open)
}

fn of_owners(connection: &impl ConnectionTrait, ids: &[OwnerId]) -> SimpleExpr {
    let ids = ids.iter().map(|id| id.as_uuid());
    db::one_of(
        connection.get_database_backend(),
        owner_record::Column::OwnerId,
        ids,
    )
}

async fn agents_of(connection: &impl ConnectionTrait, id: OwnerId) -> Result<Vec<Agent>, StoreError> {
    let rows = agent::Entity::find()
        .filter(agent::Column::OwnerId.eq(id.as_uuid()))
        .order_by_asc(agent::Column::FromOn)
        .all(connection)
        .await?;
    let ids: Vec<_> = rows.iter().map(|row| OwnerId::from_uuid(row.agent_id)).collect();
    let named = owners::find_many(connection, &ids).await?;
    rows.into_iter().map(|row| agent_from(row, &named)).collect()
}

fn agent_from(row: agent::Model, named: &HashMap<OwnerId, Owner>) -> Result<Agent, StoreError> {
    let agent_id = OwnerId::from_uuid(row.agent_id);
    Ok(Agent {
        agent_id,
        name: named
            .get(&agent_id)
            .map(|agent| agent.name.clone())
            .unwrap_or_default(),
        ground: text::read("agents", &row.ground)?,
        from_on: row.from_on,
        until_on: row.until_on,
        document_digest: row.document_digest,
    })
}

impl Tx {
    /// Saves version and verification of a record that was one version lower when it was read.
    ///
    /// # Errors
    /// `Conflict` where somebody else changed it since.
    pub async fn save_owner_record(&self, record: &OwnerRecord) -> Result<(), StoreError> {
        let (verification, what) = verification_columns(record.verification);
        if record.version == 1 {
            let row = owner_record::ActiveModel {
                owner_id: Set(record.owner_id.as_uuid()),
                mobile_sealed: Set(None),
                mobile_masked: Set(None),
                mobile_index: Set(None),
                verification: Set(verification.to_owned()),
                verified_on: Set(record.verification.on()),
                mismatch: Set(what.map(str::to_owned)),
                version: Set(1),
            };
            db::insert_chunked(self.connection(), [row], None)
                .await
                .map_err(raced)?;
            return Ok(());
        }
        let saved = owner_record::Entity::update_many()
            .col_expr(owner_record::Column::Verification, Expr::value(verification))
            .col_expr(
                owner_record::Column::VerifiedOn,
                Expr::value(record.verification.on()),
            )
            .col_expr(owner_record::Column::Mismatch, Expr::value(what))
            .col_expr(owner_record::Column::Version, Expr::value(record.version))
            .filter(owner_record::Column::OwnerId.eq(record.owner_id.as_uuid()))
            .filter(owner_record::Column::Version.eq(record.version - 1))
            .exec(self.connection())
            .await?;
        one(saved.rows_affected)
    }

    /// Saves the mobile number of an owner whose record was just saved, sealed; and who else is the same person by it: the
    /// same number and the same name under another document.
    ///
    /// # Errors
    /// As the statements; `Corrupt` where a seal does not open.
    pub async fn save_mobile(
        &self,
        sealer: &Sealer,
        id: OwnerId,
        mobile: Option<&Mobile>,
    ) -> Result<(), StoreError> {
        let sealed = mobile
            .map(|mobile| sealer.seal(MOBILE, &id.to_string(), mobile.as_str()))
            .transpose()
            .map_err(owners::unsealable)?;
        let index = mobile.map(|mobile| index_of(sealer, mobile));
        let saved = owner_record::Entity::update_many()
            .col_expr(owner_record::Column::MobileSealed, Expr::value(sealed))
            .col_expr(
                owner_record::Column::MobileMasked,
                Expr::value(mobile.map(|mobile| mask_mobile(mobile.as_str()))),
            )
            .col_expr(owner_record::Column::MobileIndex, Expr::value(index.clone()))
            .filter(owner_record::Column::OwnerId.eq(id.as_uuid()))
            .exec(self.connection())
            .await?;
        one(saved.rows_affected)?;
        owner_twin::Entity::delete_many()
            .filter(
                sea_orm::Condition::any()
                    .add(owner_twin::Column::OwnerId.eq(id.as_uuid()))
                    .add(owner_twin::Column::TwinId.eq(id.as_uuid())),
            )
            .exec(self.connection())
            .await?;
        let Some(index) = index else { return Ok(()) };
        let twins = self.twins_of(sealer, id, &index).await?;
        let rows = twins.into_iter().flat_map(|twin| {
            [(id, twin), (twin, id)].map(|(one, other)| owner_twin::ActiveModel {
                owner_id: Set(one.as_uuid()),
                twin_id: Set(other.as_uuid()),
            })
        });
        db::insert_chunked(self.connection(), rows, None)
            .await
            .map_err(raced)?;
        Ok(())
    }

    /// Others with the same number and the same name: families share a number, not a name.
    async fn twins_of(&self, sealer: &Sealer, id: OwnerId, index: &str) -> Result<Vec<OwnerId>, StoreError> {
        let same: Vec<uuid::Uuid> = owner_record::Entity::find()
            .select_only()
            .column(owner_record::Column::OwnerId)
            .filter(owner_record::Column::MobileIndex.eq(index))
            .into_tuple()
            .all(self.connection())
            .await?;
        let ids: Vec<_> = same.into_iter().map(OwnerId::from_uuid).collect();
        let names = self.names_of(sealer, &ids).await?;
        let own = names.get(&id);
        Ok(ids
            .into_iter()
            .filter(|other| *other != id && names.get(other) == own)
            .collect())
    }

    /// The mobile number of an owner in clear; none where none is recorded. To be answered only after the look is recorded.
    ///
    /// # Errors
    /// As the statement; `Corrupt` where the seal does not open.
    pub async fn mobile_of(&self, sealer: &Sealer, id: OwnerId) -> Result<Option<String>, StoreError> {
        let row = owner_record::Entity::find_by_id(id.as_uuid())
            .one(self.connection())
            .await?;
        row.and_then(|row| row.mobile_sealed)
            .map(|sealed| sealer.open(MOBILE, &id.to_string(), &sealed))
            .transpose()
            .map_err(owners::unsealable)
    }

    /// Saves who acts for an owner whose record was just saved: new ones, and ends of those that stand.
    ///
    /// # Errors
    /// As the statement.
    pub async fn save_agents(&self, id: OwnerId, agents: &[Agent]) -> Result<(), StoreError> {
        self.save_agents_of_many(&[(id, agents.to_vec())]).await
    }
}

fn agent_row(owner_id: OwnerId, agent: &Agent) -> agent::ActiveModel {
    agent::ActiveModel {
        owner_id: Set(owner_id.as_uuid()),
        from_on: Set(agent.from_on),
        agent_id: Set(agent.agent_id.as_uuid()),
        ground: Set(<&str>::from(agent.ground).to_owned()),
        until_on: Set(agent.until_on),
        document_digest: Set(agent.document_digest.clone()),
    }
}

/// The keyed hash of a mobile number, in hexadecimal.
pub fn index_of(sealer: &Sealer, mobile: &Mobile) -> String {
    hex::encode(sealer.blind_index(MOBILE, mobile.as_str()))
}

/// A page of the owners of homes of an area who are not verified, by id.
///
/// # Errors
/// As the statement.
pub async fn list_unverified(
    connection: &impl ConnectionTrait,
    area_id: ids::AreaId,
    after: Option<OwnerId>,
    limit: u64,
) -> Result<Vec<OwnerId>, StoreError> {
    use sea_orm::ExprTrait;
    use sea_orm::sea_query::Query;
    let verified = Query::select()
        .expr(Expr::val(1))
        .from(owner_record::Entity)
        .and_where(
            Expr::col((owner_record::Entity, owner_record::Column::OwnerId))
                .equals((owner::Entity, owner::Column::Id)),
        )
        .and_where(Expr::col((owner_record::Entity, owner_record::Column::Verification)).eq("verified"))
        .to_owned();
    let mut select = owner::Entity::find()
        .select_only()
        .column(owner::Column::Id)
        .filter(owner::Column::Id.in_subquery(super::ownerships::owners_in(area_id)))
        .filter(Expr::exists(verified).not());
    if let Some(after) = after {
        select = select.filter(owner::Column::Id.gt(after.as_uuid()));
    }
    let ids: Vec<uuid::Uuid> = select
        .order_by_asc(owner::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().map(OwnerId::from_uuid).collect())
}

fn one(rows: u64) -> Result<(), StoreError> {
    if rows == 1 {
        Ok(())
    } else {
        Err(StoreError::Conflict)
    }
}

fn verification_columns(verification: Verification) -> (&'static str, Option<&'static str>) {
    match verification {
        Verification::Open => ("open", None),
        Verification::Verified { .. } => ("verified", None),
        Verification::Mismatch { what, .. } => ("mismatch", Some(what.into())),
    }
}

fn from_row(row: owner_record::Model) -> Result<OwnerRecord, StoreError> {
    let what: Option<Mismatch> = row
        .mismatch
        .map(|what| text::read("owner_records", &what))
        .transpose()?;
    let verification = match (row.verification.as_str(), row.verified_on, what) {
        ("open", None, None) => Verification::Open,
        ("verified", Some(on), None) => Verification::Verified { on },
        ("mismatch", Some(on), Some(what)) => Verification::Mismatch { on, what },
        _ => return Err(StoreError::Corrupt("the verification of an owner".into())),
    };
    Ok(OwnerRecord {
        owner_id: OwnerId::from_uuid(row.owner_id),
        mobile: row.mobile_masked,
        verification,
        agents: Vec::new(),
        version: row.version,
    })
}
