//! Equipment and parking that follow their building or their area to another area.

use std::collections::HashSet;

use db::StoreError;
use ids::{AreaId, BuildingId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::Tx;
use super::entity::{equipment, parking_lot};

/// What follows to another area.
#[derive(Debug, Clone, Copy)]
pub enum Followers<'a> {
    /// What serves these buildings.
    OfBuildings(&'a [BuildingId]),
    /// Everything of an area that ends.
    OfArea(AreaId),
}

impl Tx {
    /// Lets equipment and parking follow to an area. Where a number or a name is taken there, what comes gets the filing
    /// number of its old area behind it (`from`), so that nothing is lost and no merger waits for it.
    ///
    /// # Errors
    /// As the statements.
    pub async fn move_parts(
        &self,
        followers: Followers<'_>,
        from: &str,
        to: AreaId,
    ) -> Result<(), StoreError> {
        let coming = match followers {
            Followers::OfBuildings(ids) => {
                Condition::all().add(equipment::Column::BuildingId.is_in(ids.iter().map(|id| id.as_uuid())))
            }
            Followers::OfArea(area_id) => {
                Condition::all().add(equipment::Column::AreaId.eq(area_id.as_uuid()))
            }
        };
        let names: Vec<(Uuid, String, String)> = equipment::Entity::find()
            .select_only()
            .column(equipment::Column::Id)
            .column(equipment::Column::Kind)
            .column(equipment::Column::Code)
            .filter(coming)
            .into_tuple()
            .all(self.connection())
            .await?;
        let there: Vec<(String, String)> = equipment::Entity::find()
            .select_only()
            .column(equipment::Column::Kind)
            .column(equipment::Column::Code)
            .filter(equipment::Column::AreaId.eq(to.as_uuid()))
            .into_tuple()
            .all(self.connection())
            .await?;
        for (id, code) in placed(names, there, from) {
            equipment::Entity::update_many()
                .col_expr(equipment::Column::AreaId, Expr::value(to.as_uuid()))
                .col_expr(equipment::Column::Code, Expr::value(code))
                .filter(equipment::Column::Id.eq(id))
                .exec(self.connection())
                .await?;
        }
        match followers {
            // A lot serves its area, not a building.
            Followers::OfBuildings(_) => Ok(()),
            Followers::OfArea(area_id) => self.move_parking(area_id, from, to).await,
        }
    }

    async fn move_parking(&self, area_id: AreaId, from: &str, to: AreaId) -> Result<(), StoreError> {
        let names: Vec<(Uuid, String, String)> = parking_lot::Entity::find()
            .select_only()
            .column(parking_lot::Column::Id)
            .column(parking_lot::Column::Kind)
            .column(parking_lot::Column::Name)
            .filter(parking_lot::Column::AreaId.eq(area_id.as_uuid()))
            .into_tuple()
            .all(self.connection())
            .await?;
        let there: Vec<(String, String)> = parking_lot::Entity::find()
            .select_only()
            .column(parking_lot::Column::Kind)
            .column(parking_lot::Column::Name)
            .filter(parking_lot::Column::AreaId.eq(to.as_uuid()))
            .into_tuple()
            .all(self.connection())
            .await?;
        for (id, name) in placed(names, there, from) {
            parking_lot::Entity::update_many()
                .col_expr(parking_lot::Column::AreaId, Expr::value(to.as_uuid()))
                .col_expr(parking_lot::Column::Name, Expr::value(name))
                .filter(parking_lot::Column::Id.eq(id))
                .exec(self.connection())
                .await?;
        }
        Ok(())
    }
}

/// The names that what comes has where it comes to.
fn placed(
    coming: Vec<(Uuid, String, String)>,
    there: Vec<(String, String)>,
    from: &str,
) -> Vec<(Uuid, String)> {
    let mut taken: HashSet<(String, String)> = there.into_iter().collect();
    coming
        .into_iter()
        .map(|(id, kind, name)| {
            let mut placed = name;
            while !taken.insert((kind.clone(), placed.clone())) {
                placed = format!("{placed}@{from}");
            }
            (id, placed)
        })
        .collect()
}
