//! Trainings and self-discipline records (自律记录) of the association's members.

use chrono::NaiveDate;
use ids::{ConductId, FirmId, StaffId, TrainingId};
use rpc::CallContext;
use serde::Serialize;

use super::publish;
use crate::app::App;
use crate::domain::firm::association::{Conduct, ConductKind, Training};
use crate::domain::firm::event::FirmEvent;
use crate::domain::firm::record::has_come;
use crate::domain::firm::refusal::Refusal;
use crate::error::AppError;
use crate::store::firm_records::Beside;
use crate::store::staff;

/// A training.
#[derive(Debug, Clone, Serialize)]
pub struct RecordTraining {
    /// The firm.
    pub firm_id: FirmId,
    /// What was taught.
    pub course: String,
    /// Who held it.
    pub organiser: String,
    /// The day.
    pub held_on: NaiveDate,
    /// Hours of teaching.
    pub hours: i32,
    /// Who took part, each once, in order.
    pub staff_ids: Vec<StaffId>,
}

/// A self-discipline record.
#[derive(Debug, Clone, Serialize)]
pub struct RecordConduct {
    /// The firm.
    pub firm_id: FirmId,
    /// What is said.
    pub kind: ConductKind,
    /// Why.
    pub reason: String,
    /// The day.
    pub recorded_on: NaiveDate,
    /// Who decided it.
    pub organiser: String,
}

impl App {
    /// Records a training that people of one firm took part in.
    ///
    /// # Errors
    /// `FIRM_NOT_FOUND`, `NOT_ALLOWED`, `FIRM_REVOKED`, `DAY_IN_THE_FUTURE`; `STAFF_NOT_FOUND` for somebody of another
    /// firm.
    pub async fn record_training(
        &self,
        ctx: &CallContext,
        command: RecordTraining,
    ) -> Result<Training, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (firm, city) = self.firm_for(tx.connection(), ctx, command.firm_id).await?;
        firm.stands()?;
        has_come(command.held_on, self.today())?;
        let known = staff::count_of_firm(tx.connection(), command.firm_id, &command.staff_ids).await?;
        if known != command.staff_ids.len() as u64 {
            return Err(Refusal::StaffNotFound.into());
        }

        let training = Training {
            id: TrainingId::generate(),
            firm_id: command.firm_id,
            course: command.course.clone(),
            organiser: command.organiser.clone(),
            held_on: command.held_on,
            hours: command.hours,
            staff_ids: command.staff_ids.clone(),
        };

        tx.insert_training(&training).await?;
        publish(&mut tx, ctx, city, FirmEvent::TrainingRecorded(training.clone())).await?;
        tx.remember(ctx, &command, training.id, &training).await?;
        tx.commit().await?;
        Ok(training)
    }

    /// Makes a self-discipline record. Expulsion ends the membership, so it is of members only; all else may be said of
    /// any firm, and also of one that is off the register.
    ///
    /// # Errors
    /// `FIRM_NOT_FOUND`, `NOT_ALLOWED`, `DAY_IN_THE_FUTURE`, `ASSOCIATION_NOT_JOINED`, `ASSOCIATION_DAY_TOO_EARLY`.
    pub async fn record_conduct(
        &self,
        ctx: &CallContext,
        command: RecordConduct,
    ) -> Result<Conduct, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (firm, city) = self.firm_for(tx.connection(), ctx, command.firm_id).await?;
        has_come(command.recorded_on, self.today())?;

        let conduct = Conduct {
            id: ConductId::generate(),
            firm_id: command.firm_id,
            kind: command.kind,
            reason: command.reason.clone(),
            recorded_on: command.recorded_on,
            organiser: command.organiser.clone(),
        };
        if conduct.kind.ends_membership() {
            let after = firm.leave(conduct.recorded_on, self.today())?;
            tx.save_firm(&self.sealer, &after, Beside::default(), self.today())
                .await?;
            publish(&mut tx, ctx, city, FirmEvent::MembershipChanged(after)).await?;
        }

        tx.insert_conduct(&conduct).await?;
        publish(&mut tx, ctx, city, FirmEvent::ConductRecorded(conduct.clone())).await?;
        tx.remember(ctx, &command, conduct.id, &conduct).await?;
        tx.commit().await?;
        Ok(conduct)
    }
}
