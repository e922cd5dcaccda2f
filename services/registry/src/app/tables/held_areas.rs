//! Rows that name an area by its filing number, of things that only an area that stands takes.

use std::collections::BTreeMap;

use db::StoreError;
use ids::AreaId;

use super::findings::Findings;
use crate::domain::area::Area;
use crate::domain::row_fault::RowFault;
use crate::store::Tx;

/// Finds the areas that rows name, held until the commit so that no regrouping ends one of them or moves its buildings and
/// equipment; notes which are not registered, and which ended.
pub(super) async fn hold(
    tx: &Tx,
    named: impl Iterator<Item = (u32, AreaId)> + Clone,
    findings: &mut Findings,
) -> Result<BTreeMap<AreaId, Area>, StoreError> {
    let mut held = tx.hold_areas(named.clone().map(|(_, id)| id)).await?;
    for (line, id) in named {
        let fault = match held.get(&id).map(Area::stands) {
            Some(Ok(())) => continue,
            Some(Err(refusal)) => refusal.into(),
            None => RowFault::ReferenceUnknown {
                cure: ("请先导入区域表", "import the table of areas first"),
            },
        };
        findings.fault(line, "area_number", &fault);
    }
    held.retain(|_, area| area.ended.is_none());
    Ok(held)
}
