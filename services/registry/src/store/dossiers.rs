//! Dossiers of areas, gathered from the tables of their subjects.

use db::StoreError;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entity::{
    ballot_use, boundary, contract, decided_ballot, fee_standard, price_adjustment, satisfaction,
    service_room_check,
};
use super::{
    Tx, area_managers, ballots, boundaries, delineations, management_modes, satisfactions, set_ups, text,
};
use crate::domain::area::Area;
use crate::domain::contract::Purpose;
use crate::domain::division::boundary::Place;
use crate::domain::dossier::{Dossier, UsedBallot};

/// Everything that was decided about an area, a dossier a subject; those that hold nothing are left out.
///
/// # Errors
/// As the statements.
pub async fn of_area(connection: &impl ConnectionTrait, area: &Area) -> Result<Vec<Dossier>, StoreError> {
    let id = area.id.as_uuid();
    let delineation = delineations::of_area(connection, area.id).await?;
    let boundaries = boundary::Entity::find()
        .filter(boundary::Column::Place.eq(Place::Area(area.id).to_string()))
        .order_by_asc(boundary::Column::Version)
        .all(connection)
        .await?;
    let rooms = service_room_check::Entity::find()
        .filter(service_room_check::Column::AreaId.eq(id))
        .order_by_asc(service_room_check::Column::Version)
        .all(connection)
        .await?;
    let mut managers = area_managers::terms(connection, area.id).await?;
    if managers.len() == 1 {
        // The table of areas tells it.
        managers.clear();
    }
    let set_up = set_ups::find(connection, area.id).await?;
    let contracts = contract::Entity::find()
        .filter(contract::Column::AreaId.eq(id))
        .order_by_asc(contract::Column::Id)
        .all(connection)
        .await?;
    let standards = fee_standard::Entity::find()
        .filter(fee_standard::Column::AreaId.eq(id))
        .order_by_asc(fee_standard::Column::Id)
        .all(connection)
        .await?;
    let adjustments = price_adjustment::Entity::find()
        .filter(price_adjustment::Column::AreaId.eq(id))
        .order_by_asc(price_adjustment::Column::Id)
        .all(connection)
        .await?;
    let scores = satisfaction::Entity::find()
        .filter(satisfaction::Column::AreaId.eq(id))
        .order_by_asc(satisfaction::Column::Id)
        .all(connection)
        .await?;
    let mut dossiers = vec![
        Dossier::Delineations(delineation.into_iter().collect()),
        Dossier::Boundaries(read(boundaries, boundaries::from_row)?),
        Dossier::ServiceRooms(read(rooms, |row| Ok(serde_json::from_str(&row.detail)?))?),
        Dossier::Managers(managers),
        Dossier::SetUps(set_up.into_iter().collect()),
        Dossier::Ballots(used_ballots(connection, area).await?),
        Dossier::Contracts(read(contracts, |row| Ok(serde_json::from_str(&row.detail)?))?),
        Dossier::ManagementModes(management_modes::of_area(connection, area).await?.decisions),
        Dossier::FeeStandards(read(standards, |row| Ok(serde_json::from_str(&row.detail)?))?),
        Dossier::PriceAdjustments(read(adjustments, |row| Ok(serde_json::from_str(&row.detail)?))?),
        Dossier::Satisfactions(read(scores, satisfactions::from_row)?),
    ];
    dossiers.retain(|dossier| !dossier.is_empty());
    Ok(dossiers)
}

fn read<R, T>(rows: Vec<R>, one: impl Fn(R) -> Result<T, StoreError>) -> Result<Vec<T>, StoreError> {
    rows.into_iter().map(one).collect()
}

async fn used_ballots(connection: &impl ConnectionTrait, area: &Area) -> Result<Vec<UsedBallot>, StoreError> {
    let rows = decided_ballot::Entity::find()
        .filter(decided_ballot::Column::AreaId.eq(area.id.as_uuid()))
        .order_by_asc(decided_ballot::Column::Id)
        .all(connection)
        .await?;
    let ids = rows.iter().map(|row| row.id);
    let uses = ballot_use::Entity::find()
        .filter(db::one_of(
            connection.get_database_backend(),
            ballot_use::Column::BallotId,
            ids,
        ))
        .order_by_asc(ballot_use::Column::Purpose)
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|row| {
            let own = uses.iter().filter(|one| one.ballot_id == row.id);
            let uses = own.map(|one| {
                let purpose: Purpose = text::read("ballot_uses", &one.purpose)?;
                Ok((purpose, one.used_by.clone()))
            });
            Ok(UsedBallot {
                uses: uses.collect::<Result<_, StoreError>>()?,
                ballot: ballots::from_row(row)?,
            })
        })
        .collect()
}

impl Tx {
    /// Records a dossier of an area that has nothing of its subject, in the state that it has. Managers and the set-up are
    /// recorded with their versions of the area, and not here.
    ///
    /// # Errors
    /// `Conflict` where one of its records is there already.
    pub async fn insert_dossier(&self, area: &Area, dossier: &Dossier) -> Result<(), StoreError> {
        match dossier {
            Dossier::Delineations(records) => {
                for record in records {
                    self.insert_delineation(record).await?;
                }
            }
            Dossier::Boundaries(records) => self.insert_boundaries(records).await?,
            Dossier::ServiceRooms(records) => {
                for record in records {
                    self.insert_service_rooms(record).await?;
                }
            }
            Dossier::Ballots(records) => {
                for UsedBallot { ballot, uses } in records {
                    self.put_ballot(ballot).await?;
                    for (purpose, used_by) in uses {
                        self.use_ballot(ballot.id, *purpose, used_by).await?;
                    }
                }
            }
            Dossier::Contracts(records) => {
                for record in records {
                    self.insert_contract(record).await?;
                }
            }
            Dossier::ManagementModes(records) => {
                for (version, record) in (1..).zip(records) {
                    self.insert_mode_decision(area.id, version, record).await?;
                }
            }
            Dossier::FeeStandards(records) => {
                for record in records {
                    self.insert_standard(record).await?;
                }
            }
            Dossier::PriceAdjustments(records) => {
                for record in records {
                    self.insert_adjustment(record).await?;
                }
            }
            Dossier::Satisfactions(records) => {
                for record in records {
                    self.insert_satisfaction(record).await?;
                }
            }
            Dossier::Managers(_) | Dossier::SetUps(_) => {}
        }
        Ok(())
    }
}
