//! The rows of a file, read page by page from one snapshot: what is in memory does not grow with the file.

mod parts;
mod past;
mod people;

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use db::StoreError;
use ids::{BuildingId, FirmId, HomeId, OwnerId};
use sealing::Sealer;
use tokio::sync::mpsc;

use super::pieces::Pieces;
use crate::app::tables::distinct;
use crate::domain::area::Area;
use crate::domain::building::Building;
use crate::domain::dossier::Dossier;
use crate::domain::export_look::Shown;
use crate::domain::firm::Firm;
use crate::domain::home::{Home, Sale};
use crate::domain::ownership::Ownership;
use crate::domain::table::TableKind;
use crate::error::AppError;
use crate::store::{Snapshot, areas, buildings, dossiers, firms, home_areas, homes, owners, ownerships};

/// Things read at a time, and rows of a batch but for co-owners.
const PER_PAGE: u64 = 500;

/// A row's cells, in the order of the columns of its kind.
pub(super) type Row = Vec<String>;

/// Rows of one table.
pub(super) struct Batch {
    pub(super) kind: TableKind,
    pub(super) rows: Vec<Row>,
}

/// Where rows come from.
pub(super) enum Source {
    /// The registers of the whole city: firms.
    City,
    /// Areas, or one building of one area.
    Areas(Vec<Area>, Option<BuildingId>),
    /// The homes of an owner.
    Own(OwnerId),
}

/// How owners are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owners {
    /// Masked, the present ones only, and of them what counts today.
    Masked,
    /// In clear, with those before them.
    Clear,
}

/// Why reading stopped.
pub(super) enum Stop {
    /// Nobody takes the rows any more: the reader of the file left, or the writer has failed and says why itself.
    Closed,
    /// Reading failed.
    Failed(AppError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Stop::Failed(error.into())
    }
}

/// Where batches go.
pub(super) struct Sink<'a> {
    batches: mpsc::Sender<Batch>,
    pieces: &'a Pieces,
    rows_of_owners: i64,
    shown: BTreeMap<OwnerId, Shown>,
}

impl<'a> Sink<'a> {
    pub(super) fn new(batches: mpsc::Sender<Batch>, pieces: &'a Pieces) -> Self {
        Sink {
            batches,
            pieces,
            rows_of_owners: 0,
            shown: BTreeMap::new(),
        }
    }

    /// Notes what rows show of somebody in clear. Of ownerships that follows from these, and is not noted.
    fn show(&mut self, id: OwnerId, what: Shown) {
        let shown = self.shown.entry(id).or_default();
        *shown = shown.and(what);
    }

    /// Rows that name an owner, and what they show of whom.
    pub(super) fn named(self) -> (i64, BTreeMap<OwnerId, Shown>) {
        (self.rows_of_owners, self.shown)
    }

    async fn put(&mut self, kind: TableKind, rows: Vec<Row>) -> Result<(), Stop> {
        if self.pieces.is_closed() {
            return Err(Stop::Closed);
        }
        if kind.names_people() {
            self.rows_of_owners += i64::try_from(rows.len()).unwrap_or(i64::MAX);
        }
        let sent = self.batches.send(Batch { kind, rows }).await;
        sent.map_err(|_| Stop::Closed)
    }
}

/// Reads one file's rows.
pub(super) struct Reader<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) sealer: &'a Sealer,
    pub(super) source: &'a Source,
    pub(super) owners: Owners,
    /// Today in China: masked rows are those that count on it.
    pub(super) today: NaiveDate,
    /// Whether everything of the areas goes into the file, so that firms that only decisions name go with it.
    pub(super) is_whole: bool,
}

impl Reader<'_> {
    /// Hands the rows of these tables to `sink`, table by table.
    pub(super) async fn feed(&self, sheets: &[TableKind], sink: &mut Sink<'_>) -> Result<(), Stop> {
        for kind in sheets {
            match kind {
                TableKind::Firms => self.firms(sink).await?,
                TableKind::Areas => self.areas(sink).await?,
                TableKind::Buildings => self.buildings(sink).await?,
                TableKind::Homes | TableKind::Ownerships | TableKind::ExclusiveAreas => {
                    self.homes(*kind, sink).await?;
                }
                TableKind::BuildingFacts => self.building_facts(sink).await?,
                TableKind::Equipment => self.equipment(sink).await?,
                TableKind::Inspections => self.inspections(sink).await?,
                TableKind::Parking => self.parking(sink).await?,
                TableKind::Holdings => self.holdings(sink).await?,
                TableKind::OwnerRecords => self.owner_records(sink).await?,
                TableKind::Agents => self.agents(sink).await?,
                TableKind::Representatives => self.representatives(sink).await?,
                TableKind::Dossiers => self.dossiers(sink).await?,
            }
        }
        Ok(())
    }

    /// The source's areas; none where it is none of areas.
    fn source_areas(&self) -> &[Area] {
        match self.source {
            Source::Areas(areas, _) => areas,
            Source::City | Source::Own(_) => &[],
        }
    }

    async fn firms_of(&self, areas: &[Area]) -> Result<HashMap<FirmId, Firm>, StoreError> {
        let mut ids: Vec<FirmId> = areas
            .iter()
            .flat_map(|area| area.developer_id.into_iter().chain(area.manager_id))
            .collect();
        if self.is_whole {
            for area in areas {
                let dossiers = dossiers::of_area(self.snapshot, area).await?;
                ids.extend(dossiers.iter().flat_map(Dossier::firm_ids));
            }
        }
        firms::find_many(self.snapshot, &distinct(ids)).await
    }

    async fn firms(&self, sink: &mut Sink<'_>) -> Result<(), Stop> {
        let rows = |firms: &[Firm]| firms.iter().map(firm_row).collect::<Vec<_>>();
        match self.source {
            Source::Areas(areas, _) => {
                let mut firms: Vec<Firm> = self.firms_of(areas).await?.into_values().collect();
                firms.sort_by(|a, b| a.credit_code.as_str().cmp(b.credit_code.as_str()));
                sink.put(TableKind::Firms, rows(&firms)).await
            }
            Source::City => {
                let mut after: Option<String> = None;
                loop {
                    let page = firms::list(self.snapshot, None, "", after.as_deref(), PER_PAGE).await?;
                    let Some(last) = page.last() else { return Ok(()) };
                    after = Some(last.credit_code.to_string());
                    sink.put(TableKind::Firms, rows(&page)).await?;
                }
            }
            Source::Own(_) => Ok(()),
        }
    }

    async fn areas(&self, sink: &mut Sink<'_>) -> Result<(), Stop> {
        let areas = self.source_areas();
        let firms = self.firms_of(areas).await?;
        let code = |id: Option<FirmId>| {
            let firm = id.and_then(|id| firms.get(&id));
            firm.map(|firm| firm.credit_code.to_string()).unwrap_or_default()
        };
        let rows = areas.iter().map(|area| {
            vec![
                area.number.clone(),
                area.name.clone(),
                area.division.to_string(),
                code(area.developer_id),
                code(area.manager_id),
                area.registered_on.map(|day| day.to_string()).unwrap_or_default(),
            ]
        });
        sink.put(TableKind::Areas, rows.collect()).await
    }

    async fn buildings(&self, sink: &mut Sink<'_>) -> Result<(), Stop> {
        for area in self.source_areas() {
            let mut after: Option<String> = None;
            loop {
                let page = buildings::list(self.snapshot, area.id, after.as_deref(), PER_PAGE).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.number.clone());
                let rows = page.into_iter().map(|building| {
                    let derived = Building::id_of(&area.number, &building.number) == building.id;
                    let known_as = if derived {
                        String::new()
                    } else {
                        building.id.to_string()
                    };
                    let floors = building.floors.to_string();
                    vec![area.number.clone(), building.number, floors, known_as]
                });
                sink.put(TableKind::Buildings, rows.collect()).await?;
            }
        }
        Ok(())
    }

    /// Homes, or who owns them.
    async fn homes(&self, kind: TableKind, sink: &mut Sink<'_>) -> Result<(), Stop> {
        let filters: Vec<homes::Filter> = match self.source {
            Source::City => Vec::new(),
            Source::Areas(areas, building_id) => areas
                .iter()
                .map(|area| homes::Filter::Area(area.id, *building_id))
                .collect(),
            Source::Own(owner_id) => vec![homes::Filter::Owner(*owner_id, None)],
        };
        for filter in filters {
            let mut after: Option<String> = None;
            loop {
                let page = homes::list(self.snapshot, &filter, after.as_deref(), PER_PAGE).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.unit_number.to_string());
                let rows = match kind {
                    TableKind::Ownerships => self.owner_rows(&page).await?,
                    TableKind::ExclusiveAreas => self.area_rows(&page).await?,
                    _ => self.home_rows(&page).await?,
                };
                sink.put(kind, rows).await?;
            }
        }
        Ok(())
    }

    async fn home_rows(&self, page: &[Home]) -> Result<Vec<Row>, StoreError> {
        let area_ids = distinct(page.iter().map(|home| home.area_id));
        let areas = areas::find_many(self.snapshot, &area_ids).await?;
        let building_ids = distinct(page.iter().map(|home| home.building_id));
        let buildings = buildings::find_many(self.snapshot, &building_ids).await?;
        let home_ids: Vec<_> = page.iter().map(|home| home.id).collect();
        let sales = home_areas::sales(self.snapshot, &home_ids).await?;
        page.iter()
            .map(|home| {
                let (Some(area), Some(building)) =
                    (areas.get(&home.area_id), buildings.get(&home.building_id))
                else {
                    return Err(StoreError::Corrupt("a home is in no building of an area".into()));
                };
                let (sale_state, delivered_on) = match home.sale {
                    Sale::Unsold => ("UNSOLD", String::new()),
                    Sale::Sold => ("SOLD", String::new()),
                    Sale::Delivered { on } => ("DELIVERED", on.to_string()),
                };
                Ok(vec![
                    area.number.clone(),
                    building.number.clone(),
                    home.stairwell.clone(),
                    home.room.clone(),
                    home.unit_number.to_string(),
                    home.exclusive_area.to_string(),
                    <&str>::from(home.usage).to_uppercase(),
                    sale_state.to_owned(),
                    delivered_on,
                    sales.get(&home.id).map(|day| day.to_string()).unwrap_or_default(),
                ])
            })
            .collect()
    }

    async fn owner_rows(&self, page: &[Home]) -> Result<Vec<Row>, StoreError> {
        let mut histories = self.histories(page).await?;
        let owner_ids = histories
            .values()
            .flatten()
            .flat_map(|held| held.owner_ids.iter().copied());
        let named = self.names(&distinct(owner_ids)).await?;
        let mut rows = Vec::with_capacity(page.len());
        for home in page {
            for (turn, ownership) in (1_u32..).zip(histories.remove(&home.id).unwrap_or_default()) {
                let turn = match self.owners {
                    Owners::Clear => turn.to_string(),
                    Owners::Masked => String::new(),
                };
                let owner_count = ownership.owner_ids.len().to_string();
                for owner_id in &ownership.owner_ids {
                    let owner = named.get(owner_id);
                    let owner = owner.ok_or_else(|| StoreError::Corrupt("an owner is not there".into()))?;
                    rows.push(vec![
                        home.unit_number.to_string(),
                        owner.name.clone(),
                        owner.document_kind.to_owned(),
                        owner.document_number.clone(),
                        ownership.valid_from.to_string(),
                        ownership.valid_to.map(|day| day.to_string()).unwrap_or_default(),
                        turn.clone(),
                        owner_count.clone(),
                    ]);
                }
            }
        }
        Ok(rows)
    }

    /// The ownerships of homes that the file tells of, the oldest first.
    async fn histories(&self, page: &[Home]) -> Result<HashMap<HomeId, Vec<Ownership>>, StoreError> {
        let ids: Vec<_> = page.iter().map(|home| home.id).collect();
        Ok(match self.owners {
            Owners::Clear => ownerships::histories(self.snapshot, &ids).await?,
            Owners::Masked => ownerships::current(self.snapshot, &ids)
                .await?
                .into_iter()
                .map(|(id, ownership)| (id, vec![ownership]))
                .collect(),
        })
    }

    async fn names(&self, ids: &[OwnerId]) -> Result<HashMap<OwnerId, Named>, StoreError> {
        Ok(match self.owners {
            Owners::Clear => owners::find_in_clear(self.snapshot, self.sealer, ids)
                .await?
                .into_iter()
                .map(|owner| {
                    let named = Named {
                        name: owner.name,
                        document_kind: owner.document.kind().into(),
                        document_number: owner.document.number().to_owned(),
                    };
                    (owner.id, named)
                })
                .collect(),
            Owners::Masked => owners::find_many(self.snapshot, ids)
                .await?
                .into_iter()
                .map(|(id, owner)| {
                    let named = Named {
                        document_kind: owner.document_kind().into(),
                        name: owner.name,
                        document_number: owner.document_number,
                    };
                    (id, named)
                })
                .collect(),
        })
    }
}

/// An owner as a file names one.
struct Named {
    name: String,
    document_kind: &'static str,
    document_number: String,
}

fn firm_row(firm: &Firm) -> Row {
    vec![
        firm.credit_code.to_string(),
        firm.name.clone(),
        <&str>::from(firm.kind).to_uppercase(),
    ]
}
