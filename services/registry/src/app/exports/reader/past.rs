//! What was before, and what was decided: exclusive areas through time, dossiers.

use db::StoreError;

use super::{Owners, Reader, Row, Sink, Stop};
use crate::app::tables::dossiers::{pieces, seal};
use crate::domain::home::Home;
use crate::domain::part::correction::Reasoned;
use crate::domain::table::TableKind;
use crate::domain::table::free_text::guarded;
use crate::store::{dossiers, home_areas};

impl Reader<'_> {
    /// What was decided about areas.
    pub(super) async fn dossiers(&self, sink: &mut Sink<'_>) -> Result<(), Stop> {
        for area in self.source_areas() {
            let mut rows: Vec<Row> = Vec::new();
            for dossier in dossiers::of_area(self.snapshot, area).await? {
                let content = serde_json::to_string(&dossier).map_err(StoreError::from)?;
                let seal = seal(self.sealer, area.id, &content);
                for (piece, content) in (1..).zip(pieces(&content)) {
                    let name = format!("{}/{}", area.number, dossier.subject());
                    rows.push(vec![name, i32::to_string(&piece), content, seal.clone()]);
                }
            }
            sink.put(TableKind::Dossiers, rows).await?;
        }
        Ok(())
    }

    /// Exclusive areas through time, of the homes that were ever corrected.
    pub(super) async fn area_rows(&self, page: &[Home]) -> Result<Vec<Row>, StoreError> {
        let ids: Vec<_> = page.iter().map(|home| home.id).collect();
        let histories = home_areas::histories(self.snapshot, &ids).await?;
        let rows = page.iter().flat_map(|home| {
            let areas = histories.get(&home.id).map(Vec::as_slice).unwrap_or_default();
            areas.iter().enumerate().map(|(turn, Reasoned { area, reason })| {
                vec![
                    home.unit_number.to_string(),
                    turn.to_string(),
                    area.area.to_string(),
                    <&str>::from(area.source).to_uppercase(),
                    area.since.map(|day| day.to_string()).unwrap_or_default(),
                    area.document_digest.clone().unwrap_or_default(),
                    match self.owners {
                        // Why somebody corrected it may speak of people.
                        Owners::Masked => String::new(),
                        Owners::Clear => guarded(reason),
                    },
                ]
            })
        });
        Ok(rows.collect())
    }
}
