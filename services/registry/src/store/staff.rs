//! People of firms as rows: name and mobile number are sealed here, and opened for a recorded look only.

use std::collections::HashMap;

use chrono::NaiveDate;
use db::StoreError;
use ids::{AreaId, FirmId, StaffId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder,
};
use sealing::Sealer;
use uuid::Uuid;

use super::entity::staff::{ActiveModel, Column, Entity, Model};
use super::entity::staff_assignment as assignment;
use super::firm_records::unsealable;
use super::versions::Order;
use super::{Tx, raced, text, versions};
use crate::domain::firm::staff::{Assignment, StaffMember, StaffRole};
use crate::domain::personal::Personal;

/// The seal of a name is bound to this field.
const NAME: &str = "staff.name";
/// The seal of a mobile number is bound to this field.
const MOBILE: &str = "staff.mobile";
/// The blind index of every mobile number that is screened for ties is bound to this field, whoever has it.
pub(super) const CONFLICT: &str = "conflict.mobile";

/// What people to list.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// Those of this firm.
    pub firm_id: FirmId,
    /// Only those in this role.
    pub role: Option<StaffRole>,
    /// Also who has left.
    pub include_left: bool,
    /// Who was employed on this day, or had left by then; none for now.
    pub as_of: Option<NaiveDate>,
}

/// A page of a firm's people by id.
///
/// # Errors
/// As the statement.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    after: Option<StaffId>,
    limit: u64,
) -> Result<Vec<StaffMember>, StoreError> {
    let mut select = Entity::find().filter(Column::FirmId.eq(filter.firm_id.as_uuid()));
    if let Some(role) = filter.role {
        select = select.filter(Column::Role.eq(<&str>::from(role)));
    }
    if let Some(day) = filter.as_of {
        select = select.filter(Column::EmployedOn.lte(day));
    }
    if !filter.include_left {
        // The day of leaving is the last of the employment.
        let lasts = Condition::any()
            .add(Column::LeftOn.is_null())
            .add_option(filter.as_of.map(|day| Column::LeftOn.gte(day)));
        select = select.filter(lasts);
    }
    let after = after.map(Into::into);
    let rows = versions::page(connection, select, Column::Id, Order::OldestFirst, after, limit).await?;
    rows.into_iter().map(from_row).collect()
}

/// They, where recorded.
///
/// # Errors
/// As the statement.
pub async fn find(connection: &impl ConnectionTrait, id: StaffId) -> Result<Option<StaffMember>, StoreError> {
    Entity::find_by_id(id.as_uuid())
        .one(connection)
        .await?
        .map(from_row)
        .transpose()
}

/// How many of these are or were people of that firm.
///
/// # Errors
/// As the statement.
pub async fn count_of_firm(
    connection: &impl ConnectionTrait,
    firm_id: FirmId,
    ids: &[StaffId],
) -> Result<u64, StoreError> {
    let ids = ids.iter().map(|id| id.as_uuid());
    let count = Entity::find()
        .filter(Column::FirmId.eq(firm_id.as_uuid()))
        .filter(db::one_of(connection.get_database_backend(), Column::Id, ids))
        .count(connection)
        .await?;
    Ok(count)
}

/// Of which areas they were project manager on a day, in order.
///
/// # Errors
/// As the statement.
pub async fn areas_on(
    connection: &impl ConnectionTrait,
    ids: &[StaffId],
    day: NaiveDate,
) -> Result<HashMap<StaffId, Vec<AreaId>>, StoreError> {
    let mut found: HashMap<StaffId, Vec<AreaId>> = HashMap::new();
    let ids = ids.iter().map(|id| id.as_uuid());
    let rows = assignment::Entity::find()
        .filter(db::one_of(
            connection.get_database_backend(),
            assignment::Column::StaffId,
            ids,
        ))
        .filter(lasts_on(day))
        .all(connection)
        .await?;
    for row in rows {
        let area_ids = found.entry(StaffId::from_uuid(row.staff_id)).or_default();
        area_ids.push(AreaId::from_uuid(row.area_id));
    }
    for area_ids in found.values_mut() {
        area_ids.sort_unstable();
        area_ids.dedup();
    }
    Ok(found)
}

/// Whether an assignment lasts on a day.
fn lasts_on(day: NaiveDate) -> Condition {
    Condition::all().add(assignment::Column::FromOn.lte(day)).add(
        Condition::any()
            .add(assignment::Column::UntilOn.is_null())
            .add(assignment::Column::UntilOn.gte(day)),
    )
}

/// Who is project manager of an area now.
///
/// # Errors
/// As the statement.
pub async fn present_manager(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
) -> Result<Option<Assignment>, StoreError> {
    let row = assignment::Entity::find()
        .filter(assignment::Column::AreaId.eq(area_id.as_uuid()))
        .filter(assignment::Column::UntilOn.is_null())
        .one(connection)
        .await?;
    Ok(row.map(assignment_from))
}

/// The last day of the assignments to an area that have ended; none where none has.
///
/// # Errors
/// As the statement.
pub async fn last_ended(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
) -> Result<Option<NaiveDate>, StoreError> {
    let row = assignment::Entity::find()
        .filter(assignment::Column::AreaId.eq(area_id.as_uuid()))
        .filter(assignment::Column::UntilOn.is_not_null())
        .order_by_desc(assignment::Column::UntilOn)
        .one(connection)
        .await?;
    Ok(row.and_then(|row| row.until_on))
}

/// A page of the project managers of an area with their masked names and the ids of their assignments: those of a
/// day, or all there ever were.
///
/// # Errors
/// As the statements.
pub async fn managers_of(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
    on: Option<NaiveDate>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<(Uuid, Assignment, String)>, StoreError> {
    let mut select = assignment::Entity::find().filter(assignment::Column::AreaId.eq(area_id.as_uuid()));
    if let Some(on) = on {
        select = select.filter(lasts_on(on));
    }
    let id = assignment::Column::Id;
    let rows = versions::page(connection, select, id, Order::OldestFirst, after, limit).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.staff_id).collect();
    let people = Entity::find()
        .filter(Column::Id.is_in(ids))
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|row| {
            let person = people.iter().find(|person| person.id == row.staff_id);
            let person = person.ok_or_else(|| StoreError::Corrupt("an assignment of nobody".into()))?;
            Ok((row.id, assignment_from(row), person.name_masked.clone()))
        })
        .collect()
}

impl Tx {
    /// Records somebody with name and mobile number in clear, which are sealed.
    ///
    /// # Errors
    /// As the statement.
    pub async fn insert_staff(
        &self,
        sealer: &Sealer,
        staff: &StaffMember,
        name: &Personal,
        mobile: &Personal,
    ) -> Result<(), StoreError> {
        let record = staff.id.to_string();
        let seal = |field, text: &Personal| sealer.seal(field, &record, text.expose()).map_err(unsealable);
        let (mobile_sealed, mobile_index) = if mobile.is_empty() {
            (None, None)
        } else {
            let index = hex::encode(sealer.blind_index(CONFLICT, mobile.expose()));
            (Some(seal(MOBILE, mobile)?), Some(index))
        };
        let row = ActiveModel {
            id: Set(staff.id.as_uuid()),
            firm_id: Set(staff.firm_id.as_uuid()),
            name_sealed: Set(seal(NAME, name)?),
            name_masked: Set(staff.name.clone()),
            role: Set(<&str>::from(staff.role).to_owned()),
            mobile_sealed: Set(mobile_sealed),
            mobile_index: Set(mobile_index),
            mobile_masked: Set(staff.mobile.clone()),
            employed_on: Set(staff.employed_on),
            left_on: Set(staff.left_on),
            area_ids: Set(serde_json::to_string(&staff.area_ids)?),
            version: Set(staff.version),
        };
        db::insert_chunked(self.connection(), [row], None)
            .await
            .map_err(raced)?;
        Ok(())
    }

    /// Name and mobile number of somebody in clear, the latter none where none is recorded. To be answered only after the
    /// look is recorded.
    ///
    /// # Errors
    /// As the statement; `Corrupt` where a seal does not open.
    pub async fn staff_in_clear(
        &self,
        sealer: &Sealer,
        id: StaffId,
    ) -> Result<Option<(String, Option<String>)>, StoreError> {
        let Some(row) = Entity::find_by_id(id.as_uuid()).one(self.connection()).await? else {
            return Ok(None);
        };
        let record = id.to_string();
        let open = |field, sealed: &str| sealer.open(field, &record, sealed).map_err(unsealable);
        let mobile = row.mobile_sealed.map(|sealed| open(MOBILE, &sealed));
        Ok(Some((open(NAME, &row.name_sealed)?, mobile.transpose()?)))
    }

    /// Saves somebody who was one version lower when read.
    ///
    /// # Errors
    /// `Conflict` where somebody else changed it since.
    pub async fn save_staff(&self, staff: &StaffMember) -> Result<(), StoreError> {
        let row = ActiveModel {
            left_on: Set(staff.left_on),
            area_ids: Set(serde_json::to_string(&staff.area_ids)?),
            version: Set(staff.version),
            ..Default::default()
        };
        versions::save(
            self.connection(),
            row,
            (Column::Id, staff.id.as_uuid()),
            (Column::Version, staff.version),
        )
        .await
    }

    /// Records that somebody is project manager of an area from now on; the one before has ended.
    ///
    /// # Errors
    /// `Conflict` where another was named at the same moment.
    pub async fn insert_assignment(&self, new: &Assignment) -> Result<(), StoreError> {
        let row = assignment::ActiveModel {
            id: Set(Uuid::now_v7()),
            staff_id: Set(new.staff_id.as_uuid()),
            firm_id: Set(new.firm_id.as_uuid()),
            area_id: Set(new.area_id.as_uuid()),
            from_on: Set(new.from),
            until_on: Set(new.until),
        };
        db::insert_chunked(self.connection(), [row], None)
            .await
            .map_err(raced)?;
        Ok(())
    }

    /// Ends the assignments that last: of somebody, in one area or in all.
    ///
    /// # Errors
    /// As the statement.
    pub async fn end_assignments(
        &self,
        staff_id: StaffId,
        area_id: Option<AreaId>,
        until: NaiveDate,
    ) -> Result<(), StoreError> {
        let mut update = assignment::Entity::update_many()
            .col_expr(assignment::Column::UntilOn, Expr::value(until))
            .filter(assignment::Column::StaffId.eq(staff_id.as_uuid()))
            .filter(assignment::Column::UntilOn.is_null());
        if let Some(area_id) = area_id {
            update = update.filter(assignment::Column::AreaId.eq(area_id.as_uuid()));
        }
        update.exec(self.connection()).await?;
        Ok(())
    }
}

fn assignment_from(row: assignment::Model) -> Assignment {
    Assignment {
        staff_id: StaffId::from_uuid(row.staff_id),
        firm_id: FirmId::from_uuid(row.firm_id),
        area_id: AreaId::from_uuid(row.area_id),
        from: row.from_on,
        until: row.until_on,
    }
}

fn from_row(row: Model) -> Result<StaffMember, StoreError> {
    Ok(StaffMember {
        id: StaffId::from_uuid(row.id),
        firm_id: FirmId::from_uuid(row.firm_id),
        name: row.name_masked,
        role: text::read("staff", &row.role)?,
        mobile: row.mobile_masked,
        employed_on: row.employed_on,
        left_on: row.left_on,
        area_ids: serde_json::from_str(&row.area_ids)?,
        version: row.version,
    })
}
