//! Tables of the registers: read row by row, compared with what stands, recorded with their events.

mod areas;
mod building_facts;
mod buildings;
mod cells;
mod equipment;
mod findings;
mod firms;
mod held_areas;
mod homes;
mod inspections;
mod ownerships;
mod parking;
mod periods;
mod places;
mod record;
mod sheet;

use chrono::NaiveDate;
use rpc::CallContext;
use sealing::Sealer;

use super::App;
use super::examine_set_up::EXAMINE_SET_UP;
use crate::domain::table::TableKind;
use crate::error::AppError;
use crate::store::Tx;

pub(super) use cells::{CELL_ERROR, DIGITS_LOST, day, distinct};
pub(super) use findings::Findings;
use periods::Periods;
pub(super) use record::Changes;
pub(super) use sheet::{Sheet, decode, line_of, require, told};

/// The words that a column takes; none where it takes anything else.
pub(super) fn words_of(kind: TableKind, column: &str) -> &'static [&'static str] {
    match (kind, column) {
        (TableKind::Firms, "kind") => firms::KINDS,
        (TableKind::Homes, "use") => homes::USES,
        (TableKind::Homes, "sale_state") => homes::STATES,
        (TableKind::Ownerships, "document_kind") => ownerships::KINDS,
        (TableKind::Equipment, "kind") | (TableKind::Inspections, "equipment_kind") => equipment::KINDS,
        (TableKind::Inspections, "result") => inspections::RESULTS,
        (TableKind::Parking, "kind") => parking::KINDS,
        _ => &[],
    }
}

/// A table whose rows were read.
pub(super) enum Table {
    Firms(Vec<firms::Row>),
    Areas(Vec<areas::Row>),
    Buildings(Vec<buildings::Row>),
    Homes(Vec<homes::Row>),
    Ownerships(ownerships::Rows),
    BuildingFacts(Vec<building_facts::Row>),
    Equipment(Vec<equipment::Row>),
    Inspections(Vec<inspections::Row>),
    Parking(Vec<parking::Row>),
}

impl Table {
    /// Reads every row that can be read, and notes what is wrong with the others.
    pub(super) fn read(sheet: &Sheet, today: NaiveDate, sealer: &Sealer, findings: &mut Findings) -> Table {
        match sheet.kind() {
            TableKind::Firms => Table::Firms(firms::read(sheet, findings)),
            TableKind::Areas => Table::Areas(areas::read(sheet, findings)),
            TableKind::Buildings => Table::Buildings(buildings::read(sheet, findings)),
            TableKind::Homes => Table::Homes(homes::read(sheet, today, findings)),
            TableKind::Ownerships => Table::Ownerships(ownerships::read(sheet, today, sealer, findings)),
            TableKind::BuildingFacts => Table::BuildingFacts(building_facts::read(sheet, today, findings)),
            TableKind::Equipment => Table::Equipment(equipment::read(sheet, today, findings)),
            TableKind::Inspections => Table::Inspections(inspections::read(sheet, today, findings)),
            TableKind::Parking => Table::Parking(parking::read(sheet, today, findings)),
        }
    }

    /// Compares the rows with what stands: what is new comes back, the rest is counted or noted as wrong.
    pub(super) async fn compare(
        self,
        tx: &Tx,
        app: &App,
        today: NaiveDate,
        findings: &mut Findings,
    ) -> Result<Changes, AppError> {
        let sealer = &app.sealer;
        Ok(match self {
            Table::Firms(rows) => firms::compare(tx, rows, findings).await?,
            Table::Areas(rows) => areas::compare(tx, rows, findings).await?,
            Table::Buildings(rows) => buildings::compare(tx, rows, findings).await?,
            Table::Homes(rows) => homes::compare(tx, rows, findings).await?,
            Table::Ownerships(rows) => ownerships::compare(tx, sealer, rows, findings).await?,
            Table::BuildingFacts(rows) => building_facts::compare(tx, rows, today, findings).await?,
            Table::Equipment(rows) => {
                let periods = Periods::on(app, today)?;
                equipment::compare(tx, rows, &periods, findings).await?
            }
            Table::Inspections(rows) => {
                let periods = Periods::on(app, today)?;
                inspections::compare(tx, rows, &periods, findings).await?
            }
            Table::Parking(rows) => parking::compare(tx, rows, findings).await?,
        })
    }
}

impl App {
    /// Records what a table brought, with its events.
    pub(super) async fn record_changes(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        changes: Changes,
    ) -> Result<(), AppError> {
        let touched = changes.areas_with_new_homes();
        changes.record(tx, ctx, &self.sealer).await?;
        // Tomorrow, when the whole city may be there: half an area loaded would look handed over too soon.
        let tomorrow = calendar::end_of_day(self.today());
        for area_id in touched {
            tx.unschedule(EXAMINE_SET_UP, area_id).await?;
            tx.schedule(ctx, EXAMINE_SET_UP, area_id, tomorrow).await?;
        }
        Ok(())
    }
}
