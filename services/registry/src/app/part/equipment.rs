//! Shared equipment is recorded, inspected and retired; the clock tells before an inspection and when it is overdue.

use calendar::{end_of_day, start_of_day};
use chrono::{DateTime, NaiveDate, Utc};
use db::StoreError;
use ids::{AreaId, BuildingId, EquipmentId};
use rpc::{CallContext, General, Page};
use serde::{Deserialize, Serialize};

use super::publish;
use crate::app::{App, after_id, after_row};
use crate::domain::area::Area;
use crate::domain::part::equipment::{Equipment, EquipmentKind, Inspection};
use crate::domain::part::event::PartEvent;
use crate::domain::part::refusal::Refusal;
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::error::AppError;
use crate::store::equipment::Filter;
use crate::store::{Readable, Tx, buildings, equipment};

/// Name of the deadline that tells that an inspection comes near.
pub const INSPECTION_DUE: &str = "inspection_due";
/// Name of the deadline that tells that an inspection is overdue.
pub const INSPECTION_OVERDUE: &str = "inspection_overdue";
/// How long before an inspection that is told.
pub(in crate::app) const NOTICE_DAYS: &str = "equipment_inspection_notice_days";

/// Equipment to record.
#[derive(Debug, Clone, Serialize)]
pub struct RegisterEquipment {
    /// The area.
    pub area_id: AreaId,
    /// The building; none where it serves the whole area.
    pub building_id: Option<BuildingId>,
    /// What it is.
    pub kind: EquipmentKind,
    /// Its number.
    pub code: String,
    /// Where it stands.
    pub location: String,
    /// Day of its installation.
    pub installed_on: NaiveDate,
}

/// An inspection to record.
#[derive(Debug, Clone, Serialize)]
pub struct RecordInspection {
    /// The equipment.
    pub equipment_id: EquipmentId,
    /// The inspection.
    pub inspection: Inspection,
}

/// Equipment that goes out of use.
#[derive(Debug, Clone, Serialize)]
pub struct RetireEquipment {
    /// The equipment.
    pub equipment_id: EquipmentId,
    /// The day.
    pub retired_on: NaiveDate,
}

/// What equipment to list.
#[derive(Debug, Clone, Copy)]
pub struct ListEquipment {
    /// That of this area.
    pub area_id: AreaId,
    /// Only that of this building.
    pub building_id: Option<BuildingId>,
    /// Only that of this kind.
    pub kind: Option<EquipmentKind>,
    /// Only what is overdue.
    pub overdue_only: bool,
    /// As it stood at the end of this day; none for now.
    pub as_of: Option<NaiveDate>,
}

/// Equipment with whether it is overdue today.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Watched {
    /// The equipment.
    pub equipment: Equipment,
    /// Whether it is overdue today.
    pub overdue: bool,
}

impl App {
    /// Records equipment and sets its clock.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `AREA_ENDED`, `NOT_ALLOWED`, `BUILDING_NOT_IN_AREA`, `EQUIPMENT_KNOWN`, `DAY_IN_THE_FUTURE`, `CONFLICT`.
    pub async fn register_equipment(
        &self,
        ctx: &CallContext,
        command: RegisterEquipment,
    ) -> Result<Watched, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let not_found = || AnyRefusal::AreaNotFound;
        let area = self.standing_area(&tx, ctx, command.area_id, not_found).await?;
        if let Some(building_id) = command.building_id {
            let building = buildings::find(tx.connection(), building_id).await?;
            if building.is_none_or(|building| building.area_id != area.id) {
                return Err(Refusal::BuildingNotInArea.into());
            }
        }
        let months = self.number_of_today(command.kind.period_parameter())?;

        let new = Equipment {
            id: EquipmentId::generate(),
            area_id: area.id,
            building_id: command.building_id,
            kind: command.kind,
            code: command.code.clone(),
            location: command.location.clone(),
            installed_on: command.installed_on,
            next_inspection_on: command.installed_on,
            last: None,
            retired_on: None,
            version: 1,
        }
        .watched(months, self.today())?;
        if tx.knows_equipment(&new).await? {
            return Err(Refusal::EquipmentKnown.into());
        }

        tx.insert_equipment(std::slice::from_ref(&new)).await?;
        let event = PartEvent::EquipmentRegistered(new.clone());
        publish(&mut tx, ctx, &area, new.version, event).await?;
        self.watch_equipment(&mut tx, ctx, &new).await?;
        let answer = self.watched(new);
        tx.remember(ctx, &command, answer.equipment.id, &answer).await?;
        tx.commit().await?;
        Ok(answer)
    }

    /// Records an inspection. One that was passed begins the clock anew.
    ///
    /// # Errors
    /// `EQUIPMENT_NOT_FOUND`, `NOT_ALLOWED`, `CONFLICT`, and as [`Equipment::inspect`].
    pub async fn record_inspection(
        &self,
        ctx: &CallContext,
        command: RecordInspection,
    ) -> Result<Watched, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        hold_area_of(&tx, command.equipment_id).await?;
        let (before, area) = self
            .equipment_for(tx.connection(), ctx, command.equipment_id)
            .await?;
        let months = self.number_of_today(before.kind.period_parameter())?;
        let had = before.next_inspection_on;

        let (after, inspection) = before.inspect(command.inspection.clone(), months, self.today())?;

        tx.save_equipment(&after).await?;
        tx.insert_inspections(&[(after.id, inspection.clone())]).await?;
        let event = PartEvent::EquipmentInspected {
            equipment: after.clone(),
            inspection,
        };
        publish(&mut tx, ctx, &area, after.version, event).await?;
        if after.next_inspection_on != had {
            self.watch_equipment(&mut tx, ctx, &after).await?;
        }
        let answer = self.watched(after);
        tx.remember(ctx, &command, command.equipment_id, &answer).await?;
        tx.commit().await?;
        Ok(answer)
    }

    /// Puts equipment out of use for good; its clock stops.
    ///
    /// # Errors
    /// `EQUIPMENT_NOT_FOUND`, `NOT_ALLOWED`, `CONFLICT`, and as [`Equipment::retire`].
    pub async fn retire_equipment(
        &self,
        ctx: &CallContext,
        command: RetireEquipment,
    ) -> Result<Watched, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        hold_area_of(&tx, command.equipment_id).await?;
        let (before, area) = self
            .equipment_for(tx.connection(), ctx, command.equipment_id)
            .await?;

        let after = before.retire(command.retired_on, self.today())?;

        tx.save_equipment(&after).await?;
        let event = PartEvent::EquipmentRetired(after.clone());
        publish(&mut tx, ctx, &area, after.version, event).await?;
        self.watch_equipment(&mut tx, ctx, &after).await?;
        let answer = self.watched(after);
        tx.remember(ctx, &command, command.equipment_id, &answer).await?;
        tx.commit().await?;
        Ok(answer)
    }

    /// A page of an area's equipment and the token of the next. As of a day the page may be shorter than asked: what was
    /// overdue then is found out of that of the page.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `NOT_ALLOWED`, `PAGE_TOKEN_INVALID`, `DAY_IN_THE_FUTURE`.
    pub async fn list_equipment(
        &self,
        ctx: &CallContext,
        query: ListEquipment,
        page: Page,
    ) -> Result<(Vec<Watched>, String), AppError> {
        let day = self.past_day(query.as_of)?;
        let snapshot = self.store.begin_read().await?;
        self.permitted_area(&snapshot, ctx, query.area_id, || AnyRefusal::AreaNotFound)
            .await?;
        let filter = Filter {
            area_id: query.area_id,
            building_id: query.building_id,
            kind: query.kind,
            overdue_on: (query.overdue_only && day.is_none()).then(|| self.today()),
            installed_by: day,
        };
        let after = after_id(&page)?;
        let mut found = equipment::list(&snapshot, &filter, after, page.limit()).await?;
        let next = page.next(&mut found, |one| one.id.to_string());
        let Some(day) = day else {
            return Ok((found.into_iter().map(|one| self.watched(one)).collect(), next));
        };
        let ids: Vec<_> = found.iter().map(|one| one.id).collect();
        let mut inspections = equipment::inspections_by(&snapshot, &ids, day).await?;
        let mut then = Vec::with_capacity(found.len());
        for one in found {
            let months = self.number_of_today(one.kind.period_parameter())?;
            let inspections = inspections.remove(&one.id).unwrap_or_default();
            if let Some(equipment) = one.as_of(day, &inspections, months) {
                let overdue = equipment.is_overdue(day);
                then.push(Watched { equipment, overdue });
            }
        }
        then.retain(|one| one.overdue || !query.overdue_only);
        Ok((then, next))
    }

    /// A page of inspections, those of a day and before or all, the last recorded first, and the token of the next.
    ///
    /// # Errors
    /// `EQUIPMENT_NOT_FOUND`, `NOT_ALLOWED`, `PAGE_TOKEN_INVALID`, `DAY_IN_THE_FUTURE`.
    pub async fn list_inspections(
        &self,
        ctx: &CallContext,
        id: EquipmentId,
        by: Option<NaiveDate>,
        page: Page,
    ) -> Result<(Vec<Inspection>, String), AppError> {
        let by = self.past_day(by)?;
        let reader = self.store.reader();
        self.equipment_for(reader, ctx, id).await?;
        let after = after_row(&page)?;
        let mut found = equipment::inspections(reader, id, by, after, page.limit()).await?;
        let next = page.next(&mut found, |(row, _)| row.to_string());
        Ok((
            found.into_iter().map(|(_, inspection)| inspection).collect(),
            next,
        ))
    }

    /// The deadline before an inspection: tells that it comes near, once.
    ///
    /// # Errors
    /// Where the store does not answer; the deadline is then tried again.
    pub async fn inspection_due(&self, ctx: &CallContext, id: EquipmentId) -> Result<(), AppError> {
        let days = self.number_of_today(NOTICE_DAYS)?;
        self.tell_of_equipment(ctx, id, |equipment, today| {
            let told = equipment.due(days, today)?;
            Some((told.clone(), PartEvent::InspectionDue(told)))
        })
        .await
    }

    /// The deadline after the day of an inspection: tells that it is overdue, once.
    ///
    /// # Errors
    /// Where the store does not answer; the deadline is then tried again.
    pub async fn inspection_overdue(&self, ctx: &CallContext, id: EquipmentId) -> Result<(), AppError> {
        self.tell_of_equipment(ctx, id, |equipment, today| {
            let told = equipment.overdue(today)?;
            Some((told.clone(), PartEvent::InspectionOverdue(told)))
        })
        .await
    }

    async fn tell_of_equipment(
        &self,
        ctx: &CallContext,
        id: EquipmentId,
        decide: impl FnOnce(Equipment, NaiveDate) -> Option<(Equipment, PartEvent)>,
    ) -> Result<(), AppError> {
        let mut tx = self.store.begin_write().await?;
        if !tx.first_time(ctx).await? {
            return Ok(());
        }
        if let Some((equipment, area)) = hold_area_of(&tx, id).await?
            && let Some((after, event)) = decide(equipment, self.today())
        {
            tx.save_equipment(&after).await?;
            publish(&mut tx, ctx, &area, after.version, event).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Sets the clock of equipment in use, and stops that of what is not.
    async fn watch_equipment(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        equipment: &Equipment,
    ) -> Result<(), AppError> {
        tx.unschedule(INSPECTION_DUE, equipment.id).await?;
        tx.unschedule(INSPECTION_OVERDUE, equipment.id).await?;
        for (kind, at) in deadlines(equipment, self.number_of_today(NOTICE_DAYS)?) {
            tx.schedule(ctx, kind, equipment.id, at).await?;
        }
        Ok(())
    }

    async fn equipment_for(
        &self,
        connection: &impl Readable,
        ctx: &CallContext,
        id: EquipmentId,
    ) -> Result<(Equipment, Area), AppError> {
        let unknown = || AnyRefusal::from(Refusal::EquipmentNotFound);
        let found = equipment::find(connection, id).await?.ok_or_else(unknown)?;
        let area = self
            .permitted_area(connection, ctx, found.area_id, unknown)
            .await?;
        Ok((found, area))
    }

    fn watched(&self, equipment: Equipment) -> Watched {
        let overdue = equipment.is_overdue(self.today());
        Watched { equipment, overdue }
    }
}

/// When the clock tells of equipment in use, `notice_days` before its next inspection and when that is overdue; none of what
/// is out of use.
pub(in crate::app) fn deadlines(
    equipment: &Equipment,
    notice_days: u32,
) -> Vec<(&'static str, DateTime<Utc>)> {
    if equipment.retired_on.is_some() {
        return Vec::new();
    }
    vec![
        (INSPECTION_DUE, start_of_day(equipment.due_on(notice_days))),
        (INSPECTION_OVERDUE, end_of_day(equipment.next_inspection_on)),
    ]
}

/// Equipment that exists, with its area, held until the commit: a regrouping moves equipment without a new version of it.
///
/// # Errors
/// `Conflict` where it came to another area meanwhile.
async fn hold_area_of(tx: &Tx, id: EquipmentId) -> Result<Option<(Equipment, Area)>, AppError> {
    let Some(unheld) = equipment::find(tx.connection(), id).await? else {
        return Ok(None);
    };
    let area = tx.hold_area(unheld.area_id).await?;
    let area = area.ok_or_else(|| General::Internal {
        source: format!("{id} is in no area").into(),
    })?;
    match equipment::find(tx.connection(), id).await? {
        Some(found) if found.area_id == area.id => Ok(Some((found, area))),
        _ => Err(StoreError::Conflict.into()),
    }
}
