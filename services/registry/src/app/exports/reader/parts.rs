//! What the buildings of areas are made of and what serves them.

use std::collections::HashMap;

use chrono::NaiveDate;
use ids::BuildingId;

use super::{PER_PAGE, Reader, Row, Sink, Stop};
use crate::app::tables::distinct;
use crate::domain::area::Area;
use crate::domain::building::Building;
use crate::domain::part::equipment::{Equipment, Inspection};
use crate::domain::part::parking::Version;
use crate::domain::table::TableKind;
use crate::domain::table::free_text::guarded;
use crate::store::{building_facts, buildings, equipment, parking};

impl Reader<'_> {
    /// What buildings' documents say, of the buildings of which it was recorded.
    pub(super) async fn building_facts(&self, sink: &mut Sink<'_>) -> Result<(), Stop> {
        for area in self.source_areas() {
            let mut after: Option<String> = None;
            loop {
                let page = buildings::list(self.snapshot, area.id, after.as_deref(), PER_PAGE).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.number.clone());
                let ids: Vec<_> = page.iter().map(|building| building.id).collect();
                let known = building_facts::find_many(self.snapshot, &ids).await?;
                let row = |building: &Building| -> Option<Row> {
                    let facts = known.get(&building.id)?;
                    Some(vec![
                        area.number.clone(),
                        building.number.clone(),
                        facts.completed_on.map(|day| day.to_string()).unwrap_or_default(),
                        facts
                            .design_life_years
                            .map(|years| years.to_string())
                            .unwrap_or_default(),
                    ])
                };
                let rows = page.iter().filter_map(row).collect();
                sink.put(TableKind::BuildingFacts, rows).await?;
            }
        }
        Ok(())
    }

    /// Shared equipment, what is out of use too.
    pub(super) async fn equipment(&self, sink: &mut Sink<'_>) -> Result<(), Stop> {
        for area in self.source_areas() {
            let mut after: Option<Equipment> = None;
            loop {
                let page = equipment::of_area(self.snapshot, area.id, after.as_ref(), PER_PAGE).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.clone());
                let ids = distinct(page.iter().filter_map(|one| one.building_id));
                let buildings = buildings::find_many(self.snapshot, &ids).await?;
                let rows = page.iter().map(|one| equipment_row(area, one, &buildings));
                sink.put(TableKind::Equipment, rows.collect()).await?;
            }
        }
        Ok(())
    }

    /// All inspections of shared equipment, those of each piece the oldest first.
    pub(super) async fn inspections(&self, sink: &mut Sink<'_>) -> Result<(), Stop> {
        for area in self.source_areas() {
            let mut after: Option<Equipment> = None;
            loop {
                let page = equipment::of_area(self.snapshot, area.id, after.as_ref(), PER_PAGE).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.clone());
                let ids: Vec<_> = page.iter().map(|one| one.id).collect();
                let inspections = equipment::all_inspections(self.snapshot, &ids).await?;
                for one in &page {
                    let of_it = inspections.get(&one.id).map(Vec::as_slice).unwrap_or_default();
                    let turns = turns(of_it.iter().map(|inspection| inspection.on));
                    let rows = of_it
                        .iter()
                        .zip(turns)
                        .map(|(inspection, turn)| inspection_row(area, one, inspection, turn));
                    sink.put(TableKind::Inspections, rows.collect()).await?;
                }
            }
        }
        Ok(())
    }

    /// Every version of the parking that is no exclusive part, those of each lot the oldest first.
    pub(super) async fn parking(&self, sink: &mut Sink<'_>) -> Result<(), Stop> {
        for area in self.source_areas() {
            let mut after = None;
            loop {
                let page = parking::of_area(self.snapshot, area.id, after.as_ref(), PER_PAGE).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.clone());
                let versions = parking::histories(self.snapshot, &page, None).await?;
                for lot in &page {
                    let of_it = versions.get(&lot.id).map(Vec::as_slice).unwrap_or_default();
                    let turns = turns(of_it.iter().map(|version| version.since));
                    let rows = of_it
                        .iter()
                        .zip(turns)
                        .map(|(version, turn)| parking_row(area, version, turn));
                    sink.put(TableKind::Parking, rows.collect()).await?;
                }
            }
        }
        Ok(())
    }
}

fn equipment_row(area: &Area, one: &Equipment, buildings: &HashMap<BuildingId, Building>) -> Row {
    let building = one.building_id.and_then(|id| buildings.get(&id));
    vec![
        area.number.clone(),
        <&str>::from(one.kind).to_uppercase(),
        guarded(&one.code),
        building
            .map(|building| building.number.clone())
            .unwrap_or_default(),
        guarded(&one.location),
        one.installed_on.to_string(),
        shown(one.retired_on),
    ]
}

fn inspection_row(area: &Area, one: &Equipment, inspection: &Inspection, turn: String) -> Row {
    vec![
        area.number.clone(),
        <&str>::from(one.kind).to_uppercase(),
        guarded(&one.code),
        inspection.on.to_string(),
        guarded(&inspection.inspector),
        <&str>::from(inspection.result).to_uppercase(),
        shown(inspection.valid_until),
        turn,
    ]
}

fn parking_row(area: &Area, version: &Version, turn: String) -> Row {
    let lot = &version.parking;
    vec![
        area.number.clone(),
        <&str>::from(lot.kind).to_uppercase(),
        guarded(&lot.name),
        shown(version.since),
        lot.spaces.to_string(),
        lot.leased.to_string(),
        guarded(&lot.numbers),
        turn,
    ]
}

fn shown(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// The turn within its day of each of things in the order of time: empty where it is the only one of its day.
fn turns<T: PartialEq>(days: impl Iterator<Item = T>) -> Vec<String> {
    let days: Vec<T> = days.collect();
    days.chunk_by(PartialEq::eq)
        .flat_map(|of_day| {
            (1..=of_day.len()).map(move |turn| match of_day.len() {
                1 => String::new(),
                _ => turn.to_string(),
            })
        })
        .collect()
}
