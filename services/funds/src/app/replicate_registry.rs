//! Keeps what the fund needs to know of areas, buildings, homes and owners, version by version.

use chrono::NaiveDate;
use ids::{AreaId, FirmId, HomeId};
use money::Area;
use outbox::{Received, Standing};
use rpc::{CallContext, Cause};

use super::App;
use crate::domain::home::{Building, Home, ManagedArea, Ownership};
use crate::domain::ledger::{Account, Posting};
use crate::domain::moves::{BankTransferPosted, BuildingMove};
use crate::domain::replica::Changes;
use crate::error::AppError;
use crate::store::{StoreError, Tx, reads};

/// What the registry told.
#[derive(Debug, Clone)]
pub enum RegistryChange {
    /// An area as it is now.
    Area(ManagedArea),
    /// A building as it is now.
    Building(Building),
    /// Homes of one building; each gets its accounts.
    Homes {
        /// Their area.
        area_id: AreaId,
        /// The homes.
        homes: Vec<Home>,
    },
    /// Who owns homes from now on. The balance stays with the home (165号令 article 28).
    Ownerships(Vec<Ownership>),
    /// Homes were handed over: their warranty runs from that day.
    Delivery {
        /// The homes.
        home_ids: Vec<HomeId>,
        /// The day.
        on: NaiveDate,
    },
    /// Another firm manages an area from now on, or none.
    Manager {
        /// The area.
        area_id: AreaId,
        /// The firm.
        manager_id: Option<FirmId>,
    },
    /// Homes were sold: until their hand-over they are the developer's still.
    Sale(Vec<HomeId>),
    /// The exclusive area of a home was corrected: costs are shared by it from now on; what was shared stays shared.
    Correction {
        /// The home.
        home_id: HomeId,
        /// Its exclusive area.
        exclusive_area: Area,
    },
    /// A building moved to another area with homes: their accounts go with them, and the money behind these.
    Move(BuildingMove),
    /// A change that means nothing to the fund: only its version is followed.
    Elsewhere,
}

impl App {
    /// Follows changes of the registry, each once and in the order of its aggregate's versions, all in one transaction.
    /// Returns where each stands.
    ///
    /// # Errors
    /// As the statements; nothing of the batch took effect then.
    pub async fn replicate_registry(
        &self,
        batch: &[Received<RegistryChange>],
    ) -> Result<Vec<Standing>, AppError> {
        let mut tx = self.store.begin_write().await?;
        let standings = tx.next_versions(batch.iter().map(|each| &each.incoming)).await?;
        let mut changes = Changes::default();
        for (received, _) in batch
            .iter()
            .zip(&standings)
            .filter(|(_, standing)| **standing == Standing::Next)
        {
            match &received.event {
                RegistryChange::Area(area) => changes.area(area),
                RegistryChange::Building(building) => changes.building(building),
                RegistryChange::Homes { area_id, homes } => {
                    if changes.holds_one_of(homes) {
                        write(&tx, &mut changes).await?;
                    }
                    changes.homes(*area_id, homes);
                }
                RegistryChange::Ownerships(ownerships) => changes.ownerships(ownerships),
                RegistryChange::Delivery { home_ids, on } => changes.delivery(home_ids, *on),
                RegistryChange::Manager { area_id, manager_id } => {
                    write(&tx, &mut changes).await?;
                    tx.put_manager(*area_id, *manager_id, received.incoming.version)
                        .await?;
                }
                RegistryChange::Sale(home_ids) => {
                    write(&tx, &mut changes).await?;
                    tx.put_sale(home_ids).await?;
                }
                RegistryChange::Correction {
                    home_id,
                    exclusive_area,
                } => {
                    write(&tx, &mut changes).await?;
                    tx.put_exclusive_area(*home_id, *exclusive_area).await?;
                }
                RegistryChange::Move(moved) => {
                    write(&tx, &mut changes).await?;
                    let ctx = CallContext::of_service(
                        "funds",
                        "funds.replicate_registry",
                        Cause::Event {
                            consumer: received.incoming.consumer.clone(),
                            id: received.incoming.id,
                        },
                    );
                    self.follow_move(&mut tx, &ctx, moved).await?;
                }
                RegistryChange::Elsewhere => {}
            }
        }
        write(&tx, &mut changes).await?;
        tx.commit().await?;
        Ok(standings)
    }

    /// Puts the accounts of homes into the ledger of the area that they came to, and moves what they hold from bank to
    /// bank by one posting, so that both ledgers balance afterwards. `Conflict` where the other area is not known yet.
    async fn follow_move(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        moved: &BuildingMove,
    ) -> Result<(), AppError> {
        let to = moved.building.area_id;
        let holders = moved.home_ids.iter().map(|home_id| (to, Some(*home_id)));
        tx.open_accounts(holders.chain([(to, None), (moved.from_area_id, None)]))
            .await?;
        let banks = [Account::Bank(to), Account::Bank(moved.from_area_id)];
        let mut balances = tx.lock_accounts(moved.accounts().chain(banks)).await?;
        tx.put_move(moved).await?;
        let amount = moved.amount(&balances);
        let id = moved.posting_id();
        let text = moved.building.number.clone();
        let posting = Posting::transfer(id, moved.from_area_id, to, text, amount, self.clock.now());
        let Some(posting) = posting else {
            return Ok(());
        };
        tx.book(&mut balances, &[posting]).await?;
        // The area's own events may come after the building's: the move is then told again.
        let area = reads::area(tx.connection(), to)
            .await?
            .ok_or(StoreError::Conflict)?;
        let event = BankTransferPosted {
            posting_id: id,
            from_area_id: moved.from_area_id,
            to_area_id: to,
            division: area.division,
            building_id: moved.building.id,
            amount,
            homes: moved.home_ids.len(),
        };
        tx.publish(ctx, [&event]).await?;
        Ok(())
    }
}

/// Writes what waits. A kind of change that has no place in `Changes` calls this first, then writes itself.
async fn write(tx: &Tx, changes: &mut Changes<'_>) -> Result<(), StoreError> {
    let changes = std::mem::take(changes);
    tx.put_areas(changes.areas_now()).await?;
    tx.put_buildings(changes.buildings_now()).await?;
    tx.put_homes(changes.homes_now()).await?;
    for (on, home_ids) in changes.deliveries() {
        tx.put_delivery(&home_ids, on).await?;
    }
    tx.put_owners(&changes.owners_now()).await?;
    tx.open_accounts(changes.holders()).await
}
