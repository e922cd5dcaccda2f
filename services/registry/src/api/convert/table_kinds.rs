//! Kinds of tables, as messages name them.

use proto::registry::v1 as pb;
use rpc::field::Invalid;

use crate::domain::table::TableKind;

/// Every kind beside its number in messages.
const KINDS: [(TableKind, pb::TableKind); 15] = [
    (TableKind::Firms, pb::TableKind::Firms),
    (TableKind::Areas, pb::TableKind::Areas),
    (TableKind::Buildings, pb::TableKind::Buildings),
    (TableKind::Homes, pb::TableKind::Homes),
    (TableKind::Ownerships, pb::TableKind::Ownerships),
    (TableKind::BuildingFacts, pb::TableKind::BuildingFacts),
    (TableKind::Equipment, pb::TableKind::Equipment),
    (TableKind::Inspections, pb::TableKind::Inspections),
    (TableKind::Parking, pb::TableKind::Parking),
    (TableKind::Holdings, pb::TableKind::Holdings),
    (TableKind::OwnerRecords, pb::TableKind::OwnerRecords),
    (TableKind::Agents, pb::TableKind::Agents),
    (TableKind::Representatives, pb::TableKind::Representatives),
    (TableKind::ExclusiveAreas, pb::TableKind::ExclusiveAreas),
    (TableKind::Dossiers, pb::TableKind::Dossiers),
];

/// What a table holds; refuses with `TABLE_KIND_MISSING`.
pub(super) fn table_kind(number: i32) -> Result<TableKind, Invalid> {
    let named = KINDS.iter().find(|(_, named)| i32::from(*named) == number);
    named.map(|(kind, _)| *kind).ok_or_else(|| {
        Invalid::new(
            "kind",
            "TABLE_KIND_MISSING",
            "must be one of the listed values",
            "必须是所列取值之一",
        )
    })
}

/// The same, in messages.
pub(super) fn pb_table_kind(kind: TableKind) -> pb::TableKind {
    let named = KINDS.iter().find(|(own, _)| *own == kind);
    named.map_or(pb::TableKind::Unspecified, |(_, named)| *named)
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_kind_has_its_number() {
        assert_eq!(TableKind::iter().count(), KINDS.len());
        for kind in TableKind::iter() {
            let named = pb_table_kind(kind);
            assert_eq!(table_kind(named.into()).ok(), Some(kind));
            let word = <&str>::from(kind).to_uppercase();
            assert_eq!(named.as_str_name(), format!("TABLE_KIND_{word}"));
        }
        assert!(table_kind(0).is_err() && table_kind(99).is_err());
    }
}
