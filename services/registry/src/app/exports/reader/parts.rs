//! What the buildings of areas are made of and what serves them.

use super::{PER_PAGE, Reader, Row, Sink, Stop};
use crate::domain::building::Building;
use crate::domain::table::TableKind;
use crate::store::{building_facts, buildings};

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
}
