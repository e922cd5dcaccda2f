//! Lists as files: the same rows as the lists, in every format, masked where they name owners.

use proto::registry::v1 as pb;
use testkit::{Backend, backends, people};

use super::equipped::equip;
use super::{csv, of, of_area, rows_of, sheets, to_csv};
use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn every_list_goes_round() {
    for backend in backends().await {
        let first = TestRegistry::with_area(backend).await;
        settle(&first, 1, 1..=3).await;
        let second = TestRegistry::new(backend).await;
        let authority = people::authority(CITY);
        for kind in [
            pb::TableKind::Firms,
            pb::TableKind::Areas,
            pb::TableKind::Buildings,
            pb::TableKind::Homes,
        ] {
            let file = first.take(&authority, of(kind)).await.unwrap();
            let report = second.import(kind, &file.content).await.unwrap();
            assert_eq!(
                (report.errors, report.recorded),
                (Vec::new(), report.rows),
                "{kind:?}"
            );
            let again = second.take(&authority, of(kind)).await.unwrap();
            assert_eq!(again.content, file.content, "{kind:?}");
        }
        let request = pb::ExportTableRequest {
            unmasked: true,
            ..of_area(pb::TableKind::Ownerships)
        };
        let file = first.take_because(&authority, "核对", request).await.unwrap();
        assert_eq!(file.name, format!("产权-{AREA}-20260302.csv"));
        let report = second
            .import(pb::TableKind::Ownerships, &file.content)
            .await
            .unwrap();
        assert_eq!((report.errors, report.recorded), (Vec::new(), 3));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_format_holds_the_same_cells() {
    let registry = TestRegistry::with_area(Backend::Sqlite).await;
    settle(&registry, 1, 1..=3).await;
    let authority = people::authority(CITY);
    let take = async |format: pb::FileFormat, titles: pb::ColumnTitles| {
        let request = pb::ExportTableRequest {
            format: format.into(),
            titles: titles.into(),
            ..of_area(pb::TableKind::Homes)
        };
        registry.take(&authority, request).await.unwrap()
    };
    let utf8 = take(pb::FileFormat::CsvUtf8, pb::ColumnTitles::Names).await;
    assert_eq!(utf8.content_type, "text/csv; charset=utf-8");
    let rows = csv(&utf8);
    // The day of the sale is not recorded of these.
    assert_eq!(
        rows[0].join(",") + "\n",
        HOMES_HEADER.trim_end().to_owned() + ",sold_on\n"
    );
    let expected = home_row(1, 1, "DELIVERED").trim_end().to_owned() + ",\n";
    assert_eq!(
        rows[1].join(",") + "\n",
        expected,
        "an area is text with two decimals"
    );

    let gb = take(pb::FileFormat::CsvGb18030, pb::ColumnTitles::Chinese).await;
    assert_eq!(gb.content_type, "text/csv; charset=gb18030");
    let (text, _, wrong) = encoding_rs::GB18030.decode(&gb.content);
    assert!(!wrong);
    let in_gb = rows_of(text.as_bytes());
    assert_eq!(in_gb[0][4], "不动产单元号");
    assert_eq!(in_gb[1..], rows[1..]);
    // And the import reads it as it is.
    let report = registry.import(pb::TableKind::Homes, &gb.content).await.unwrap();
    assert_eq!((report.errors, report.unchanged), (Vec::new(), 3));

    // Nothing said: a workbook with Chinese titles.
    let xlsx = take(pb::FileFormat::Unspecified, pb::ColumnTitles::Unspecified).await;
    assert_eq!(xlsx.name, format!("房屋-{AREA}-20260302.xlsx"));
    assert_eq!(sheets(&xlsx), [("房屋".to_owned(), in_gb)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_are_masked_and_the_file_says_so() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=2).await;
        let authority = people::authority(CITY);
        registry
            .transfer(&authority, "t", home(1, 1), &[owner(1002)], TODAY)
            .await
            .unwrap();
        let file = registry
            .take(&people::street(STREET), of_area(pb::TableKind::Ownerships))
            .await
            .unwrap();
        assert_eq!(file.name, format!("产权（已脱敏）-{AREA}-20260302.csv"));
        let rows = csv(&file);
        // The present owners only, as the lists show them.
        assert_eq!(rows.len(), 3);
        let number = citizen(1002);
        for row in &rows[1..] {
            assert_eq!((row[1].as_str(), row[2].as_str()), ("张*", "CITIZEN_ID"));
            assert!(row[3].contains('*') && row[3] != number.as_str(), "{row:?}");
            assert_eq!(row[5], "");
        }
        let text = String::from_utf8(file.content.clone()).unwrap();
        assert!(!text.contains("张三") && !text.contains(citizen(1001).as_str()));
        assert_eq!(registry.looks().await, [], "nothing was seen in clear");
        // It is no table to import.
        let report = registry
            .import(pb::TableKind::Ownerships, &to_csv(&rows))
            .await
            .unwrap();
        assert_eq!((report.recorded, report.error_count), (0, 2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_narrows_and_one_that_does_not_fit_is_refused() {
    let registry = TestRegistry::with_area(Backend::Sqlite).await;
    settle(&registry, 1, 1..=3).await;
    settle(&registry, 2, 1..=2).await;
    let other = "330783001014-0009";
    registry
        .load(pb::TableKind::Areas, &areas(&[(other, OTHER_COMMUNITY)]))
        .await;
    let authority = people::authority(CITY);
    let of_building = |number: &str| pb::ExportTableRequest {
        building_id: building(number).to_string(),
        ..of_area(pb::TableKind::Homes)
    };
    let in_division = |kind, code: &str| pb::ExportTableRequest {
        division_code: code.to_owned(),
        ..of(kind)
    };
    let count = async |request| csv(&registry.take(&authority, request).await.unwrap()).len() - 1;
    assert_eq!(count(of(pb::TableKind::Homes)).await, 5);
    assert_eq!(count(of_building("2")).await, 2);
    assert_eq!(count(of(pb::TableKind::Areas)).await, 2);
    assert_eq!(count(in_division(pb::TableKind::Areas, STREET)).await, 1);
    assert_eq!(count(in_division(pb::TableKind::Homes, OTHER_STREET)).await, 0);
    assert_eq!(count(in_division(pb::TableKind::Buildings, COMMUNITY)).await, 3);
    let named = registry.take(&authority, of_building("2")).await.unwrap();
    assert_eq!(named.name, format!("房屋-{AREA}-2幢-20260302.csv"));

    let refused = async |request| refused(registry.take(&authority, request).await);
    assert_eq!(refused(of_building("9")).await, "BUILDING_NOT_FOUND");
    assert_eq!(
        refused(of_area(pb::TableKind::Firms)).await,
        "EXPORT_FILTER_INVALID"
    );
    let without_area = pb::ExportTableRequest {
        area_id: String::new(),
        ..of_building("1")
    };
    let both = pb::ExportTableRequest {
        division_code: STREET.into(),
        ..of_area(pb::TableKind::Homes)
    };
    let of_buildings = pb::ExportTableRequest {
        kind: pb::TableKind::Buildings.into(),
        ..of_building("1")
    };
    let in_clear = |request| pb::ExportTableRequest {
        unmasked: true,
        ..request
    };
    for request in [
        without_area,
        both,
        of_buildings,
        in_clear(of_area(pb::TableKind::Homes)),
        in_clear(of(pb::TableKind::Ownerships)),
    ] {
        assert_eq!(
            refused(request.clone()).await,
            "EXPORT_FILTER_INVALID",
            "{request:?}"
        );
    }
    let unspecified = pb::ExportTableRequest::default();
    assert_eq!(refused(unspecified).await, "TABLE_KIND_MISSING");
    let format = pb::ExportTableRequest {
        format: 99,
        ..of(pb::TableKind::Homes)
    };
    assert_eq!(refused(format).await, "FILE_FORMAT_UNKNOWN");
    let titles = pb::ExportTableRequest {
        titles: 99,
        ..of(pb::TableKind::Homes)
    };
    assert_eq!(refused(titles).await, "COLUMN_TITLES_UNKNOWN");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_is_of_one_moment_and_a_reader_that_leaves_holds_nothing() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=50).await;
        let authority = people::authority(CITY);
        // More readers that take nothing than files are written at one time.
        for _ in 0..8 {
            let request = registry.world.request(&authority, of(pb::TableKind::Homes));
            drop(registry.exports().export_table(request).await.unwrap());
        }
        let mut waiting = Vec::new();
        for _ in 0..8 {
            let request = registry.world.request(&authority, of(pb::TableKind::Homes));
            waiting.push(registry.exports().export_table(request).await.unwrap());
        }
        let file = registry.take(&authority, of(pb::TableKind::Homes)).await.unwrap();
        assert_eq!(csv(&file).len(), 51);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn equipment_and_parking_go_to_whoever_lists_them() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        equip(&registry).await;
        let firm = people::firm(manager());
        for (kind, name, count) in [
            (pb::TableKind::Equipment, "设施设备", 4),
            (pb::TableKind::Inspections, "检验记录", 8),
            (pb::TableKind::Parking, "公共车位", 6),
        ] {
            let file = registry.take(&firm, of(kind)).await.unwrap();
            assert_eq!(file.name, format!("{name}-全部-20260302.csv"));
            assert_eq!(csv(&file).len() - 1, count, "{kind:?}");
            for row in csv(&file) {
                let formula = |cell: &String| cell.starts_with(['=', '+', '-', '@']);
                assert!(!row.iter().any(formula), "{row:?}");
            }
            let again = registry.import(kind, &file.content).await.unwrap();
            assert_eq!((again.errors, again.unchanged), (Vec::new(), again.rows));
            let stranger = people::street(OTHER_STREET);
            let answer = registry.take(&stranger, of_area(kind)).await;
            assert_eq!(refused(answer), "AREA_NOT_FOUND");
            let of_building = pb::ExportTableRequest {
                building_id: building("1").to_string(),
                ..of_area(kind)
            };
            let answer = registry.take(&firm, of_building).await;
            assert_eq!(refused(answer), "EXPORT_FILTER_INVALID");
        }
        assert_eq!(registry.looks().await, [], "they name nobody");
    }
}
