//! Which files are asked for, and their pieces.

use proto::common::v1 as common;
use proto::registry::v1 as pb;
use rpc::field::{self, Invalid};

use super::optional_division;
use super::table_kinds::table_kind;
use crate::app::exports::export_area::ExportArea;
use crate::app::exports::export_table::{ExportTable, Filter};
use crate::app::exports::get_template::GetTemplate;
use crate::app::exports::import_report::DownloadImportReport;
use crate::app::exports::{FileFormat, FilePiece, Titles};
use crate::domain::table::TableKind;

fn format(value: i32) -> Result<FileFormat, Invalid> {
    match pb::FileFormat::try_from(value) {
        Ok(pb::FileFormat::Unspecified | pb::FileFormat::Xlsx) => Ok(FileFormat::Xlsx),
        Ok(pb::FileFormat::CsvUtf8) => Ok(FileFormat::CsvUtf8),
        Ok(pb::FileFormat::CsvGb18030) => Ok(FileFormat::CsvGb18030),
        Err(_) => Err(unlisted("format", "FILE_FORMAT_UNKNOWN")),
    }
}

fn titles(value: i32) -> Result<Titles, Invalid> {
    match pb::ColumnTitles::try_from(value) {
        Ok(pb::ColumnTitles::Unspecified | pb::ColumnTitles::Chinese) => Ok(Titles::Chinese),
        Ok(pb::ColumnTitles::Names) => Ok(Titles::Names),
        Err(_) => Err(unlisted("titles", "COLUMN_TITLES_UNKNOWN")),
    }
}

fn unlisted(field: &'static str, reason: &'static str) -> Invalid {
    Invalid::new(
        field,
        reason,
        "must be one of the listed values",
        "必须是所列取值之一",
    )
}

fn unfit(field: &'static str, en: &'static str, zh: &'static str) -> Invalid {
    Invalid::new(field, "EXPORT_FILTER_INVALID", en, zh)
}

impl TryFrom<pb::ExportTableRequest> for ExportTable {
    type Error = Invalid;

    fn try_from(request: pb::ExportTableRequest) -> Result<Self, Invalid> {
        let kind = table_kind(request.kind)?;
        let area_id = field::optional_id("areaId", &request.area_id)?;
        let building_id = field::optional_id("buildingId", &request.building_id)?;
        let division = optional_division("divisionCode", &request.division_code)?;
        if building_id.is_some() && !matches!(kind, TableKind::Homes | TableKind::Ownerships) {
            return Err(unfit(
                "buildingId",
                "is for homes and ownerships only",
                "仅适用于房屋和产权",
            ));
        }
        let filter = match (area_id, building_id, division) {
            (None, None, None) => Filter::None,
            _ if kind == TableKind::Firms => {
                return Err(unfit(
                    "kind",
                    "firms belong to the whole city; take them without a filter",
                    "企业属于全市，请勿指定筛选条件",
                ));
            }
            (Some(area_id), building_id, None) => Filter::Area(area_id, building_id),
            (None, None, Some(division)) => Filter::Division(division),
            (None, Some(_), _) => {
                return Err(unfit(
                    "buildingId",
                    "needs the building's area beside it",
                    "须同时指定所属区域",
                ));
            }
            (Some(_), _, Some(_)) => {
                return Err(unfit(
                    "divisionCode",
                    "does not go with an area",
                    "不可与区域同时指定",
                ));
            }
        };
        if request.unmasked && !(kind.names_people() && matches!(filter, Filter::Area(..))) {
            return Err(unfit(
                "unmasked",
                "is for what names people in one area; name the area",
                "仅适用于一个区域内含个人信息的表，请指定区域",
            ));
        }
        Ok(ExportTable {
            kind,
            filter,
            format: format(request.format)?,
            titles: titles(request.titles)?,
            unmasked: request.unmasked,
        })
    }
}

impl TryFrom<pb::ExportAreaRequest> for ExportArea {
    type Error = Invalid;

    fn try_from(request: pb::ExportAreaRequest) -> Result<Self, Invalid> {
        Ok(ExportArea {
            area_id: field::id("areaId", &request.area_id)?,
            titles: titles(request.titles)?,
        })
    }
}

impl TryFrom<pb::GetTemplateRequest> for GetTemplate {
    type Error = Invalid;

    fn try_from(request: pb::GetTemplateRequest) -> Result<Self, Invalid> {
        Ok(GetTemplate {
            kind: table_kind(request.kind)?,
            format: format(request.format)?,
            titles: titles(request.titles)?,
        })
    }
}

impl TryFrom<pb::DownloadImportReportRequest> for DownloadImportReport {
    type Error = Invalid;

    fn try_from(request: pb::DownloadImportReportRequest) -> Result<Self, Invalid> {
        Ok(DownloadImportReport {
            import_id: field::id("importId", &request.import_id)?,
            format: format(request.format)?,
            titles: titles(request.titles)?,
        })
    }
}

impl From<FilePiece> for common::FileChunk {
    fn from(piece: FilePiece) -> Self {
        common::FileChunk {
            file_name: piece.file_name,
            content_type: piece.content_type.to_owned(),
            content: piece.content,
        }
    }
}
