//! Carrying an approved regrouping out: contracts, the new area, the buildings with their homes and equipment, the areas
//! that end, and what hangs on how an area is made up.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use ids::{AreaId, BuildingId, DivisionCode, HomeId};
use rpc::CallContext;

use super::record;
use crate::app::App;
use crate::app::examine_set_up::EXAMINE_SET_UP;
use crate::domain::area::{Area, AreaEnd};
use crate::domain::building::Building;
use crate::domain::contract::Contract;
use crate::domain::event::{HOMES_PER_EVENT, Happened, RegistryEvent};
use crate::domain::price;
use crate::domain::regrouping::event::{BuildingMoved, Event};
use crate::domain::regrouping::hindrance::{self, Running};
use crate::domain::regrouping::plan::{Facts, Move, Plan};
use crate::domain::regrouping::refusal::Refusal;
use crate::domain::regrouping::{Regrouping, Stage};
use crate::error::AppError;
use crate::store::{
    Followers, Tx, building_areas, contracts, fee_standards, homes, price_adjustments, published_rolls,
};

impl App {
    /// Approves and carries out, with the areas and buildings held until the commit.
    pub(super) async fn carry_out(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        before: Regrouping,
        effective_on: Option<NaiveDate>,
        remarks: String,
    ) -> Result<Regrouping, AppError> {
        let mut facts = self.regrouping_facts(tx, &before.plan).await?;
        for facts in facts.values_mut() {
            // What the calendar has ended by today stands in nobody's way.
            self.settle(tx, ctx, &mut facts.area, None).await?;
        }
        let mut with_owners = BTreeSet::new();
        for id in facts.keys() {
            if homes::progress(tx.connection(), *id)
                .await?
                .delivered
                .is_positive()
            {
                with_owners.insert(*id);
            }
        }
        let (after, event) = before.approve(effective_on, remarks, &with_owners, self.today())?;
        let on = match &after.stage {
            Stage::Approved { effective_on, .. } => *effective_on,
            Stage::Consenting | Stage::Submitted { .. } | Stage::Refused { .. } | Stage::Withdrawn { .. } => {
                self.today()
            }
        };
        let moves = after.plan.moves(&after.numbers, &facts)?;
        self.check_new_area(tx, &after.plan).await?;
        self.check_developers(tx, &after.plan, &moves, &facts).await?;
        self.make_way(tx, ctx, &after.plan, &facts, on).await?;
        let new = new_area(&after.plan, &facts, on);
        if let Some(area) = &new {
            tx.insert_areas(std::slice::from_ref(area)).await?;
            let happened = Happened {
                division: area.division,
                version: area.version,
                event: RegistryEvent::AreaRegistered(area.clone()),
            };
            tx.publish(ctx, [&happened]).await?;
        }
        let receiver = facts.get(&after.plan.receiver()).map(|facts| facts.area.clone());
        let receiver = new.clone().or(receiver);
        let division = receiver.as_ref().map_or(after.division, |area| area.division);
        self.move_buildings(tx, ctx, &after, &moves, division, on).await?;
        self.move_parts(tx, &after.plan, &moves, &facts).await?;
        let mut standing: Vec<Area> = receiver.into_iter().collect();
        for (id, facts) in &facts {
            if after.plan.ended().contains(id) {
                self.end_area(tx, ctx, &after, facts.area.clone(), on).await?;
            } else if *id != after.plan.receiver() {
                standing.push(facts.area.clone());
            }
        }
        for area in standing {
            // A share of what is handed over is reached, or was, with other homes.
            self.examine_set_up_of(tx, ctx, area).await?;
        }
        let joined: BTreeMap<AreaId, DivisionCode> =
            new.iter().map(|area| (area.id, area.division)).collect();
        record(tx, ctx, event, &joined).await?;
        Ok(after)
    }

    /// Refuses where homes that are not handed over would come to another developer's area: on a roll they are one head
    /// with the area's developer (法释〔2009〕7号 article 9).
    async fn check_developers(
        &self,
        tx: &Tx,
        plan: &Plan,
        moves: &[Move],
        facts: &Facts,
    ) -> Result<(), AppError> {
        // A new area has the developer of the one it comes from.
        let Some(receiver) = facts.get(&plan.receiver()) else {
            return Ok(());
        };
        let developer = |id: &AreaId| facts.get(id).and_then(|facts| facts.area.developer_id);
        let of_others: Vec<BuildingId> = moves
            .iter()
            .filter(|one| developer(&one.before.area_id) != receiver.area.developer_id)
            .map(|one| one.before.id)
            .collect();
        if building_areas::any_undelivered(tx.connection(), &of_others).await? {
            return Err(Refusal::AreaDevelopersDiffer.into());
        }
        Ok(())
    }

    /// Ends the contracts of areas that end where the survivor's firm is the same, and refuses what would be falsified.
    async fn make_way(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        plan: &Plan,
        facts: &Facts,
        on: NaiveDate,
    ) -> Result<(), AppError> {
        let (today, rules) = (self.today(), self.contract_rules()?);
        let mut running = Vec::with_capacity(facts.len());
        for area_id in facts.keys().copied() {
            let roll = published_rolls::find_open(tx.connection(), area_id).await?;
            let prices = price_adjustments::open_of(tx.connection(), area_id).await?;
            running.push(Running {
                area_id,
                // One whose last day has passed is only not taken down yet.
                roll_published: roll.is_some_and(|roll| roll.end(today).is_none()),
                prices_open: prices.is_some(),
                contracts: contracts::standing(tx.connection(), area_id).await?,
            });
        }
        for (contract, successor) in hindrance::check(plan, &running, on, today)? {
            let contract: &Contract = contract;
            let Some(facts) = facts.get(&contract.area_id) else {
                continue;
            };
            let changed = contract.make_way(successor, &rules)?;
            let after = self.save(tx, ctx, &facts.area, contract, changed).await?;
            self.reschedule(tx, ctx, &after, &rules).await?;
        }
        Ok(())
    }

    /// Moves the buildings with their homes, and tells it.
    async fn move_buildings(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        regrouping: &Regrouping,
        moves: &[Move],
        division: DivisionCode,
        on: NaiveDate,
    ) -> Result<(), AppError> {
        let ids: Vec<BuildingId> = moves.iter().map(|one| one.before.id).collect();
        let mut home_ids = building_areas::homes_of(tx.connection(), &ids).await?;
        let at = self.clock.now();
        let mut told = Vec::new();
        let mut after = Vec::with_capacity(moves.len());
        for one in moves {
            let mut building = one.before.clone();
            for portion in portions(&mut home_ids, one.before.id) {
                building = Building {
                    version: building.version + 1,
                    ..one.after()
                };
                told.push(Happened {
                    division,
                    version: building.version,
                    event: RegistryEvent::Regrouping(Event::BuildingMoved(BuildingMoved {
                        building: building.clone(),
                        from_area_id: one.before.area_id,
                        home_ids: portion,
                        on,
                        at,
                        regrouping_id: regrouping.id,
                    })),
                });
            }
            after.push(building);
        }
        tx.save_moves(moves, &after, on, regrouping.id).await?;
        tx.publish(ctx, &told).await?;
        Ok(())
    }

    /// Lets equipment and parking follow.
    async fn move_parts(&self, tx: &Tx, plan: &Plan, moves: &[Move], facts: &Facts) -> Result<(), AppError> {
        let to = plan.receiver();
        let number = |id: &AreaId| facts.get(id).map(|facts| facts.area.number.as_str());
        match plan {
            Plan::Merge { ended, .. } => {
                for id in ended {
                    let from = number(id).unwrap_or_default();
                    tx.move_parts(Followers::OfArea(*id), from, to).await?;
                }
            }
            Plan::Adjust { from, .. } | Plan::Split { from, .. } => {
                let ids: Vec<BuildingId> = moves.iter().map(|one| one.before.id).collect();
                let from = number(from).unwrap_or_default();
                tx.move_parts(Followers::OfBuildings(&ids), from, to).await?;
            }
        }
        Ok(())
    }

    /// Ends an area: nobody manages it any more, its project manager and its prices end, its successor is told.
    async fn end_area(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        regrouping: &Regrouping,
        mut area: Area,
        on: NaiveDate,
    ) -> Result<(), AppError> {
        for standard in fee_standards::last_of(tx.connection(), area.id).await? {
            let ended = price::standard_ended(&standard, on.max(standard.effective_from));
            tx.save_standard_end(&ended).await?;
            let happened = Happened {
                division: area.division,
                version: ended.version,
                event: RegistryEvent::Price(price::Event::StandardEnded(ended)),
            };
            tx.publish(ctx, [&happened]).await?;
        }
        tx.unschedule(EXAMINE_SET_UP, area.id).await?;
        area.version += 1;
        area.manager_id = None;
        area.ended = Some(AreaEnd {
            on,
            successor_id: regrouping.plan.receiver(),
        });
        tx.save_area_end(&area).await?;
        let happened = Happened {
            division: area.division,
            version: area.version,
            event: RegistryEvent::Regrouping(Event::AreaEnded {
                area: area.clone(),
                regrouping_id: regrouping.id,
            }),
        };
        tx.publish(ctx, [&happened]).await?;
        self.end_project_manager(tx, ctx, &area, on).await
    }
}

/// The area that a split makes: the firm that serves its buildings goes on until a contract of its own takes effect.
fn new_area(plan: &Plan, facts: &Facts, on: NaiveDate) -> Option<Area> {
    match plan {
        Plan::Split { from, new, .. } => {
            let source = &facts.get(from)?.area;
            Some(Area {
                id: Area::id_of(&new.number),
                number: new.number.clone(),
                name: new.name.clone(),
                division: new.division,
                developer_id: source.developer_id,
                manager_id: source.manager_id,
                ended: None,
                version: 1,
                registered_on: Some(on),
            })
        }
        Plan::Adjust { .. } | Plan::Merge { .. } => None,
    }
}

/// The homes of a building in portions of one event each; one that is empty for a building without homes.
fn portions(homes: &mut HashMap<BuildingId, Vec<HomeId>>, id: BuildingId) -> Vec<Vec<HomeId>> {
    let homes = homes.remove(&id).unwrap_or_default();
    if homes.is_empty() {
        return vec![homes];
    }
    homes.chunks(HOMES_PER_EVENT).map(<[HomeId]>::to_vec).collect()
}
