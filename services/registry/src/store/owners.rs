//! Owners as rows: what is personal is sealed, and only this file seals and opens it.

use std::collections::HashMap;

use chrono::NaiveDate;
use db::StoreError;
use ids::{AreaId, CitizenId, OwnerId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use sealing::{Sealer, mask_document, mask_name};

use super::entity::owner::{ActiveModel, Column, Entity, Model};
use super::{Tx, ownerships, raced, text};
use crate::domain::owner::{Document, NamedOwner, Owner};

/// The seal of a name is bound to this field.
const NAME: &str = "owner.name";
/// The seal and the blind index of a document are bound to this field.
const DOCUMENT: &str = "owner.document";

/// The owner, masked, where one exists.
///
/// # Errors
/// As the statement.
pub async fn find(connection: &impl ConnectionTrait, id: OwnerId) -> Result<Option<Owner>, StoreError> {
    Ok(Entity::find_by_id(id.as_uuid())
        .one(connection)
        .await?
        .map(from_row))
}

/// Those of the given owners that exist, masked.
///
/// # Errors
/// As the statement.
pub async fn find_many(
    connection: &impl ConnectionTrait,
    ids: &[OwnerId],
) -> Result<HashMap<OwnerId, Owner>, StoreError> {
    let rows = rows_of(connection, ids).await?;
    Ok(rows
        .into_iter()
        .map(|row| (OwnerId::from_uuid(row.id), from_row(row)))
        .collect())
}

/// Those of the given owners that exist, in clear: for a file that may hold them, whose taking is recorded.
///
/// # Errors
/// As the statement; `Corrupt` where a seal does not open.
pub async fn find_in_clear(
    connection: &impl ConnectionTrait,
    sealer: &Sealer,
    ids: &[OwnerId],
) -> Result<Vec<NamedOwner>, StoreError> {
    let rows = rows_of(connection, ids).await?;
    rows.into_iter()
        .map(|row| {
            let id = OwnerId::from_uuid(row.id);
            let open = |field, sealed: &str| sealer.open(field, &id.to_string(), sealed).map_err(unsealable);
            let (name, number) = (
                open(NAME, &row.name_sealed)?,
                open(DOCUMENT, &row.document_sealed)?,
            );
            let document = Document::read(from_row(row).document_kind(), &number).map_err(|error| {
                StoreError::Corrupt(format!("the document of an owner: {}", error.reason()))
            })?;
            Ok(NamedOwner { id, document, name })
        })
        .collect()
}

/// A page of the owners that a file of an area names, by id: who owns a home of it now, or with `past` ever did.
///
/// # Errors
/// As the statement.
pub async fn list_in(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
    past: bool,
    after: Option<OwnerId>,
    limit: u64,
) -> Result<Vec<OwnerId>, StoreError> {
    let named = if past {
        ownerships::owners_ever_in(area_id)
    } else {
        ownerships::owners_in(area_id)
    };
    let mut select = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Id.in_subquery(named));
    if let Some(after) = after {
        select = select.filter(Column::Id.gt(after.as_uuid()));
    }
    let ids: Vec<uuid::Uuid> = select
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().map(OwnerId::from_uuid).collect())
}

async fn rows_of(connection: &impl ConnectionTrait, ids: &[OwnerId]) -> Result<Vec<Model>, StoreError> {
    let ids = ids.iter().map(|id| id.as_uuid());
    let among = db::one_of(connection.get_database_backend(), Column::Id, ids);
    Ok(Entity::find().filter(among).all(connection).await?)
}

/// The days of birth of those of the given owners who are natural persons: to compute ages with, never to answer.
///
/// # Errors
/// As the statement; `Corrupt` where a seal does not open.
pub async fn born_on(
    connection: &impl ConnectionTrait,
    sealer: &Sealer,
    ids: &[OwnerId],
) -> Result<HashMap<OwnerId, NaiveDate>, StoreError> {
    let mut born = HashMap::with_capacity(ids.len());
    for row in rows_of(connection, ids).await? {
        if row.legal_person {
            continue;
        }
        let id = OwnerId::from_uuid(row.id);
        let number = sealer
            .open(DOCUMENT, &id.to_string(), &row.document_sealed)
            .map_err(unsealable)?;
        let citizen: CitizenId = text::read("owners", &number)?;
        born.insert(id, citizen.born_on());
    }
    Ok(born)
}

impl Tx {
    /// Name and document number of an owner in clear. To be answered only after the look is recorded.
    ///
    /// # Errors
    /// As the statement; `Corrupt` where a seal does not open.
    pub async fn in_clear(
        &self,
        sealer: &Sealer,
        id: OwnerId,
    ) -> Result<Option<(String, String)>, StoreError> {
        let Some(row) = Entity::find_by_id(id.as_uuid()).one(self.connection()).await? else {
            return Ok(None);
        };
        let record = id.to_string();
        let open = |field, sealed: &str| sealer.open(field, &record, sealed).map_err(unsealable);
        Ok(Some((
            open(NAME, &row.name_sealed)?,
            open(DOCUMENT, &row.document_sealed)?,
        )))
    }

    /// The names of those of the given owners that exist, in clear: to compare a table with, never to answer.
    ///
    /// # Errors
    /// As the statement; `Corrupt` where a seal does not open.
    pub async fn names_of(
        &self,
        sealer: &Sealer,
        ids: &[OwnerId],
    ) -> Result<HashMap<OwnerId, String>, StoreError> {
        let rows = rows_of(self.connection(), ids).await?;
        rows.into_iter()
            .map(|row| {
                let id = OwnerId::from_uuid(row.id);
                let name = sealer
                    .open(NAME, &id.to_string(), &row.name_sealed)
                    .map_err(unsealable)?;
                Ok((id, name))
            })
            .collect()
    }

    /// Records new owners, sealed.
    ///
    /// # Errors
    /// `Conflict` where one of them was recorded at the same moment.
    pub async fn insert_owners(&self, sealer: &Sealer, owners: &[NamedOwner]) -> Result<(), StoreError> {
        let rows = owners
            .iter()
            .map(|owner| to_row(sealer, owner))
            .collect::<Result<Vec<_>, _>>()?;
        db::insert_chunked(self.connection(), rows, None)
            .await
            .map_err(raced)?;
        Ok(())
    }
}

pub(super) fn unsealable(error: sealing::SealError) -> StoreError {
    StoreError::Corrupt(format!("a sealed field of an owner: {error}"))
}

fn to_row(sealer: &Sealer, owner: &NamedOwner) -> Result<ActiveModel, StoreError> {
    let document = &owner.document;
    let record = owner.id.to_string();
    let legal_person = document.is_of_legal_person();
    // A company's name and code are public; a person's are shown only as far as one recognises one's own.
    let (name_masked, document_masked) = if legal_person {
        (owner.name.clone(), document.number().to_owned())
    } else {
        (mask_name(&owner.name), mask_document(document.number()))
    };
    Ok(ActiveModel {
        id: Set(owner.id.as_uuid()),
        name_sealed: Set(sealer.seal(NAME, &record, &owner.name).map_err(unsealable)?),
        document_sealed: Set(sealer
            .seal(DOCUMENT, &record, document.number())
            .map_err(unsealable)?),
        document_index: Set(hex::encode(sealer.blind_index(DOCUMENT, &document.natural_key()))),
        name_masked: Set(name_masked),
        document_masked: Set(document_masked),
        legal_person: Set(legal_person),
    })
}

fn from_row(row: Model) -> Owner {
    Owner {
        id: OwnerId::from_uuid(row.id),
        name: row.name_masked,
        legal_person: row.legal_person,
        document_number: row.document_masked,
    }
}
