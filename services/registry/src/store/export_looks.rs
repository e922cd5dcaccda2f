//! Looks at owners in clear by a file, as rows: only added, never changed.

use std::collections::HashMap;

use db::StoreError;
use ids::{LookId, OwnerId};
use sea_orm::sea_query::{Condition, Expr, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::Tx;
use super::entity::export_look::{ActiveModel, Column, Entity, Model};
use super::entity::{export_look_person as person, home, ownership, ownership_owner};
use crate::domain::export_look::{ExportLook, Shown};
use crate::domain::look::{Look, LookKind, Seen};

/// Looks by a file in which an owner was named, the newest first.
///
/// Such a file names whoever owned a home in its place, now or once, as recorded by then: rows of ownerships and of looks
/// are numbered in the order of time. Whom it names beside these is recorded with it.
///
/// # Errors
/// As the statement.
pub(super) async fn of_owner(
    connection: &impl ConnectionTrait,
    owner_id: OwnerId,
    before: Option<LookId>,
    limit: u64,
) -> Result<Vec<Look>, StoreError> {
    let column = |column: Column| Expr::col((Entity, column));
    let in_place = Condition::any()
        .add(column(Column::BuildingId).is_null())
        .add(Expr::col((home::Entity, home::Column::BuildingId)).equals((Entity, Column::BuildingId)));
    let named = Query::select()
        .expr(Expr::val(1))
        .from(ownership_owner::Entity)
        .inner_join(
            ownership::Entity,
            Expr::col((ownership::Entity, ownership::Column::Id))
                .equals((ownership_owner::Entity, ownership_owner::Column::OwnershipId)),
        )
        .inner_join(
            home::Entity,
            Expr::col((home::Entity, home::Column::Id))
                .equals((ownership::Entity, ownership::Column::HomeId)),
        )
        .and_where(
            Expr::col((ownership_owner::Entity, ownership_owner::Column::OwnerId)).eq(owner_id.as_uuid()),
        )
        .and_where(Expr::col((home::Entity, home::Column::AreaId)).equals((Entity, Column::AreaId)))
        .and_where(Expr::col((ownership::Entity, ownership::Column::Id)).lt(column(Column::Id)))
        .cond_where(in_place)
        .to_owned();
    let beside = Query::select()
        .expr(Expr::val(1))
        .from(person::Entity)
        .and_where(Expr::col((person::Entity, person::Column::LookId)).equals((Entity, Column::Id)))
        .and_where(Expr::col((person::Entity, person::Column::PersonId)).eq(owner_id.as_uuid()))
        .to_owned();
    let as_owner = Condition::all()
        .add(column(Column::NamesOwners).eq(true))
        .add(Expr::exists(named));
    let mut select = Entity::find().filter(Condition::any().add(as_owner).add(Expr::exists(beside)));
    if let Some(before) = before {
        select = select.filter(Column::Id.lt(before.as_uuid()));
    }
    let rows = select
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(connection)
        .await?;
    let look_ids = rows.iter().map(|row| row.id);
    let told: HashMap<Uuid, String> = person::Entity::find()
        .filter(person::Column::PersonId.eq(owner_id.as_uuid()))
        .filter(db::one_of(
            connection.get_database_backend(),
            person::Column::LookId,
            look_ids,
        ))
        .all(connection)
        .await?
        .into_iter()
        .map(|row| (row.look_id, row.fields))
        .collect();
    rows.into_iter()
        .map(|row| {
            let fields = match told.get(&row.id) {
                Some(fields) => serde_json::from_str(fields)?,
                None => Shown::OWNER.fields().into_iter().map(str::to_owned).collect(),
            };
            Ok(from_row(owner_id, row, fields))
        })
        .collect()
}

impl Tx {
    /// Records a look.
    ///
    /// # Errors
    /// As the statement.
    pub async fn insert_export_look(&self, look: &ExportLook) -> Result<(), StoreError> {
        let look_id = Uuid::now_v7();
        let people = look
            .people
            .iter()
            .map(|(id, shown)| {
                Ok(person::ActiveModel {
                    look_id: Set(look_id),
                    person_id: Set(id.as_uuid()),
                    fields: Set(serde_json::to_string(&shown.fields())?),
                })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        let row = ActiveModel {
            id: Set(look_id),
            area_id: Set(look.area_id.as_uuid()),
            building_id: Set(look.building_id.map(Into::into)),
            looked_at: Set(look.looked_at),
            subject: Set(look.subject.clone()),
            role: Set(look.role.clone()),
            action: Set(look.action.clone()),
            reason: Set(look.reason.clone()),
            row_count: Set(look.rows),
            trace_parent: Set(look.trace_parent.clone()),
            names_owners: Set(look.names_owners),
        };
        db::insert_chunked(self.connection(), [row], None).await?;
        db::insert_chunked(self.connection(), people, None).await?;
        Ok(())
    }
}

/// The look as it concerns one of the owners: how many others were named stays untold.
fn from_row(owner_id: OwnerId, row: Model, fields: Vec<String>) -> Look {
    Look {
        id: LookId::from_uuid(row.id),
        seen: Seen::Owner(owner_id),
        kind: LookKind::Exported,
        call: row.action,
        account: row.subject,
        role: row.role,
        division: String::new(),
        reason: row.reason,
        fields,
        looked_at: row.looked_at,
        times: 1,
        last_at: row.looked_at,
    }
}
