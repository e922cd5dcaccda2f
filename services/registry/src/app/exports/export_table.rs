//! Taking a list away as a file.

use std::collections::HashSet;

use access::Resource;
use ids::{AreaId, BuildingId, DivisionCode};
use rpc::{CallContext, General};

use super::job::{Job, Look};
use super::reader::{Owners, Source};
use super::{FileFormat, FileStream, OWNERS_IN_CLEAR, Titles, reason_of};
use crate::app::{App, acting_as, area_resource};
use crate::domain::area::Area;
use crate::domain::refusal::Refusal;
use crate::domain::table::TableKind;
use crate::error::AppError;
use crate::store::{Readable, areas, buildings, divisions, homes};

/// Areas read at a time.
const AREAS_PER_PAGE: u64 = 500;

/// Which list to take away.
#[derive(Debug, Clone)]
pub struct ExportTable {
    /// What it holds.
    pub kind: TableKind,
    /// What of it.
    pub filter: Filter,
    /// How it is written.
    pub format: FileFormat,
    /// What the columns are called.
    pub titles: Titles,
    /// True for ownerships in clear and with past owners; then the filter names an area.
    pub unmasked: bool,
}

/// What of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// All that the caller sees.
    None,
    /// What belongs to an area, or of it what belongs to one of its buildings.
    Area(AreaId, Option<BuildingId>),
    /// What lies within a division.
    Division(DivisionCode),
}

/// The call in which the same things are listed: whoever may make it may take them away.
fn listing(kind: TableKind) -> &'static str {
    match kind {
        TableKind::Firms => "registry.ListFirms",
        TableKind::Areas => "registry.GetArea",
        TableKind::Buildings | TableKind::BuildingFacts => "registry.ListBuildings",
        TableKind::Homes | TableKind::ExclusiveAreas => "registry.ListHomes",
        // What is told of owners is told to those who may know who owns what.
        TableKind::Ownerships
        | TableKind::Holdings
        | TableKind::OwnerRecords
        | TableKind::Agents
        | TableKind::Representatives => "registry.GetOwner",
        TableKind::Equipment => "registry.ListEquipment",
        TableKind::Inspections => "registry.ListInspections",
        TableKind::Parking => "registry.ListParking",
        TableKind::Dossiers => OWNERS_IN_CLEAR,
    }
}

impl App {
    /// The list as a file: what the caller sees in the lists, from one snapshot. Owners are masked, and only the present
    /// ones; in clear and with past ones under `registry.ExportArea`, which is recorded before the first byte.
    ///
    /// # Errors
    /// `NOT_ALLOWED`, `AREA_NOT_FOUND`, `BUILDING_NOT_FOUND`, `REASON_MISSING`; in place of the first piece
    /// `EXPORT_TOO_LARGE`.
    pub async fn export_table(&self, ctx: &CallContext, query: ExportTable) -> Result<FileStream, AppError> {
        self.permit_city(ctx)?;
        let turn = self.turn().await?;
        let snapshot = self.store.begin_read().await?;
        let (source, scope) = self.source_of(&snapshot, ctx, &query).await?;
        let in_clear = query.unmasked && query.kind.names_people();
        let look = match (&query.filter, in_clear) {
            (Filter::Area(area_id, building_id), true) => {
                let (_, resource) = self.area_for(&snapshot, ctx, *area_id).await?;
                let asked = acting_as(ctx, OWNERS_IN_CLEAR);
                asked.permit(&self.access, &resource, || Refusal::AreaNotFound)?;
                Some(Look {
                    area_id: *area_id,
                    building_id: *building_id,
                    reason: reason_of(ctx)?,
                })
            }
            _ => None,
        };
        let masked = if query.kind.names_people() && look.is_none() {
            "（已脱敏）"
        } else {
            ""
        };
        let stem = format!(
            "{}{masked}-{scope}-{}",
            query.kind.zh(),
            self.today().format("%Y%m%d")
        );
        Ok(self.send_file(
            ctx,
            Job {
                snapshot,
                turn,
                source,
                sheets: vec![query.kind],
                owners: if look.is_some() {
                    Owners::Clear
                } else {
                    Owners::Masked
                },
                format: query.format,
                titles: query.titles,
                stem,
                look,
            },
        ))
    }

    /// Where the rows come from, and how a file's name says it.
    async fn source_of(
        &self,
        snapshot: &impl Readable,
        ctx: &CallContext,
        query: &ExportTable,
    ) -> Result<(Source, String), AppError> {
        let asked = acting_as(ctx, listing(query.kind));
        match &query.filter {
            Filter::None if query.kind == TableKind::Firms => {
                self.permit_city(&asked)?;
                Ok((Source::City, "全部".to_owned()))
            }
            Filter::None => self.in_sight(snapshot, &asked, query.kind, None).await,
            Filter::Division(division) => {
                let listing = acting_as(ctx, "registry.ListAreas");
                let resource = self
                    .in_present_place(snapshot, Resource::division(*division))
                    .await?;
                listing.permit(&self.access, &resource, || Refusal::AreaNotFound)?;
                self.in_sight(snapshot, &asked, query.kind, Some(*division)).await
            }
            Filter::Area(area_id, building_id) => {
                let (area, resource) = self.area_for(snapshot, ctx, *area_id).await?;
                asked.permit(&self.access, &resource, || Refusal::AreaNotFound)?;
                let mut scope = area.number.clone();
                if let Some(building_id) = building_id {
                    let building = buildings::find(snapshot, *building_id).await?;
                    let building = building.filter(|building| building.area_id == area.id);
                    let building = building.ok_or(Refusal::BuildingNotFound)?;
                    scope = format!("{scope}-{}幢", building.number);
                }
                Ok((Source::Areas(vec![area], *building_id), scope))
            }
        }
    }

    /// The areas that the caller sees in lists and of which the caller may see such rows; an owner's own homes where it is
    /// none of them.
    async fn in_sight(
        &self,
        snapshot: &impl Readable,
        asked: &CallContext,
        kind: TableKind,
        division: Option<DivisionCode>,
    ) -> Result<(Source, String), AppError> {
        let seen = self.areas_in_sight(snapshot, asked, division).await?;
        let own: HashSet<AreaId> = match asked.actor.owner_id {
            Some(owner_id) => homes::areas_of(snapshot, owner_id).await?.into_iter().collect(),
            None => HashSet::new(),
        };
        let saw_any = !seen.is_empty();
        let (mergers, today) = (divisions::mergers(snapshot).await?, self.today());
        let allowed: Vec<Area> = seen
            .into_iter()
            .filter(|area| {
                let owner = asked.actor.owner_id.filter(|_| own.contains(&area.id));
                let resource = area_resource(area, owner).placed(&mergers, today);
                asked.actor.is_service() || self.access.allows(&asked.actor, asked.action, &resource)
            })
            .collect();
        if !allowed.is_empty() || !saw_any {
            let scope = division.map_or_else(|| "全部".to_owned(), |division| division.to_string());
            return Ok((Source::Areas(allowed, None), scope));
        }
        match (asked.actor.owner_id, kind) {
            (Some(owner_id), TableKind::Homes | TableKind::Ownerships | TableKind::ExclusiveAreas)
                if division.is_none() =>
            {
                Ok((Source::Own(owner_id), "本人".to_owned()))
            }
            _ => Err(General::NotAllowed {
                action: asked.action.to_owned(),
            }
            .into()),
        }
    }

    async fn areas_in_sight(
        &self,
        snapshot: &impl Readable,
        asked: &CallContext,
        division: Option<DivisionCode>,
    ) -> Result<Vec<Area>, AppError> {
        let mut filter = areas::Filter {
            divisions: Vec::new(),
            query: String::new(),
            include_ended: false,
            sight: self.sight(snapshot, &asked.actor).await?,
            as_of: None,
        };
        if let Some(division) = division {
            filter.divisions = self.with_predecessors(snapshot, division).await?;
        }
        let mut found: Vec<Area> = Vec::new();
        loop {
            let after = found.last().map(|area| area.number.clone());
            let page = areas::list(snapshot, &filter, after.as_deref(), AREAS_PER_PAGE).await?;
            if page.is_empty() {
                return Ok(found);
            }
            found.extend(page);
        }
    }
}
