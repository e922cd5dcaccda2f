//! Publishing the roll of an area, masked and frozen (公示名册), and withdrawing it.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use ids::{AreaId, OwnerId, RollId};
use rpc::{CallContext, General};
use serde::Serialize;

use super::end_roll::END_ROLL;
use super::{Depth, Page, Trouble};
use crate::app::{App, looks};
use crate::domain::area::Area;
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::home::Home;
use crate::domain::refusal::Refusal as RegistryRefusal;
use crate::domain::roll::event::RollEvent;
use crate::domain::roll::publication::{Period, PublicityRules, PublishedRoll, RollLine, State, Totals};
use crate::domain::roll::readiness::{Finding, Tally};
use crate::domain::roll::refusal::Refusal;
use crate::domain::roll::{RollEntry, Scope, Voter};
use crate::error::AppError;
use crate::store::published_rolls::OwnedLine;
use crate::store::{Snapshot, Tx, buildings, firms, owners, published_rolls};

/// A roll to publish.
#[derive(Debug, Clone, Serialize)]
pub struct PublishRoll {
    /// The area.
    pub area_id: AreaId,
    /// The day as of which it is frozen; today where absent.
    pub as_of: Option<NaiveDate>,
    /// First day; today where absent.
    pub from: Option<NaiveDate>,
    /// Last day; the earliest that is allowed where absent.
    pub until: Option<NaiveDate>,
    /// Whether parking spaces count.
    pub count_parking: bool,
}

/// A roll to withdraw.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawRoll {
    /// Which.
    pub roll_id: RollId,
}

impl App {
    /// Freezes the roll of an area and publishes it, masked; it is taken down by itself after its last day.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND`, `AREA_ENDED`, `NOT_ALLOWED`, `ROLL_PUBLISHED`, `ROLL_EMPTY`, `ROLL_NOT_READY`, `CONFLICT`, and as
    /// [`Period::decide`].
    pub async fn publish_roll(
        &self,
        ctx: &CallContext,
        command: PublishRoll,
    ) -> Result<PublishedRoll, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (area, resource) = self.area_for(tx.connection(), ctx, command.area_id).await?;
        ctx.permit(&self.access, &resource, || RegistryRefusal::AreaNotFound)?;
        // Held, so that no regrouping moves buildings while the roll is frozen.
        let area = tx
            .hold_area(area.id)
            .await?
            .ok_or(RegistryRefusal::AreaNotFound)?;
        area.stands()?;
        let (rules, today) = (self.publicity_rules()?, self.today());
        let period = Period::decide(command.as_of, command.from, command.until, &rules, today)?;
        if let Some(open) = published_rolls::find_open(tx.connection(), area.id).await? {
            let until = open.period.until;
            let ended = open.end(today).ok_or(Refusal::RollPublished { until })?;
            save_taken_down(&mut tx, ctx, ended).await?;
        }
        let id = RollId::generate();
        let totals = self.freeze(&tx, id, &area, &command, period.as_of).await?;
        let roll = PublishedRoll {
            id,
            area_id: area.id,
            division: area.division,
            period,
            state: State::Published,
            totals,
            shows_rooms: rules.shows_rooms,
            article: rules.article,
            version: 1,
        };
        tx.insert_roll(&roll).await?;
        let ends_at = calendar::start_of_day(roll.ends_on());
        tx.schedule(ctx, END_ROLL, roll.id, ends_at).await?;
        tx.publish(ctx, [&happened(RollEvent::Published(roll.clone()), &roll)])
            .await?;
        tx.remember(ctx, &command, roll.id, &roll).await?;
        tx.commit().await?;
        Ok(roll)
    }

    /// Takes a published roll down before its last day.
    ///
    /// # Errors
    /// `REASON_MISSING`, `ROLL_NOT_FOUND`, `NOT_ALLOWED`, `ROLL_NOT_PUBLISHED`, `CONFLICT`.
    pub async fn withdraw_roll(
        &self,
        ctx: &CallContext,
        command: WithdrawRoll,
    ) -> Result<PublishedRoll, AppError> {
        looks::reason_of(ctx)?;
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let roll = self.roll_for(tx.connection(), ctx, command.roll_id).await?;
        let roll = roll.withdraw()?;
        tx.unschedule(END_ROLL, roll.id).await?;
        save_taken_down(&mut tx, ctx, roll.clone()).await?;
        tx.remember(ctx, &command, roll.id, &roll).await?;
        tx.commit().await?;
        Ok(roll)
    }

    /// A roll on which the caller may do what is asked.
    ///
    /// # Errors
    /// `ROLL_NOT_FOUND`, `NOT_ALLOWED`.
    pub(super) async fn roll_for(
        &self,
        connection: &Snapshot,
        ctx: &CallContext,
        id: RollId,
    ) -> Result<PublishedRoll, AppError> {
        let roll = published_rolls::find(connection, id).await?;
        let roll = roll.ok_or(Refusal::RollNotFound)?;
        let (_, resource) = self.area_for(connection, ctx, roll.area_id).await?;
        ctx.permit(&self.access, &resource, || {
            RegistryRefusal::from(Refusal::RollNotFound)
        })?;
        Ok(roll)
    }

    /// Writes the lines of the roll as they are read, and refuses as the roll itself would: nothing stays of them then.
    async fn freeze(
        &self,
        tx: &Tx,
        id: RollId,
        area: &Area,
        command: &PublishRoll,
        day: NaiveDate,
    ) -> Result<Totals, AppError> {
        let connection = tx.connection();
        let scope = Scope {
            area_id: area.id,
            building_ids: Vec::new(),
            stairwells: Vec::new(),
            home_ids: Vec::new(),
            count_parking: command.count_parking,
        };
        let mut book = self
            .open_book(connection, area.clone(), scope, day, Depth::Blockers)
            .await?;
        let developer = match area.developer_id {
            Some(id) => firms::find_many(connection, &[id]).await?.remove(&id),
            None => None,
        };
        let developer = developer.map(|firm| firm.name).unwrap_or_default();
        let (mut trouble, mut tally) = (Trouble::default(), Tally::default());
        let mut numbers = HashMap::new();
        let mut after = None;
        while let Some(Page { findings, last }) = book.page(connection, after.as_deref()).await? {
            let unknown: HashSet<_> = findings
                .iter()
                .map(|(home, _)| home.building_id)
                .filter(|id| !numbers.contains_key(id))
                .collect();
            let unknown: Vec<_> = unknown.into_iter().collect();
            for (id, building) in buildings::find_many(connection, &unknown).await? {
                numbers.insert(id, building.number);
            }
            let names = names_of(connection, &findings).await?;
            let mut lines = Vec::with_capacity(findings.len());
            for (home, finding) in &findings {
                trouble.add(home, finding, book.strictness());
                tally.add(finding, book.strictness());
                if let Some(entry) = &finding.entry {
                    let number = numbers.get(&home.building_id).cloned().unwrap_or_default();
                    lines.push(line_of(entry, tally.homes, number, &names, &developer)?);
                }
            }
            if !trouble.is_some() {
                tx.insert_lines(&self.sealer, id, &lines).await?;
            }
            after = Some(last);
        }
        trouble.check(usize::try_from(tally.homes).unwrap_or(usize::MAX))?;
        Ok(Totals {
            homes: tally.homes,
            heads: tally.heads(),
            area: tally.area,
        })
    }

    fn publicity_rules(&self) -> Result<PublicityRules, AppError> {
        let (days_min, article) = self.parameter("roll_publicity_days")?;
        let (days_max, _) = self.parameter("roll_publicity_days_max")?;
        let (rooms, _) = self.parameter("roll_rooms_shown")?;
        let days = |value: i64| u64::try_from(value).unwrap_or(0);
        Ok(PublicityRules {
            days_min: days(days_min),
            days_max: days(days_max),
            shows_rooms: rooms != 0,
            article,
        })
    }
}

/// Masked names of everybody who owns a home of a page.
async fn names_of(
    connection: &Snapshot,
    findings: &[(Home, Finding)],
) -> Result<HashMap<OwnerId, String>, AppError> {
    let ids: HashSet<OwnerId> = findings
        .iter()
        .filter_map(|(_, finding)| finding.entry.as_ref())
        .flat_map(|entry| match &entry.voter {
            Voter::Owners { owner_ids, .. } => owner_ids.clone(),
            Voter::Developer(_) => Vec::new(),
        })
        .collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let found = owners::find_many(connection, &ids).await?;
    Ok(found.into_iter().map(|(id, owner)| (id, owner.name)).collect())
}

fn line_of(
    entry: &RollEntry,
    line: i64,
    building_number: String,
    names: &HashMap<OwnerId, String>,
    developer: &str,
) -> Result<OwnedLine, AppError> {
    let (names, owner_ids) = match &entry.voter {
        Voter::Owners { owner_ids, .. } => {
            let masked = owner_ids
                .iter()
                .map(|id| names.get(id).cloned().unwrap_or_default());
            (masked.collect(), owner_ids.clone())
        }
        Voter::Developer(_) => (vec![developer.to_owned()], Vec::new()),
    };
    let line = i32::try_from(line).map_err(|error| General::Internal {
        source: Box::new(error),
    })?;
    Ok(OwnedLine {
        line: RollLine {
            line,
            building_number,
            stairwell: entry.stairwell.clone(),
            room: entry.room.clone(),
            names,
            exclusive_area: entry.exclusive_area,
        },
        owner_ids,
    })
}

/// Saves a roll that is taken down, and tells it.
pub(super) async fn save_taken_down(
    tx: &mut Tx,
    ctx: &CallContext,
    roll: PublishedRoll,
) -> Result<(), AppError> {
    tx.save_roll(&roll).await?;
    let event = happened(RollEvent::TakenDown(roll.clone()), &roll);
    tx.publish(ctx, [&event]).await?;
    Ok(())
}

/// An event of a roll that is as it is after it.
pub(super) fn happened(event: RollEvent, roll: &PublishedRoll) -> Happened {
    Happened {
        division: roll.division,
        version: roll.version,
        event: RegistryEvent::Roll(event),
    }
}
