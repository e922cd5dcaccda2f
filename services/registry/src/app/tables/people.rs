//! Cells that name people, and the owners that rows name. Numbers are in clear here; no error repeats them unmasked.

use std::collections::{BTreeMap, HashMap};

use ids::{AreaId, DivisionCode, OwnerId};

use super::cells::{Cells, distinct};
use crate::app::owner::division_among;
use crate::domain::owner::record::Mobile;
use crate::domain::owner::{Document, DocumentKind, Owner};
use crate::domain::row_fault::RowFault;
use crate::error::AppError;
use crate::store::{Tx, areas, divisions, homes, owners, ownerships};

pub(super) const NAME_LENGTH_MAX: usize = 100;
const NUMBER_LENGTH_MAX: usize = 32;
const MOBILE_LENGTH_MAX: usize = 32;
/// Hexadecimal digits of SHA-256.
const DIGEST_LENGTH: usize = 64;
/// What proves who an owner is.
pub(super) const KINDS: &[&str] = &["CITIZEN_ID", "CREDIT_CODE"];
const DOCUMENT_KINDS: [DocumentKind; 2] = [DocumentKind::CitizenId, DocumentKind::CreditCode];

/// What to do where a row names somebody who owns nothing.
pub(super) const OWNER_UNKNOWN: RowFault = RowFault::ReferenceUnknown {
    cure: (
        "请先导入产权表，或核对证件",
        "import the table of ownerships first, or compare the document",
    ),
};

/// The document in the columns `document_kind` and `document_number`.
pub(super) fn document(cells: &mut Cells<'_>) -> Option<Document> {
    document_in(cells, "document_kind", KINDS, "document_number")
}

/// The document in two columns, of one of these kinds, which are the first of [`KINDS`].
pub(super) fn document_in(
    cells: &mut Cells<'_>,
    kind_column: &str,
    kinds: &'static [&'static str],
    number_column: &str,
) -> Option<Document> {
    let kind = cells.word(kind_column, kinds, &DOCUMENT_KINDS);
    let number = cells.text(number_column, NUMBER_LENGTH_MAX);
    let (kind, number) = (kind?, number?);
    match Document::read(kind, &number) {
        Ok(document) => Some(document),
        Err(error) => {
            cells.fault(number_column, &RowFault::from(error));
            None
        }
    }
}

/// Several documents by their numbers alone, separated by `;`: a number is a citizen's where it can be one.
pub(super) fn documents(cells: &mut Cells<'_>, column: &str, most: usize) -> Option<Vec<Document>> {
    let text = cells.text(column, most * (NUMBER_LENGTH_MAX + 1))?;
    let mut documents = Vec::new();
    for number in text.split([';', '；']).map(str::trim) {
        let read = Document::read(DocumentKind::CitizenId, number)
            .or_else(|error| Document::read(DocumentKind::CreditCode, number).map_err(|_| error));
        match read {
            Ok(document) => documents.push(document),
            Err(error) => {
                cells.fault(column, &RowFault::from(error));
                return None;
            }
        }
    }
    Some(documents)
}

/// A mobile number, or an empty cell. The outer `None` is an error.
#[allow(clippy::option_option)]
pub(super) fn optional_mobile(cells: &mut Cells<'_>, column: &str) -> Option<Option<Mobile>> {
    let text = cells.optional_text(column, MOBILE_LENGTH_MAX)?;
    if text.is_empty() {
        return Some(None);
    }
    let mobile = Mobile::read(&text);
    if mobile.is_none() {
        cells.fault(column, &RowFault::MobileMalformed);
    }
    mobile.map(Some)
}

/// SHA-256 in hexadecimal, or an empty cell.
pub(super) fn optional_digest(cells: &mut Cells<'_>, column: &str) -> Option<String> {
    let digest = cells.optional_text(column, DIGEST_LENGTH)?.to_ascii_lowercase();
    let is_hex = digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    if digest.is_empty() || (digest.len() == DIGEST_LENGTH && is_hex) {
        return Some(digest);
    }
    cells.fault(column, &RowFault::DigestMalformed);
    None
}

/// The owners that rows name.
pub(super) struct Known {
    owners: HashMap<OwnerId, Owner>,
    divisions: HashMap<OwnerId, DivisionCode>,
    city: DivisionCode,
}

impl Known {
    /// An owner, masked; none where there is none.
    pub(super) fn owner(&self, id: OwnerId) -> Option<&Owner> {
        self.owners.get(&id)
    }

    /// Where events about an owner belong, as the calls have it.
    pub(super) fn division_of(&self, id: OwnerId) -> DivisionCode {
        self.divisions.get(&id).copied().unwrap_or(self.city)
    }
}

/// Finds the owners that rows name, and where events about them belong.
pub(super) async fn find(tx: &Tx, ids: &[OwnerId]) -> Result<Known, AppError> {
    let connection = tx.connection();
    let owners = owners::find_many(connection, ids).await?;
    let lasting: Vec<_> = ownerships::of_owners(connection, ids)
        .await?
        .into_iter()
        .filter(|held| held.valid_to.is_none())
        .collect();
    let found = homes::find_many(connection, &distinct(lasting.iter().map(|held| held.home_id))).await?;
    let area_ids: Vec<AreaId> = distinct(found.values().map(|home| home.area_id));
    let areas = areas::find_many(connection, &area_ids).await?;
    let mut lying: BTreeMap<OwnerId, Vec<DivisionCode>> = BTreeMap::new();
    for held in &lasting {
        let home = found.get(&held.home_id);
        let Some(area) = home.and_then(|home| areas.get(&home.area_id)) else {
            continue;
        };
        for id in &held.owner_ids {
            lying.entry(*id).or_default().push(area.division);
        }
    }
    let divisions = lying
        .into_iter()
        .filter_map(|(id, lying)| Some((id, division_among(&distinct(lying))?)));
    Ok(Known {
        owners,
        divisions: divisions.collect(),
        city: divisions::city(connection).await?,
    })
}
