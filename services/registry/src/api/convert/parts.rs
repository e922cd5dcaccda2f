//! Buildings' parts, equipment and parking.

use money::Area;
use proto::registry::v1 as pb;
use rpc::field::{self, Invalid};

use super::{optional_date, said, text};
use crate::app::part::correct_area::CorrectExclusiveArea;
use crate::app::part::equipment::{
    ListEquipment, RecordInspection, RegisterEquipment, RetireEquipment, Watched,
};
use crate::app::part::facts::RecordBuildingFacts;
use crate::app::part::parking::{ParkingPage, RecordParking};
use crate::app::part::sell_homes::SellHomes;
use crate::app::part::warranties::Warranties;
use crate::domain::event::HOMES_PER_EVENT;
use crate::domain::part::correction::{AreaSource, HomeArea, HomeFacts};
use crate::domain::part::equipment::{EquipmentKind, Inspection, InspectionResult};
use crate::domain::part::facts::BuildingFacts;
use crate::domain::part::parking::{Parking, ParkingKind};
use crate::domain::part::warranty::{Length, Start, Warranty, WarrantyPart};

const CODE_LENGTH_MAX: usize = 60;
const LOCATION_LENGTH_MAX: usize = 100;
const NUMBERS_LENGTH_MAX: usize = 2_000;
const REASON_LENGTH_MAX: usize = 500;
/// Hexadecimal digits of a SHA-256.
const DIGEST_LENGTH: usize = 64;

/// Reads a SHA-256 in hexadecimal; refuses with `DOCUMENT_DIGEST_MALFORMED`.
fn digest(field: &'static str, text: &str) -> Result<String, Invalid> {
    let digest = text.trim().to_ascii_lowercase();
    if digest.len() == DIGEST_LENGTH && digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(digest);
    }
    Err(Invalid::new(
        field,
        "DOCUMENT_DIGEST_MALFORMED",
        "must be the SHA-256 of the document, 64 hexadecimal digits",
        "应为文件的 SHA-256 摘要，64 位十六进制字符",
    ))
}

impl TryFrom<pb::CorrectExclusiveAreaRequest> for CorrectExclusiveArea {
    type Error = Invalid;

    fn try_from(request: pb::CorrectExclusiveAreaRequest) -> Result<Self, Invalid> {
        let source = match request.source() {
            pb::AreaSource::Unspecified => None,
            pb::AreaSource::Contract => Some(AreaSource::Contract),
            pb::AreaSource::Survey => Some(AreaSource::Survey),
            pb::AreaSource::Register => Some(AreaSource::Register),
        };
        Ok(CorrectExclusiveArea {
            home_id: field::id("homeId", &request.home_id)?,
            area: Area(request.exclusive_area),
            source: said("source", source, "AREA_SOURCE_MISSING")?,
            document_digest: digest("documentDigest", &request.document_digest)?,
            reason: field::optional_text("reason", &request.reason, REASON_LENGTH_MAX)?,
        })
    }
}

impl TryFrom<pb::SellHomesRequest> for SellHomes {
    type Error = Invalid;

    fn try_from(request: pb::SellHomesRequest) -> Result<Self, Invalid> {
        let home_ids = field::id_list("homeIds", &request.home_ids, HOMES_PER_EVENT)?;
        if home_ids.is_empty() {
            return Err(Invalid::new(
                "homeIds",
                "HOMES_MISSING",
                "must name at least one home",
                "至少应填写一套房屋",
            ));
        }
        Ok(SellHomes {
            building_id: field::id("buildingId", &request.building_id)?,
            home_ids,
            sold_on: field::date("soldOn", &request.sold_on)?,
        })
    }
}

impl TryFrom<pb::RecordBuildingFactsRequest> for RecordBuildingFacts {
    type Error = Invalid;

    fn try_from(request: pb::RecordBuildingFactsRequest) -> Result<Self, Invalid> {
        Ok(RecordBuildingFacts {
            building_id: field::id("buildingId", &request.building_id)?,
            completed_on: field::date("completedOn", &request.completed_on)?,
            design_life_years: Some(request.design_life_years).filter(|years| *years != 0),
        })
    }
}

fn equipment_kind(kind: pb::EquipmentKind) -> Option<EquipmentKind> {
    match kind {
        pb::EquipmentKind::Unspecified => None,
        pb::EquipmentKind::Lift => Some(EquipmentKind::Lift),
        pb::EquipmentKind::Fire => Some(EquipmentKind::Fire),
        pb::EquipmentKind::WaterSupply => Some(EquipmentKind::WaterSupply),
        pb::EquipmentKind::Power => Some(EquipmentKind::Power),
        pb::EquipmentKind::Surveillance => Some(EquipmentKind::Surveillance),
        pb::EquipmentKind::Other => Some(EquipmentKind::Other),
    }
}

impl TryFrom<pb::RegisterEquipmentRequest> for RegisterEquipment {
    type Error = Invalid;

    fn try_from(request: pb::RegisterEquipmentRequest) -> Result<Self, Invalid> {
        Ok(RegisterEquipment {
            area_id: field::id("areaId", &request.area_id)?,
            building_id: field::optional_id("buildingId", &request.building_id)?,
            kind: said("kind", equipment_kind(request.kind()), "EQUIPMENT_KIND_MISSING")?,
            code: field::text("code", &request.code, CODE_LENGTH_MAX, "EQUIPMENT_CODE_MISSING")?,
            location: field::text(
                "location",
                &request.location,
                LOCATION_LENGTH_MAX,
                "LOCATION_MISSING",
            )?,
            installed_on: field::date("installedOn", &request.installed_on)?,
        })
    }
}

impl TryFrom<pb::RecordInspectionRequest> for RecordInspection {
    type Error = Invalid;

    fn try_from(request: pb::RecordInspectionRequest) -> Result<Self, Invalid> {
        let result = match request.result() {
            pb::InspectionResult::Unspecified => None,
            pb::InspectionResult::Passed => Some(InspectionResult::Passed),
            pb::InspectionResult::Failed => Some(InspectionResult::Failed),
        };
        Ok(RecordInspection {
            equipment_id: field::id("equipmentId", &request.equipment_id)?,
            inspection: Inspection {
                on: field::date("inspectedOn", &request.inspected_on)?,
                inspector: field::text(
                    "inspector",
                    &request.inspector,
                    LOCATION_LENGTH_MAX,
                    "INSPECTOR_MISSING",
                )?,
                result: said("result", result, "INSPECTION_RESULT_MISSING")?,
                valid_until: optional_date("validUntilOn", &request.valid_until_on)?,
            },
        })
    }
}

impl TryFrom<pb::RetireEquipmentRequest> for RetireEquipment {
    type Error = Invalid;

    fn try_from(request: pb::RetireEquipmentRequest) -> Result<Self, Invalid> {
        Ok(RetireEquipment {
            equipment_id: field::id("equipmentId", &request.equipment_id)?,
            retired_on: field::date("retiredOn", &request.retired_on)?,
        })
    }
}

impl TryFrom<pb::ListEquipmentRequest> for ListEquipment {
    type Error = Invalid;

    fn try_from(request: pb::ListEquipmentRequest) -> Result<Self, Invalid> {
        Ok(ListEquipment {
            area_id: field::id("areaId", &request.area_id)?,
            building_id: field::optional_id("buildingId", &request.building_id)?,
            kind: equipment_kind(request.kind()),
            overdue_only: request.overdue_only,
            as_of: optional_date("asOfOn", &request.as_of_on)?,
        })
    }
}

impl TryFrom<pb::RecordParkingRequest> for RecordParking {
    type Error = Invalid;

    fn try_from(request: pb::RecordParkingRequest) -> Result<Self, Invalid> {
        let kind = match request.kind() {
            pb::ParkingKind::Unspecified => None,
            pb::ParkingKind::Planned => Some(ParkingKind::Planned),
            pb::ParkingKind::CommonGround => Some(ParkingKind::CommonGround),
        };
        Ok(RecordParking {
            area_id: field::id("areaId", &request.area_id)?,
            kind: said("kind", kind, "PARKING_KIND_MISSING")?,
            name: field::text("name", &request.name, LOCATION_LENGTH_MAX, "LOT_NAME_MISSING")?,
            spaces: request.spaces,
            leased: request.leased,
            numbers: field::optional_text("numbers", &request.numbers, NUMBERS_LENGTH_MAX)?,
        })
    }
}

impl From<HomeArea> for pb::HomeArea {
    fn from(area: HomeArea) -> Self {
        let source = match area.source {
            AreaSource::Contract => pb::AreaSource::Contract,
            AreaSource::Survey => pb::AreaSource::Survey,
            AreaSource::Register => pb::AreaSource::Register,
        };
        pb::HomeArea {
            exclusive_area: area.area.0,
            source: source.into(),
            since: text(area.since),
            document_digest: area.document_digest.unwrap_or_default(),
        }
    }
}

impl From<HomeFacts> for pb::HomeFacts {
    fn from(facts: HomeFacts) -> Self {
        pb::HomeFacts {
            home_id: facts.home_id.to_string(),
            areas: facts.areas.into_iter().map(Into::into).collect(),
            sold_on: text(facts.sold_on),
        }
    }
}

impl From<BuildingFacts> for pb::BuildingFacts {
    fn from(facts: BuildingFacts) -> Self {
        pb::BuildingFacts {
            building_id: facts.building_id.to_string(),
            completed_on: text(facts.completed_on),
            design_life_years: facts.design_life_years.unwrap_or_default(),
        }
    }
}

impl From<Warranty> for pb::Warranty {
    fn from(warranty: Warranty) -> Self {
        let part = match warranty.part {
            WarrantyPart::Waterproofing => pb::WarrantyPart::Waterproofing,
            WarrantyPart::Structure => pb::WarrantyPart::Structure,
            WarrantyPart::Lift => pb::WarrantyPart::Lift,
            WarrantyPart::WiringAndPipes => pb::WarrantyPart::WiringAndPipes,
            WarrantyPart::FireEquipment => pb::WarrantyPart::FireEquipment,
            WarrantyPart::Other => pb::WarrantyPart::Other,
            WarrantyPart::HeatingAndCooling => pb::WarrantyPart::HeatingAndCooling,
            WarrantyPart::HiddenLines => pb::WarrantyPart::HiddenLines,
        };
        let start = match warranty.part.start() {
            Start::Completion => pb::WarrantyStart::Completion,
            Start::Handover => pb::WarrantyStart::Handover,
        };
        let number = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
        let (months, seasons) = match warranty.length {
            Length::Months(months) => (number(months), 0),
            Length::Seasons(seasons) => (0, number(seasons)),
        };
        pb::Warranty {
            part: part.into(),
            start: start.into(),
            begins_on: text(warranty.begins_on),
            ends_on: text(warranty.ends_on),
            months,
            seasons,
            runs: warranty.runs,
            article: warranty.article,
        }
    }
}

impl From<Warranties> for pb::Warranties {
    fn from(warranties: Warranties) -> Self {
        pb::Warranties {
            facts: Some(warranties.facts.into()),
            last_delivered_on: text(warranties.last_delivered_on),
            warranties: warranties.warranties.into_iter().map(Into::into).collect(),
        }
    }
}

fn result(result: InspectionResult) -> pb::InspectionResult {
    match result {
        InspectionResult::Passed => pb::InspectionResult::Passed,
        InspectionResult::Failed => pb::InspectionResult::Failed,
    }
}

impl From<Watched> for pb::Equipment {
    fn from(Watched { equipment, overdue }: Watched) -> Self {
        let kind = match equipment.kind {
            EquipmentKind::Lift => pb::EquipmentKind::Lift,
            EquipmentKind::Fire => pb::EquipmentKind::Fire,
            EquipmentKind::WaterSupply => pb::EquipmentKind::WaterSupply,
            EquipmentKind::Power => pb::EquipmentKind::Power,
            EquipmentKind::Surveillance => pb::EquipmentKind::Surveillance,
            EquipmentKind::Other => pb::EquipmentKind::Other,
        };
        let last_result = equipment
            .last
            .map_or(pb::InspectionResult::Unspecified, |(_, last)| result(last));
        let next = Some(equipment.next_inspection_on).filter(|_| equipment.retired_on.is_none());
        pb::Equipment {
            equipment_id: equipment.id.to_string(),
            area_id: equipment.area_id.to_string(),
            building_id: text(equipment.building_id),
            kind: kind.into(),
            code: equipment.code,
            location: equipment.location,
            installed_on: equipment.installed_on.to_string(),
            next_inspection_on: text(next),
            last_result: last_result.into(),
            overdue,
            retired_on: text(equipment.retired_on),
            version: equipment.version,
        }
    }
}

impl From<Inspection> for pb::Inspection {
    fn from(inspection: Inspection) -> Self {
        pb::Inspection {
            inspected_on: inspection.on.to_string(),
            inspector: inspection.inspector,
            result: result(inspection.result).into(),
            valid_until_on: text(inspection.valid_until),
        }
    }
}

impl From<Parking> for pb::Parking {
    fn from(parking: Parking) -> Self {
        let kind = match parking.kind {
            ParkingKind::Planned => pb::ParkingKind::Planned,
            ParkingKind::CommonGround => pb::ParkingKind::CommonGround,
        };
        pb::Parking {
            parking_id: parking.id.to_string(),
            area_id: parking.area_id.to_string(),
            kind: kind.into(),
            name: parking.name,
            spaces: parking.spaces,
            leased: parking.leased,
            numbers: parking.numbers,
            common: parking.kind.is_common(),
            version: parking.version,
        }
    }
}

impl From<ParkingPage> for pb::ListParkingResponse {
    fn from(page: ParkingPage) -> Self {
        pb::ListParkingResponse {
            parking: page.lots.into_iter().map(Into::into).collect(),
            exclusive_spaces: i64::try_from(page.exclusive_spaces).unwrap_or(i64::MAX),
            next_page_token: page.next,
        }
    }
}
