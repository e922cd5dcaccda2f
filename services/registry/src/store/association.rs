//! Trainings and self-discipline records as rows: written once, never changed.

use chrono::NaiveDate;
use db::StoreError;
use ids::{ConductId, FirmId, TrainingId};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::entity::{conduct, training};
use super::versions::Order;
use super::{Tx, raced, text, versions};
use crate::domain::firm::association::{Conduct, Training};

/// A page of a firm's trainings, those held by a day or all, the last recorded first.
///
/// # Errors
/// As the statement.
pub async fn list_trainings(
    connection: &impl ConnectionTrait,
    firm_id: FirmId,
    by: Option<NaiveDate>,
    after: Option<TrainingId>,
    limit: u64,
) -> Result<Vec<Training>, StoreError> {
    let mut select = training::Entity::find().filter(training::Column::FirmId.eq(firm_id.as_uuid()));
    if let Some(by) = by {
        select = select.filter(training::Column::HeldOn.lte(by));
    }
    let (id, after) = (training::Column::Id, after.map(Into::into));
    let rows = versions::page(connection, select, id, Order::NewestFirst, after, limit).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Training {
                id: TrainingId::from_uuid(row.id),
                firm_id: FirmId::from_uuid(row.firm_id),
                course: row.course,
                organiser: row.organiser,
                held_on: row.held_on,
                hours: row.hours,
                staff_ids: serde_json::from_str(&row.staff_ids)?,
            })
        })
        .collect()
}

/// A page of a firm's self-discipline records, those of a day and before or all, the last recorded first.
///
/// # Errors
/// As the statement.
pub async fn list_conducts(
    connection: &impl ConnectionTrait,
    firm_id: FirmId,
    by: Option<NaiveDate>,
    after: Option<ConductId>,
    limit: u64,
) -> Result<Vec<Conduct>, StoreError> {
    let mut select = conduct::Entity::find().filter(conduct::Column::FirmId.eq(firm_id.as_uuid()));
    if let Some(by) = by {
        select = select.filter(conduct::Column::RecordedOn.lte(by));
    }
    let (id, after) = (conduct::Column::Id, after.map(Into::into));
    let rows = versions::page(connection, select, id, Order::NewestFirst, after, limit).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Conduct {
                id: ConductId::from_uuid(row.id),
                firm_id: FirmId::from_uuid(row.firm_id),
                kind: text::read("conducts", &row.kind)?,
                reason: row.reason,
                recorded_on: row.recorded_on,
                organiser: row.organiser,
            })
        })
        .collect()
}

impl Tx {
    /// Records a training.
    ///
    /// # Errors
    /// As the statement.
    pub async fn insert_training(&self, training: &Training) -> Result<(), StoreError> {
        let row = training::ActiveModel {
            id: Set(training.id.as_uuid()),
            firm_id: Set(training.firm_id.as_uuid()),
            course: Set(training.course.clone()),
            organiser: Set(training.organiser.clone()),
            held_on: Set(training.held_on),
            hours: Set(training.hours),
            staff_ids: Set(serde_json::to_string(&training.staff_ids)?),
        };
        db::insert_chunked(self.connection(), [row], None)
            .await
            .map_err(raced)?;
        Ok(())
    }

    /// Records a self-discipline record.
    ///
    /// # Errors
    /// As the statement.
    pub async fn insert_conduct(&self, conduct: &Conduct) -> Result<(), StoreError> {
        let row = conduct::ActiveModel {
            id: Set(conduct.id.as_uuid()),
            firm_id: Set(conduct.firm_id.as_uuid()),
            kind: Set(<&str>::from(conduct.kind).to_owned()),
            reason: Set(conduct.reason.clone()),
            recorded_on: Set(conduct.recorded_on),
            organiser: Set(conduct.organiser.clone()),
        };
        db::insert_chunked(self.connection(), [row], None)
            .await
            .map_err(raced)?;
        Ok(())
    }
}
