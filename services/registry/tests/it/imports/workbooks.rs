//! Workbooks of an area: all sheets or none.

use proto::registry::v1 as pb;
use rust_xlsxwriter::Workbook;
use testkit::backends;

use super::file::*;
use crate::world::*;

/// A workbook of an estate: its sheets in an order of their own.
fn estate(area_area: &str) -> Vec<u8> {
    let lines = |text: String| text.lines().map(ToOwned::to_owned).collect::<Vec<_>>();
    let owners = ownership_row(1, 1, 1) + &ownership_row(1, 1, 2) + &ownership_row(1, 2, 3);
    let sheets = [
        ("产权", lines(OWNERSHIPS_HEADER.to_owned() + &owners)),
        (
            "homes",
            lines(
                HOMES_HEADER.to_owned()
                    + &home_row(1, 1, "DELIVERED").replace("100.00", area_area)
                    + &home_row(1, 2, "SOLD"),
            ),
        ),
        ("说明", vec!["随便写".into()]),
        ("幢", lines(format!("area_number,number,floors\n{AREA},1,18\n"))),
        ("物业管理区域", lines(areas(&[(AREA, COMMUNITY)]))),
        ("企业", lines(firms())),
    ];
    let mut workbook = Workbook::new();
    for (name, lines) in sheets {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        for (row, line) in (0..).zip(lines) {
            for (column, cell) in (0..).zip(line.split(',')) {
                sheet.write(row, column, cell).unwrap();
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_is_checked_and_recorded_as_a_whole() {
    for backend in backends().await {
        let registry = TestRegistry::new(backend).await;
        let load = async |mode, area: &str| {
            let file = File::begin(&registry, pb::TableKind::Unspecified, mode, estate(area)).await;
            (file.load().await, file.errors().await)
        };
        let (checked, errors) = load(pb::ImportMode::Check, "89.37").await;
        assert_eq!(
            (state(&checked), errors.len()),
            (pb::ImportState::Finished, 0),
            "{errors:?}"
        );
        assert_eq!((checked.rows, checked.recorded), (9, 0));
        assert_eq!(
            count(&registry, "areas").await,
            0,
            "a check leaves nothing behind"
        );
        let (refused, errors) = load(pb::ImportMode::Strict, "0").await;
        assert_eq!(state(&refused), pb::ImportState::Refused);
        // The home that is wrong is not there for its owners either.
        let told: Vec<_> = errors
            .iter()
            .map(|error| (error.sheet.as_str(), error.line))
            .collect();
        assert_eq!(told, [("homes", 2), ("ownerships", 2), ("ownerships", 3)]);
        assert_eq!(count(&registry, "firms").await, 0);
        let (done, errors) = load(pb::ImportMode::Strict, "89.37").await;
        assert_eq!(
            (state(&done), done.recorded),
            (pb::ImportState::Finished, 9),
            "{errors:?}"
        );
        assert_eq!(
            (count(&registry, "homes").await, count(&registry, "owners").await),
            (2, 3)
        );
        let (again, _) = load(pb::ImportMode::Strict, "89.37").await;
        assert_eq!((again.recorded, again.unchanged), (0, 9));
        registry.world.assert_no_dead_letters().await;
    }
}
