//! Tables of the registers: read row by row, compared with what stands, recorded with their events.

mod agents;
mod areas;
mod building_facts;
mod buildings;
mod cells;
pub(super) mod dossiers;
mod equipment;
mod exclusive_areas;
mod findings;
mod firms;
mod held_areas;
mod holdings;
mod homes;
mod inspections;
mod owner_records;
mod ownerships;
mod parking;
mod people;
mod periods;
mod places;
mod record;
mod representatives;
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
pub(super) use holdings::title_cells;
pub(super) use owner_records::verification_cells;
use periods::Periods;
pub(super) use record::Changes;
pub(super) use sheet::{Sheet, decode, line_of, require, told};

/// The words that a column takes; none where it takes anything else.
pub(super) fn words_of(kind: TableKind, column: &str) -> &'static [&'static str] {
    match (kind, column) {
        (TableKind::Firms, "kind") => firms::KINDS,
        (TableKind::Homes, "use") => homes::USES,
        (TableKind::Homes, "sale_state") => homes::STATES,
        (TableKind::Equipment, "kind") | (TableKind::Inspections, "equipment_kind") => equipment::KINDS,
        (TableKind::Inspections, "result") => inspections::RESULTS,
        (TableKind::Parking, "kind") => parking::KINDS,
        (
            TableKind::Ownerships
            | TableKind::Holdings
            | TableKind::OwnerRecords
            | TableKind::Agents
            | TableKind::Representatives,
            "document_kind",
        ) => people::KINDS,
        (TableKind::Holdings, "title") => holdings::TITLES,
        (TableKind::OwnerRecords, "verification") => owner_records::RESULTS,
        (TableKind::OwnerRecords, "mismatch") => owner_records::MISMATCHES,
        (TableKind::Agents, "agent_document_kind") => agents::KINDS,
        (TableKind::Agents, "ground") => agents::GROUNDS,
        (TableKind::ExclusiveAreas, "source") => exclusive_areas::SOURCES,
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
    Holdings(holdings::Rows),
    OwnerRecords(Vec<owner_records::Row>),
    Agents(agents::Rows),
    Representatives(Vec<representatives::Row>),
    ExclusiveAreas(exclusive_areas::Rows),
    Dossiers(Vec<dossiers::Row>),
}

/// What rows are compared by beside what stands.
pub(super) struct Basis<'a> {
    pub(super) sealer: &'a Sealer,
    /// Today in China.
    pub(super) today: NaiveDate,
    /// Years at which somebody is of full age.
    pub(super) full_age_years: i32,
}

impl Table {
    /// Reads every row that can be read, and notes what is wrong with the others.
    pub(super) fn read(sheet: &Sheet, today: NaiveDate, sealer: &Sealer, findings: &mut Findings) -> Table {
        match sheet.kind() {
            TableKind::Firms => Table::Firms(firms::read(sheet, findings)),
            TableKind::Areas => Table::Areas(areas::read(sheet, today, findings)),
            TableKind::Buildings => Table::Buildings(buildings::read(sheet, findings)),
            TableKind::Homes => Table::Homes(homes::read(sheet, today, findings)),
            TableKind::Ownerships => Table::Ownerships(ownerships::read(sheet, today, sealer, findings)),
            TableKind::BuildingFacts => Table::BuildingFacts(building_facts::read(sheet, today, findings)),
            TableKind::Equipment => Table::Equipment(equipment::read(sheet, today, findings)),
            TableKind::Inspections => Table::Inspections(inspections::read(sheet, today, findings)),
            TableKind::Parking => Table::Parking(parking::read(sheet, today, findings)),
            TableKind::Holdings => Table::Holdings(holdings::read(sheet, today, sealer, findings)),
            TableKind::OwnerRecords => {
                Table::OwnerRecords(owner_records::read(sheet, today, sealer, findings))
            }
            TableKind::Agents => Table::Agents(agents::read(sheet, sealer, findings)),
            TableKind::Representatives => {
                Table::Representatives(representatives::read(sheet, sealer, findings))
            }
            TableKind::Dossiers => Table::Dossiers(dossiers::read(sheet, findings)),
            TableKind::ExclusiveAreas => Table::ExclusiveAreas(exclusive_areas::read(sheet, today, findings)),
        }
    }

    /// Compares the rows with what stands: what is new comes back, the rest is counted or noted as wrong.
    pub(super) async fn compare(
        self,
        tx: &Tx,
        app: &App,
        findings: &mut Findings,
    ) -> Result<Changes, AppError> {
        let basis = &app.basis()?;
        let (sealer, today) = (basis.sealer, basis.today);
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
            Table::Holdings(rows) => holdings::compare(tx, rows, today, findings).await?,
            Table::OwnerRecords(rows) => owner_records::compare(tx, basis, rows, findings).await?,
            Table::Agents(rows) => agents::compare(tx, basis, rows, findings).await?,
            Table::Representatives(rows) => representatives::compare(tx, rows, findings).await?,
            Table::ExclusiveAreas(rows) => exclusive_areas::compare(tx, rows, findings).await?,
            Table::Dossiers(rows) => dossiers::compare(tx, sealer, rows, findings).await?,
        })
    }
}

impl App {
    /// What rows are compared by now.
    pub(super) fn basis(&self) -> Result<Basis<'_>, AppError> {
        Ok(Basis {
            sealer: &self.sealer,
            today: self.today(),
            full_age_years: self.full_age_years()?,
        })
    }

    /// Records what a table brought, with its events.
    pub(super) async fn record_changes(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        changes: Changes,
    ) -> Result<(), AppError> {
        let touched = changes.areas_with_new_homes();
        match changes {
            Changes::Dossiers(new) => self.take_over(tx, ctx, new.dossiers).await?,
            other => other.record(tx, ctx, &self.sealer).await?,
        }
        // Tomorrow, when the whole city may be there: half an area loaded would look handed over too soon.
        let tomorrow = calendar::end_of_day(self.today());
        for area_id in touched {
            tx.unschedule(EXAMINE_SET_UP, area_id).await?;
            tx.schedule(ctx, EXAMINE_SET_UP, area_id, tomorrow).await?;
        }
        Ok(())
    }
}
