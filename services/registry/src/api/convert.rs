//! Messages into commands, checked once; answers into messages.

mod boundaries;
mod exports;
pub(super) mod firms;
mod imports;
mod parts;
mod rosters;
mod table_kinds;

use chrono::NaiveDate;
use ids::{CreditCode, DivisionCode};
use proto::common::v1 as common;
use proto::registry::v1 as pb;
use rpc::Page;
use rpc::field::{self, Invalid};

use table_kinds::table_kind;

use crate::app::deliver_homes::DeliverHomes;
use crate::app::import_table::{ImportReport, ImportTable};
use crate::app::list_areas::ListAreas;
use crate::app::list_homes::ListHomes;
use crate::app::transfer_home::TransferHome;
use crate::domain::area::Area;
use crate::domain::building::Building;
use crate::domain::division::Division;
use crate::domain::event::HOMES_PER_EVENT;
use crate::domain::firm::{Firm, FirmKind};
use crate::domain::home::{HomeUse, OwnedHome, Sale};
use crate::domain::owner::Owner;
use crate::domain::personal::Personal;
use crate::domain::set_up::{Condition, SetUp};

mod contract;
pub(super) mod delineation;
pub(super) mod delineation_answer;
pub(super) mod division;
pub mod owners;
pub(super) mod price;
pub(super) mod regrouping;
pub mod rolls;

/// Most owners of one home that a transfer takes.
const OWNERS_MAX: usize = 50;
/// Most buildings and stairwells of a scope.
const BUILDINGS_MAX: usize = 500;
const STAIRWELLS_MAX: usize = 100;
const STAIRWELL_LENGTH_MAX: usize = 32;
const QUERY_LENGTH_MAX: usize = 100;

/// Reads a division code that may be absent; refuses with `DIVISION_CODE_MALFORMED`.
pub(super) fn optional_division(name: &'static str, text: &str) -> Result<Option<DivisionCode>, Invalid> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse()
        .map(Some)
        .map_err(|error: ids::CodeError| Invalid::new(name, error.reason(), error.to_string(), error.zh()))
}

/// Reads a unified social credit code; refuses with `CREDIT_CODE_MALFORMED` or `CREDIT_CODE_CHECK_FAILED`.
fn credit_code(name: &'static str, text: &str) -> Result<CreditCode, Invalid> {
    text.trim()
        .parse()
        .map_err(|error: ids::CodeError| Invalid::new(name, error.reason(), error.to_string(), error.zh()))
}

/// Reads a unified social credit code that may be absent.
fn optional_credit_code(name: &'static str, text: &str) -> Result<Option<CreditCode>, Invalid> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    credit_code(name, text).map(Some)
}

/// Reads a day that may be absent; refuses with `DATE_MALFORMED`.
pub(super) fn optional_date(name: &'static str, text: &str) -> Result<Option<NaiveDate>, Invalid> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    field::date(name, text).map(Some)
}

/// Reads a text that is somebody's and may be absent.
fn personal(name: &'static str, text: &str, max: usize) -> Result<Personal, Invalid> {
    field::optional_text(name, text, max).map(Personal::new)
}

/// Reads a mobile number of mainland China, 11 digits that begin with 1; refuses with `MOBILE_MALFORMED`.
fn mobile(name: &'static str, text: &str) -> Result<Personal, Invalid> {
    let digits: String = text
        .trim()
        .chars()
        .filter(|character| !matches!(character, ' ' | '-'))
        .collect();
    let digits = digits.strip_prefix("+86").unwrap_or(&digits);
    if digits.len() == 11 && digits.starts_with('1') && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(Personal::new(digits.to_owned()));
    }
    Err(Invalid::new(
        name,
        "MOBILE_MALFORMED",
        "must be a mobile number of 11 digits that begins with 1",
        "应为以 1 开头的 11 位手机号",
    ))
}

/// Reads a mobile number that may be absent.
fn optional_mobile(name: &'static str, text: &str) -> Result<Personal, Invalid> {
    if text.trim().is_empty() {
        return Ok(Personal::default());
    }
    mobile(name, text)
}

/// What must be said; refuses with `missing` where it is not.
fn said<T>(name: &'static str, value: Option<T>, missing: &'static str) -> Result<T, Invalid> {
    value.ok_or_else(|| {
        Invalid::new(
            name,
            missing,
            "must be one of the listed values",
            "必须是所列取值之一",
        )
    })
}

/// Reads a kind of firm that may be absent; refuses an unknown number with `FIRM_KIND_UNKNOWN`.
pub(super) fn optional_firm_kind(value: i32) -> Result<Option<FirmKind>, Invalid> {
    match pb::FirmKind::try_from(value) {
        Ok(pb::FirmKind::Unspecified) => Ok(None),
        Ok(pb::FirmKind::Property) => Ok(Some(FirmKind::Property)),
        Ok(pb::FirmKind::Developer) => Ok(Some(FirmKind::Developer)),
        Ok(pb::FirmKind::Bank) => Ok(Some(FirmKind::Bank)),
        Ok(pb::FirmKind::Auditor) => Ok(Some(FirmKind::Auditor)),
        Ok(pb::FirmKind::Contractor) => Ok(Some(FirmKind::Contractor)),
        Err(_) => Err(Invalid::new(
            "kind",
            "FIRM_KIND_UNKNOWN",
            "must be one of the listed values",
            "必须是所列取值之一",
        )),
    }
}

impl TryFrom<pb::ListAreasRequest> for ListAreas {
    type Error = Invalid;

    fn try_from(request: pb::ListAreasRequest) -> Result<Self, Invalid> {
        Ok(ListAreas {
            division: optional_division("divisionCode", &request.division_code)?,
            query: field::optional_text("query", &request.query, QUERY_LENGTH_MAX)?,
            as_of: optional_date("asOfOn", &request.as_of_on)?,
            include_ended: request.include_ended,
            page: Page::parse(request.page_size, &request.page_token)?,
        })
    }
}

impl TryFrom<pb::ListHomesRequest> for ListHomes {
    type Error = Invalid;

    fn try_from(request: pb::ListHomesRequest) -> Result<Self, Invalid> {
        Ok(ListHomes {
            area_id: field::optional_id("areaId", &request.area_id)?,
            building_id: field::optional_id("buildingId", &request.building_id)?,
            as_of: optional_date("asOfOn", &request.as_of_on)?,
            page: Page::parse(request.page_size, &request.page_token)?,
        })
    }
}

impl TryFrom<pb::TransferHomeRequest> for TransferHome {
    type Error = Invalid;

    fn try_from(request: pb::TransferHomeRequest) -> Result<Self, Invalid> {
        let owner_ids = field::id_list("ownerIds", &request.owner_ids, OWNERS_MAX)?;
        if owner_ids.is_empty() {
            return Err(Invalid::new(
                "ownerIds",
                "OWNERS_MISSING",
                "must name at least one owner",
                "至少应填写一名业主",
            ));
        }
        Ok(TransferHome {
            home_id: field::id("homeId", &request.home_id)?,
            owner_ids,
            transferred_on: field::date("transferredOn", &request.transferred_on)?,
        })
    }
}

impl TryFrom<pb::DeliverHomesRequest> for DeliverHomes {
    type Error = Invalid;

    fn try_from(request: pb::DeliverHomesRequest) -> Result<Self, Invalid> {
        let home_ids = field::id_list("homeIds", &request.home_ids, HOMES_PER_EVENT)?;
        if home_ids.is_empty() {
            return Err(Invalid::new(
                "homeIds",
                "HOMES_MISSING",
                "must name at least one home",
                "至少应填写一套房屋",
            ));
        }
        Ok(DeliverHomes {
            building_id: field::id("buildingId", &request.building_id)?,
            home_ids,
            delivered_on: field::date("deliveredOn", &request.delivered_on)?,
        })
    }
}

impl TryFrom<pb::ImportTableRequest> for ImportTable {
    type Error = Invalid;

    fn try_from(request: pb::ImportTableRequest) -> Result<Self, Invalid> {
        Ok(ImportTable {
            kind: table_kind(request.kind)?,
            content: request.content,
            dry_run: request.dry_run,
        })
    }
}

impl From<Division> for pb::Division {
    fn from(division: Division) -> Self {
        let level = division::level(division.level);
        pb::Division {
            code: division.code.to_string(),
            name: division.name,
            level: level.into(),
            parent_code: text(division.parent),
        }
    }
}

impl From<Firm> for pb::Firm {
    fn from(firm: Firm) -> Self {
        let kind = match firm.kind {
            FirmKind::Property => pb::FirmKind::Property,
            FirmKind::Developer => pb::FirmKind::Developer,
            FirmKind::Bank => pb::FirmKind::Bank,
            FirmKind::Auditor => pb::FirmKind::Auditor,
            FirmKind::Contractor => pb::FirmKind::Contractor,
        };
        pb::Firm {
            firm_id: firm.id.to_string(),
            credit_code: firm.credit_code.to_string(),
            name: firm.name,
            kind: kind.into(),
        }
    }
}

impl From<Area> for pb::Area {
    fn from(area: Area) -> Self {
        pb::Area {
            area_id: area.id.to_string(),
            number: area.number,
            name: area.name,
            division_code: area.division.to_string(),
            developer_id: text(area.developer_id),
            manager_id: text(area.manager_id),
            version: area.version,
            registered_on: text(area.registered_on),
            ended_on: text(area.ended.map(|end| end.on)),
            successor_id: text(area.ended.map(|end| end.successor_id)),
        }
    }
}

impl From<SetUp> for pb::SetUp {
    fn from(set_up: SetUp) -> Self {
        let condition = match set_up.due {
            None => pb::SetUpCondition::Unspecified,
            Some((Condition::Share, _)) => pb::SetUpCondition::Share,
            Some((Condition::Time, _)) => pb::SetUpCondition::Time,
        };
        pb::SetUp {
            area_id: set_up.area_id.to_string(),
            delivered_area: set_up.progress.delivered.0,
            total_area: set_up.progress.total.0,
            first_delivered_on: text(set_up.progress.first_on),
            condition: condition.into(),
            due_on: text(set_up.due.map(|(_, on)| on)),
            article: set_up.article,
        }
    }
}

impl From<Building> for pb::Building {
    fn from(building: Building) -> Self {
        pb::Building {
            building_id: building.id.to_string(),
            area_id: building.area_id.to_string(),
            number: building.number,
            floors: building.floors,
            version: building.version,
        }
    }
}

impl From<OwnedHome> for pb::Home {
    fn from(OwnedHome { home, ownership }: OwnedHome) -> Self {
        let usage = match home.usage {
            HomeUse::Residential => common::HomeUse::Residential,
            HomeUse::Commercial => common::HomeUse::Commercial,
            HomeUse::Parking => common::HomeUse::Parking,
        };
        let (sale_state, delivered_on) = match home.sale {
            Sale::Unsold => (common::SaleState::Unsold, None),
            Sale::Sold => (common::SaleState::Sold, None),
            Sale::Delivered { on } => (common::SaleState::Delivered, Some(on)),
        };
        pb::Home {
            home_id: home.id.to_string(),
            area_id: home.area_id.to_string(),
            building_id: home.building_id.to_string(),
            stairwell: home.stairwell,
            room: home.room,
            unit_number: home.unit_number.to_string(),
            exclusive_area: home.exclusive_area.get(),
            r#use: usage.into(),
            sale_state: sale_state.into(),
            delivered_on: text(delivered_on),
            owned_since: text(ownership.as_ref().map(|held| held.valid_from)),
            owner_ids: ownership
                .map(|held| held.owner_ids.iter().map(ToString::to_string).collect())
                .unwrap_or_default(),
        }
    }
}

impl From<Owner> for pb::Owner {
    fn from(owner: Owner) -> Self {
        pb::Owner {
            owner_id: owner.id.to_string(),
            name: owner.name,
            legal_person: owner.legal_person,
            document_number: owner.document_number,
        }
    }
}

impl From<ImportReport> for pb::ImportReport {
    fn from(report: ImportReport) -> Self {
        // A table has at most 20,000 rows, and its lines are bounded by its bytes.
        let number = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
        pb::ImportReport {
            rows: number(report.rows),
            recorded: number(report.recorded),
            unchanged: number(report.unchanged),
            error_count: number(report.error_count),
            errors: report.errors.into_iter().map(Into::into).collect(),
        }
    }
}

/// The text of what is there; empty for what is not.
fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
