//! Imports of files as rows, with their parts, portions and errors. What may be personal is sealed here.

use db::StoreError;
use ids::{Id, ImportId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use sealing::Sealer;

use super::entity::{import, import_error, import_part, import_portion};
use super::{Tx, raced};
use crate::domain::import::{Counts, Import};
use crate::domain::row_fault::RowError;

/// The seal of a part is bound to this field.
const PART: &str = "import.part";
/// The seal of a portion is bound to this field.
const PORTION: &str = "import.portion";
/// Errors kept of one import: more than anybody mends by hand. The rest is only counted.
pub const ERRORS_KEPT: u64 = 10_000;

/// The import, where it exists.
///
/// # Errors
/// As the statement.
pub async fn find(connection: &impl ConnectionTrait, id: ImportId) -> Result<Option<Import>, StoreError> {
    let row = import::Entity::find_by_id(id.as_uuid()).one(connection).await?;
    row.map(from_row).transpose()
}

/// A page of imports, the newest first; `before` is the last one of the page before.
///
/// # Errors
/// As the statement.
pub async fn list(
    connection: &impl ConnectionTrait,
    before: Option<ImportId>,
    limit: u64,
) -> Result<Vec<Import>, StoreError> {
    let mut select = import::Entity::find();
    if let Some(before) = before {
        select = select.filter(import::Column::Id.lt(before.as_uuid()));
    }
    let rows = select
        .order_by_desc(import::Column::Id)
        .limit(limit)
        .all(connection)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// A page of an import's errors with their places, in order.
///
/// # Errors
/// As the statement.
pub async fn errors(
    connection: &impl ConnectionTrait,
    id: ImportId,
    after: i64,
    limit: u64,
) -> Result<Vec<(i64, RowError)>, StoreError> {
    let rows = import_error::Entity::find()
        .filter(import_error::Column::ImportId.eq(id.as_uuid()))
        .filter(import_error::Column::Place.gt(after))
        .order_by_asc(import_error::Column::Place)
        .limit(limit)
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|row| Ok((row.place, serde_json::from_str(&row.error)?)))
        .collect()
}

/// The bytes of a whole file, from its parts.
///
/// # Errors
/// As the statement; `Corrupt` where a seal does not open.
pub async fn file(
    connection: &impl ConnectionTrait,
    sealer: &Sealer,
    id: ImportId,
    size: u64,
) -> Result<Vec<u8>, StoreError> {
    let mut file = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    let mut after = -1;
    // One part at a time: all of them beside the file would be the file twice.
    while let Some(part) = import_part::Entity::find()
        .filter(import_part::Column::ImportId.eq(id.as_uuid()))
        .filter(import_part::Column::StartsAt.gt(after))
        .order_by_asc(import_part::Column::StartsAt)
        .one(connection)
        .await?
    {
        after = part.starts_at;
        let opened = sealer.open_bytes(PART, &part_name(id, part.starts_at), &part.content);
        file.extend(opened.map_err(unsealable)?);
    }
    Ok(file)
}

/// One portion of rows.
///
/// # Errors
/// As the statement; `Corrupt` where it is not there or its seal does not open.
pub async fn portion(
    connection: &impl ConnectionTrait,
    sealer: &Sealer,
    id: ImportId,
    place: u32,
) -> Result<Vec<u8>, StoreError> {
    let key = (id.as_uuid(), place_of(place)?);
    let row = import_portion::Entity::find_by_id(key).one(connection).await?;
    let row = row.ok_or_else(|| StoreError::Corrupt(format!("portion {place} of {id} is not there")))?;
    sealer
        .open_bytes(PORTION, &portion_name(id, row.place), &row.content)
        .map_err(unsealable)
}

impl Tx {
    /// Records a new import.
    ///
    /// # Errors
    /// As the statement.
    pub async fn insert_import(&self, import: &Import) -> Result<(), StoreError> {
        import::Entity::insert(to_row(import)?)
            .exec_without_returning(self.connection())
            .await?;
        Ok(())
    }

    /// Saves an import that was one version lower when it was read.
    ///
    /// # Errors
    /// `Conflict` where somebody else changed it since.
    pub async fn save_import(&self, import: &Import) -> Result<(), StoreError> {
        let saved = import::Entity::update_many()
            .set(to_row(import)?)
            .filter(import::Column::Id.eq(import.id.as_uuid()))
            .filter(import::Column::Version.eq(import.version - 1))
            .exec(self.connection())
            .await?;
        if saved.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::Conflict)
        }
    }

    /// Keeps a part, sealed.
    ///
    /// # Errors
    /// `Conflict` where it was kept at the same moment.
    pub async fn insert_part(
        &self,
        sealer: &Sealer,
        id: ImportId,
        offset: u64,
        digest: &str,
        content: &[u8],
    ) -> Result<(), StoreError> {
        let starts_at = i64::try_from(offset).unwrap_or(i64::MAX);
        let sealed = sealer.seal_bytes(PART, &part_name(id, starts_at), content);
        let row = import_part::ActiveModel {
            import_id: Set(id.as_uuid()),
            starts_at: Set(starts_at),
            digest: Set(digest.to_owned()),
            content: Set(sealed.map_err(unsealable)?),
        };
        import_part::Entity::insert(row)
            .exec_without_returning(self.connection())
            .await
            .map_err(|error| raced(error.into()))?;
        Ok(())
    }

    /// The digest of the part that begins there, where one was kept.
    ///
    /// # Errors
    /// As the statement.
    pub async fn part_digest(&self, id: ImportId, offset: u64) -> Result<Option<String>, StoreError> {
        let starts_at = i64::try_from(offset).unwrap_or(i64::MAX);
        Ok(import_part::Entity::find_by_id((id.as_uuid(), starts_at))
            .select_only()
            .column(import_part::Column::Digest)
            .into_tuple()
            .one(self.connection())
            .await?)
    }

    /// Keeps a portion of rows, sealed, in place of one that an interrupted reading left.
    ///
    /// # Errors
    /// As the statement.
    pub async fn put_portion(
        &self,
        sealer: &Sealer,
        id: ImportId,
        place: u32,
        content: &[u8],
    ) -> Result<(), StoreError> {
        let place = place_of(place)?;
        let sealed = sealer.seal_bytes(PORTION, &portion_name(id, place), content);
        let row = import_portion::ActiveModel {
            import_id: Set(id.as_uuid()),
            place: Set(place),
            content: Set(sealed.map_err(unsealable)?),
        };
        import_portion::Entity::delete_by_id((id.as_uuid(), place))
            .exec(self.connection())
            .await?;
        import_portion::Entity::insert(row)
            .exec_without_returning(self.connection())
            .await?;
        Ok(())
    }

    /// Forgets the parts of a file.
    ///
    /// # Errors
    /// As the statement.
    pub async fn delete_parts(&self, id: ImportId) -> Result<(), StoreError> {
        import_part::Entity::delete_many()
            .filter(import_part::Column::ImportId.eq(id.as_uuid()))
            .exec(self.connection())
            .await?;
        Ok(())
    }

    /// Forgets the portions of a file.
    ///
    /// # Errors
    /// As the statement.
    pub async fn delete_portions(&self, id: ImportId) -> Result<(), StoreError> {
        import_portion::Entity::delete_many()
            .filter(import_portion::Column::ImportId.eq(id.as_uuid()))
            .exec(self.connection())
            .await?;
        Ok(())
    }

    /// Keeps errors, behind those that are kept already; beyond [`ERRORS_KEPT`] none.
    ///
    /// # Errors
    /// As the statement.
    pub async fn insert_errors(&self, id: ImportId, errors: &[RowError]) -> Result<(), StoreError> {
        if errors.is_empty() {
            return Ok(());
        }
        let kept = import_error::Entity::find()
            .filter(import_error::Column::ImportId.eq(id.as_uuid()))
            .count(self.connection())
            .await?;
        let rows = (kept + 1..=ERRORS_KEPT)
            .zip(errors)
            .map(|(place, error)| {
                Ok(import_error::ActiveModel {
                    import_id: Set(id.as_uuid()),
                    place: Set(i64::try_from(place).unwrap_or(i64::MAX)),
                    error: Set(serde_json::to_string(error)?),
                })
            })
            .collect::<Result<Vec<_>, serde_json::Error>>()?;
        db::insert_chunked(self.connection(), rows, None).await?;
        Ok(())
    }
}

fn part_name(id: ImportId, starts_at: i64) -> String {
    format!("{id}/{starts_at}")
}

fn portion_name(id: ImportId, place: i32) -> String {
    format!("{id}/{place}")
}

fn place_of(place: u32) -> Result<i32, StoreError> {
    i32::try_from(place).map_err(|_| StoreError::Corrupt("too many portions".into()))
}

fn unsealable(error: sealing::SealError) -> StoreError {
    StoreError::Corrupt(format!("a sealed piece of an import: {error}"))
}

fn to_row(import: &Import) -> Result<import::ActiveModel, StoreError> {
    Ok(import::ActiveModel {
        id: Set(import.id.as_uuid()),
        request: Set(serde_json::to_string(&import.request)?),
        state: Set(serde_json::to_string(&import.state)?),
        portions: Set(place_of(import.portions)?),
        rows: Set(import.rows.into()),
        recorded: Set(import.counts.recorded.into()),
        unchanged: Set(import.counts.unchanged.into()),
        wrong: Set(import.counts.wrong.into()),
        ignored_columns: Set(serde_json::to_string(&import.ignored_columns)?),
        created_at: Set(import.created_at),
        changed_at: Set(import.changed_at),
        version: Set(import.version),
    })
}

fn from_row(row: import::Model) -> Result<Import, StoreError> {
    let count = |count: i64| u32::try_from(count).unwrap_or(0);
    Ok(Import {
        id: Id::from_uuid(row.id),
        request: serde_json::from_str(&row.request)?,
        state: serde_json::from_str(&row.state)?,
        portions: u32::try_from(row.portions).unwrap_or(0),
        rows: count(row.rows),
        counts: Counts {
            recorded: count(row.recorded),
            unchanged: count(row.unchanged),
            wrong: count(row.wrong),
        },
        ignored_columns: serde_json::from_str(&row.ignored_columns)?,
        created_at: row.created_at,
        changed_at: row.changed_at,
        version: row.version,
    })
}
